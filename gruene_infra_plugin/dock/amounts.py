"""Numbers of parcels and hectares in words, as every page says them."""

from __future__ import annotations

from ..i18n import language, translate
from ..report.numbers import Numbers


def parcels_in_words(count: int) -> str:
    """Return ``1 parcel`` or ``3.826 parcels``."""
    if count == 1:
        return translate("GrueneInfra", "1 parcel")
    return translate("GrueneInfra", "{count} parcels").format(count=Numbers(language()).number(count))


def parcels_and_area(count: int, hectares: float) -> str:
    """Return ``3.826 parcels · 2.569,5 ha``."""
    numbers = Numbers(language())
    said = translate("GrueneInfra", "{count} parcels · {area}")
    if count == 1:
        said = translate("GrueneInfra", "1 parcel · {area}")
    return said.format(count=numbers.number(count), area=numbers.quantity(hectares, "ha"))
