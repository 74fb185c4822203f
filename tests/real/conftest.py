"""Where the real data lies; without it these tests are skipped, with a message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("GRUENE_INFRA_SHARED", Path(__file__).resolve().parents[3] / "shared"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with the real layers."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(
            f"real data not found at {folder}; set GRUENE_INFRA_SHARED to the folder that holds data/"
        )
    return folder
