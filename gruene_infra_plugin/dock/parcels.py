"""The layer whose parcels are selected, and what of it is selected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from ..methods.reading.names import shown_as
from ..passwords import without_passwords
from ..register.keys import KeyRefusedError
from ..register.model import AssignmentRecord, ParcelRecord, SpaceTypeRecord, merged
from ..register.parcel_source import ParcelFields
from ..register.rows import Seen
from ..register.store import Register
from ..spatial.reading.features import read
from ..spatial.reading.snapshot import Snapshot


@dataclass(frozen=True)
class Parcels:
    """Parcels read from a layer, each key once, by key, and how many features were none.

    ``refused`` had no usable key, ``unusable`` no usable geometry.
    """

    records: tuple[ParcelRecord, ...] = ()
    refused: int = 0
    unusable: int = 0


class ParcelLayer:
    """A polygon layer with the field of its Flurstückskennzeichen; used in the main thread."""

    def __init__(self, layer: QgsVectorLayer, key_field: str = "") -> None:
        self.layer = layer
        self.fields = ParcelFields.recognised(layer.fields(), key_field)

    @property
    def key_field(self) -> str:
        """The field's name, empty where none is recognised and none was chosen."""
        return "" if self.fields is None else str(self.layer.fields().at(self.fields.key).name())

    def reader(self, ids: Sequence[int]) -> ParcelReader:
        """Return what reads some features in any thread; the key's field must be known."""
        if self.fields is None:
            raise ValueError("a layer without a key")
        name = without_passwords(self.layer.name())
        return ParcelReader(Snapshot(self.layer, ids), self.fields, name, self.layer.transformContext())


class ParcelReader:
    """Reads features as parcels, in any thread."""

    def __init__(self, snapshot: Snapshot, fields: ParcelFields, source: str, transforms: object) -> None:
        self._snapshot = snapshot
        self._fields = fields
        self._source = source
        self._transforms = transforms

    def read(self, crs: str, feedback: QgsProcessingFeedback) -> Parcels:
        """Read the parcels in a CRS; what a source cannot deliver counts as unusable."""
        given = self._snapshot.as_input()
        context = QgsProcessingContext()
        context.setTransformContext(self._transforms)
        reference = QgsCoordinateReferenceSystem(crs)
        records, refused = [], 0
        for feature in read(given, reference, context, feedback, attributes=self._fields.places):
            try:
                records.append(self._fields.record(feature, self._source))
            except KeyRefusedError:
                refused += 1
        by_key = sorted(merged(records), key=lambda record: record.key.key)
        return Parcels(tuple(by_key), refused, given.unusable)


@dataclass(frozen=True)
class Selection:
    """The selected parcels with what the register says of them."""

    parcels: Parcels = field(default_factory=Parcels)
    assignments: tuple[AssignmentRecord, ...] = ()
    space_types: tuple[SpaceTypeRecord, ...] = ()
    stored_areas: Mapping[str, float] = field(default_factory=dict)
    """Areas in m² of those parcels that are in the register, by key."""

    def with_register(self, register: Register) -> Selection:
        """Return the same parcels with what a register says of them now."""
        keys = self.keys
        return replace(
            self,
            assignments=tuple(register.assignments(keys=keys)),
            space_types=tuple(register.space_types(keys)),
            stored_areas=register.areas(keys),
        )

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(record.key.key for record in self.parcels.records)

    @cached_property
    def area_m2(self) -> float:
        return sum(record.area_m2 for record in self.parcels.records)

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """The names of the municipalities that the layer says, each in one spelling, sorted."""
        told = (record.municipality for record in self.parcels.records if record.municipality)
        return tuple(sorted(set(shown_as(told).values())))

    @cached_property
    def seen(self) -> Seen:
        """The versions of all rows as they were read."""
        seen: dict[tuple, int] = {record.row: record.version for record in self.assignments}
        return seen | {record.row: record.version for record in self.space_types}

    @cached_property
    def by_goal(self) -> Mapping[int, tuple[AssignmentRecord, ...]]:
        """The assignments by Handlungsziel."""
        found: dict[int, list[AssignmentRecord]] = defaultdict(list)
        for record in self.assignments:
            found[record.hz].append(record)
        return {hz: tuple(records) for hz, records in found.items()}

    @cached_property
    def carrying(self) -> Mapping[int, int]:
        """How many of the parcels are assigned to a Handlungsziel in any role, by its number."""
        return {hz: len({record.parcel for record in records}) for hz, records in self.by_goal.items()}

    @cached_property
    def raumtypen(self) -> tuple[str, ...]:
        """The Raumtypen that parcels have, sorted."""
        return tuple(sorted({record.raumtyp.value for record in self.space_types}))

    def worked_out(self) -> Selection:
        """Compute what the pages will ask for, here and now: in the background."""
        _ = self.keys, self.area_m2, self.municipalities, self.seen, self.carrying, self.raumtypen
        return self
