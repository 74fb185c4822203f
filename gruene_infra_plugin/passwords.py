"""Passwords in texts: no message, log or name that the plugin hands on holds one."""

from __future__ import annotations

import re

HIDDEN = "…"
_NAME = r"(?:passw(?:or)?d|pwd)"
_EQUALS = r"\s*(?:=|%3D)\s*"
_KEY = r"(?:\\*[\"']|&quot;|&#39;|&#x27;)\s*:\s*"
"""What ends the name of a setting, and begins its value, in JSON and where Python writes a dictionary."""
_QUOTE = r"\\*(?:''(?!\s|$)|['\"]|%2[27]|&#39;|&#x27;|&apos;|&quot;)"
"""What begins a value that may hold anything: also within an expression, an address or HTML, and where a
text is quoted once more, with backslashes before it."""
_ESCAPE = r"(?<!\\)(?<!%5C)"
_NEXT = r"(?=(?:\s|%20)+[\w.]+(?:=|%3D)|\s*$)"
_QUOTED = rf"(?P<quote>{_QUOTE}).*?(?:{_ESCAPE}(?P=quote)(?!\w)|(?P=quote){_NEXT}|$)"
"""Up to the same quote, unless a backslash makes it part of the value and no other setting follows."""
_BARE = r"(?:\\.|\S)+"
_SETTING = re.compile(
    rf"(?P<name>{_NAME}(?:{_EQUALS}|{_KEY}))(?:{_QUOTED}|{_BARE})", re.IGNORECASE | re.DOTALL
)
"""A setting as in the source of a layer, the parameters of a connection, a query or an address."""
_IN_ADDRESS = re.compile(r"([a-z0-9+.-]://[^\s/:@'\"]*):[^\s/]+@", re.IGNORECASE)
"""What stands between the name of a user and the host in an address."""


def without_passwords(text: str) -> str:
    """Return a text with every password of a connection that stands in it left out.

    >>> without_passwords("dbname='gis' passwd=" + repr("b c") + " sslmode=disable")
    "dbname='gis' passwd=… sslmode=disable"
    """
    return _SETTING.sub(rf"\g<name>{HIDDEN}", _IN_ADDRESS.sub(rf"\1:{HIDDEN}@", text))
