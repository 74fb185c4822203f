"""Layers of parcels as offices have them: which field says what, and features as records."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsFeature, QgsFields

from ..spatial.values import number, text
from .model import ParcelRecord

KEY_FIELDS = ("flstkennz", "flurstueckskennzeichen", "flstkennzeichen", "flurstueckskennz", "kennzeichen")
"""Usual fields with the Flurstückskennzeichen: ALKIS, NAS exports, offices' lists."""
AREA_FIELDS = ("amtliche_flaeche", "flaeche_m2", "afl")
AGS_FIELDS = ("ags", "gemeindeschluessel")
MUNICIPALITY_FIELDS = ("gemeinde", "GN", "GEN")


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
        place = usual_field(fields, (key,) if key else KEY_FIELDS)
        if place is None:
            return None
        others = (AREA_FIELDS, AGS_FIELDS, MUNICIPALITY_FIELDS)
        return cls(place, *(usual_field(fields, names) for names in others))

    @property
    def places(self) -> list[int]:
        every = (self.key, self.area, self.ags, self.municipality)
        return [place for place in every if place is not None]

    def record(self, feature: QgsFeature, source: str) -> ParcelRecord:
        """Read a feature in the register's CRS; ``source`` is the name of its layer.

        Raises
        ------
        KeyRefusedError
            If its key cannot be one.
        """
        return ParcelRecord.of(
            feature[self.key],
            feature.geometry(),
            area_m2=None if self.area is None else number(feature[self.area]),
            source=source,
            ags=None if self.ags is None else text(feature[self.ags]),
            municipality=None if self.municipality is None else text(feature[self.municipality]),
        )


def usual_field(fields: QgsFields, names: tuple[str, ...]) -> int | None:
    """Return the place of the first of ``names`` that is a field, ``None`` if none is."""
    places = (fields.lookupField(name) for name in names)
    return next((place for place in places if place >= 0), None)
