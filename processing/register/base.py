"""What the algorithms of the register share: where it lies, parcels with their keys, errors, conflicts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import gettempdir
from typing import TypeVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProcessingException,
)

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.reading.names import SHOWN, first_few
from ...gruene_infra_plugin.register.checks import LEAST_OVERLAP_M2
from ...gruene_infra_plugin.register.errors import RegisterConflict, RegisterError
from ...gruene_infra_plugin.register.keys import KeyRefusedError, parcel_key
from ...gruene_infra_plugin.register.listed_rows import ParcelsOnDisk
from ...gruene_infra_plugin.register.model import Choice, ParcelRecord, Side, merged
from ...gruene_infra_plugin.register.parcel_source import ParcelFields
from ...gruene_infra_plugin.register.postgis import PostgresPlace
from ...gruene_infra_plugin.register.store import Register, RegisterPlace
from ...gruene_infra_plugin.spatial.reading.source import Input, name_of
from ...gruene_infra_plugin.spatial.reading.usual_fields import (
    MUNICIPALITY_KEY,
    MUNICIPALITY_NAME,
    OFFICIAL_AREA,
    PARCEL_KEY,
)
from ...gruene_infra_plugin.spatial.reading.values import number
from ...gruene_infra_plugin.spatial.running import check_cancelled
from ..base import PluginAlgorithm
from ..job import Job
from .parcel_remarks import warn_of_areas, warn_of_unread_areas, warn_of_versions

Result = TypeVar("Result")


class OnConflict(StrEnum):
    """What to do where somebody else's row says something else."""

    REFUSE = "refuse"
    MINE = "mine"
    THEIRS = "theirs"


class RegisterAlgorithm(PluginAlgorithm):
    """An algorithm that reads or writes a register, in a GeoPackage or in PostgreSQL."""

    def group(self) -> str:
        return translate("GrueneInfra", "Register")

    def groupId(self) -> str:
        return "register"

    def check(self, job: Job) -> None:
        if not names_register(job):
            raise _not_one_register()
        super().check(job)


def names_register(job: Job) -> bool:
    """Return whether the parameters of a run name a register; raise where they name two."""
    places = [name for name in ("REGISTER", "CONNECTION") if job.text(name)]
    if len(places) > 1:
        raise _not_one_register()
    return bool(places)


def _not_one_register() -> QgsProcessingException:
    message = translate("GrueneInfra", "Name one register: a GeoPackage in REGISTER or a CONNECTION.")
    return QgsProcessingException(message)


def place_of_register(job: Job) -> RegisterPlace:
    """Return where the register of a run lies."""
    connection = job.text("CONNECTION")
    if connection:
        return PostgresPlace(connection, schema=job.text("SCHEMA") or "gruene_infra")
    return Path(job.text("REGISTER"))


@contextmanager
def open_register(job: Job) -> Iterator[Register]:
    """Open the register of a run; what it refuses becomes the run's error, in its own words.

    Its CRS is that of a run that has none yet. The log says what in it counts as unknown, and that nothing
    can be written where no history would be kept.
    """
    try:
        register = Register.open(place_of_register(job), who=job.text("WHO") or None)
        try:
            if not job.crs.isValid():
                job.crs = QgsCoordinateReferenceSystem(register.crs)
            if lost := register.foundation.not_logging:
                message = translate(
                    "GrueneInfra",
                    "The register can be read only: triggers that keep its history are missing or changed"
                    " ({names}). Edits by hand would not be in it. “Check the register” restores them.",
                )
                job.feedback.pushWarning(message.format(names=first_few(lost)))
            yield register
            for (table, column), count in register.database.unknown.items():
                message = translate(
                    "GrueneInfra",
                    "{count} values of {table}.{column} in the register cannot be read and count as unknown."
                    " “Check the register” names them.",
                )
                job.feedback.pushWarning(message.format(count=count, table=table, column=column))
        finally:
            register.close()
    except RegisterConflict as conflict:
        raise QgsProcessingException(_listed(conflict)) from conflict
    except RegisterError as error:
        raise QgsProcessingException(str(error)) from error


def read_goals(job: Job) -> list[int]:
    """Return the numbers of the goals in GOALS, each once; raise if one is none of the strategy's."""
    known = {goal.number for goal in job.strategy.goals}
    goals = {number(part.upper().removeprefix("HZ")) for part in job.names("GOALS")}
    if not goals or not goals <= known:
        message = translate(
            "GrueneInfra", "GOALS must be numbers of Handlungsziele such as 2, 19, not {value}."
        )
        raise QgsProcessingException(message.format(value=job.text("GOALS")))
    return sorted(int(goal) for goal in goals if goal is not None)


def project_id(job: Job, register: Register) -> int | None:
    """Return the number of PROJECT, ``None`` where none is named; raise if the register has none so named."""
    name = job.text("PROJECT")
    project = register.find_project(name) if name else None
    if name and project is None:
        names = ", ".join(known.name for known in register.projects()[:SHOWN]) or "–"
        message = translate("GrueneInfra", "The register has no project “{name}”. It has: {names}.")
        raise QgsProcessingException(message.format(name=name, names=names))
    return None if project is None else project.id


def written(job: Job, count: int) -> None:
    """Say how many rows the register holds now of what was asked for, and return that as COUNT."""
    job.feedback.pushInfo(translate("GrueneInfra", "{count} rows are in the register.").format(count=count))
    job.outputs.add_value("COUNT", count)


def write(job: Job, action: Callable[..., Result]) -> Result:
    """Do what writes to the register and return its result; ON_CONFLICT settles conflicts by ``choices``.

    All outputs must be complete by then, so that none of them can fail once the register is written.
    Cancelling counts until it begins: what is written stays.
    """
    job.outputs.close()
    check_cancelled(job.feedback)
    try:
        result = action()
    except RegisterConflict as conflict:
        result = action(choices=decided(job, conflict))
    job.outputs.keep()
    return result


def decided(job: Job, conflict: RegisterConflict) -> list[Choice]:
    """Return ON_CONFLICT as a choice for every row in conflict; raise the conflict where it says refuse."""
    side = {OnConflict.MINE: Side.MINE, OnConflict.THEIRS: Side.THEIRS}
    wanted = OnConflict(job.parameters["ON_CONFLICT"])
    if wanted not in side:
        raise conflict
    return [row.choose(side[wanted]) for row in conflict.conflicts]


def _listed(conflict: RegisterConflict) -> str:
    """Return the rows in conflict as text, the first few of them."""
    line = translate("GrueneInfra", "{parcel}, {field}: there “{theirs}”, here “{mine}”")
    lines = [
        line.format(parcel=row.parcel, field=row.field, theirs=row.theirs, mine=row.mine)
        for row in conflict.conflicts[:SHOWN]
    ]
    more = len(conflict.conflicts) - len(lines)
    head = translate("GrueneInfra", "{count} values differ from those in the register. Nothing was written.")
    return "\n".join([head.format(count=len(conflict.conflicts)), *lines, *(["…"] if more else [])])


def read_parcels(job: Job, layer: Input) -> list[ParcelRecord]:
    """Read the parcels of PARCELS in the register's CRS, each once; raise as :func:`parcel_features` does."""
    return put_together(job, layer, (parcel for parcel, _ in parcel_features(job, layer)))


def parcel_features(
    job: Job, layer: Input, more: Sequence[int | None] = (), key_field: str = "KEY_FIELD"
) -> Iterator[tuple[ParcelRecord, QgsFeature]]:
    """Yield the parcels of PARCELS in the CRS of the register, with the fields ``more`` of their features.

    Raises
    ------
    QgsProcessingException
        If coordinates cannot be in the layer's CRS, if there is no field with the key, or a key cannot be
        one; the message names the first ones.
    """
    job.require_place(layer)
    fields = ParcelFields(
        job.required_field(key_field, layer, PARCEL_KEY),
        job.field("AREA_FIELD", layer, OFFICIAL_AREA),
        job.field("AGS_FIELD", layer, MUNICIPALITY_KEY),
        job.field("MUNICIPALITY_FIELD", layer, MUNICIPALITY_NAME),
    )
    refused, unread = [], 0
    for feature in job.read(layer, [*fields.places, *more]):
        try:
            record = fields.record(feature, name_of(layer.source))
        except KeyRefusedError as error:
            refused.append(error)
            continue
        unread += record.official_m2 is None and fields.says_area(feature)
        yield record, feature
    if refused:
        raise QgsProcessingException(_refused(layer.name, refused))
    warn_of_unread_areas(job, layer, unread)


def put_together(job: Job, layer: Input, parts: Iterable[ParcelRecord]) -> list[ParcelRecord]:
    """Return the parcels of a layer, each once, and say in the log where its features do not agree.

    Said is which parcels come in versions that overlap, and of which the official area does not count.
    """
    of_key: dict[str, list[ParcelRecord]] = defaultdict(list)
    for part in parts:
        of_key[part.key.key].append(part)
    parcels = [together(parts) for parts in of_key.values()]
    _warn_of_parcels(job, layer, parcels)
    return [parcel for parcel, _ in parcels]


def keep_listed(job: Job, layer: Input, listed: ParcelsOnDisk) -> None:
    """Keep the features of the parcels that a list names, and say what :func:`put_together` says of them."""
    try:
        for parcel, _ in parcel_features(job, layer, key_field="PARCELS_KEY_FIELD"):
            listed.add(parcel)
        _warn_of_parcels(job, layer, map(together, listed))
    except OSError as error:
        message = translate("GrueneInfra", "{path} cannot be written: {reason}.")
        raise QgsProcessingException(message.format(path=gettempdir(), reason=error.strerror)) from error


def together(parts: Sequence[ParcelRecord]) -> tuple[ParcelRecord, bool]:
    """Return a parcel from its features, and whether these overlap, as versions of it do."""
    (parcel,) = merged(parts)
    if len(parts) == 1:
        return parcel, False
    drawn = sum({part.wkb: part.outline_m2 for part in parts}.values())
    return parcel, drawn - parcel.outline_m2 > LEAST_OVERLAP_M2


def _warn_of_parcels(job: Job, layer: Input, parcels: Iterable[tuple[ParcelRecord, bool]]) -> None:
    versions, disagreeing = [], []
    for parcel, overlaps in parcels:
        versions += [parcel.key.key] if overlaps else []
        disagreeing += [] if parcel.official_counts else [parcel.key.key]
    warn_of_versions(job, layer, versions)
    warn_of_areas(job, layer, disagreeing)


def read_keys(job: Job) -> list[str]:
    """Return the normalised keys in KEYS; raise if one cannot be a Flurstückskennzeichen."""
    keys, refused = [], []
    for part in re.split(r"[,;\n]", job.text("KEYS")):
        if part.strip():
            try:
                keys.append(parcel_key(part.strip()).key)
            except KeyRefusedError as error:
                refused.append(error)
    if refused:
        raise QgsProcessingException(_refused("KEYS", refused))
    return keys


def _refused(name: str, refused: list[KeyRefusedError]) -> str:
    head = translate(
        "GrueneInfra", "{layer}: {count} keys are no Flurstückskennzeichen. Nothing was written."
    )
    shown = [f"“{error.delivered[:40]}”" for error in refused[:SHOWN]]
    more = ["…"] if len(refused) > SHOWN else []
    return "\n".join([head.format(layer=name, count=len(refused)), *shown, *more])
