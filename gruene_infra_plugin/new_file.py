"""Give a finished file its name, unless something has that name already."""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = 8
"""Bytes by which names of files are longer that drivers make beside one, such as ``-journal``."""


def longest_name(folder: Path) -> int:
    """Return the most bytes that the name of a file in a folder may have, so that others fit beside it."""
    try:
        most = os.pathconf(folder, "PC_NAME_MAX")
    except (AttributeError, OSError):  # Windows, a folder that is not there
        most = 255
    return most - BESIDE


def name_new(made: Path, path: Path) -> None:
    """Move ``made`` to ``path`` in the same folder, in one step.

    Of any number of processes that do so at once for one ``path``, one succeeds.

    Raises
    ------
    FileExistsError
        If there is something at ``path``, be it a link that points nowhere.
    OSError
        If it cannot be written.
    """
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        path.touch(exist_ok=False)  # succeeds for one only
        try:
            made.replace(path)
        except OSError:
            path.unlink()
            raise
    else:
        made.unlink()
