"""Map images, carried inside the report so that it stays one file."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from .model import MapImage

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_GOAL = re.compile(r"hz(\d\d)_", re.IGNORECASE)


class MapError(ValueError):
    """A file that cannot be put into the report as an image."""


@dataclass(frozen=True)
class MapFile:
    """One image file; ``goal`` is the number at the beginning of a name such as ``hz19_aue.png``."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def goal(self) -> int | None:
        found = _GOAL.match(self.name)
        return int(found[1]) if found else None

    @property
    def caption(self) -> str:
        """The name without goal number and ending."""
        return _GOAL.sub("", self.path.stem).replace("_", " ").strip()

    def load(self) -> MapImage:
        """Return the image as a ``data:`` address.

        Raises
        ------
        MapError
            If the file cannot be read, or is neither PNG nor JPEG.
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise MapError(f"{self.path}: {error.strerror}") from error
        for signature, kind in _SIGNATURES.items():
            if content.startswith(signature):
                encoded = base64.b64encode(content).decode("ascii")
                return MapImage(f"data:{kind};base64,{encoded}", self.caption)
        raise MapError(f"{self.path}: PNG or JPEG")
