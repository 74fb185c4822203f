"""What an output may be: in a format that keeps it, and in place of no input, other output or register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from qgis.core import (
    Qgis,
    QgsDataSourceUri,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsVirtualLayerDefinition,
)
from qgis.PyQt.QtCore import QFileInfo, QUrl

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.register.postgis import PostgresPlace, schema_at
from ..gruene_infra_plugin.register.store import is_register
from ..gruene_infra_plugin.spatial.reading.stored_files import (
    LAYER_PARAMETERS,
    NO_FILES,
    StoredTable,
    place_in,
    place_of,
    plain,
)
from ..gruene_infra_plugin.spatial.writing import formats
from .parameters import listed

POSTGRES = ("postgres", "postgis", "postgresraster")
DEFAULT_FORMAT = "GPKG"
"""What QGIS writes where the ending of a file names no format."""


@dataclass(frozen=True)
class Table:
    """A table of PostgreSQL, or a query in its place; ``dsn`` are the parameters of the connection."""

    dsn: str = field(repr=False)
    schema: str
    table: str

    @classmethod
    def of(cls, source: str) -> Table:
        uri = QgsDataSourceUri(source)
        return cls(uri.connectionInfo(False), uri.schema(), uri.table())

    def replaces(self, other: Table) -> bool:
        """Return whether writing here would overwrite ``other``, however either is spelled."""
        is_query = other.table.startswith("(")
        if self.table not in other.table if is_query else self.table != other.table:
            return False
        mine, others = schema_at(self.dsn, self.schema), schema_at(other.dsn, other.schema)
        if mine is None or others is None:
            return True
        return mine[:2] == others[:2] if is_query else mine == others


Stored: TypeAlias = StoredTable | Table


def check_outputs(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
    files_read: Iterable[Path] = (),
) -> None:
    """Raise ``QgsProcessingException`` if an output would replace what it must not, or go into a register.

    ``parameters`` are settled ones; ``files_read`` are files that a run reads besides.
    """
    outputs = [
        (definition.name(), target)
        for definition in algorithm.destinationParameterDefinitions()
        for target in _targets(definition, plain(parameters[definition.name()]), context)
    ]
    if not outputs:
        return
    taken = [*_inputs(algorithm, parameters, context)]
    taken += [(str(path), StoredTable(path.resolve(), None, whole=True)) for path in files_read]
    for name, target in outputs:
        for other, known in taken:
            if other != name and _replaces(target, known):
                raise _refused(name, other)
        if register := _register_at(target):
            raise _refused(name, translate("GrueneInfra", "the register {place}").format(place=register))
        taken.append((name, target))


def check_formats(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], lists: Collection[str] = ()
) -> None:
    """Raise ``QgsProcessingException`` if an output would go to a file that does not keep all of it.

    ``lists`` are layers of which the attributes alone are of use.
    """
    for definition in algorithm.destinationParameterDefinitions():
        if definition.type() == "sink":
            layers = formats.LISTS if definition.name() in lists else formats.LAYERS
            endings = layers if definition.hasGeometry() else formats.TABLES
            ending = formats.refused_ending(plain(parameters[definition.name()]), endings)
            if ending:
                message = translate(
                    "GrueneInfra",
                    "{output}: a .{ending} file does not keep all of this result. Choose {endings}.",
                )
                known = ", ".join(f".{known}" for known in formats.written(endings))
                raise QgsProcessingException(
                    message.format(output=definition.name(), ending=ending, endings=known)
                )


def _refused(name: str, other: str) -> QgsProcessingException:
    message = translate("GrueneInfra", "{output} would overwrite {other}. Choose another place.")
    return QgsProcessingException(message.format(output=name, other=other))


def _replaces(one: Stored, other: Stored) -> bool:
    if isinstance(one, StoredTable):
        return isinstance(other, StoredTable) and one.replaces(other)
    return isinstance(other, Table) and one.replaces(other)


def _register_at(target: Stored) -> str | None:
    """Return the register that an output would go into or replace, ``None`` where there is none."""
    if isinstance(target, StoredTable):
        is_there = QFileInfo(str(target.file)).isFile()  # Path.is_file raises at a name that is too long
        return str(target.file) if is_there and is_register(target.file) else None
    schema = PostgresPlace(dsn=target.dsn, schema=target.schema or _first_schema(target))
    return schema.schema if is_register(schema) else None


def _first_schema(target: Table) -> str:
    known = schema_at(target.dsn, target.schema)
    return known[2] if known else "public"


# -- where outputs go ---------------------------------------------------------------------------------------


def _targets(
    definition: QgsProcessingParameterDefinition, address: object, context: QgsProcessingContext
) -> Iterator[Stored]:
    """Yield the places that a run may write for one output; none for a temporary one."""
    if not isinstance(address, str) or address in NO_FILES:
        return
    if definition.type() == "fileDestination":
        yield StoredTable(Path(address).resolve(), None)
        return
    for place in _stored_at(address, context):
        yield place
        if isinstance(place, StoredTable) and place.table is None:
            yield from _with_ending(place.file)


def _with_ending(file: Path) -> Iterator[StoredTable]:
    """Yield the file that QGIS writes where it finds the ending wrong: ``a`` becomes ``a.gpkg``."""
    driver, known = QgsVectorFileWriter.driverForExtension(file.suffix), QgsVectorFileWriter.MetaData()
    QgsVectorFileWriter.driverMetadata(driver or DEFAULT_FORMAT, known)
    if known.ext and file.suffix.lower() != f".{known.ext}":
        yield StoredTable(file.with_name(f"{file.name}.{known.ext}").resolve(), None)


# -- where inputs come from ---------------------------------------------------------------------------------


def _inputs(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
) -> Iterator[tuple[str, Stored]]:
    """Yield every stored input with the name of its parameter."""
    for definition in algorithm.parameterDefinitions():
        kind, name = definition.type(), definition.name()
        is_file = kind == "file" or (
            kind == "multilayer" and definition.layerType() == Qgis.ProcessingSourceType.File
        )
        for value in listed(parameters[name]) if is_file or kind in LAYER_PARAMETERS else ():
            given = plain(value)
            if is_file:
                places = [StoredTable(Path(str(given)).resolve(), None, whole=True)] if given else []
            else:
                places = [*_places_of(given, context)]
            yield from ((name, place) for place in places)


def _places_of(value: object, context: QgsProcessingContext) -> Iterator[Stored]:
    """Yield where a layer is stored that is given as such, by its id, its name or its address."""
    layer = value
    if isinstance(value, str):
        layer = QgsProcessingUtils.mapLayerFromString(value, context, False)
    if isinstance(layer, QgsMapLayer):
        yield from _stored(layer.providerType(), layer.source(), context)
    elif isinstance(value, str):
        yield from _stored_at(value, context)


def _stored_at(address: str, context: QgsProcessingContext) -> Iterator[Stored]:
    """Yield where an address points, which is a file or begins with a provider, such as ``postgres://``."""
    if (place := place_of(address)) is not None:
        yield place
    else:
        provider, _, source = address.partition(":")
        yield from _stored(provider, source.removeprefix("//"), context)


def _stored(provider: str, source: str, context: QgsProcessingContext) -> Iterator[Stored]:
    """Yield where the source of a layer is stored; a virtual layer is where those are that it is made of."""
    if provider == "virtual":
        for part in QgsVirtualLayerDefinition.fromUrl(QUrl.fromEncoded(source.encode())).sourceLayers():
            if part.isReferenced():
                yield from _places_of(part.reference(), context)
            else:
                yield from _stored(part.provider(), part.source(), context)
    elif provider in POSTGRES:
        yield Table.of(source)
    elif (place := place_in(provider, source)) is not None:
        yield place
