"""Print speed and memory as ratios within one run: ``make bench`` or ``run.py hz19``.

Ratios, because machines differ; the bound beside each is what the project promises.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

BENCHES = ("areas", "growth", "hz13", "hz19", "lists", "lod2", "register", "store", "workflow", "zonal")


def main(names: list[str]) -> int:
    sys.path[:0] = [str(Path(__file__).resolve().parent)]
    missed = 0
    for name in names or BENCHES:
        print(f"{name}: {importlib.import_module(name).__doc__.splitlines()[0]}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for what, figure, direction, bound in importlib.import_module(name).report(Path(folder)):
                kept = not direction or (figure <= bound if direction == "<=" else figure >= bound)
                missed += not kept
                verdict = f"   {direction} {bound:g}   {'kept' if kept else 'MISSED'}" if direction else ""
                print(f"  {what:<52} {figure:>10.2f}{verdict}", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
