"""Since when the buildings of a run stand, from the parameters by which goals ask for it."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.findings.thresholds import most
from ...gruene_infra_plugin.methods.reading.values import year_built
from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt
from ...gruene_infra_plugin.spatial.buildings.earlier_stock import EarlierStock, Newness
from ...gruene_infra_plugin.spatial.reading.usual_fields import YEAR_BUILT
from ..declared import GoalRun


@dataclass(frozen=True)
class BuildingAge:
    """What tells of a building since when it stands, and where the layers that tell it lie.

    ``looks`` are those of BUILDINGS, still to be seen, and of BUILDINGS_BEFORE where they are given.
    """

    newness: Newness
    looks: list[LookedAt]
    field: int | None = None
    """The field with the year."""

    @classmethod
    def of(cls, run: GoalRun, *, all_new: bool = False) -> BuildingAge:
        """Read YEAR_FIELD, REFERENCE_YEAR, TOLERANCE, and BUILDINGS_BEFORE where they are given."""
        field = _year_field(run)
        year = run.job.column(run.inputs["BUILDINGS"], field, year_built(run.job.as_of))
        looks = [run.looked_at(name) for name in ("BUILDINGS", "BUILDINGS_BEFORE") if run.given(name)]
        stock = _earlier_stock(run, looks[-1]) if run.given("BUILDINGS_BEFORE") else None
        reference = run.job.integer("REFERENCE_YEAR")
        return cls(Newness(year.of, reference, stock, run.number("TOLERANCE"), all_new), looks, field)

    def warn(self, run: GoalRun, duplicates: int) -> None:
        """Say in the log that buildings repeat each other, or that the two dates are shifted."""
        feedback = run.job.feedback
        if duplicates:
            message = translate(
                "GrueneInfra", "{count} buildings repeat another one exactly and are counted once."
            )
            feedback.pushWarning(message.format(count=duplicates))
        shift = self.newness.stock.systematic_shift() if self.newness.stock else 0.0
        if shift > most(self.newness.tolerance / 2):
            message = translate("GrueneInfra", "The two dates are shifted by {shift} m. Align them first.")
            feedback.pushWarning(message.format(shift=f"{shift:.2f}"))


def _earlier_stock(run: GoalRun, look: LookedAt) -> EarlierStock:
    """Return the buildings of the earlier date, each of them seen on its way."""
    return EarlierStock(f.geometry() for f in look.passing(run.features("BUILDINGS_BEFORE", None)))


def _year_field(run: GoalRun) -> int | None:
    """Return the field with the year; the year and the year from which on it is new need each other."""
    reference = run.job.integer("REFERENCE_YEAR")
    if reference is None and run.job.text("YEAR_FIELD"):
        raise QgsProcessingException(
            translate("GrueneInfra", "YEAR_FIELD needs REFERENCE_YEAR: from which year on is a building new?")
        )
    if reference is None:
        return None
    field = run.field("YEAR_FIELD", YEAR_BUILT)
    if field is None:
        raise QgsProcessingException(
            translate("GrueneInfra", "REFERENCE_YEAR needs YEAR_FIELD: which field holds the year?")
        )
    return field
