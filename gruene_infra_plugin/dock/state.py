"""What the panel remembers: the layer of parcels in the project, the page in the user's settings."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsSettings, QgsVectorLayer

from ..register.parcel_source import ParcelFields

SCOPE = "gruene_infra"
_LAYER, _KEY = "parcel_layer", "parcel_key"
_PAGE, _WIDENED = "gruene_infra/panel/page", "gruene_infra/panel/widened"


def remember_parcels(project: QgsProject, layer: QgsVectorLayer | None, key_field: str) -> None:
    """Keep in the project which layer and field hold the parcels; it counts as changed only if they do."""
    chosen = ("" if layer is None else layer.id(), key_field)
    if chosen != _remembered(project):
        project.writeEntry(SCOPE, _LAYER, chosen[0])
        project.writeEntry(SCOPE, _KEY, chosen[1])


def _remembered(project: QgsProject) -> tuple[str, str]:
    return project.readEntry(SCOPE, _LAYER)[0], project.readEntry(SCOPE, _KEY)[0]


def remembered_parcels(project: QgsProject) -> tuple[QgsVectorLayer | None, str]:
    """Return the layer and field that the project names, else the first layer with a key that is known."""
    layer_id, key_field = _remembered(project)
    layer = project.mapLayer(layer_id)
    if layer is not None:
        return layer, key_field
    return first_with_key(project.mapLayers().values()), ""


def first_with_key(layers: Iterable[QgsMapLayer]) -> QgsVectorLayer | None:
    """Return the first polygon layer with a usual field for the key, by name."""
    polygons = (
        layer
        for layer in sorted(layers, key=lambda layer: str(layer.name()))
        if isinstance(layer, QgsVectorLayer) and layer.geometryType() == Qgis.GeometryType.Polygon
    )
    return next((layer for layer in polygons if ParcelFields.recognised(layer.fields())), None)


def remember_page(name: str) -> None:
    QgsSettings().setValue(_PAGE, name)


def remembered_page() -> str:
    """Return the name of the page that was open last, empty for the first time."""
    return str(QgsSettings().value(_PAGE, ""))


def shown_first() -> bool:
    """Say once per user that the panel is shown for the first time; QGIS remembers its size from then on."""
    first = not QgsSettings().value(_WIDENED, False, bool)
    QgsSettings().setValue(_WIDENED, True)
    return first
