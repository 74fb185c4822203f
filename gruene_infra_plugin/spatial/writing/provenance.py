"""Where a result comes from, as the metadata of its layer: algorithm, parameters, inputs, licences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsBox3D,
    QgsCoordinateReferenceSystem,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsProcessingException,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

from ...bilingual import Text
from ...i18n import language, translate
from ...methods.reading.names import first_few
from ...paths import declared
from ..reading.analysis_crs import DEFAULT_CRS
from ..reading.stored_files import place_in, tables

NOT_STATED = Text("nicht angegeben", "not stated")
"""How the licence begins of inputs of which none is known."""
LANGUAGES = {"de": "DEU"}
ENGLISH = "ENG"
LONGEST = 400
"""Characters of a parameter's value that the metadata tell."""

AROUND_M = 0.5
"""Metres added to an extent of no size, which validators refuse."""


@dataclass(frozen=True)
class UsedInput:
    """An input by its name, with the key of its content, its date and licence where they are known."""

    parameter: str
    name: str
    key: str = ""
    date: str = ""
    licence: str = ""
    selected: bool = False
    """Whether the selected features counted alone."""
    is_file: bool = False
    """Whether it is a file that is no layer, such as a table of factors or a picture."""

    def told(self) -> str:
        """Return a line that says what was used."""
        line = translate("GrueneInfra", "Input {parameter}: {name}")
        parts = [line.format(parameter=self.parameter, name=self.name)]
        if self.selected:
            parts.append(translate("GrueneInfra", "selected features only"))
        if self.date:
            parts.append(translate("GrueneInfra", "as of {date}").format(date=self.date))
        if self.licence:
            parts.append(translate("GrueneInfra", "licence {licence}").format(licence=self.licence))
        if self.key:
            parts.append(translate("GrueneInfra", "content key {key}").format(key=self.key))
        return "; ".join(parts)


@dataclass(frozen=True)
class Provenance:
    """What a run was given; ``crs`` is that in which it measured, ``day`` the one that it stands for."""

    algorithm: str
    title: str
    summary: str
    keywords: Sequence[str]
    day: dt.date
    parameters: Mapping[str, str]
    inputs: Sequence[UsedInput]
    crs: QgsCoordinateReferenceSystem

    def history(self) -> list[str]:
        """Return the lines that say how a result was made."""
        by = translate("GrueneInfra", "Algorithm gruene_infra:{name} ({title})")
        plugin = translate("GrueneInfra", "Plugin Grüne Infrastruktur Ruhr {version}, QGIS {qgis}")
        value = translate("GrueneInfra", "Parameter {name} = {value}")
        return [
            by.format(name=self.algorithm, title=self.title),
            plugin.format(version=declared("version"), qgis=Qgis.version()),
            *(value.format(name=name, value=said[:LONGEST]) for name, said in self.parameters.items()),
            *(one.told() for one in self.inputs),
        ]

    def licences(self) -> list[str]:
        """Return the licences of the inputs, each once, and of which inputs none is known."""
        known = sorted({one.licence for one in self.inputs if one.licence})
        open_ones = dict.fromkeys(one.name for one in self.inputs if not (one.licence or one.is_file))
        if open_ones or not known:
            names = first_few(list(open_ones)) or "–"
            known.append(f"{NOT_STATED.get(language())}: {names}")
        return known

    def metadata(self, output: str, label: str) -> QgsLayerMetadata:
        """Return the metadata of an output; what tells where it lies is added by :func:`located`."""
        made = QgsLayerMetadata()
        made.setIdentifier(f"gruene_infra:{self.algorithm}:{output}:{self.day.isoformat()}")
        made.setType("dataset")
        made.setLanguage(LANGUAGES.get(language(), ENGLISH))
        made.setEncoding("UTF-8")
        made.setTitle(f"{self.title}: {label}")
        made.setAbstract(self.summary)
        made.setKeywords({"gmd:topicCategory": ["environment"], "tags": list(self.keywords)})
        made.setHistory(self.history())
        made.setLicenses(self.licences())
        made.setContacts([_contact()])
        made.setLinks([_link()])
        day = QDate(self.day.year, self.day.month, self.day.day)
        made.setDateTime(Qgis.MetadataDateType.Created, QDateTime(day, QTime(0, 0), Qt.TimeSpec.UTC))
        made.setCrs(self.crs if self.crs.isValid() else QgsCoordinateReferenceSystem(DEFAULT_CRS))
        return made


def _contact() -> QgsLayerMetadata.Contact:
    """Return the plugin: who ran it is nobody's business."""
    contact = QgsLayerMetadata.Contact(declared("name"))
    contact.organization = declared("author")
    contact.role = "processor"
    return contact


def _link() -> QgsLayerMetadata.Link:
    return QgsLayerMetadata.Link(declared("name"), "WWW:LINK", declared("homepage"))


def located(metadata: QgsLayerMetadata, layer: QgsMapLayer) -> QgsLayerMetadata:
    """Return metadata with the CRS and the extent of the layer that they are of, if it has any."""
    made = QgsLayerMetadata(metadata)
    if isinstance(layer, QgsVectorLayer) and not layer.isSpatial():
        return made
    made.setCrs(layer.crs())
    box = layer.extent()
    if not box.isNull() and box.isEmpty():  # one point, or a line along an axis
        box.grow(AROUND_M)
    if not box.isNull():
        place = QgsLayerMetadata.SpatialExtent()
        place.extentCrs = layer.crs()
        place.bounds = QgsBox3D(box.xMinimum(), box.yMinimum(), 0, box.xMaximum(), box.yMaximum(), 0)
        extent = QgsLayerMetadata.Extent()
        extent.setSpatialExtents([place])
        made.setExtent(extent)
    return made


def store_metadata(layer: QgsVectorLayer, metadata: QgsLayerMetadata) -> None:
    """Store metadata beside a layer, if it lies in a GeoPackage. Raises where that cannot be done."""
    place = place_in("ogr", layer.source())
    if place is None or place.file.suffix.lower() != ".gpkg":
        return
    table = place.table or tables(place.file)[0]
    registry = QgsProviderRegistry.instance()
    address = registry.encodeUri("ogr", {"path": str(place.file), "layerName": table})
    done, error = registry.saveLayerMetadata("ogr", address, located(metadata, layer))
    if not done:
        raise QgsProcessingException(error)
