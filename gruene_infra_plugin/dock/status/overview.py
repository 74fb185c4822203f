"""The latest findings as the page needs them: one figure per indicator and area. No qgis import."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...methods.findings.finding import AreaKind, Finding
from ...methods.findings.targets import AreaKeys, ConflictError, latest, settle_headlines
from ...report.view import report_order

AreaKey = tuple[str, str]
"""Kind and key of an area; space types within it do not count."""
_ORDER = (
    AreaKind.REGION, AreaKind.TOTAL, AreaKind.MUNICIPALITY, AreaKind.SPACE_TYPE, AreaKind.QUARTER,
)  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """Headline figures by goal, the other definitions of each, and the areas by name.

    ``contradictions`` counts rows that another row of the same day gainsays.
    """

    headlines: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)
    others: Mapping[tuple[str, AreaKey, str], tuple[Finding, ...]] = field(default_factory=dict)
    areas: Mapping[AreaKey, str] = field(default_factory=dict)
    keys: Mapping[int, AreaKey] = field(default_factory=dict)
    contradictions: int = 0

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Overview:
        """Arrange all findings of a register."""
        newest, contradictions = _newest(list(findings))
        rows = sorted(settle_headlines(newest)[0], key=report_order)
        area_of = AreaKeys(rows)
        keys = {id(row): area_of(row)[:2] for row in rows}
        headlines, others = defaultdict(list), defaultdict(list)
        for row in rows:
            if row.ist_leitwert:
                headlines[row.hz].append(row)
            else:
                others[row.kennzahl_id, keys[id(row)], row.raumtyp or ""].append(row)
        return cls(
            {hz: tuple(found) for hz, found in headlines.items()},
            {key: tuple(found) for key, found in others.items()},
            _named(rows, keys),
            keys,
            contradictions,
        )

    def area(self, row: Finding) -> AreaKey:
        """Return the area of one of the headlines."""
        return self.keys[id(row)]

    def of_goal(self, hz: int, area: AreaKey | None) -> tuple[Finding, ...]:
        """Return the headlines of a goal in an area; those of all areas where it has none there."""
        found = self.headlines.get(hz, ())
        return tuple(row for row in found if self.area(row) == area) or found

    def other_definitions(self, row: Finding) -> tuple[Finding, ...]:
        """Return the same indicator of the same area by other definitions."""
        return self.others.get((row.kennzahl_id, self.area(row), row.raumtyp or ""), ())


def _newest(rows: list[Finding]) -> tuple[list[Finding], int]:
    """Return the newest rows, and how many had to be left out because another one gainsays them."""
    left_out = 0
    while True:
        try:
            return latest(rows), left_out
        except ConflictError as error:
            left_out += 1
            rows = [row for row in rows if row is not error.other]


def _named(rows: Iterable[Finding], keys: Mapping[int, AreaKey]) -> dict[AreaKey, str]:
    """Return the areas with their names, the whole before its parts; namesakes also by key or kind."""
    names = {keys[id(row)]: row.gebiet for row in rows}
    taken = list(names.values())
    labels = {
        area: name if taken.count(name) == 1 else " · ".join(dict.fromkeys((name, *area)))
        for area, name in names.items()
    }
    return {area: labels[area] for area in sorted(labels, key=lambda area: _rank(area, labels[area]))}


def _rank(area: AreaKey, name: str) -> tuple[int, str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _ORDER.index(AreaKind(area[0])), plain.casefold()
