"""Succession: what the register holds on old parcels passes to the parcels that took their place."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from ..i18n import translate
from ..methods.findings.thresholds import least
from ..methods.parcels.space_types import SpaceType
from ..methods.reading.names import SHOWN, first_few
from ..spatial.geometry.wkb import geometry_of
from . import ddl, queries, rows, schema
from .database import Session, as_list
from .errors import RegisterError
from .following import Following
from .model import Conflict, ParcelRecord
from .rows import Key, Known, Row
from .schema import FLURSTUECK, GEOMETRY_COLUMN, RAUMTYP_ZUORDNUNG, ZUORDNUNG

NOISE_M = 0.01
"""Width along the boundary up to which two outlines are the same parcel, digitising noise [A]."""
WHOLE = 0.99
"""Share from which on a part counts as the whole parcel [A]."""

_HELD = ((FLURSTUECK, "schluessel"), (ZUORDNUNG, "flurstueck"), (RAUMTYP_ZUORDNUNG, "flurstueck"))

_TELLING = {
    table.name: [name for name in table.contents if name != GEOMETRY_COLUMN] for table, _column in _HELD
}
"""The columns that tell a row apart by table; of its geometry the hash does.

Numbers and versions of rows are left out: proposals hold again once a later action is undone.
"""


class ProposalOutdatedError(RegisterError):
    """The register changed since the proposal was made."""


class HeirsDisagreeError(RegisterError):
    """Old parcels with different entries become one; ``theirs`` is that of the larger, ``mine`` the other."""

    def __init__(self, message: str, conflicts: Sequence[Conflict]) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)


@dataclass(frozen=True)
class Holding:
    """A stored parcel and how many assignments it has; ``standing`` changes with every write to either."""

    parcel: ParcelRecord
    assignments: int
    standing: str


@dataclass(frozen=True)
class Succession:
    """``new`` takes over ``share`` (0 to 1) of the stored parcel ``old``; ``None`` if nobody does.

    ``standing`` is that of the holding as the proposal was made.
    """

    old: str
    standing: str
    new: ParcelRecord | None
    share: float = 1.0


@dataclass(frozen=True)
class SpaceTypeChoice:
    """Parcels of several Raumtypen became one: the type with the larger area stayed."""

    parcel: str
    chosen: SpaceType
    others: tuple[SpaceType, ...]


@dataclass(frozen=True)
class Succeeded:
    """What a succession did.

    Attributes
    ----------
    entries : assignments and Raumtypen that the new parcels hold now.
    removed : keys of parcels that are in the register no more.
    ended : assignments and Raumtypen of parcels without a successor, removed with them.
    passed_over : old and new key where the new parcel's share was too small.
    space_types : new parcels whose Raumtyp had to be chosen.
    dropped : values (``mine``) that gave way to those of the larger parcel (``theirs``).
    """

    entries: int
    removed: tuple[str, ...]
    ended: int
    passed_over: tuple[tuple[str, str], ...]
    space_types: tuple[SpaceTypeChoice, ...]
    dropped: tuple[Conflict, ...]


def holdings(session: Session) -> list[Holding]:
    """Return all stored parcels by key."""
    assignments, space_types = (
        Following(_grouped(_told(session, table, column))) for table, column in _HELD[1:]
    )
    found = []
    for row in queries.parcel_rows(session):
        key = row["schluessel"]
        assigned = assignments.at(key) or []
        marks = [_mark(FLURSTUECK, row), *assigned, *(space_types.at(key) or [])]
        found.append(Holding(queries.parcel(row), len(assigned), _standing(marks)))
    return found


def succeed(
    session: Session, successions: Iterable[Succession], min_share: float, larger_wins: bool
) -> Succeeded:
    """Pass everything on within a stamped transaction.

    Raises
    ------
    ProposalOutdatedError
        If an old parcel, or what it holds, is not as the proposal says.
    HeirsDisagreeError
        If one new parcel would get two different entries, unless those of the larger one win.
    RegisterError
        If a new parcel's key belongs to another stored parcel that no succession is about.
    """
    given = list({(s.old, s.new.key.key if s.new else None): s for s in successions}.values())
    olds = {succession.old for succession in given}
    taking, passed_over = _taking(given, min_share)
    stock = _Stock(session, olds | {new for new, _ in taking})
    _check_standing(session, given)
    estate = _Estate(stock, taking, olds)
    estate.check_places()
    parcels, (assignments, dropped) = estate.parcels(), estate.assignments(larger_wins)
    space_types, choices = estate.space_types()
    rows.apply(session, FLURSTUECK, parcels, stock.parcels, Known(wins=True), _label)
    _replace(session, ZUORDNUNG, stock.assignments, assignments)
    _replace(session, RAUMTYP_ZUORDNUNG, stock.space_types, space_types)
    gone = {key: row for key, row in stock.parcels.items() if key not in parcels and key[0] in olds}
    rows.remove(session, FLURSTUECK, gone, Known(wins=True), "flaeche_m2")
    return Succeeded(
        entries=len(assignments) + len(space_types),
        removed=tuple(sorted(key[0] for key in gone)),
        ended=stock.entries_of(olds - {old for _, old in taking}),
        passed_over=passed_over,
        space_types=choices,
        dropped=dropped,
    )


def _label(row: Row) -> str:
    return str(row.get("schluessel") or row.get("flurstueck"))


def _replace(session: Session, table: schema.Table, there: Mapping[Key, Row], wanted: dict[Key, Row]) -> None:
    """Make ``wanted`` of what is there; what goes, goes first, so that its place is free."""
    doomed = {key: row for key, row in there.items() if key not in wanted}
    rows.remove(session, table, doomed, Known(wins=True), table.key[0])
    rows.apply(session, table, wanted, there, Known(wins=True), _label)


# -- what a proposal was made for -----------------------------------------------------------------------


def _told(
    session: Session, table: schema.Table, column: str, keys: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield what the rows of a table say, by the key of the parcel."""
    condition, values = "", []
    if keys is not None:
        condition = " ".join(("WHERE", ddl.quoted(column), "IN (SELECT value FROM json_each(?))"))
        values = [as_list(keys)]
    order = " ".join((condition, "ORDER BY", ddl.quoted(column), session.bytewise))
    names = _TELLING[table.name]
    sql = ddl.select(table, names, session.geometry, order)
    for row in session.records(table, names, session.stream(sql, values)):
        yield row[column], _mark(table, row)


def _mark(table: schema.Table, row: Row) -> str:
    return " ".join((table.name, *map(repr, itemgetter(*_TELLING[table.name])(row))))


def _grouped(told: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    for key, found in groupby(told, key=itemgetter(0)):
        yield key, [mark for _, mark in found]


def _standing(marks: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(marks)).encode()).hexdigest()[:16]


def _check_standing(session: Session, given: Sequence[Succession]) -> None:
    olds = {succession.old for succession in given}
    marks: dict[str, list[str]] = defaultdict(list)
    for table, column in _HELD:
        for key, mark in _told(session, table, column, olds):
            marks[key].append(mark)
    changed = {s.old for s in given if s.old not in marks or _standing(marks[s.old]) != s.standing}
    if changed:
        message = translate(
            "GrueneInfra",
            "{count} parcels changed in the register since the proposals were made: {parcels}. Nothing was"
            " written; compare anew.",
        )
        raise ProposalOutdatedError(message.format(count=len(changed), parcels=first_few(sorted(changed))))


# -- who takes what -------------------------------------------------------------------------------------

Taking = dict[tuple[str, str], Succession]
"""New and old key to the succession between them."""


def _taking(given: Iterable[Succession], min_share: float) -> tuple[Taking, tuple[tuple[str, str], ...]]:
    """Return who takes over, and old and new keys of those too small; the largest always takes over."""
    heirs: dict[str, list[tuple[float, str, Succession]]] = defaultdict(list)
    for succession in given:
        if succession.new is not None:
            key = succession.new.key.key
            heirs[succession.old].append((-succession.share, key, succession))
    taking: Taking = {}
    passed_over = []
    for old, found in sorted(heirs.items()):
        for rank, (_, key, succession) in enumerate(sorted(found, key=lambda heir: heir[:2])):
            if rank == 0 or succession.share >= least(min_share):
                taking[key, old] = succession
            else:
                passed_over.append((old, key))
    return taking, tuple(passed_over)


class _Stock:
    """The rows of some parcels as they are, kept from changing until the end."""

    def __init__(self, session: Session, keys: Collection[str]) -> None:
        self.parcels, self.assignments, self.space_types = (
            rows.existing(session, table, column, keys) for table, column in _HELD
        )

    def entries_of(self, keys: Collection[str]) -> int:
        held = [*self.assignments.values(), *self.space_types.values()]
        return sum(row["flurstueck"] in keys for row in held)


class _Estate:
    """What passes to which new parcel, from which old ones, the largest share first."""

    def __init__(self, stock: _Stock, taking: Taking, olds: Collection[str]) -> None:
        self._stock = stock
        self._new = {key: succession.new for (key, _), succession in taking.items() if succession.new}
        areas: dict[str, dict[str, float]] = defaultdict(dict)
        for (key, old), succession in taking.items():
            areas[key][old] = succession.share * self._area(old)
        self._kept = {key for key in areas if (key,) in stock.parcels and key not in olds}
        for key in self._kept:
            areas[key][key] = self._area(key)
        self._sources = {
            key: sorted(found.items(), key=lambda item: (-item[1], item[0]))
            for key, found in sorted(areas.items())
        }

    def _area(self, old: str) -> float:
        return float(self._stock.parcels[(old,)]["flaeche_m2"])

    def check_places(self) -> None:
        """Raise where a stored parcel that nothing was decided about has the key but not the outline."""
        others = {key for key in self._kept if not self._is_same(key)}
        if others:
            message = translate(
                "GrueneInfra",
                "The register holds other parcels under keys that successors have: {parcels}. Nothing was"
                " written; decide on the rows of these parcels as well.",
            )
            raise RegisterError(message.format(parcels=first_few(sorted(others))))

    def _is_same(self, key: str) -> bool:
        stored = self._stock.parcels[(key,)]["geom"]
        one = geometry_of(None if stored is None else bytes.fromhex(stored))
        other = geometry_of(self._new[key].wkb)
        if one.isEmpty() or other.isEmpty():
            return one.isEmpty() and other.isEmpty()
        return one.equals(other) or one.symDifference(other).area() <= NOISE_M * other.length()

    def parcels(self) -> dict[Key, Row]:
        """Return the new parcels as rows; what their layer does not tell stays as the old one has it."""
        return {(key,): self._parcel(key, record) for key, record in self._new.items()}

    def _parcel(self, key: str, record: ParcelRecord) -> Row:
        row = queries.parcel_row(record)
        before = self._stock.parcels[(self._sources[key][0][0],)]
        told = {name: value for name, value in row.items() if value is not None}
        return {name: before[name] for name in ("quelle", "ags", "gemeinde")} | told

    def assignments(self, larger_wins: bool) -> tuple[dict[Key, Row], tuple[Conflict, ...]]:
        """Return the assignments of the new parcels: all that the old ones have, equal keys as one.

        Also the values of smaller ones that stay behind where the larger one's win.
        """
        held: dict[str, list[Row]] = defaultdict(list)
        for row in self._stock.assignments.values():
            held[row["flurstueck"]].append(row)
        wanted: dict[Key, Row] = {}
        conflicts: list[Conflict] = []
        for new, sources in self._sources.items():
            for row in (row for old, _ in sources for row in held[old]):
                mine = {name: row[name] for name in ZUORDNUNG.contents} | {"flurstueck": new}
                key = rows.key_of(ZUORDNUNG, mine)
                conflicts += _join(wanted.setdefault(key, mine), mine, key)
        if conflicts and not larger_wins:
            raise _disagreement(conflicts)
        return wanted, tuple(conflicts)

    def space_types(self) -> tuple[dict[Key, Row], tuple[SpaceTypeChoice, ...]]:
        """Return the Raumtyp of each new parcel, and where the larger area decided between several."""
        wanted: dict[Key, Row] = {}
        choices = []
        for new, sources in self._sources.items():
            held = [
                (area, self._stock.space_types[(old,)])
                for old, area in sources
                if (old,) in self._stock.space_types
            ]
            if not held:
                continue
            ranking = _ranking(held)
            row = next(row for _, row in held if row["raumtyp"] == ranking[0])
            wanted[(new,)] = {
                "flurstueck": new,
                "raumtyp": row["raumtyp"],
                "anteil_proz": self._percent(new, held),
                "herkunft": row["herkunft"],
            }
            if len(ranking) > 1:
                first, *others = map(SpaceType, ranking)
                choices.append(SpaceTypeChoice(new, first, tuple(others)))
        return wanted, tuple(choices)

    def _percent(self, new: str, held: Sequence[tuple[float, Row]]) -> float | None:
        """Return the share of the Raumtyp where it is still known: the same parcel, or all of it 100 %."""
        said = {(row["raumtyp"], row["anteil_proz"]) for _, row in held}
        if len(said) > 1 or sum(area for area, _ in held) < WHOLE * self._new[new].area_m2:
            return None
        ((area, row), *more) = held
        percent: float | None = row["anteil_proz"]
        same = not more and area >= WHOLE * self._area(row["flurstueck"])
        return percent if same or percent == 100 else None


def _join(there: Row, mine: Row, key: Key) -> list[Conflict]:
    """Fill what ``there`` leaves open; return what both say differently."""
    conflicts = []
    for name in ZUORDNUNG.values:
        if there[name] is None:
            there[name] = mine[name]
        elif mine[name] not in (None, there[name]):
            conflicts.append(Conflict(there["flurstueck"], name, there[name], mine[name], key, None))
    return conflicts


def _ranking(held: Iterable[tuple[float, Row]]) -> list[str]:
    """Return Raumtypen by the area they have, the largest first; of equal ones as in the strategy."""
    areas: dict[str, float] = defaultdict(float)
    for area, row in held:
        areas[row["raumtyp"]] += area
    order = list(SpaceType)
    return sorted(areas, key=lambda kind: (-areas[kind], order.index(SpaceType(kind))))


def _disagreement(conflicts: Sequence[Conflict]) -> HeirsDisagreeError:
    head = translate(
        "GrueneInfra",
        "{count} values of parcels that become one differ. Nothing was written; settle them, or let the"
        " larger one decide.",
    )
    line = translate("GrueneInfra", "{parcel}, HZ {goal}, {field}: “{theirs}” and “{mine}”")
    lines = [
        line.format(parcel=c.parcel, goal=c.row[1], field=c.field, theirs=c.theirs, mine=c.mine)
        for c in conflicts[:SHOWN]
    ]
    more = ["…"] if len(conflicts) > SHOWN else []
    return HeirsDisagreeError("\n".join([head.format(count=len(conflicts)), *lines, *more]), conflicts)
