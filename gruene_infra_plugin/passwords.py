"""Passwords in texts: no message, log or name that the plugin hands on holds one."""

from __future__ import annotations

import re

HIDDEN = "…"
_EQUALS = r"\s*(?:=|%3D)\s*"
_VALUE = "|".join(
    (
        r"''[^']+''",  # within an expression
        r"'(?:[^'\\]|\\.)*'?",
        r'"(?:[^"\\]|\\.)*"?',
        r"\\+(['\"]).*?\\+\3",  # within a text that is quoted once more
        r"%27.*?%27",
        r"[^\s&|,;)\]}]+",
    )
)
_SETTING = re.compile(rf"(passw(?:or)?d|pwd)({_EQUALS})(?:{_VALUE})", re.IGNORECASE | re.DOTALL)
"""A setting as in the source of a layer, the parameters of a connection, a query or an address."""
_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@'\"]*):[^\s/]+@", re.IGNORECASE)
"""What stands between the name of a user and the host in an address."""


def without_passwords(text: str) -> str:
    """Return a text with every password of a connection that stands in it left out.

    >>> without_passwords("dbname='gis' passwd=" + repr("b c") + " sslmode=disable")
    "dbname='gis' passwd=… sslmode=disable"
    """
    return _IN_ADDRESS.sub(rf"\1:{HIDDEN}@", _SETTING.sub(rf"\1\2{HIDDEN}", text))
