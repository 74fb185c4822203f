"""A source of features with the name by which messages speak of it, and what was counted on reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from qgis.core import (
    Qgis,
    QgsFeatureRequest,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRectangle,
    QgsWkbTypes,
)

from ...i18n import translate
from ...methods.reading.names import word_of
from ...passwords import without_passwords
from .earth import extent_on_earth
from .usual_fields import result_columns
from .values import text


def name_of(source: QgsProcessingFeatureSource) -> str:
    """Return the name of a layer, without the password that an address as name may hold."""
    return without_passwords(source.sourceName())


@dataclass
class Input:
    """A feature source with the name by which messages speak of it."""

    name: str
    source: QgsProcessingFeatureSource
    total: int = 0
    no_geometry: int = 0
    repaired: int = 0
    straightened: int = 0
    left_out: int = 0

    @cached_property
    def extent(self) -> QgsRectangle:
        """Where the layer lies in its own CRS, without what reaches beyond the earth; null for nowhere."""
        flags = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
        features = self.source.getFeatures(QgsFeatureRequest().setNoAttributes(), flags)
        return extent_on_earth(self.source.sourceExtent(), features)

    @property
    def usable_share(self) -> float:
        """Percent of the features read so far that had a usable geometry."""
        return 100.0 * (1 - self.unusable / self.total) if self.total else 0.0

    @property
    def unusable(self) -> int:
        """Features read so far that had no usable geometry."""
        return self.no_geometry + self.left_out

    def field_index(self, name: str) -> int:
        """Return the index of a field; raise with the fields there are if it is missing."""
        return self.field_indexes([name])[name]

    def has_field(self, name: str) -> bool:
        """Return whether there is a field, as it is called or as a Shapefile calls it."""
        return bool(result_columns(self.source.fields(), [name]))

    def field_indexes(self, names: Iterable[str]) -> dict[str, int]:
        """Return the indexes of fields by name, as they are called or as a Shapefile calls them.

        Raises with the fields there are if one is missing.
        """
        names = list(names)
        found = result_columns(self.source.fields(), names)
        missing = next((name for name in names if name not in found), None)
        if missing is not None:
            raise QgsProcessingException(
                translate("GrueneInfra", "{layer} has no field “{field}”. Its fields are: {fields}.").format(
                    layer=self.name, field=missing, fields=", ".join(self.source.fields().names()) or "–"
                )
            )
        return found

    def word_among(self, value: object, words: Collection[str]) -> str | None:
        """Return the one of ``words`` that an attribute is, ``None`` if it is blank; raise at any other."""
        given = text(value)
        word = None if given is None else word_of(given, words)
        if given is not None and word is None:
            message = translate("GrueneInfra", "{layer}: “{value}” is none of {words}.")
            raise QgsProcessingException(
                message.format(layer=self.name, value=given[:40], words=", ".join(words))
            )
        return word

    def require(self, *types: Qgis.GeometryType, may_be_empty: bool = False) -> None:
        """Raise unless the source has one of the geometry ``types``, a CRS, and features if it needs them."""
        kind = QgsWkbTypes.geometryType(self.source.wkbType())
        if kind not in types and self.source.wkbType() != Qgis.WkbType.Unknown:
            raise QgsProcessingException(
                translate("GrueneInfra", "{layer} must hold {expected}, but holds {found}.").format(
                    layer=self.name,
                    expected=" / ".join(QgsWkbTypes.geometryDisplayString(t) for t in types),
                    found=QgsWkbTypes.geometryDisplayString(kind),
                )
            )
        if not self.source.sourceCrs().isValid():
            message = translate("GrueneInfra", "{layer} has no CRS. Set the one its coordinates are in.")
            raise QgsProcessingException(message.format(layer=self.name))
        self.require_features(may_be_empty)

    def require_features(self, may_be_empty: bool = False) -> None:
        """Raise if the source has no features but needs some."""
        if self.source.featureCount() == 0 and not may_be_empty:
            raise QgsProcessingException(
                translate("GrueneInfra", "{layer} is empty: it has no features to analyse.").format(
                    layer=self.name
                )
            )
