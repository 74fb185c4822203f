"""The register as ordinary QGIS layers, to be looked at and edited by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCredentials,
    QgsDataSourceUri,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsMapLayerDependency,
    QgsProcessingUtils,
    QgsProject,
    QgsProviderRegistry,
    QgsRelation,
    QgsRelationContext,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)

from ..i18n import translate
from ..spatial.writing.styles import load_known_style
from ..strategy import Strategy
from . import errors, forms
from .postgis import PostgresPlace
from .schema import (
    ANGABE,
    BEFUND,
    FLURSTUECK,
    GEOMETRY_COLUMN,
    PROJEKT,
    RAUMTYP_ZUORDNUNG,
    VERLAUF,
    ZUORDNUNG,
    Table,
    references,
)
from .store import RegisterPlace

SHOWN = (FLURSTUECK, ZUORDNUNG, RAUMTYP_ZUORDNUNG, PROJEKT, ANGABE, BEFUND, VERLAUF)
"""The tables that become layers, from top to bottom."""
STYLE = "space_types"
_PLACE = "gruene_infra_register"
"""Property of a group in the layer tree that names the register it shows."""

Layers = Mapping[str, QgsVectorLayer]


@dataclass(frozen=True)
class Source:
    """Where QGIS finds a table of the register: a provider and its URI, without a password."""

    provider: str
    uri: str

    @property
    def text(self) -> str:
        """The source as one text, as Processing takes it for a layer."""
        return str(QgsProcessingUtils.encodeProviderKeyAndUri(self.provider, self.uri))


def layer_sources(place: RegisterPlace) -> dict[str, Source]:
    """Return the source of each table that is shown, by its name.

    A password that a stored connection keeps in QGIS's settings never enters a source; this session
    remembers it, later ones ask. A connection with an authentication configuration carries its number.

    Raises
    ------
    RegisterMissingError
        If QGIS knows no connection of that name.
    """
    if isinstance(place, PostgresPlace):
        connection = _without_password(place.uri())
        return {table.name: Source("postgres", _postgres(connection, place, table)) for table in SHOWN}
    metadata = QgsProviderRegistry.instance().providerMetadata("ogr")
    parts = {"path": str(place)}
    return {
        table.name: Source("ogr", str(metadata.encodeUri(parts | {"layerName": table.name})))
        for table in SHOWN
    }


def _without_password(uri: QgsDataSourceUri) -> QgsDataSourceUri:
    password, keeper = uri.password(), QgsCredentials.instance()
    if password:
        uri.setPassword("")
        keeper.put(uri.connectionInfo(False), uri.username(), password)
    return uri


def _postgres(connection: QgsDataSourceUri, place: PostgresPlace, table: Table) -> str:
    uri = QgsDataSourceUri(connection)
    geometry = GEOMETRY_COLUMN if GEOMETRY_COLUMN in table.names else ""
    uri.setDataSource(place.schema, table.name, geometry, "", "id")
    return str(uri.uri(False))


def register_layers(place: RegisterPlace, project: QgsProject, strategy: Strategy) -> QgsLayerTreeGroup:
    """Add a register to a project and return its group, that which is there already if there is one.

    A group without its layer of parcels gives way to a new one.
    The layers have aliases, value lists with the goals of ``strategy``, forms, relations and a style.
    Call it in the main thread; the register must exist, see ``Register.open``.

    Raises
    ------
    RegisterError
        If a table cannot be opened as a layer.
    """
    where = place.where if isinstance(place, PostgresPlace) else str(place)
    there = register_group(project, where)
    if there is not None and FLURSTUECK.name in layers_of(there):
        return there
    if there is not None:
        _remove(project, there)
    layers = {name: _layer(name, source, where) for name, source in layer_sources(place).items()}
    project.addMapLayers(list(layers.values()), False)
    _show_space_types(layers)
    relations = _relate(project, layers)
    for table in SHOWN:
        forms.set_up(layers[table.name], table, layers, relations, strategy)
    layers[VERLAUF.name].setReadOnly(True)
    return _grouped(project, layers, where)


def _remove(project: QgsProject, group: QgsLayerTreeGroup) -> None:
    """Take what is left of a register's group away, unless somebody edits it."""
    layers = layers_of(group).values()
    if any(layer.isModified() for layer in layers):
        raise errors.RegisterRuleError(
            translate(
                "GrueneInfra",
                "The register's layer of parcels was removed from the map. Save the edits in its other"
                " layers, then all of them can be shown anew.",
            )
        )
    project.removeMapLayers([layer.id() for layer in layers])
    if not group.children():
        group.parent().removeChildNode(group)
    else:
        group.removeCustomProperty(_PLACE)


def register_group(project: QgsProject, where: str) -> QgsLayerTreeGroup | None:
    """Return the group of a project that shows the register at ``where``."""
    groups = project.layerTreeRoot().findGroups(True)
    return next((group for group in groups if group.customProperty(_PLACE) == where), None)


def layers_of(group: QgsLayerTreeGroup) -> dict[str, QgsVectorLayer]:
    """Return the layers of a register's group by the table they show; some may have been removed."""
    layers = (node.layer() for node in group.findLayers())
    return {layer.customProperty(_PLACE): layer for layer in layers if layer and shows_register(layer)}


def shows_register(layer: QgsMapLayer) -> bool:
    """Say whether a layer shows a table of a register, in its group or wherever it was moved."""
    return isinstance(layer, QgsVectorLayer) and layer.customProperty(_PLACE) is not None


def reload_layers(group: QgsLayerTreeGroup) -> None:
    """Show what the store has written since the layers were loaded."""
    layers = layers_of(group)
    for layer in layers.values():
        layer.reload()
    if RAUMTYP_ZUORDNUNG.name in layers:
        layers[RAUMTYP_ZUORDNUNG.name].layerModified.emit()  # makes the join read its table again
    for layer in layers.values():
        layer.triggerRepaint()


def _layer(name: str, source: Source, where: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(source.uri, forms.title_of(name), source.provider)
    lost_geometries = name == FLURSTUECK.name and not layer.isSpatial()
    if not layer.isValid() or lost_geometries:
        message = translate("GrueneInfra", "its table {table} is damaged and no layer any more")
        raise errors.failed(where, layer.error().summary() or message.format(table=name))
    layer.setCustomProperty(_PLACE, name)
    return layer


def _show_space_types(layers: Layers) -> None:
    """Join the Raumtyp to the parcels, and colour them by it."""
    parcels, space_types = layers[FLURSTUECK.name], layers[RAUMTYP_ZUORDNUNG.name]
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(space_types)
    join.setJoinFieldName("flurstueck")
    join.setTargetFieldName("schluessel")
    join.setJoinFieldNamesSubset(["raumtyp"])
    join.setPrefix("")
    join.setUsingMemoryCache(True)
    parcels.addJoin(join)
    parcels.setDependencies({QgsMapLayerDependency(space_types.id())})
    load_known_style(parcels, STYLE)
    classes = parcels.renderer().categories()
    parcels.renderer().updateCategoryLabel(len(classes) - 1, translate("GrueneInfra", "no Raumtyp yet"))


def _relate(project: QgsProject, layers: Layers) -> dict[tuple[str, str], QgsRelation]:
    """Enter every reference of the schema as a relation; return them by table and column."""
    relations = {}
    for table in SHOWN:
        for column in references(table):
            parent, key = column.references or ("", "")
            child = layers[table.name]
            relation = QgsRelation(QgsRelationContext(project))
            relation.setId("_".join((child.id(), column.name)))
            relation.setName(": ".join((forms.title_of(parent), forms.title_of(table.name))))
            relation.setReferencingLayer(child.id())
            relation.setReferencedLayer(layers[parent].id())
            relation.addFieldPair(column.name, key)
            project.relationManager().addRelation(relation)
            relations[table.name, column.name] = relation
    return relations


def _grouped(project: QgsProject, layers: Layers, where: str) -> QgsLayerTreeGroup:
    name = translate("GrueneInfra", "Register: {name}").format(name=Path(where).stem)
    group = project.layerTreeRoot().insertGroup(0, name)
    group.setCustomProperty(_PLACE, where)
    for table in SHOWN:
        group.addLayer(layers[table.name])
    return group
