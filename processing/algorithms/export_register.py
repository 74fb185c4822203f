"""Register: assignments as a layer or list, for offices that work on with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from qgis.core import (
    QgsGeometry,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.parcels.space_types import SpaceType
from ...gruene_infra_plugin.register.model import AssignmentRecord, ParcelRecord
from ...gruene_infra_plugin.register.store import Register
from ...gruene_infra_plugin.spatial.geometry.wkb import geometry_of
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..job import Job
from ..register.base import RegisterAlgorithm, open_register, project_id, read_goals


class Mode(StrEnum):
    """What a row is."""

    GOALS = "goals"
    PARCELS = "parcels"


class ExportRegister(RegisterAlgorithm):
    """A row per parcel and goal, or per parcel with its goals as a list."""

    ID = "export_register"

    def measure(self, job: Job) -> None:
        with open_register(job) as register:
            export = _Export(job, register)
        job.open("OUTPUT", export.sometimes)
        count = 0
        for count, (values, geometry) in enumerate(export.rows(), start=1):
            if count % 1000 == 1:
                check_cancelled(job.feedback)
            job.outputs.add("OUTPUT", values, geometry)
        if not count:
            job.feedback.pushWarning(translate("GrueneInfra", "The register has no such assignment."))


def chosen_records(job: Job, register: Register) -> list[AssignmentRecord]:
    """Return the assignments that meet all conditions of the run."""
    goals = read_goals(job) if job.text("GOALS") else None
    kind, status = job.choice("RAUMTYP"), job.choice("STATUS")
    found = register.assignments(
        raumtyp=None if kind is None else SpaceType(kind), project=project_id(job, register)
    )
    return [
        record
        for record in found
        if (goals is None or record.hz in goals) and (status is None or record.status == status)
    ]


class _Export:
    """Everything that the rows need, read from the register at once."""

    def __init__(self, job: Job, register: Register) -> None:
        self.mode = Mode(job.parameters["MODE"])
        self.records = chosen_records(job, register)
        keys = {record.parcel for record in self.records}
        self.parcels = {parcel.key.key: parcel for parcel in register.parcels(keys)}
        self.kinds = {record.parcel: record.raumtyp.value for record in register.space_types(keys)}
        projects = {project.id: project.name for project in register.projects()}
        self._tells: tuple[Callable[[AssignmentRecord], str | None], ...] = (
            lambda record: record.role.value,
            lambda record: record.status.value,
            lambda record: None if record.project is None else projects.get(record.project),
            lambda record: record.evidence,
            lambda record: record.note,
            lambda record: record.algorithm,
        )
        self.writers = register.last_writers() if job.flag("WITH_WHO") else None

    @property
    def sometimes(self) -> list[str]:
        """The columns of this run that not every run has: who and when only where asked for."""
        goals = "handlungsziel" if self.mode == Mode.GOALS else "handlungsziele"
        return [goals, *(("wer", "wann") if self.writers is not None else ())]

    def rows(self) -> Iterator[tuple[list, QgsGeometry]]:
        """Yield values in the order of the columns, and the parcel's geometry."""
        for records in self._groups():
            parcel = self.parcels.get(records[0].parcel)
            if parcel is None:
                continue  # its row cannot be read, which the log says
            yield self._values(records, parcel), geometry_of(parcel.wkb)

    def _groups(self) -> Iterable[list[AssignmentRecord]]:
        """Return the assignments that a row tells: one, or all of a parcel."""
        if self.mode == Mode.GOALS:
            return ([record] for record in self.records)
        together: dict[str, list[AssignmentRecord]] = defaultdict(list)
        for record in self.records:
            together[record.parcel].append(record)
        return together.values()

    def _values(self, records: list[AssignmentRecord], parcel: ParcelRecord) -> list:
        goals = sorted({record.hz for record in records})
        values = [
            parcel.key.key,
            parcel.ags,
            parcel.municipality,
            round(parcel.area_m2, 2),
            goals[0] if self.mode == Mode.GOALS else _listed(goals),
            self.kinds.get(parcel.key.key),
            *(_told(records, tell) for tell in self._tells),
        ]
        if self.writers is None:
            return values
        known = [self.writers[record.row] for record in records if record.row in self.writers]
        who, when = max(known, key=lambda one: one[1], default=(None, None))
        return [*values, who, None if when is None else when.isoformat(timespec="seconds")]


def _listed(goals: Iterable[int]) -> str:
    return ", ".join(map(str, goals))


def _told(records: Sequence[AssignmentRecord], tell: Callable[[AssignmentRecord], str | None]) -> str | None:
    """Return what assignments say; where they differ, each word with its goals before it."""
    goals: dict[str | None, set[int]] = defaultdict(set)
    for record in records:
        goals[tell(record)].add(record.hz)
    if len(goals) == 1:
        return next(iter(goals))
    said = sorted((sorted(numbers), word) for word, numbers in goals.items() if word is not None)
    return "; ".join(f"{_listed(numbers)}: {word}" for numbers, word in said)
