"""qgis_process with this checkout as its only plugin."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def qgis_process(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Run an algorithm as a process of its own; return what it printed, raise if it failed and should not."""
    folder = tmp_path_factory.mktemp("qgis_process")
    plugins = folder / "plugins"
    plugins.mkdir()
    (plugins / "gruene_infra").symlink_to(ROOT)
    environment = {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_PLUGINPATH": str(plugins),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "XDG_RUNTIME_DIR": str(folder),
    }

    def call(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["qgis_process", *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    enabled = call("plugins", "enable", "gruene_infra")
    assert enabled.returncode == 0, enabled.stdout + enabled.stderr

    def start(model_id: str, *, fails: bool = False, **parameters: object) -> str:
        words = [
            f"--{name}={item}"
            for name, value in parameters.items()
            for item in (value if isinstance(value, list) else [value])
        ]
        done = call("run", f"gruene_infra:{model_id}", *words)
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said

    return start
