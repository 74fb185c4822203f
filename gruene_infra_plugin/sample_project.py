"""The sample region “Musterstadt”: copied to the user's profile and opened as styled layers."""

from __future__ import annotations

import hashlib
import shutil
from html import escape
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsProject,
    QgsProviderRegistry,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QTimer

from .cartography.styling import data_name, load_known_style, title_of
from .i18n import translate
from .paths import SAMPLE
from .spatial.reading.analysis_crs import DEFAULT_CRS

GROUP = "Musterstadt"
ORDER = (
    "gemeinden",
    "gebaeude",
    "gebaeude_2015",
    "bahn",
    "strassen",
    "gruenzuege",
    "ueberschwemmungsgebiete",
    "raumtypen",
    "gewaesserlinien",
    "gewaesser",
    "flurstuecke",
)
"""The known layers from top to bottom; others of the file go above the parcels."""
HIDDEN = frozenset({"gebaeude_2015", "gruenzuege", "raumtypen", "strassen"})
"""Layers that start unchecked because they cover others."""
START_LAYER, START_FILTER = "raumtypen", "\"raumtyp\" = 'Innenstadt'"
MARGIN = 1.1


class SampleError(Exception):
    """The sample region cannot be opened; the message says why."""


def open_sample(iface: QgisInterface) -> None:
    """Add the sample region to the current project and zoom to its town centre.

    What goes wrong is said in the message bar.
    """
    project = QgsProject.instance()
    try:
        layers = load_sample(project, Path(QgsApplication.qgisSettingsDirPath()) / "gruene_infra")
    except SampleError as error:
        iface.messageBar().pushMessage(GROUP, escape(str(error)), Qgis.MessageLevel.Warning)
        return
    transform = QgsCoordinateTransform(layers[0].crs(), project.crs(), project)
    extent = transform.transformBoundingBox(start_extent(layers))
    QTimer.singleShot(0, lambda: _zoom(iface, extent))


def _zoom(iface: QgisInterface, extent: QgsRectangle) -> None:
    """Zoom; called once QGIS itself has zoomed to the first layer of an empty project."""
    iface.mapCanvas().setExtent(extent)
    iface.mapCanvas().refresh()


def load_sample(project: QgsProject, folder: Path) -> list[QgsVectorLayer]:
    """Copy the sample into ``folder`` and add its spatial layers to ``project``, first on top.

    An empty project also gets the sample's CRS. The layers are read-only, so that the copy stays what
    it was. Raises :class:`SampleError` if the sample is missing or cannot be copied or read.
    """
    path = copy_sample(SAMPLE, folder)
    names = sorted(_spatial_tables(path), key=_rank)
    layers = [_layer(path, name) for name in names]
    if not project.mapLayers():
        project.setCrs(QgsCoordinateReferenceSystem(DEFAULT_CRS))
    group = project.layerTreeRoot().insertGroup(0, GROUP)
    for layer, name in zip(layers, names, strict=True):
        project.addMapLayer(layer, False)
        group.addLayer(layer).setItemVisibilityChecked(name not in HIDDEN)
    return layers


def copy_sample(sample: Path, folder: Path) -> Path:
    """Copy ``sample`` into ``folder``, unless it is there, and return the copy.

    The plugin's own folder may be read-only, and opening a GeoPackage writes beside it. The copy's name
    carries a digest of the sample: another version never overwrites a copy that is open.
    """
    try:
        digest = hashlib.sha256(sample.read_bytes()).hexdigest()[:8]
        copy = folder / f"{sample.stem}_{digest}{sample.suffix}"
        if not copy.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            partial = copy.with_suffix(".part")
            shutil.copyfile(sample, partial)
            partial.replace(copy)
    except FileNotFoundError as error:
        message = translate("GrueneInfra", "The sample data are missing from the plugin: {path}")
        raise SampleError(message.format(path=sample)) from error
    except OSError as error:
        message = translate("GrueneInfra", "The sample data cannot be copied to {folder}: {reason}")
        raise SampleError(message.format(folder=folder, reason=error.strerror)) from error
    return copy


def start_extent(layers: list[QgsVectorLayer]) -> QgsRectangle:
    """Return the extent of the town centre, or of everything where there is none, with a margin."""
    extent = QgsRectangle()
    for layer in layers:
        if data_name(layer) == START_LAYER:
            for feature in layer.getFeatures(QgsFeatureRequest().setFilterExpression(START_FILTER)):
                extent.combineExtentWith(feature.geometry().boundingBox())
    if extent.isNull():
        for layer in layers:
            extent.combineExtentWith(layer.extent())
    return extent.scaled(MARGIN)


def _spatial_tables(path: Path) -> list[str]:
    details = QgsProviderRegistry.instance().querySublayers(str(path))
    names = [d.name() for d in details if d.wkbType() != Qgis.WkbType.NoGeometry]
    if not names:
        message = translate("GrueneInfra", "The sample data cannot be read: {path}")
        raise SampleError(message.format(path=path))
    return names


def _rank(name: str) -> tuple[int, str]:
    """Return the place of a table in the layer tree; unknown ones come just above the last known one."""
    return (ORDER.index(name) * 2 if name in ORDER else len(ORDER) * 2 - 3, name)


def _layer(path: Path, name: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{path}|layername={name}", title_of(name), "ogr")
    load_known_style(layer, name)
    layer.setReadOnly(True)
    return layer
