"""``/usr/bin/python3 -m generator [OUT.gpkg]``: write the sample region."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import plan
from .gpkg import write
from .layers import LAYERS
from .town import Town


def generate(path: Path) -> None:
    """Write all layers of the sample region to ``path``."""
    town = Town()
    write(path, [(layer, rows(town)) for layer, rows in LAYERS], plan.ORIGIN, plan.EPSG)


def main() -> None:
    """Read the command line and generate."""
    parser = argparse.ArgumentParser(description="Write the sample region Musterstadt to a GeoPackage.")
    default = Path(__file__).resolve().parent.parent / "musterstadt.gpkg"
    parser.add_argument(
        "out", nargs="?", type=Path, default=default, help="file to write, replaced where it exists"
    )
    generate(parser.parse_args().out)


if __name__ == "__main__":
    main()
