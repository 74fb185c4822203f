"""Register: take over assignments from an office's list, a CSV file, a spreadsheet or a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
)
from qgis.PyQt.QtCore import QMetaType

from ...gruene_infra_plugin.i18n import language, translate
from ...gruene_infra_plugin.methods.names import SHOWN, normal_name, plain_name, shown_as
from ...gruene_infra_plugin.register.keys import KeyForm
from ...gruene_infra_plugin.register.listed import (
    Layout,
    ListedRow,
    Refusal,
    goal_columns,
    read_rows,
    without_repeats,
)
from ...gruene_infra_plugin.register.model import AssignmentRecord, ParcelRecord, Project, Role, Status
from ...gruene_infra_plugin.register.store import Register
from ...gruene_infra_plugin.spatial import lists
from ...gruene_infra_plugin.spatial.layers import Input, name_of
from ...gruene_infra_plugin.spatial.outputs import fields_of
from ...gruene_infra_plugin.spatial.usual_fields import (
    DIVIDED_KEY,
    LISTED_ALGORITHM,
    LISTED_EVIDENCE,
    LISTED_GOALS,
    LISTED_NOTE,
    LISTED_PARCEL_KEY,
    LISTED_PROJECT,
    LISTED_ROLE,
    LISTED_STATUS,
    OFFICIAL_AREA,
)
from ..job import Job, no_field
from ..register_base import (
    OnConflict,
    RegisterAlgorithm,
    open_register,
    parcel_features,
    put_together,
    write,
    written,
)

USUAL = {
    "GOALS_FIELD": LISTED_GOALS,
    "ROLE_FIELD": LISTED_ROLE,
    "STATUS_FIELD": LISTED_STATUS,
    "PROJECT_FIELD": LISTED_PROJECT,
    "EVIDENCE_FIELD": LISTED_EVIDENCE,
    "NOTE_FIELD": LISTED_NOTE,
}
"""Usual names of the columns that parameters choose."""
KEYS_SHOWN = 3
"""Keys as examples in a warning."""
REPORT_FIELDS = {
    "zeile": QMetaType.Type.Int,
    "kennzeichen": QMetaType.Type.QString,
    "schluessel": QMetaType.Type.QString,
    "ergebnis": QMetaType.Type.QString,
    "grund": QMetaType.Type.QString,
}


class Result(StrEnum):
    """What became of a row of the list."""

    TAKEN = "übernommen"
    SAME = "unverändert"
    REFUSED = "abgelehnt"


class ImportAssignments(RegisterAlgorithm):
    """Rows of a list × the goals they name; all of them are written or none."""

    ID = "import_assignments"

    def initAlgorithm(self, config: dict | None = None) -> None:
        table = Qgis.ProcessingSourceType.Vector
        self.add_register()
        self.add_layer("LIST", table)
        for name in ("KEY_FIELD", *USUAL):
            self.add_field(name, "LIST")
        roles, states = [role.value for role in Role], [status.value for status in Status]
        self.add(QgsProcessingParameterEnum("ROLE", "", roles, False, Role.MEASURE.value, False, True))
        self.add(QgsProcessingParameterEnum("STATUS", "", states, False, Status.IDEA.value, False, True))
        self.add_layer("PARCELS", Qgis.ProcessingSourceType.VectorPolygon, optional=True)
        for name in ("PARCELS_KEY_FIELD", "AREA_FIELD", "AGS_FIELD", "MUNICIPALITY_FIELD"):
            self.add_field(name, "PARCELS")
        for name in ("CREATE_PROJECTS", "SKIP_BAD", "FILL_DOWN"):
            self.add(QgsProcessingParameterBoolean(name, "", False))
        self.add(QgsProcessingParameterFile("STRATEGY", "", extension="yaml", optional=True), advanced=True)
        self.add(QgsProcessingParameterFeatureSink("OUTPUT", "", table))
        self.add_writing()

    def measure(self, job: Job) -> None:
        table = _table(job)
        layout = _layout(job, table)
        rows = _rows(job, table, layout)
        with open_register(job) as register:
            plan = _Plan(job, register, table, layout, rows)
            refusals = plan.refusals()
            if refusals and not job.flag("SKIP_BAD"):
                raise QgsProcessingException(_listed(table.name, refusals))
            plan.report()
            action = partial(register.assign_records, plan.parcels(), plan.records(), plan.new_projects())
            write(job, action)
        written(job, len(plan.wanted))


def _table(job: Job) -> lists.ListTable:
    """Read LIST: files as the text that is stored in them, everything else by its attributes."""
    source = job.algorithm.parameterAsSource(job.parameters, "LIST", job.context)
    given = job.parameters.get("LIST")
    label = job.entry.parameters["LIST"].label.get(language())
    if source is None:
        message = translate("GrueneInfra", "{parameter}: the layer {value} cannot be read.")
        raise QgsProcessingException(message.format(parameter=label, value=given))
    name = f"{label} [{name_of(source)}]"
    layer = job.algorithm.parameterAsVectorLayer(job.parameters, "LIST", job.context)
    place = None if layer is None or _is_part(given) else lists.whole_file(layer)
    if place is None:
        return lists.read_source(Input(name, source))
    return lists.read_file(
        name, place, [job.text("KEY_FIELD")] if job.text("KEY_FIELD") else LISTED_PARCEL_KEY
    )


def _is_part(given: object) -> bool:
    """Say whether LIST asks for some of the features only: selected, filtered or the first ones."""
    if not isinstance(given, QgsProcessingFeatureSourceDefinition):
        return False
    return given.selectedFeaturesOnly or bool(given.filterExpression) or given.featureLimit >= 0


def _rows(job: Job, table: lists.ListTable, layout: Layout) -> list[ListedRow]:
    known = {goal.number for goal in job.strategy.goals}
    rows = without_repeats(read_rows(table, layout, known, fill_down=job.flag("FILL_DOWN")))
    if not rows:
        message = translate("GrueneInfra", "{layer} is empty: it has no rows.")
        raise QgsProcessingException(message.format(layer=table.name))
    return rows


def _layout(job: Job, table: lists.ListTable) -> Layout:
    key = table.column(job.text("KEY_FIELD"), LISTED_PARCEL_KEY)
    if key is None:
        raise no_field("KEY_FIELD", table.name, table.names())
    places = {name: table.column(job.text(name), usual) for name, usual in USUAL.items()}
    marked = goal_columns(table.columns) if places["GOALS_FIELD"] is None else {}
    if places["GOALS_FIELD"] is None and not marked:
        raise no_field("GOALS_FIELD", table.name, table.names())
    return Layout(
        key,
        places["GOALS_FIELD"],
        marked,
        places["ROLE_FIELD"],
        places["STATUS_FIELD"],
        places["PROJECT_FIELD"],
        places["EVIDENCE_FIELD"],
        places["NOTE_FIELD"],
        table.column("", OFFICIAL_AREA),
        table.column("", LISTED_ALGORITHM),
        divided=any(plain_name(name) in DIVIDED_KEY for name in table.columns),
    )


@dataclass
class _Plan:
    """What the list wants of the register, and what stands in the way."""

    job: Job
    register: Register
    table: lists.ListTable
    layout: Layout
    rows: Sequence[ListedRow]
    wanted: dict[tuple, AssignmentRecord] = field(default_factory=dict)
    """Assignments by their row in the register."""
    first: dict[tuple, int] = field(default_factory=dict)
    """The row of the list that wants an assignment."""
    of_row: dict[int, list[AssignmentRecord]] = field(default_factory=dict)
    areas: dict[str, tuple[float, int]] = field(default_factory=dict)
    """Areas in m² of parcels for which only the list knows one, with the row that says so first."""

    def __post_init__(self) -> None:
        self.role = Role(self.job.parameters["ROLE"])
        self.status = Status(self.job.parameters["STATUS"])
        self.leaves = self.job.choice("ON_CONFLICT") == OnConflict.THEIRS
        self.projects = {normal_name(project.name): project.id for project in self.register.projects()}
        self.added: dict[str, int] = {}
        self.spelled = shown_as(row.said.project for row in self.rows if row.said.project)
        keys = {row.key.key for row in self.rows if row.key is not None}
        self.stored = {parcel.key.key: parcel.wkb is not None for parcel in self.register.parcels(keys)}
        self.layer = self.job.optional_layer("PARCELS", Qgis.GeometryType.Polygon)
        self.given = self._given(keys)
        self.present = {record.row: record for record in self.register.assignments(keys=keys)}
        for row in self.rows:
            self._settle(row)

    def _given(self, keys: set[str]) -> dict[str, ParcelRecord]:
        """Return the parcels of PARCELS that the list is about, by key."""
        if self.layer is None:
            return {}
        parts = (parcel for parcel, _ in parcel_features(self.job, self.layer, key_field="PARCELS_KEY_FIELD"))
        listed = (parcel for parcel in parts if parcel.key.key in keys)
        return {parcel.key.key: parcel for parcel in put_together(self.job, self.layer, listed)}

    # -- one row ------------------------------------------------------------------------------------

    def _settle(self, row: ListedRow) -> None:
        """Turn a row into the assignments it wants, or refuse it."""
        if row.key is not None:
            self._check_parcel(row, row.key.key)
        project = self._project(row)
        if row.refusals or row.key is None:
            return
        records = [self._record(row, row.key.key, goal, project) for goal in row.said.goals]
        reason = self._contradiction(records) or self._other_area(row, row.key.key)
        if reason:
            row.refusals.append(self._refusal(row, row.delivered, reason))
            return
        if row.said.area_m2 and self._needs_area(row.key.key):
            self.areas.setdefault(row.key.key, (row.said.area_m2, row.number))
        for record in records:
            self.wanted[record.row] = record
            self.first.setdefault(record.row, row.number)
        self.of_row[row.number] = records

    def _contradiction(self, records: Iterable[AssignmentRecord]) -> str | None:
        """Return how one of a row's assignments contradicts a row above."""
        for record in records:
            if self.wanted.get(record.row, record) != record:
                message = translate(
                    "GrueneInfra", "says something else than row {row} of Handlungsziel {goal}"
                )
                return message.format(row=self.first[record.row], goal=record.hz)
        return None

    def _other_area(self, row: ListedRow, key: str) -> str | None:
        """Return how a row's area contradicts that of a row above, where the list's area is taken at all."""
        area, first = self.areas.get(key, (row.said.area_m2, 0))
        if not row.said.area_m2 or row.said.area_m2 == area:
            return None
        message = translate("GrueneInfra", "has another area than row {row} for the same parcel: {area} m²")
        return message.format(row=first, area=f"{row.said.area_m2:.10g}")

    def _needs_area(self, key: str) -> bool:
        """Say whether neither the register nor PARCELS gives the area of a parcel."""
        return key not in self.stored and key not in self.given

    def _refusal(self, row: ListedRow, value: str, reason: str) -> Refusal:
        return Refusal(row.number, "", value[:40], reason)

    def _check_parcel(self, row: ListedRow, key: str) -> None:
        if self.layer is not None and key not in self.given and key not in self.stored:
            message = translate("GrueneInfra", "neither {layer} nor the register has such a parcel")
            row.refusals.append(
                self._refusal(row, row.delivered, message.format(layer=name_of(self.layer.source)))
            )

    def _project(self, row: ListedRow) -> int | None:
        """Return the number of the row's project; a new one has a negative number."""
        name = row.said.project
        if name is None:
            return None
        if normal_name(name) in self.projects:
            return self.projects[normal_name(name)]
        if not self.job.flag("CREATE_PROJECTS"):
            reason = translate("GrueneInfra", "the register has no such project (CREATE_PROJECTS adds it)")
            row.refusals.append(self._refusal(row, name, reason))
            return None
        return self.added.setdefault(self.spelled[name], -1 - len(self.added))

    def _record(self, row: ListedRow, key: str, goal: int, project: int | None) -> AssignmentRecord:
        said, role = row.said, row.said.role or self.role
        return AssignmentRecord(
            key,
            goal,
            role,
            said.status or self._status_without_word((key, goal, role.value, project or 0)),
            project,
            said.evidence,
            said.algorithm,
            said.note,
        )

    def _status_without_word(self, record_row: tuple) -> Status:
        """Return STATUS; a list without such a column leaves an assignment that is there its own."""
        there = self.present.get(record_row) if self.layout.status is None else None
        return self.status if there is None else there.status

    # -- what is written ------------------------------------------------------------------------------

    def refusals(self) -> list[Refusal]:
        return [refusal for row in self.rows for refusal in row.refusals]

    def records(self) -> list[AssignmentRecord]:
        return list(self.wanted.values())

    def new_projects(self) -> list[Project]:
        """Return the projects to add that an assignment refers to, under their negative numbers."""
        used = {record.project for record in self.wanted.values()}
        return [Project(name, id=number) for name, number in self.added.items() if number in used]

    def parcels(self) -> list[ParcelRecord]:
        """Return the parcels that the register lacks: from PARCELS, else with the area that the list says.

        Parcels that it has without outline come from PARCELS too.
        """
        lacking: dict[str, ParcelRecord] = {}
        for row in self.rows:
            if row.number not in self.of_row or row.key is None:
                continue
            key = row.key.key
            area, _ = self.areas.get(key, (0.0, 0))
            if key in self.given and not self.stored.get(key):
                lacking.setdefault(key, self.given[key])
            elif key not in self.stored:
                lacking.setdefault(key, ParcelRecord(row.key, area, source=self.table.name))
        return list(lacking.values())

    # -- the report -----------------------------------------------------------------------------------

    def report(self) -> None:
        """Write OUTPUT, a row per row of the list, and say in the log how it went."""
        outputs, counts = self.job.outputs, dict.fromkeys(Result, 0)
        outputs.open("OUTPUT", fields_of(REPORT_FIELDS))
        for row in self.rows:
            result = self._result(row)
            counts[result] += 1
            key = "" if row.key is None else row.key.key
            reasons = "; ".join(self._remarks(row))
            outputs.add("OUTPUT", [row.number, row.delivered, key, result.value, reasons])
        line = translate("GrueneInfra", "{layer}: {taken} rows taken, {same} unchanged, {refused} refused.")
        self.job.feedback.pushInfo(
            line.format(
                layer=self.table.name,
                taken=counts[Result.TAKEN],
                same=counts[Result.SAME],
                refused=counts[Result.REFUSED],
            )
        )
        self._warn_of_areas()
        self._warn_of_keys()

    def _result(self, row: ListedRow) -> Result:
        if row.refusals:
            return Result.REFUSED
        records = self.of_row[row.number]
        new = any(self.first[record.row] == row.number and self._changes(record) for record in records)
        return Result.TAKEN if new else Result.SAME

    def _changes(self, record: AssignmentRecord) -> bool:
        """Say whether the register will hold something else than before."""
        return record.row not in self.present or (self._differs(record) and not self.leaves)

    def _differs(self, record: AssignmentRecord) -> bool:
        there = self.present.get(record.row)
        return there is not None and _filled(record, there) != there

    def _remarks(self, row: ListedRow) -> Iterator[str]:
        yield from (_said(refusal) for refusal in row.refusals)
        if row.repeats:
            message = translate("GrueneInfra", "also in rows {rows}")
            yield message.format(rows=", ".join(map(str, row.repeats)))
        if row.refusals or row.key is None:
            return
        if row.key.form == KeyForm.OTHER:
            yield translate("GrueneInfra", "not in the form of ALKIS, kept as delivered")
        if self.leaves and any(map(self._differs, self.of_row[row.number])):
            yield translate("GrueneInfra", "the register says something else and keeps it")
        if self._without_area(row):
            yield translate("GrueneInfra", "area not known, counts as 0 m²")

    def _without_area(self, row: ListedRow) -> bool:
        key = "" if row.key is None else row.key.key
        return self._needs_area(key) and key not in self.areas

    def _warn_of_areas(self) -> None:
        bare = {row.delivered for row in self.rows if not row.refusals and self._without_area(row)}
        if bare:
            message = translate(
                "GrueneInfra", "{count} parcels come without area and geometry. Name a layer in PARCELS."
            )
            self.job.feedback.pushWarning(message.format(count=len(bare)))

    def _warn_of_keys(self) -> None:
        """Say how many keys are kept as delivered, and the first of them."""
        taken = (row.key for row in self.rows if row.key is not None and not row.refusals)
        keys = list(dict.fromkeys(key.key for key in taken if key.form == KeyForm.OTHER))
        if keys:
            message = translate(
                "GrueneInfra", "{count} keys are not in the form of ALKIS and kept as delivered: {keys}"
            )
            shown = ", ".join(keys[:KEYS_SHOWN]) + (" …" if len(keys) > KEYS_SHOWN else "")
            self.job.feedback.pushWarning(message.format(count=len(keys), keys=shown))


def _filled(record: AssignmentRecord, there: AssignmentRecord) -> AssignmentRecord:
    """Return a record with what it does not say taken from the one that is there."""
    kept: Mapping[str, str | None] = {
        name: getattr(there, name)
        for name in ("evidence", "algorithm", "note")
        if getattr(record, name) is None
    }
    return replace(record, version=there.version, **kept)


def _said(refusal: Refusal) -> str:
    """Return a refusal in words: column, value, reason."""
    where = f"{refusal.column} “{refusal.value}”" if refusal.column else f"“{refusal.value}”"
    return f"{where}: {refusal.reason}"


def _listed(name: str, refusals: Iterable[Refusal]) -> str:
    """Return the first refusals as text, and how many rows there are of them."""
    refused = list(refusals)
    head = translate(
        "GrueneInfra",
        "{layer}: {count} rows cannot be taken. Nothing was written; SKIP_BAD leaves them out.",
    )
    line = translate("GrueneInfra", "row {row}, {refusal}")
    lines = [line.format(row=refusal.row, refusal=_said(refusal)) for refusal in refused[:SHOWN]]
    count = len({refusal.row for refusal in refused})
    return "\n".join([head.format(layer=name, count=count), *lines, *(["…"] if len(refused) > SHOWN else [])])
