"""Engine ``plain_text``: texts in files for spreadsheets, marked so that they are shown and not computed.

A cell that begins with ``=`` is a formula to a spreadsheet, also in a CSV file, and so may be one that begins
with a sign or with what is skipped before it, or, where GDAL writes an ODS file, with ``of:=``.
An apostrophe before it makes it a text. A spreadsheet that parts the lines of a CSV file at semicolons does
so inside a text too: one after them makes the rest a text as well.
"""

from __future__ import annotations

import re
from pathlib import Path

SPREADSHEETS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods"})
"""Endings of files whose cells a spreadsheet may take for formulas."""
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "of:=")
_PARTED = re.compile(r"(?<=;)('*)(?=[=+\-@\t\r\n]|of:=)")
"""Where a text may be parted, and the apostrophes there."""


def is_spreadsheet(file: str | Path) -> bool:
    """Say whether texts in a file of such a name are marked."""
    return Path(file).suffix.lower() in SPREADSHEETS


def marked(text: str) -> str:
    """Return a text as it stands in a file for spreadsheets; :func:`unmarked` turns it back.

    >>> marked("=1+2"), marked("1+2"), unmarked(marked("'=1+2"))
    ("'=1+2", '1+2', "'=1+2")
    >>> marked("a;=1+2"), unmarked("a;'=1+2")
    ("a;'=1+2", 'a;=1+2')
    """
    parted = _PARTED.sub(r"'\1", text)
    return f"'{parted}" if text.lstrip("'").startswith(_BEGINS) else parted


def unmarked(text: str) -> str:
    """Return a text that stands in a file for spreadsheets as it was."""
    whole = text[1:] if text.startswith("'") and text.lstrip("'").startswith(_BEGINS) else text
    return _PARTED.sub(lambda found: found[0][1:], whole)
