"""Register: take over assignments from an office's list, a CSV file, a spreadsheet or a table."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from heapq import nsmallest

import numpy as np
from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsVectorLayer,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.reading.names import SHOWN, first_few, normal_name, plain_name, shown_as
from ...gruene_infra_plugin.register.keys import KeyForm
from ...gruene_infra_plugin.register.listed import (
    Layout,
    ListedRow,
    Refusal,
    goal_columns,
    read_rows,
    told,
)
from ...gruene_infra_plugin.register.listed_rows import ListedRows, ParcelsOnDisk, Texts
from ...gruene_infra_plugin.register.model import (
    AssignmentRecord,
    Choice,
    ParcelRecord,
    Project,
    Role,
    Status,
)
from ...gruene_infra_plugin.register.store import Register
from ...gruene_infra_plugin.spatial.reading import lists
from ...gruene_infra_plugin.spatial.reading.source import Input, name_of
from ...gruene_infra_plugin.spatial.reading.stored_files import StoredTable, plain
from ...gruene_infra_plugin.spatial.reading.usual_fields import (
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
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..job import Job, no_field, source_of
from ..parameters import title_of
from ..register.base import (
    OnConflict,
    RegisterAlgorithm,
    keep_listed,
    open_register,
    together,
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


class Result(StrEnum):
    """What became of a row of the list."""

    TAKEN = "übernommen"
    SAME = "unverändert"
    REFUSED = "abgelehnt"


RESULTS = (Result.TAKEN, Result.SAME, Result.REFUSED)
_TAKEN, _SAME, _REFUSED = range(3)
_RESULT, _KEEPS, _WITHOUT_AREA = 3, 4, 8
"""What is noted of a row: the place of its result, and what is said besides."""
STATES = tuple(Status)
GOALS_BELOW = 1000
PARCELS_AT_ONCE = 5000
"""Parcels of which it is asked at once what the register holds."""


class ImportAssignments(RegisterAlgorithm):
    """Rows of a list × the goals they name; all of them are written or none."""

    ID = "import_assignments"

    def known_to_qgis(self, job: Job) -> dict:
        """Return the parameters with an empty table for a LIST that is read from its file."""
        is_read = _file(job) is not None
        return job.parameters | ({"LIST": QgsVectorLayer("NoGeometry", "", "memory")} if is_read else {})

    def measure(self, job: Job) -> None:
        with closing(_table(job)) as table:
            layout = _layout(job, table)
            rows = _rows(job, table, layout)
        if table.unread:
            message = translate("GrueneInfra", "{layer}: the sheets {sheets} hold no list and are not read.")
            job.feedback.pushInfo(message.format(layer=table.name, sheets=first_few(table.unread)))
        with open_register(job) as register, closing(ParcelsOnDisk(rows)) as given:
            plan = _Plan(job, register, table.name, layout, rows, given)
            plan.settle()
            if plan.refused and not job.flag("SKIP_BAD"):
                raise QgsProcessingException(_listed(table.name, plan.refused, plan.first_refused))
            plan.report()
            write(job, partial(_write, register, plan))
        written(job, len(plan.records))


def _write(register: Register, plan: _Plan, choices: Iterable[Choice] = ()) -> None:
    register.import_records(plan.parcels(), plan.assignments(), plan.new_projects(), choices=choices)


def _table(job: Job) -> lists.ListTable:
    """Read LIST: files as the text that is stored in them, everything else by its attributes."""
    given = job.parameters.get("LIST")
    keys = [job.text("KEY_FIELD")] if job.text("KEY_FIELD") else LISTED_PARCEL_KEY
    label = title_of(job.algorithm.parameterDefinition("LIST"))
    named = _file(job)
    if named is not None:
        return lists.read_file(f"{label} [{named.file.stem}]", named, keys)
    source = source_of("LIST", given, job.context)
    if source is None:
        raise job.unreadable("LIST", given)
    name = f"{label} [{name_of(source)}]"
    layer = job.algorithm.parameterAsVectorLayer(job.parameters, "LIST", job.context)
    place = None if layer is None or _is_part(given) else lists.whole_file(layer)
    if place is None:
        return lists.read_source(Input(name, source), marked=lists.is_marked(layer))
    return lists.read_file(name, place, keys)


def _file(job: Job) -> StoredTable | None:
    """Return the file that LIST names, where all of it is asked for and QGIS need not open it."""
    given = job.parameters["LIST"]
    return None if _is_part(given) else lists.file_named(plain(given), job.context)


def _is_part(given: object) -> bool:
    """Say whether LIST asks for some of the features only: selected, filtered or the first ones."""
    if not isinstance(given, QgsProcessingFeatureSourceDefinition):
        return False
    return given.selectedFeaturesOnly or bool(given.filterExpression) or given.featureLimit >= 0


def _rows(job: Job, table: lists.ListTable, layout: Layout) -> ListedRows:
    known = {goal.number for goal in job.strategy.goals}
    rows = ListedRows(_watched(job, read_rows(table, layout, known, fill_down=job.flag("FILL_DOWN"))))
    if not rows:
        message = translate("GrueneInfra", "{layer} is empty: it has no rows.")
        raise QgsProcessingException(message.format(layer=table.name))
    return rows


def _watched(job: Job, rows: Iterable[ListedRow]) -> Iterator[ListedRow]:
    """Yield rows until the user asks to stop."""
    for count, row in enumerate(rows):
        if count % 1000 == 0:
            check_cancelled(job.feedback)
        yield row


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
class _Parcel:
    """What the rows of one parcel want of the register, in the order of the list."""

    plan: _Plan
    key: str
    stored: bool | None
    """Whether the register has its outline, ``None`` where it has no such parcel."""
    given: bool
    """Whether PARCELS has it."""
    present: Mapping[tuple, AssignmentRecord]
    """Assignments of the register, by their row there."""
    wanted: dict[tuple, tuple[AssignmentRecord, int]] = field(default_factory=dict)
    """Assignments with the number of the row that wants them first, by their row in the register."""
    area: tuple[float, int] | None = None
    """Area in m², where only the list knows one, with the number of the row that says so first."""
    taken: list[int] = field(default_factory=list)
    """Places of the rows that are not refused."""

    @property
    def needs_area(self) -> bool:
        """Whether neither the register nor PARCELS gives its area."""
        return self.stored is None and not self.given

    def settle(self, place: int, row: ListedRow) -> None:
        """Turn a row into the assignments it wants, or refuse it."""
        if self.plan.layer is not None and self.needs_area:
            message = translate("GrueneInfra", "neither {layer} nor the register has such a parcel")
            reason = message.format(layer=name_of(self.plan.layer.source))
            row.refusals.append(_refusal(row, row.delivered, reason))
        project = self.plan.project(row)
        if row.refusals:
            self.plan.refuse(place, row)
            return
        records = [self._record(row, goal, project) for goal in row.said.goals]
        refused = self._contradiction(records) or self._other_area(row)
        if refused:
            row.refusals.append(_refusal(row, row.delivered, refused))
            self.plan.refuse(place, row)
            return
        if row.said.area_m2 and self.needs_area and self.area is None:
            self.area = (row.said.area_m2, row.number)
        self.taken.append(place)
        new = [record for record in records if record.row not in self.wanted]
        for record in new:
            self.wanted[record.row] = (record, row.number)
            self.plan.want(place, record)
        changed = any(self._changes(record) for record in new)
        keeps = self.plan.leaves and any(map(self._differs, records))
        self.plan.marks[place] = (_TAKEN if changed else _SAME) | (_KEEPS if keeps else 0)

    def _contradiction(self, records: Iterable[AssignmentRecord]) -> str | None:
        """Return how one of a row's assignments contradicts a row above."""
        for record in records:
            other, number = self.wanted.get(record.row, (record, 0))
            if other != record:
                message = translate(
                    "GrueneInfra", "says something else than row {row} of Handlungsziel {goal}"
                )
                return message.format(row=number, goal=record.hz)
        return None

    def _other_area(self, row: ListedRow) -> str | None:
        """Return how a row's area contradicts that of a row above, where the list's area is taken at all."""
        area, first = self.area or (row.said.area_m2, 0)
        if not row.said.area_m2 or row.said.area_m2 == area:
            return None
        message = translate("GrueneInfra", "has another area than row {row} for the same parcel: {area} m²")
        return message.format(row=first, area=f"{row.said.area_m2:.10g}")

    def _record(self, row: ListedRow, goal: int, project: int | None) -> AssignmentRecord:
        said, role = row.said, row.said.role or self.plan.role
        status = said.status or self._status_without_word((self.key, goal, role.value, project or 0))
        return AssignmentRecord(
            self.key, goal, role, status, project, said.evidence, said.algorithm, said.note
        )

    def _status_without_word(self, record_row: tuple) -> Status:
        """Return STATUS; a list without such a column leaves an assignment that is there its own."""
        there = self.present.get(record_row) if self.plan.layout.status is None else None
        return self.plan.status if there is None else there.status

    def _changes(self, record: AssignmentRecord) -> bool:
        """Say whether the register will hold something else than before."""
        return record.row not in self.present or (self._differs(record) and not self.plan.leaves)

    def _differs(self, record: AssignmentRecord) -> bool:
        there = self.present.get(record.row)
        return there is not None and _filled(record, there) != there

    def finish(self) -> None:
        """Note what the register lacks of the parcel, and what is not known of it."""
        if not self.taken:
            return
        if self.needs_area and self.area is None:
            self.plan.without_area += 1
            for place in self.taken:
                self.plan.marks[place] |= _WITHOUT_AREA
        if self.stored is None or (self.given and not self.stored):
            area, _ = self.area or (0.0, 0)
            self.plan.lacking.append(self.taken[0])
            self.plan.areas.append(area)
        if self.plan.rows.is_as_delivered(self.taken[0]):
            self.plan.kept_as_delivered.append(self.taken[0])


@dataclass
class _Plan:
    """What the list wants of the register, and what stands in the way.

    Rows are settled parcel by parcel, a portion of the parcels at once, and kept as numbers.
    """

    job: Job
    register: Register
    name: str
    layout: Layout
    rows: ListedRows
    given: ParcelsOnDisk
    refused: int = 0
    """Number of rows that cannot be taken."""
    first_refused: list[Refusal] = field(default_factory=list)
    """The refusals of the first of them."""
    without_area: int = 0
    """Number of parcels that come without."""

    def __post_init__(self) -> None:
        self.role = Role(self.job.parameters["ROLE"])
        self.status = Status(self.job.parameters["STATUS"])
        self.leaves = self.job.choice("ON_CONFLICT") == OnConflict.THEIRS
        self.projects = {normal_name(project.name): project.id for project in self.register.projects()}
        self.added: dict[str, int] = {}
        self.used: set[int] = set()
        self.spelled = shown_as(self.rows.projects())
        self.layer = self.job.optional_layer("PARCELS", Qgis.GeometryType.Polygon)
        self.marks = bytearray(len(self.rows))
        """What is said of each row."""
        self.reasons = Texts()
        self.reason_of = array("i", [-1]) * len(self.rows)
        self.records = array("q")
        """Assignments, each as a number of which the remainder is its goal and status."""
        self.lacking, self.areas = array("i"), array("d")
        """Parcels that the register lacks, or their outline: a row that names each, its area in the list."""
        self.kept_as_delivered = array("i")
        """Rows of the parcels whose key is not of ALKIS form, one of each."""
        if self.job.flag("CREATE_PROJECTS"):
            for name in self.rows.projects():
                if normal_name(name) not in self.projects:
                    self.added.setdefault(self.spelled[name], -1 - len(self.added))

    def settle(self) -> None:
        """Hold each row against the register, PARCELS and the rows of the same parcel."""
        if self.layer is not None:
            keep_listed(self.job, self.layer, self.given)
        for place in self.rows.without_key():
            row = self.rows[place]
            self.project(row)
            self.refuse(place, row)
        for portion in self.rows.portions(PARCELS_AT_ONCE):
            check_cancelled(self.job.feedback)
            self._settle_parcels(portion)

    def _settle_parcels(self, portion: Sequence[Sequence[int]]) -> None:
        keys = [self.rows.key(places[0]) for places in portion]
        stored = {key: wkb is not None for key, wkb in self.register.outlines(keys).items()}
        present: dict[str, dict[tuple, AssignmentRecord]] = defaultdict(dict)
        for record in self.register.assignments(keys=keys):
            present[record.parcel][record.row] = record
        for key, places in zip(keys, portion, strict=True):
            given = bool(self.given.parts(key))
            parcel = _Parcel(self, key, stored.get(key), given, present.get(key, {}))
            for place in places:
                parcel.settle(place, self.rows[place])
            parcel.finish()

    def project(self, row: ListedRow) -> int | None:
        """Return the number of the row's project; a new one has a negative number."""
        name = row.said.project
        if name is None:
            return None
        if normal_name(name) in self.projects:
            return self.projects[normal_name(name)]
        if not self.job.flag("CREATE_PROJECTS"):
            reason = translate("GrueneInfra", "the register has no such project (CREATE_PROJECTS adds it)")
            row.refusals.append(_refusal(row, name, reason))
            return None
        return self.added[self.spelled[name]]

    def refuse(self, place: int, row: ListedRow) -> None:
        self.refused += 1
        self.marks[place] = _REFUSED
        self.reason_of[place] = self.reasons.add("; ".join(map(_said, row.refusals)))
        first = [*self.first_refused, *row.refusals]
        self.first_refused = sorted(first, key=lambda refusal: refusal.row)[: SHOWN + 1]

    def want(self, place: int, record: AssignmentRecord) -> None:
        """Note an assignment that the row at a place wants first."""
        if record.project is not None:
            self.used.add(record.project)
        self.records.append((place * GOALS_BELOW + record.hz) * len(STATES) + STATES.index(record.status))

    # -- what is written ------------------------------------------------------------------------------

    def assignments(self) -> Iterator[AssignmentRecord]:
        """Yield the assignments in the order of the list."""
        for number in np.sort(np.frombuffer(self.records, np.int64)):
            rest, status = divmod(int(number), len(STATES))
            place, goal = divmod(rest, GOALS_BELOW)
            row = self.rows[place]
            said, role = row.said, row.said.role or self.role
            yield AssignmentRecord(
                self.rows.key(place),
                goal,
                role,
                STATES[status],
                self.project(row),
                said.evidence,
                said.algorithm,
                said.note,
            )

    def new_projects(self) -> list[Project]:
        """Return the projects to add that an assignment refers to, under their negative numbers."""
        return [Project(name, id=number) for name, number in self.added.items() if number in self.used]

    def parcels(self) -> Iterator[ParcelRecord]:
        """Yield the parcels that the register lacks: from PARCELS, else with the area that the list says.

        Parcels that it has without outline come from PARCELS too.
        """
        for number in np.argsort(np.frombuffer(self.lacking, np.int32), kind="stable"):
            place, area = self.lacking[number], self.areas[number]
            parts = self.given.parts(self.rows.key(place))
            if parts:
                yield together(parts)[0]
            else:
                key = self.rows[place].key
                if key is not None:
                    yield ParcelRecord(key, area, source=self.name)

    # -- the report -----------------------------------------------------------------------------------

    def report(self) -> None:
        """Write OUTPUT, a row per row of the list, and say in the log how it went."""
        outputs, counts = self.job.outputs, dict.fromkeys(Result, 0)
        self.job.open("OUTPUT", rows=len(self.rows))
        for place in self.rows.places():
            row, mark = self.rows[place], self.marks[place]
            result = RESULTS[mark & _RESULT]
            counts[result] += 1
            key = "" if row.key is None else row.key.key
            reasons = "; ".join(self._remarks(place, row))
            outputs.add("OUTPUT", [row.number, told(row.delivered), key, result.value, reasons])
        line = translate("GrueneInfra", "{layer}: {taken} rows taken, {same} unchanged, {refused} refused.")
        self.job.feedback.pushInfo(
            line.format(
                layer=self.name,
                taken=counts[Result.TAKEN],
                same=counts[Result.SAME],
                refused=counts[Result.REFUSED],
            )
        )
        self._warn_of_areas()
        self._warn_of_keys()

    def _remarks(self, place: int, row: ListedRow) -> Iterator[str]:
        if self.reason_of[place] >= 0:
            yield self.reasons[self.reason_of[place]]
        repeats = self.rows.repeats(place)
        if repeats:
            message = translate("GrueneInfra", "also in rows {rows}")
            yield message.format(rows=", ".join(map(str, repeats)))
        mark = self.marks[place]
        if mark & _RESULT == _REFUSED or row.key is None:
            return
        if row.key.form == KeyForm.OTHER:
            yield translate("GrueneInfra", "not in the form of ALKIS, kept as delivered")
        if mark & _KEEPS:
            yield translate("GrueneInfra", "the register says something else and keeps it")
        if mark & _WITHOUT_AREA:
            yield translate("GrueneInfra", "area not known, counts as 0 m²")

    def _warn_of_areas(self) -> None:
        if self.without_area:
            message = translate(
                "GrueneInfra", "{count} parcels come without area and geometry. Name a layer in PARCELS."
            )
            self.job.feedback.pushWarning(message.format(count=self.without_area))

    def _warn_of_keys(self) -> None:
        """Say how many keys are kept as delivered, and the first of them."""
        count = len(self.kept_as_delivered)
        if count:
            message = translate(
                "GrueneInfra", "{count} keys are not in the form of ALKIS and kept as delivered: {keys}"
            )
            keys = [self.rows.key(place) for place in nsmallest(KEYS_SHOWN, self.kept_as_delivered)]
            shown = ", ".join(keys) + (" …" if count > KEYS_SHOWN else "")
            self.job.feedback.pushWarning(message.format(count=count, keys=shown))


def _refusal(row: ListedRow, value: str, reason: str) -> Refusal:
    return Refusal(row.number, "", told(value[:40]), reason)


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


def _listed(name: str, count: int, first: Sequence[Refusal]) -> str:
    """Return the first refusals as text, and how many rows there are of them."""
    head = translate(
        "GrueneInfra",
        "{layer}: {count} rows cannot be taken. Nothing was written; SKIP_BAD leaves them out.",
    )
    line = translate("GrueneInfra", "row {row}, {refusal}")
    lines = [line.format(row=refusal.row, refusal=_said(refusal)) for refusal in first[:SHOWN]]
    return "\n".join([head.format(layer=name, count=count), *lines, *(["…"] if len(first) > SHOWN else [])])
