"""A town with its package, and runs on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ...runs import Log, Run
from .scenes import DAY, town


@dataclass
class Town:
    """A folder of layers and the package of its results."""

    place: Path
    package: Path
    start: Callable[..., Run]

    def measure(self, log: Log | None = None, **more: object) -> Run:
        given = {"INPUT": str(self.place), "OUTPUT": str(self.package), "AS_OF": DAY}
        return self.start("run_monitoring", log, **(given | more))


@pytest.fixture(scope="session")
def finished(run, tmp_path_factory) -> Town:
    """A town that was measured once; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("fertig")
    made = Town(town(folder / "daten"), folder / "paket", run)
    made.measure()
    return made


@pytest.fixture
def measured(finished, run, tmp_path) -> Town:
    """A town of one's own that was measured once."""
    made = Town(tmp_path / "daten", tmp_path / "paket", run)
    shutil.copytree(finished.place, made.place)
    shutil.copytree(finished.package, made.package)
    return made


@pytest.fixture
def fresh(finished, run, tmp_path) -> Town:
    """A town of one's own that was never measured."""
    made = Town(tmp_path / "daten", tmp_path / "paket", run)
    shutil.copytree(finished.place, made.place)
    return made
