"""What is read from the register, and how records look as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem

from ..methods.findings import finding as finding_schema
from ..methods.findings.finding import Finding
from ..methods.parcels.space_types import SpaceType
from ..methods.reading.names import municipality_key, normal_name, plain_signs
from . import ddl, schema
from .database import Session, as_list
from .keys import KeyForm, ParcelKey, normal_key
from .model import (
    AssignmentRecord,
    Criteria,
    Fact,
    FoundParcel,
    ParcelRecord,
    ParcelVersion,
    Project,
    Role,
    SpaceTypeRecord,
    Status,
    Total,
)

SQUARE_METRES_PER_HECTARE = 10_000.0


def srid(crs: str) -> int | None:
    """Return the EPSG number of a projected CRS, ``None`` for what is none."""
    reference = QgsCoordinateReferenceSystem(crs)
    if not reference.isValid() or reference.isGeographic() or not reference.authid().startswith("EPSG:"):
        return None
    return int(reference.authid().removeprefix("EPSG:"))


def parcel_row(parcel: ParcelRecord) -> dict[str, Any]:
    return {
        "schluessel": parcel.key.key,
        "schluessel_form": parcel.key.form.value,
        "schluessel_geliefert": parcel.key.delivered,
        "quelle": parcel.source,
        "ags": parcel.ags,
        "gemeinde": parcel.municipality,
        "flaeche_m2": float(parcel.area_m2),
        "flaeche_amtlich_m2": parcel.official_m2,
        "geom": None if parcel.wkb is None else parcel.wkb.hex().upper(),
        "geom_hash": parcel.geometry_hash,
    }


def parcels(session: Session, keys: Collection[str] | None) -> list[ParcelRecord]:
    condition, values = "ORDER BY schluessel", []
    if keys is not None:
        condition = "WHERE schluessel IN (SELECT value FROM json_each(?)) ORDER BY schluessel"
        values = [as_list(keys)]
    found = session.select(schema.FLURSTUECK, schema.FLURSTUECK.names, condition, values)
    return [parcel(row) for row in found]


def parcel_rows(session: Session) -> Iterator[dict[str, Any]]:
    """Return the rows of all parcels by key, as Python sorts it."""
    table, order = schema.FLURSTUECK, " ".join(("ORDER BY schluessel", session.bytewise))
    sql = ddl.select(table, table.names, session.geometry, order)
    return session.records(table, table.names, session.stream(sql))


def parcel_versions(session: Session) -> dict[str, ParcelVersion]:
    sql = "SELECT schluessel, id, version, geom IS NOT NULL FROM flurstueck"
    return {key: (number, version, bool(there)) for key, number, version, there in session.rows(sql)}


def outlines(session: Session, keys: Collection[str]) -> dict[str, bytes | None]:
    condition = "WHERE schluessel IN (SELECT value FROM json_each(?))"
    found = session.select(schema.FLURSTUECK, ("schluessel", "geom"), condition, [as_list(keys)])
    return {row["schluessel"]: None if row["geom"] is None else bytes.fromhex(row["geom"]) for row in found}


def without_outline(session: Session, keys: Collection[str]) -> list[dict[str, Any]]:
    """Return those of the parcels that are stored without a geometry, kept from changing until the end."""
    condition = "WHERE schluessel IN (SELECT value FROM json_each(?)) AND geom IS NULL ORDER BY id"
    names = ("id", "schluessel", "flaeche_m2", "flaeche_amtlich_m2", "ags", "gemeinde")
    return session.select(schema.FLURSTUECK, names, condition, [as_list(keys)], lock=True)


def areas(session: Session, keys: Collection[str]) -> dict[str, float]:
    sql = "SELECT schluessel, flaeche_m2 FROM flurstueck WHERE schluessel IN (SELECT value FROM json_each(?))"
    return dict(session.rows(sql, [as_list(keys)]))


def stated_areas(session: Session, keys: Collection[str]) -> dict[str, tuple[float, float | None]]:
    """Return by key the area in m² that counts, and the official one where it is known."""
    names = ("schluessel", "flaeche_m2", "flaeche_amtlich_m2")
    condition = "WHERE schluessel IN (SELECT value FROM json_each(?))"
    found = session.select(schema.FLURSTUECK, names, condition, [as_list(keys)])
    return {row["schluessel"]: (row["flaeche_m2"], row["flaeche_amtlich_m2"]) for row in found}


def parcel(row: dict[str, Any]) -> ParcelRecord:
    """Read a row of ``flurstueck``."""
    return ParcelRecord(
        ParcelKey(row["schluessel"], KeyForm(row["schluessel_form"]), row["schluessel_geliefert"]),
        row["flaeche_m2"],
        None if row["geom"] is None else bytes.fromhex(row["geom"]),
        row["quelle"],
        municipality_key(row["ags"]),
        row["gemeinde"],
        row.get("flaeche_amtlich_m2"),
    )


def assignments(
    session: Session,
    hz: int | None,
    raumtyp: SpaceType | None,
    project: int | None,
    keys: Collection[str] | None,
) -> list[AssignmentRecord]:
    conditions = {
        "hz = ?": hz,
        "flurstueck IN (SELECT flurstueck FROM raumtyp_zuordnung WHERE raumtyp = ?)": raumtyp
        and raumtyp.value,
        "projekt = ?": project,
        "flurstueck IN (SELECT value FROM json_each(?))": None if keys is None else as_list(keys),
    }
    given = {text: value for text, value in conditions.items() if value is not None}
    where = " ".join(("WHERE", " AND ".join(given))) if given else ""
    order = "ORDER BY flurstueck, hz, rolle, projekt"
    found = session.select(
        schema.ZUORDNUNG, schema.ZUORDNUNG.names, " ".join((where, order)), list(given.values())
    )
    return [assignment(row) for row in found]


_DOUBTFUL = (
    "WHERE status <> 'verworfen' AND (projekt IN (SELECT id FROM projekt WHERE status = 'verworfen')"
    " OR (flurstueck, hz) IN (SELECT flurstueck, hz FROM zuordnung WHERE rolle IN ('Ausschluss', 'Maßnahme')"
    " AND status <> 'verworfen' GROUP BY flurstueck, hz HAVING count(DISTINCT rolle) = 2))"
    " ORDER BY flurstueck, hz, rolle, projekt"
)


def doubtful_assignments(session: Session) -> list[AssignmentRecord]:
    """Return standing assignments of rejected projects, and where exclusion and measure are for one goal."""
    return [assignment(row) for row in session.select(schema.ZUORDNUNG, schema.ZUORDNUNG.names, _DOUBTFUL)]


def assignment(row: dict[str, Any]) -> AssignmentRecord:
    """Read a row of ``zuordnung``, also as an older version of the schema had it."""
    return AssignmentRecord(
        row["flurstueck"],
        row["hz"],
        Role(row["rolle"]),
        Status(row["status"]),
        row.get("projekt"),
        row.get("beleg"),
        row.get("algorithmus"),
        row.get("notiz"),
        row["version"],
    )


def assignment_row(record: AssignmentRecord, projects: Mapping[int, int]) -> dict[str, Any]:
    """Return a record as a row that says nothing of what is ``None``; ``projects`` renumbers projects."""
    project = None if record.project is None else projects.get(record.project, record.project)
    values = {"beleg": record.evidence, "algorithmus": record.algorithm, "notiz": record.note}
    return {
        "flurstueck": record.parcel,
        "hz": record.hz,
        "rolle": record.role.value,
        "projekt": project,
        "status": record.status.value,
        **{name: value for name, value in values.items() if value is not None},
    }


def space_types(session: Session, keys: Collection[str] | None) -> list[SpaceTypeRecord]:
    condition, values = "ORDER BY flurstueck", []
    if keys is not None:
        condition = "WHERE flurstueck IN (SELECT value FROM json_each(?)) ORDER BY flurstueck"
        values = [as_list(keys)]
    table = schema.RAUMTYP_ZUORDNUNG
    return [space_type(row) for row in session.select(table, table.names, condition, values)]


def space_types_below(session: Session, share: float) -> list[SpaceTypeRecord]:
    """Return the Raumtypen whose share in percent is known and less."""
    table = schema.RAUMTYP_ZUORDNUNG
    return [space_type(row) for row in session.select(table, table.names, "WHERE anteil_proz < ?", [share])]


def space_type(row: dict[str, Any]) -> SpaceTypeRecord:
    """Read a row of ``raumtyp_zuordnung``, also as an older version of the schema had it."""
    return SpaceTypeRecord(
        row["flurstueck"],
        SpaceType(row["raumtyp"]),
        row.get("anteil_proz"),
        row.get("herkunft"),
        row["version"],
    )


_FOUND = "FROM flurstueck f LEFT JOIN raumtyp_zuordnung r ON r.flurstueck = f.schluessel"
_FIND = (
    "SELECT f.schluessel, f.schluessel_geliefert, f.flaeche_m2, r.raumtyp,"
    " (SELECT sum(DISTINCT (1 << CAST(z.hz AS integer))) FROM zuordnung z WHERE z.flurstueck = f.schluessel)"
)
"""One row per parcel: its goals are the bits of a number."""
_FIND_PROJECTS = (
    "SELECT DISTINCT z.flurstueck, p.name FROM zuordnung z JOIN projekt p ON p.id = z.projekt"
    " WHERE z.flurstueck IN (SELECT f.schluessel"
)
_KEY_HOLDS = "(f.schluessel LIKE ? ESCAPE '!' OR upper(f.schluessel_geliefert) LIKE ? ESCAPE '!')"


def find(session: Session, criteria: Criteria) -> list[FoundParcel]:
    """Return the parcels that meet all criteria, by key, with all that they are assigned to."""
    assigned, bound = _assigned_as(criteria)
    conditions = []
    if assigned:
        conditions.append(" ".join(("f.schluessel IN (SELECT flurstueck FROM zuordnung", assigned, ")")))
    if criteria.raumtyp is not None:
        conditions.append("r.raumtyp = ?")
        bound.append(criteria.raumtyp.value)
    if criteria.key_part.strip():
        conditions.append(_KEY_HOLDS)
        part = plain_signs(criteria.key_part).strip().upper()
        bound += [_pattern(normal_key(part) or part), _pattern(part)]
    where = " ".join(("WHERE", " AND ".join(conditions))) if conditions else ""
    projects: dict[str, list[str]] = {}
    for key, name in session.rows(" ".join((_FIND_PROJECTS, _FOUND, where, ") ORDER BY p.name")), bound):
        projects.setdefault(key, []).append(name)
    return [
        FoundParcel(key, delivered, area, raumtyp, _goals(bits or 0), tuple(projects.get(key, ())))
        for key, delivered, area, raumtyp, bits in session.rows(
            " ".join((_FIND, _FOUND, where, "ORDER BY f.schluessel")), bound
        )
    ]


@cache
def _goals(bits: int) -> tuple[int, ...]:
    return tuple(hz for hz in range(1, bits.bit_length()) if bits >> hz & 1)


def _assigned_as(criteria: Criteria) -> tuple[str, list[Any]]:
    """Return the condition on one assignment, empty if there is none, and what it binds."""
    conditions = {
        "hz = ?": criteria.hz,
        "rolle = ?": criteria.role and criteria.role.value,
        "status = ?": criteria.status and criteria.status.value,
        "projekt = ?": criteria.project,
    }
    given = {text: value for text, value in conditions.items() if value is not None}
    terms = list(given)
    if criteria.counting and (terms or criteria.raumtyp is None):
        terms.append("rolle <> 'Ausschluss' AND status <> 'verworfen'")
    return " ".join(("WHERE", " AND ".join(terms))) if terms else "", list(given.values())


def _pattern(part: str) -> str:
    """Return the pattern of texts that hold ``part``, whatever signs it is made of."""
    for sign in "!%_":
        part = part.replace(sign, "!" + sign)
    return f"%{part}%"


def project_row(project: Project) -> dict[str, Any]:
    return {
        "name": project.name.strip(),
        "traeger": project.carrier,
        "gemeinde": project.municipality,
        "status": project.status.value,
        "beginn": _iso(project.begin),
        "ende": _iso(project.end),
        "notiz": project.note,
    }


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def projects(session: Session, name: str | None = None) -> list[Project]:
    """Return projects by name, or those of this name: the one so spelled, else other spellings of it."""
    found = session.select(schema.PROJEKT, schema.PROJEKT.names, "ORDER BY name", [])
    every = [_project(row) for row in found]
    if name is None:
        return every
    alike = [project for project in every if normal_name(project.name) == normal_name(name)]
    return [project for project in alike if project.name == name.strip()] or alike


def projects_by_id(session: Session, number: int) -> list[Project]:
    return [_project(row) for row in session.by_ids(schema.PROJEKT, [number])]


def _project(row: dict[str, Any]) -> Project:
    return Project(
        row["name"],
        row["traeger"],
        row["gemeinde"],
        Status(row["status"]),
        _day(row["beginn"]),
        _day(row["ende"]),
        row["notiz"],
        row["id"],
        row["version"],
    )


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text[:10])


def fact_row(fact: Fact) -> dict[str, Any]:
    return {
        "projekt": fact.project,
        "ags": fact.ags,
        "gemeinde": fact.municipality,
        "hz": fact.hz,
        "feld": fact.field,
        "wert": None if fact.value is None else float(fact.value),
        "wert_text": fact.text,
        "einheit": fact.unit,
        "jahr": fact.year,
        "quelle": fact.source,
    }


def facts(session: Session, hz: int | None) -> list[Fact]:
    condition, values = "ORDER BY hz, feld, jahr, id", []
    if hz is not None:
        condition, values = "WHERE hz = ? ORDER BY feld, jahr, id", [hz]
    return [_fact(row) for row in session.select(schema.ANGABE, schema.ANGABE.names, condition, values)]


def _fact(row: dict[str, Any]) -> Fact:
    return Fact(
        row["hz"],
        row["feld"],
        row["wert"],
        row["wert_text"],
        row["einheit"],
        row["jahr"],
        row["quelle"],
        row["projekt"],
        row["ags"],
        row["gemeinde"],
        row["version"],
    )


def finding_row(finding: Finding) -> dict[str, Any]:
    row = {name: getattr(finding, name) for name in finding_schema.COLUMNS}
    for name in finding_schema.DATE_COLUMNS:
        row[name] = _iso(row[name])
    for name in finding_schema.NUMBER_COLUMNS:
        row[name] = None if row[name] is None else float(row[name])
    return {
        name: str(value) if name in _WORDS and value is not None else value for name, value in row.items()
    }


_WORDS = frozenset(finding_schema.COLUMNS) - finding_schema.INTEGER_COLUMNS - finding_schema.NUMBER_COLUMNS


def findings(session: Session) -> list[Finding]:
    names = finding_schema.COLUMNS
    found = session.select(schema.BEFUND, names, "ORDER BY berechnet_am, hz, kennzahl_id, variante_id, id")
    read = (_finding(session, row) for row in found)
    return finding_schema.spelled_alike(finding for finding in read if finding is not None)


def _finding(session: Session, row: dict[str, Any]) -> Finding | None:
    try:
        return finding_schema.from_row(finding_schema.as_written(row))
    except finding_schema.FindingError as error:
        session.unknown[schema.BEFUND.name, error.column] += 1
        return None


_TOTALS = {
    "hz": (
        "SELECT hz, count(*), sum(flaeche_m2) FROM (SELECT DISTINCT z.hz, f.schluessel, f.flaeche_m2"
        " FROM zuordnung z JOIN flurstueck f ON f.schluessel = z.flurstueck"
        " WHERE z.hz IN (SELECT CAST(value AS integer) FROM json_each(?))"
        " AND z.rolle <> 'Ausschluss' AND z.status <> 'verworfen') t GROUP BY hz ORDER BY hz"
    ),
    "projekt": (
        "SELECT projekt, count(*), sum(flaeche_m2) FROM (SELECT DISTINCT z.projekt, f.schluessel,"
        " f.flaeche_m2 FROM zuordnung z JOIN flurstueck f ON f.schluessel = z.flurstueck"
        " WHERE z.projekt IS NOT NULL AND z.rolle <> 'Ausschluss' AND z.status <> 'verworfen') t"
        " GROUP BY projekt ORDER BY projekt"
    ),
    "raumtyp": (
        "SELECT r.raumtyp, count(*), sum(f.flaeche_m2) FROM raumtyp_zuordnung r"
        " JOIN flurstueck f ON f.schluessel = r.flurstueck GROUP BY r.raumtyp ORDER BY r.raumtyp"
    ),
}


def totals(session: Session, by: str, goals: Collection[int] | None = None) -> dict[Any, Total]:
    """Return totals by ``hz``, then of some ``goals``, by ``projekt`` or by ``raumtyp``."""
    bound = [] if goals is None else [as_list(goals)]
    return {
        group: Total(count, area / SQUARE_METRES_PER_HECTARE)
        for group, count, area in session.rows(_TOTALS[by], bound)
    }
