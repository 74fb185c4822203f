"""The municipalities that a regional mean is about, and which of them have findings.

How many a region has does not follow from tables of findings: those of 20 out of 53 look complete.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..methods.findings.finding import AreaKind, Finding
from ..methods.findings.targets import AreaKeys
from ..methods.reading.names import first_few, municipality_key, normal_name
from ..strategy import Municipality
from .texts import Texts


class Region:
    """Municipalities by key and name; ``is_listed`` says that they are all, told by somebody who knows."""

    def __init__(self, municipalities: Iterable[Municipality], *, is_listed: bool = True) -> None:
        self.municipalities = tuple(municipalities)
        self.is_listed = is_listed
        self._by_key = {municipality_key(one.ags): one for one in self.municipalities if one.ags}
        self._by_name: dict[str, list[Municipality]] = defaultdict(list)
        for one in self.municipalities:
            self._by_name[_plain_name(one.name)].append(one)
        self._by_short_name: dict[str, list[Municipality]] = defaultdict(list)
        for one in self.municipalities:
            self._by_short_name[_plain_name(one.name.partition(" (")[0])].append(one)

    @classmethod
    def behind(cls, rows: Sequence[Finding], listed: Iterable[Municipality]) -> Region:
        """Return the listed municipalities or, where no row is about any of them, those of the rows."""
        region = cls(listed)
        return region if any(map(region.find, municipal(rows))) else cls.seen_in(rows)

    @classmethod
    def seen_in(cls, rows: Sequence[Finding]) -> Region:
        """Return the municipalities that rows are about; there may be more of them in the region."""
        area_of = AreaKeys(rows)
        seen = {area_of(row)[1]: row for row in sorted(municipal(rows), key=lambda row: row.ags or "")}
        ordered = sorted(seen.items())
        return cls((Municipality(row.ags or "", row.gebiet) for _, row in ordered), is_listed=False)

    def find(self, row: Finding) -> Municipality | None:
        """Return the municipality that a row is about: by its key or, in a row without one, by its name."""
        if row.ags:
            return self._by_key.get(municipality_key(row.ags))
        return self.called(row.gebiet)

    def called(self, name: str) -> Municipality | None:
        """Return the municipality of a name, ``None`` where there is none, or several have keys.

        What a register adds in brackets may be missing in the name, as of ``Voerde (Niederrhein)``.
        """
        found = self._by_name.get(_plain_name(name)) or self._by_short_name.get(_plain_name(name), [])
        keyless = [one for one in found if not one.ags]
        return found[0] if len(found) == 1 else next(iter(keyless), None)

    def missing(self, rows: Iterable[Finding]) -> list[Municipality]:
        """Return the municipalities that no row is about."""
        found = {self.find(row) for row in rows}
        return [one for one in self.municipalities if one not in found]

    def share_of_area(self, rows: Iterable[Finding]) -> float:
        """Return the percentage (0 to 100) of the area that the rows' municipalities make up.

        Where the area of any municipality is not known, nothing speaks against all of it.
        """
        areas = {one: one.area_ha for one in self.municipalities if one.area_ha is not None}
        if not areas or len(areas) < len(self.municipalities):
            return 100.0
        found = {self.find(row) for row in rows}
        known = math.fsum(area for one, area in areas.items() if one in found)
        return 100.0 * known / math.fsum(areas.values())

    def described(self, rows: Iterable[Finding], texts: Texts) -> str:
        """Return how many of the municipalities have findings; nothing where no row is about one."""
        found, total = municipal(rows), len(self.municipalities)
        if not found:
            return ""
        if not self.is_listed:
            return texts("municipalities.unknown", n=total)
        absent = self.missing(found)
        said = texts("municipalities.listed", n=total - len(absent), total=total)
        return f"{said} {texts('municipalities.missing', names=named(absent))}" if absent else said


def municipal(rows: Iterable[Finding]) -> list[Finding]:
    """Return the rows that are about municipalities."""
    return [row for row in rows if row.gebiet_art == AreaKind.MUNICIPALITY]


def named(municipalities: Sequence[Municipality]) -> str:
    """Return the names of municipalities as a list, of many the first ones."""
    return first_few(sorted(one.name for one in municipalities))


def _plain_name(name: str) -> str:
    """Return a name without what registers add to it, as in ``Bochum, Stadt``."""
    return normal_name(name.partition(",")[0])
