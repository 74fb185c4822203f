"""What in a whole register contradicts itself, found in steps and kept up to date as the register changes."""

from __future__ import annotations

import time
from collections.abc import Collection

from qgis.core import QgsGeometry, QgsProcessingFeedback

from ..spatial.geometry.shared_areas import SharedAreas
from ..spatial.geometry.wkb import geometry_of
from ..spatial.running import check_cancelled
from . import checks
from .checks import Check, Contradiction
from .model import ParcelVersion
from .store import Register

BATCH = 500
"""Outlines that are read in one go."""


class Inspection:
    """The contradictions of one register.

    ``read`` learns what changed, ``compare`` finds overlaps of what is new; both take a register that is
    open in the thread that calls. ``keys`` are those of all parcels there are, ``None`` where nobody knows;
    other ones count from the next ``read`` on.
    """

    def __init__(self, keys: Collection[str] | None = None) -> None:
        self.keys = keys
        self._versions: dict[str, ParcelVersion] = {}
        self._waiting: list[str] = []
        self._shared = SharedAreas()
        self._plain: list[Contradiction] = []
        self._entries: list[Contradiction] = []
        self._lost: list[str] | None = None
        self._read_to = 0
        self._areas: dict[str, Contradiction | None] = {}

    @property
    def parcels(self) -> int:
        """How many parcels the register holds."""
        return len(self._versions)

    @property
    def waiting(self) -> int:
        """How many outlines are still to be compared with the others."""
        return len(self._waiting)

    def read(self, register: Register) -> None:
        """Take in what the register holds now; parcels that are new or changed wait to be compared."""
        versions, before = register.parcel_versions(), self._versions
        for key in before.keys() - versions.keys():
            self._shared.remove(key)
            self._areas.pop(key, None)
        changed = {key for key, version in versions.items() if before.get(key) != version}
        waiting = changed.union(key for key in self._waiting if key in versions)
        self._versions, self._waiting = versions, sorted(waiting, reverse=True)
        self._read_history(register)
        doubtful = register.doubtful_assignments()
        keys = [key for key, (_, _, has_geometry) in versions.items() if not has_geometry]
        self._plain = [
            *checks.minor_shares(register.space_types_below(checks.LEAST_SHARE)),
            *checks.excluded_measures(doubtful),
            *checks.in_rejected_projects(doubtful, register.projects()),
            *(Contradiction(Check.NO_GEOMETRY, key) for key in keys),
            *(() if self.keys is None else checks.not_among(versions, self.keys)),
            *checks.odd(Check.ODD_VALUE, register.odd_values()),
            *checks.not_logging(register.foundation.not_logging),
            *checks.no_archive(self._lost or ()),
        ]

    def _read_history(self, register: Register) -> None:
        """Check the entries of the history that are new, and its archives; what was fine stays as it is."""
        if self._lost is None or self._lost:
            self._lost = register.lost_archives()
        newest = register.newest_entry()
        self._entries += checks.odd(Check.ODD_ENTRY, register.odd_entries(self._read_to))
        self._read_to = newest.number if newest else 0

    def compare(
        self, register: Register, feedback: QgsProcessingFeedback, seconds: float = float("inf")
    ) -> None:
        """Compare outlines that wait with the others and with their areas, at least one, for so many seconds.

        Raises ``QgsProcessingException`` where an overlay cannot be computed or the user cancels; what is
        compared by then stays so.
        """
        end = time.monotonic() + seconds
        while self._waiting:
            outlines = register.outlines(self._waiting[-BATCH:])
            areas = register.stated_areas(outlines)
            for key in self._waiting[: -BATCH - 1 : -1]:
                check_cancelled(feedback)
                shape = geometry_of(outlines.get(key))
                self._shared.add(key, shape)
                self._areas[key] = _outline_check(key, shape, outlines.get(key), areas.get(key))
                self._waiting.pop()
                if time.monotonic() > end:
                    return

    def contradictions(self, register: Register) -> list[Contradiction]:
        """Return what was found so far, kind by kind and by key."""
        overlapping = {key for pair in self._shared.pairs for key in pair}
        space_types = register.space_types(overlapping) if overlapping else []
        areas = (row for row in self._areas.values() if row is not None)
        found = [*self._plain, *self._entries, *checks.overlaps(self._shared.pairs, space_types), *areas]
        return sorted(found, key=lambda row: row.order)


def _outline_check(
    key: str, shape: QgsGeometry, wkb: bytes | None, areas: tuple[float, float | None] | None
) -> Contradiction | None:
    """Return what a parcel's outline contradicts; one that cannot be read is none."""
    if shape.isEmpty():
        return Contradiction(Check.NO_GEOMETRY, key) if wkb else None
    return None if areas is None else checks.other_area(key, *areas, shape.area())
