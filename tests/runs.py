"""One run of an algorithm as a test sees it: what it returned and what it said."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsProcessingFeedback, QgsVectorLayer

from .layer_factory import rows


class Log(QgsProcessingFeedback):
    """Keeps every message; says that the user cancelled from the ``cancel_at``-th time it is asked."""

    def __init__(self, cancel_at: int | None = None) -> None:
        super().__init__(False)
        self.infos: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.asked = 0
        self._cancel_at = cancel_at

    def pushInfo(self, info: str) -> None:
        self.infos.append(info)

    def pushWarning(self, warning: str) -> None:
        self.warnings.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)

    def isCanceled(self) -> bool:
        self.asked += 1
        if self.asked == self._cancel_at:
            self.cancel()
        return super().isCanceled()

    @property
    def text(self) -> str:
        return "\n".join(self.infos + self.warnings + self.errors)


@dataclass
class Run:
    """What a finished run returned, its layers opened, and what it said."""

    results: dict
    log: Log

    def layer(self, name: str = "OUTPUT") -> QgsVectorLayer:
        value = self.results[name]
        return value if isinstance(value, QgsVectorLayer) else QgsVectorLayer(value, name, "ogr")

    def rows(self, name: str = "OUTPUT") -> list[dict]:
        return rows(self.layer(name))

    @property
    def findings(self) -> dict[tuple[str, str, str], dict]:
        """Rows of SUMMARY by indicator, definition and area."""
        found = self.rows("SUMMARY")
        keyed = {(row["kennzahl_id"], row["variante_id"], row["gebiet"]): row for row in found}
        assert len(keyed) == len(found), "two findings share indicator, definition and area"
        return keyed

    def finding(self, kennzahl_id: str, gebiet: str = "Gesamt") -> dict:
        """Return the headline row of an indicator in one area."""
        found = [
            row
            for (indicator, _, area), row in self.findings.items()
            if (indicator, area) == (kennzahl_id, gebiet) and row["ist_leitwert"] == 1
        ]
        assert len(found) == 1, f"{len(found)} headline rows of {kennzahl_id} in {gebiet}"
        return found[0]
