"""Run every algorithm on spoiled inputs: ``run.py --runs 500 --seed 9``, or ``run.py add_fact/17`` again.

A child runs the cases one after the other; this process watches its time and memory, and starts another one
where it has to end it. Neither QGIS nor the project is imported here.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
FINE = ("done", "refused")
SHOWN = 3
"""Failures of one algorithm and kind that are told in full."""


@dataclass(frozen=True)
class Limits:
    """What a case may take: ``seconds`` of time and of work, ``waiting`` seconds of time in any case."""

    seconds: float = 20.0
    waiting: float = 120.0
    megabytes: float = 1000.0
    cases: int = 300
    """Cases after which a child is exchanged for a fresh one."""


class Watched:
    """A child that is started when it is needed, and ended when a case goes beyond its limits."""

    def __init__(self, command: Sequence[str], limits: Limits) -> None:
        self._command, self._limits = command, limits
        self._process: subprocess.Popen | None = None
        self._left = 0

    def run(self, case: str) -> dict:
        """Return what the child says of a case, or what it did instead of saying anything."""
        process = self._ready()
        begin, worked = time.monotonic(), _work_seconds(process.pid)
        result = {"case": case, "outcome": "crash", "what": "", "seconds": 0.0, "peak_mb": 0.0}
        try:
            process.stdin.write(f"{case}\n".encode())
            process.stdin.flush()
        except BrokenPipeError:
            return self._ended(result | {"what": "it had ended before"})
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not selector.select(0.1):
                result["seconds"] = time.monotonic() - begin
                result["peak_mb"] = max(result["peak_mb"], _megabytes(process.pid))
                beyond = self._beyond(result, _work_seconds(process.pid) - worked)
                if beyond:
                    return self._ended(result | {"outcome": beyond})
        line = process.stdout.readline()
        if not line:
            return self._ended(result | {"what": f"exit status {process.wait()}"})
        said = json.loads(line)
        self._left -= 1
        if said["peak_mb"] > self._limits.megabytes:
            said["outcome"] = "memory"
        if said["outcome"] not in FINE or not self._left:
            self.close()
        return said

    def _beyond(self, result: dict, work: float) -> str:
        if result["peak_mb"] > self._limits.megabytes:
            return "memory"
        spent = result["seconds"]
        busy = spent > self._limits.seconds and work > self._limits.seconds
        return "hang" if busy or spent > self._limits.waiting else ""

    def _ready(self) -> subprocess.Popen:
        if self._process is None:
            environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONFAULTHANDLER": "1"}
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
            )
            self._left = self._limits.cases
        return self._process

    def _ended(self, result: dict) -> dict:
        self.close()
        return result

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _work_seconds(process: int) -> float:
    """Return how many seconds all threads of a process have worked."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def watched(
    cases: Iterable[str], limits: Limits = Limits(), command: Sequence[str] = (sys.executable, str(CHILD))
) -> Iterator[dict]:
    """Yield what came of each case, as ``child.Result`` has it."""
    child = Watched(command, limits)
    try:
        for case in cases:
            yield child.run(case)
    finally:
        child.close()


def told(result: dict) -> str:
    """Return a failure in words, and how to see it again."""
    head = f"{result['case']}: {result['outcome']}, {result['seconds']:.1f} s, {result['peak_mb']:.0f} MB"
    return f"{head}\n    again: make fuzz ARGS={result['case']}\n{result['what'][-3000:]}"


def algorithms() -> list[str]:
    """Return the ids of all algorithms, as the entries in resources name them."""
    entries = CHILD.parent.parent.parent / "resources" / "algorithms"
    return sorted(path.stem for path in entries.glob("*.yaml") if not path.name.startswith("_"))


def cases_of(runs: int, seed: int, only: str = "") -> list[str]:
    """Return so many cases from a seed on, of all algorithms in turn, or of those whose names begin so."""
    names = [name for name in algorithms() if name.startswith(only)]
    return [f"{name}/{seed + turn}" for turn in range(-(-runs // len(names))) for name in names][:runs]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", help="cases to run again, such as hz19_floodplain_buildings/17")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="children at a time")
    parser.add_argument("--only", default="", help="an algorithm, or the beginning of its name")
    given = parser.parse_args()
    if given.cases:
        command = (sys.executable, str(CHILD), "--show")
        results = list(watched(given.cases, command=command))
    else:
        results = _many(cases_of(given.runs, given.seed, given.only), given.jobs)
    return _summed(results)


def _many(cases: list[str], jobs: int) -> list[dict]:
    """Run cases by several children at a time."""
    shares = [cases[job::jobs] for job in range(jobs)]
    with ThreadPoolExecutor(jobs) as pool:
        return [result for share in pool.map(_followed, shares) for result in share]


def _followed(cases: list[str]) -> list[dict]:
    results, seen = [], Counter()
    for number, result in enumerate(watched(cases), 1):
        results.append(result)
        kind = (result["case"].partition("/")[0], result["outcome"])
        seen[kind] += 1
        if result["outcome"] not in FINE and seen[kind] <= SHOWN:
            print(told(result), flush=True)
        if number % 500 == 0:
            failed = sum(one["outcome"] not in FINE for one in results)
            print(f"{number} of {len(cases)} runs, {failed} failed", flush=True)
    return results


def _summed(results: list[dict]) -> int:
    """Print the figures; return 1 if a case failed."""
    outcomes = Counter(result["outcome"] for result in results)
    failed = [result for result in results if result["outcome"] not in FINE]
    for result in failed:
        print(f"{result['case']}: {result['outcome']}")
    slowest = max(results, key=lambda result: result["seconds"])
    largest = max(results, key=lambda result: result["peak_mb"])
    print(f"{len(results)} runs: " + ", ".join(f"{count} {name}" for name, count in outcomes.most_common()))
    for word, one in (("slowest", slowest), ("largest", largest)):
        print(f"{word} {one['case']}: {one['seconds']:.1f} s, {one['peak_mb']:.0f} MB")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
