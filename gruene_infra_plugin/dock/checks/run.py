"""A check of the whole register, done in short steps so that other work of the panel comes in between."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import Qgis, QgsFeatureRequest, QgsProcessingFeedback

from ...register.checks import Contradiction
from ...register.inspection import Inspection
from ...register.keys import normal_key
from ...register.store import Register
from ...spatial.reading.snapshot import Snapshot
from ...spatial.running import check_cancelled
from ..parcels import ParcelLayer

STEP_SECONDS = 0.3


@dataclass(frozen=True)
class Report:
    """What a step found; ``rows`` of ``None`` are those of the step before.

    ``no_keys`` says that a layer was to be compared with but gave no key.
    """

    rows: list[Contradiction] | None
    parcels: int
    waiting: int
    no_keys: bool = False


class LayerKeys:
    """Reads the keys of all parcels of a layer, in any thread."""

    def __init__(self, parcels: ParcelLayer) -> None:
        if parcels.fields is None:
            raise ValueError("a layer without a key")
        self._snapshot = Snapshot(parcels.layer)
        self._place = parcels.fields.key

    def read(self, feedback: QgsProcessingFeedback) -> frozenset[str]:
        """Return the keys; what cannot be a key is left out. Raises where the user cancels."""
        request = QgsFeatureRequest()
        request.setFlags(Qgis.FeatureRequestFlag.NoGeometry)
        request.setSubsetOfAttributes([self._place])
        keys = set()
        for number, feature in enumerate(self._snapshot.getFeatures(request)):
            if number % 1000 == 0:
                check_cancelled(feedback)
            key = normal_key(feature[self._place])
            if key is not None:
                keys.add(key)
        return frozenset(keys)


@dataclass(frozen=True)
class Start:
    """The user asks for a check, compared with a layer if ``layer_keys`` reads one."""

    layer_keys: LayerKeys | None = None


class Run:
    """The checks of one register: a later one only compares what changed since the one before."""

    def __init__(self) -> None:
        self._inspection = Inspection()
        self._no_keys = False

    def step(
        self, register: Register, feedback: QgsProcessingFeedback, *, changed: bool, start: Start | None
    ) -> Report:
        """Go on for a short while; ``changed`` says that the register is to be read anew.

        Raises ``QgsProcessingException`` where the user cancels or an overlay cannot be computed.
        """
        inspection = self._inspection
        if start is not None:
            keys = None if start.layer_keys is None else start.layer_keys.read(feedback)
            self._no_keys = keys is not None and not keys
            inspection.keys = keys or None
        if changed:
            inspection.read(register)
        inspection.compare(register, feedback, STEP_SECONDS)
        shows = changed or not inspection.waiting
        rows = inspection.contradictions(register) if shows else None
        return Report(rows, inspection.parcels, inspection.waiting, self._no_keys)
