"""Places of one computer in texts: no result that the plugin hands on names a folder of whoever made it."""

from __future__ import annotations

import re
from pathlib import Path

from .passwords import HIDDEN, without_passwords

_BEGINNING = r"(?<![\w./\\])(?:file:/{2,})?(?:[a-z]:)?(?!(?<=:)//)[/\\]+(?=[^\s/\\])"
_FOLDERS = re.compile(rf"{_BEGINNING}(?:[^/\\\n|]*[/\\])*", re.IGNORECASE)
"""An absolute path up to its last part; folders may have blanks in their names, and addresses stay."""
_USER = re.compile(r"\b(user(?:name)?\s*=\s*)(?:'(?:\\.|[^'\\])*'|\"[^\"]*\"|\S+)", re.IGNORECASE)
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@]+@")
_HIDDEN_SIGNS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def without_places(text: str) -> str:
    r"""Return a text without passwords and users of databases, and of each absolute path the last part.

    >>> without_places("siehe /home/erika/Daten 2026/wald.gpkg|layername=wald")
    'siehe wald.gpkg|layername=wald'
    >>> without_places(r"N:\Amt\wald.shp und hecken.shp")
    'wald.shp und hecken.shp'
    >>> without_places("https://example.org/daten/wald und a / b")
    'https://example.org/daten/wald und a / b'
    """
    plain = _HIDDEN_SIGNS.sub(" ", without_passwords(text))
    plain = _USER_IN_ADDRESS.sub(f"{HIDDEN}@", _USER.sub(rf"\1{HIDDEN}", plain))
    home = str(Path.home())  # whose last part is the name of a user
    return _FOLDERS.sub("", plain.replace(home, "") if len(home) > 1 else plain)
