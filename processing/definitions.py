"""The parameters and outputs of an entry, as Processing knows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from qgis.core import (
    Qgis,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterProviderConnection,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..gruene_infra_plugin.catalogue import Output, Parameter

Definition: TypeAlias = QgsProcessingParameterDefinition
SOURCES = MappingProxyType(
    {
        "point": Qgis.ProcessingSourceType.VectorPoint,
        "line": Qgis.ProcessingSourceType.VectorLine,
        "polygon": Qgis.ProcessingSourceType.VectorPolygon,
        "any": Qgis.ProcessingSourceType.VectorAnyGeometry,
        "table": Qgis.ProcessingSourceType.Vector,
        "map": Qgis.ProcessingSourceType.MapLayer,
        "file": Qgis.ProcessingSourceType.File,
    }
)
FOLDER = Qgis.ProcessingFileParameterBehavior.Folder
FILE = Qgis.ProcessingFileParameterBehavior.File
DAY = Qgis.ProcessingDateTimeParameterDataType.Date


def definition_of(parameter: Parameter, language: str) -> Definition:
    """Return a parameter for Processing, with label and help in a language."""
    definition = _PARAMETERS[parameter.kind](parameter)
    definition.setDescription(parameter.label.get(language))
    definition.setHelp(parameter.help.get(language))
    if parameter.advanced:
        definition.setFlags(definition.flags() | Qgis.ProcessingParameterFlag.Advanced)
    return definition


def destination_of(output: Output, language: str) -> Definition | None:
    """Return the parameter that says where an output goes; ``None`` for a mere value."""
    make = _DESTINATIONS.get(output.kind)
    if make is None:
        return None
    definition = make(output)
    definition.setDescription(output.label.get(language))
    definition.setHelp(output.help.get(language) if output.help else "")
    return definition


def value_of(output: Output, language: str) -> QgsProcessingOutputDefinition:
    """Return an output that is a mere value."""
    return _VALUES[output.kind](output.name, output.label.get(language))


def _number(p: Parameter) -> Definition:
    types = Qgis.ProcessingNumberParameterType
    kind = types.Integer if p.kind == "integer" else types.Double
    definition = QgsProcessingParameterNumber(p.name, "", kind, p.default, p.optional)
    if p.at_least is not None:
        definition.setMinimum(p.at_least)
    if p.at_most is not None:
        definition.setMaximum(p.at_most)
    return definition


def _file(p: Parameter) -> Definition:
    return QgsProcessingParameterFile(p.name, "", FILE, p.of[0], optional=p.optional)


def _choice(p: Parameter) -> Definition:
    return QgsProcessingParameterEnum(p.name, "", list(p.of), False, p.default, p.optional, True)


def _connection(p: Parameter) -> Definition:
    return QgsProcessingParameterProviderConnection(p.name, "", p.of[0], optional=p.optional)


def _layers(p: Parameter) -> Definition:
    kind = SOURCES[p.of[0]] if len(p.of) == 1 else SOURCES["any"]
    return QgsProcessingParameterMultipleLayers(p.name, "", kind, optional=p.optional)


_PARAMETERS: Mapping[str, Callable[[Parameter], Definition]] = MappingProxyType(
    {
        "layer": lambda p: QgsProcessingParameterFeatureSource(
            p.name, "", [SOURCES[word] for word in p.of], optional=p.optional
        ),
        "layers": _layers,
        "field": lambda p: QgsProcessingParameterField(p.name, "", None, p.of[0], optional=p.optional),
        "raster": lambda p: QgsProcessingParameterRasterLayer(p.name, "", optional=p.optional),
        "band": lambda p: QgsProcessingParameterBand(p.name, "", None, p.of[0], optional=p.optional),
        "number": _number,
        "integer": _number,
        "text": lambda p: QgsProcessingParameterString(p.name, "", p.default, p.lines, p.optional),
        "choice": _choice,
        "flag": lambda p: QgsProcessingParameterBoolean(p.name, "", p.default, p.optional),
        "date": lambda p: QgsProcessingParameterDateTime(p.name, "", DAY, None, p.optional),
        "file": _file,
        "folder": lambda p: QgsProcessingParameterFile(p.name, "", FOLDER, optional=p.optional),
        "connection": _connection,
        "crs": lambda p: QgsProcessingParameterCrs(p.name, "", p.default, p.optional),
        "extent": lambda p: QgsProcessingParameterExtent(p.name, "", optional=p.optional),
    }
)


def _file_destination(output: Output) -> Definition:
    """Return where a file goes; its filter reads like ``HTML (*.html *.htm)``."""
    endings = " ".join(f"*.{ending}" for ending in output.of)
    return QgsProcessingParameterFileDestination(output.name, "", f"{output.of[0].upper()} ({endings})")


_DESTINATIONS: Mapping[str, Callable[[Output], Definition]] = MappingProxyType(
    {
        "layer": lambda o: QgsProcessingParameterFeatureSink(o.name, "", SOURCES[o.of[0]]),
        "table": lambda o: QgsProcessingParameterFeatureSink(o.name, "", SOURCES["table"]),
        "file": _file_destination,
    }
)
_VALUES: Mapping[str, Callable[[str, str], QgsProcessingOutputDefinition]] = MappingProxyType(
    {
        "number": QgsProcessingOutputNumber,
        "text": QgsProcessingOutputString,
        "layers": QgsProcessingOutputMultipleLayers,
    }
)
