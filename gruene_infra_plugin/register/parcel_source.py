"""Layers of parcels as offices have them: which field says what, and features as records."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsFeature, QgsFields

from ..methods.reading.names import digits_of, is_municipality_key
from ..spatial.reading.usual_fields import (
    MUNICIPALITY_KEY,
    MUNICIPALITY_NAME,
    OFFICIAL_AREA,
    PARCEL_KEY,
    usual_field,
)
from ..spatial.reading.values import number, text
from .model import ParcelRecord


@dataclass(frozen=True)
class ParcelFields:
    """The places of a layer's fields, ``None`` for what it does not say."""

    key: int
    area: int | None = None
    ags: int | None = None
    municipality: int | None = None

    @classmethod
    def recognised(cls, fields: QgsFields, key: str = "") -> ParcelFields | None:
        """Return the fields by their usual names, ``key`` if it is given; ``None`` where no key is found."""
        place = fields.lookupField(key) if key else usual_field(fields, PARCEL_KEY)
        if place is None or place < 0:
            return None
        others = (OFFICIAL_AREA, MUNICIPALITY_KEY, MUNICIPALITY_NAME)
        return cls(place, *(usual_field(fields, names) for names in others))

    @property
    def places(self) -> list[int]:
        every = (self.key, self.area, self.ags, self.municipality)
        return [place for place in every if place is not None]

    def record(self, feature: QgsFeature, source: str) -> ParcelRecord:
        """Read a feature in the register's CRS; ``source`` is the name of its layer.

        A municipality that is a number is none by name; it is the key where no other field says it.

        Raises
        ------
        KeyRefusedError
            If its key cannot be one.
        """
        ags, municipality = _told(feature, self.ags), _told(feature, self.municipality)
        if municipality is not None and digits_of(municipality):
            ags = ags or (municipality if is_municipality_key(municipality) else None)
            municipality = None
        return ParcelRecord.of(
            feature[self.key],
            feature.geometry(),
            area_m2=self._area(feature),
            source=source,
            ags=ags,
            municipality=municipality,
        )

    def says_area(self, feature: QgsFeature) -> bool:
        """Return whether anything but 0 stands in the field of the official area."""
        return self._area(feature) not in (None, 0, "0")

    def _area(self, feature: QgsFeature) -> float | str | None:
        value = None if self.area is None else feature[self.area]
        return text(value) if isinstance(value, str) else number(value)


def _told(feature: QgsFeature, place: int | None) -> str | None:
    return None if place is None else text(feature[place])
