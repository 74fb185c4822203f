"""Railways: the axes drawn in the plan."""

from __future__ import annotations

from dataclasses import dataclass

from . import plan
from .geometry import Geometry, Points, chunks, spline


@dataclass(frozen=True)
class Railway:
    """A railway axis with the width of its parcel in metres and its number of tracks."""

    name: str
    kind: str
    tracks: int
    width: float
    line: Points

    def parcels(self, longest: float) -> list[Geometry]:
        """Return its land, cut crosswise into pieces of at most about ``longest`` metres."""
        return chunks(self.line, self.width, longest)


def railways() -> list[Railway]:
    """Return the main line and the colliery line."""
    return [
        Railway("Hauptstrecke", "Hauptbahn", 2, 20, spline(plan.RAIL, 30)),
        Railway("Zechenbahn", "Anschlussbahn", 1, 14, spline(plan.COLLIERY_LINE, 25)),
    ]
