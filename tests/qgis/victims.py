"""Processes that tests kill in the middle of their work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


class Victim:
    """A warm process that forks a child per line on its input, and what its children say."""

    def __init__(self, script: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )
        self.wait_for("ready")

    def wait_for(self, wanted: str) -> list[str]:
        """Read up to a line that begins so, and return all lines read."""
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            assert not lines[-1].startswith("error"), lines
            if lines[-1].startswith(wanted):
                return lines
        raise AssertionError(f"the process ended: {lines}")

    def start(self, text: str) -> int:
        """Let a child work, and return its number."""
        self.process.stdin.write(text + "\n")
        return int(self.wait_for("child")[-1].split()[1])

    def kill(self, child: int) -> list[str]:
        """Kill the child and return what it had said since; one that ended in an error is told."""
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        return self.wait_for("gone")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
