"""What the brush carries, and how a stroke is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qgis.core import QgsProcessingFeedback

from ...methods.parcels.space_types import SpaceType
from ...register.model import Choice, ParcelRecord, Role, Status
from ...register.rows import Seen
from ...register.store import Register
from ..parcels import ParcelReader, Selection


@dataclass(frozen=True)
class Paint:
    """What a stroke assigns, and what one of the other button takes back.

    ``status`` and ``note`` of ``None`` keep what is there; a new assignment without a status is an idea.
    """

    goals: tuple[int, ...] = ()
    role: Role = Role.MEASURE
    status: Status | None = None
    project: int | None = None
    note: str | None = None
    space_type: SpaceType | None = None

    @property
    def is_empty(self) -> bool:
        """Whether a stroke would write nothing."""
        return not self.goals and self.space_type is None

    def write(
        self, register: Register, records: Iterable[ParcelRecord], seen: Seen, choices: Iterable[Choice]
    ) -> None:
        """Assign parcels in one action."""
        register.assign(
            records,
            self.goals,
            self.role,
            self.status,
            self.project,
            note=self.note,
            space_type=self.space_type,
            seen=seen,
            choices=choices,
        )

    def erase(self, register: Register, keys: Iterable[str], seen: Seen, choices: Iterable[Choice]) -> None:
        """Take the goals from parcels in one action, or the Raumtyp where the brush carries no goal.

        Without a project the assignments of all projects go.
        """
        if self.goals:
            register.unassign(keys, self.goals, self.role, self.project, seen=seen, choices=choices)
        else:
            register.clear_space_type(keys, seen=seen, choices=choices)


@dataclass(frozen=True)
class Painted:
    """What became of a stroke: how many parcels it wrote, how many features were no usable parcels."""

    parcels: int
    left_out: int


def write_stroke(
    paint: Paint, erases: bool, reader: ParcelReader, register: Register, choices: Iterable[Choice]
) -> Painted:
    """Read the parcels of a stroke and write it over what the register says now."""
    parcels = reader.read(register.crs, QgsProcessingFeedback(False))
    selection = Selection(parcels).with_register(register)
    if selection.keys and erases:
        paint.erase(register, selection.keys, selection.seen, choices)
    elif selection.keys:
        paint.write(register, parcels.records, selection.seen, choices)
    return Painted(len(selection.keys), parcels.refused + parcels.unusable)
