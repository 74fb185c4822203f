"""The other side of :mod:`victims`: a warm process that forks a child for each line on its input."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable


def say(text: str) -> None:
    """Write a line at once, whole."""
    os.write(1, f"{text}\n".encode())


def serve(work: Callable[[str], None]) -> None:
    """Let a child do ``work`` with each line of the input, and wait there until it is killed.

    It tells ``ready``, the number of each child, ``error`` where the work failed, and ``gone`` when it is.
    """
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(f"child {os.getpid()}")
            try:
                work(line.rstrip("\n"))
                signal.pause()  # until it is killed: its number must stay its own
            except BaseException as error:
                say(f"error {error!r}".replace("\n", " "))
            os._exit(1)
        os.waitpid(child, 0)
        say("gone")
