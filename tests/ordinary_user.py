"""Somebody who may not do what the user root may."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Be somebody whom file permissions bind, where the tests run as root."""
    if os.geteuid():
        yield
        return
    closed = {path: path.stat().st_mode for path in folder.parents if path.stat().st_mode & 0o055 != 0o055}
    for path, mode in closed.items():
        path.chmod(mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for path, mode in closed.items():
            path.chmod(mode)
