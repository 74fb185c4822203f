"""The register by hand: ordinary layers with forms and relations, in both databases."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.i18n import language
from gruene_infra.gruene_infra_plugin.methods.parcels.space_types import SpaceType
from gruene_infra.gruene_infra_plugin.register import forms
from gruene_infra.gruene_infra_plugin.register.errors import (
    RegisterConflict,
    RegisterError,
    RegisterRuleError,
)
from gruene_infra.gruene_infra_plugin.register.layers import (
    SHOWN,
    layer_sources,
    layers_of,
    register_layers,
    reload_layers,
)
from gruene_infra.gruene_infra_plugin.register.model import Project, Role, Status
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.strategy import load_strategy
from qgis.core import (
    Qgis,
    QgsDataSourceUri,
    QgsExpression,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
    QgsProviderRegistry,
    QgsRenderContext,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)

from ...layer_factory import box, rows
from .registers import key, parcel, parcels


@pytest.fixture
def project(qgis_app):
    return QgsProject.instance()


@pytest.fixture
def layers(register, site, project):
    """Three parcels, two of them assigned, one with a Raumtyp; as layers."""
    emscher = register.add_project(Project("Emscherumbau"))
    register.assign(parcels(1, 2), [19], Role.MEASURE, note="Ufer", project=emscher.id)
    register.set_space_type([parcel(3)], SpaceType.LANDSCAPE)
    return layers_of(register_layers(site.place, project, load_strategy()))


def first(layer: QgsVectorLayer, expression: str) -> QgsFeature:
    return next(layer.getFeatures(QgsFeatureRequest().setFilterExpression(expression)))


def change(layer: QgsVectorLayer, feature: QgsFeature, **values: object) -> bool:
    """Change a row as the form does, and save."""
    assert layer.startEditing()
    for name, value in values.items():
        assert layer.changeAttributeValue(feature.id(), layer.fields().indexOf(name), value)
    return layer.commitChanges()


def add(layer: QgsVectorLayer, geometry: QgsGeometry | None = None, **values: object) -> bool:
    """Add a row as the form does: with the defaults of the layer; and save."""
    assert layer.startEditing()
    given = {layer.fields().indexOf(name): value for name, value in values.items()}
    made = QgsVectorLayerUtils.createFeature(layer, geometry or QgsGeometry(), given)
    assert layer.addFeature(made)
    return layer.commitChanges()


def test_every_table_is_a_layer_of_one_group(layers, project):
    assert list(layers) == [table.name for table in SHOWN]
    assert {name: layer.featureCount() for name, layer in layers.items()} == {
        "flurstueck": 3, "zuordnung": 2, "raumtyp_zuordnung": 1, "projekt": 1, "angabe": 0, "befund": 0,
        "verlauf": 7,
    }  # fmt: skip
    assert [name for name, layer in layers.items() if layer.readOnly()] == ["verlauf"]
    assert [name for name, layer in layers.items() if layer.isSpatial()] == ["flurstueck"]


def test_opening_it_again_adds_nothing(layers, site, project):
    again = register_layers(site.place, project, load_strategy())
    assert layers_of(again) == layers
    assert len(project.mapLayers()) == len(SHOWN)
    assert len(project.layerTreeRoot().findGroups()) == 1


def test_after_layers_were_removed_the_others_are_reloaded_and_all_come_back(layers, register, site, project):
    (group,) = project.layerTreeRoot().findGroups()
    project.removeMapLayers([layers[name].id() for name in ("flurstueck", "raumtyp_zuordnung")])
    reload_layers(group)
    again = layers_of(register_layers(site.place, project, load_strategy()))
    assert list(again) == [table.name for table in SHOWN]
    assert len(project.layerTreeRoot().findGroups()) == 1
    assert all(layer.isValid() for layer in again.values())


def test_layers_with_unsaved_edits_are_not_shown_anew(layers, register, site, project):
    register.assign(parcels(1), [2], Role.MEASURE)
    edited = layers["zuordnung"]
    row = first(edited, "hz = 2")
    assert edited.startEditing()
    assert edited.changeAttributeValue(row.id(), edited.fields().indexOf("notiz"), "neu")
    project.removeMapLayer(layers["flurstueck"].id())
    with pytest.raises(RegisterRuleError, match="Save the edits"):
        register_layers(site.place, project, load_strategy())
    assert edited.rollBack()


def test_relations_lead_from_parcels_and_projects_to_what_points_to_them(layers, project):
    relations = project.relationManager().relations().values()
    assert all(relation.isValid() for relation in relations)
    found = {
        (r.referencingLayer().customProperty("gruene_infra_register"), *r.fieldPairs().items())
        for r in relations
    }
    assert found == {
        ("zuordnung", ("flurstueck", "schluessel")),
        ("raumtyp_zuordnung", ("flurstueck", "schluessel")),
        ("zuordnung", ("projekt", "id")),
        ("angabe", ("projekt", "id")),
    }
    (of_parcels,) = (
        r
        for r in relations
        if r.name().endswith(layers["zuordnung"].name()) and "flurstueck" in r.fieldPairs()
    )
    one = first(layers["flurstueck"], f"schluessel = '{key(1)}'")
    assert [row["hz"] for row in of_parcels.getRelatedFeatures(one)] == [19]


@pytest.mark.parametrize("table", SHOWN, ids=lambda table: table.name)
def test_columns_have_names_for_people_and_technical_ones_are_hidden(layers, table):
    layer = layers[table.name]
    hidden = {c.name for c in layer.attributeTableConfig().columns() if c.hidden}
    for name in table.names:
        if name in forms.TECHNICAL:
            at = layer.fields().indexOf(name)
            assert at < 0 or (name in hidden and layer.editorWidgetSetup(at).type() == "Hidden")
        else:
            assert layer.attributeAlias(layer.fields().indexOf(name))


def in_form(layer: QgsVectorLayer, kind: Qgis.AttributeEditorType) -> list[str]:
    root = layer.editFormConfig().invisibleRootContainer()
    return sorted(element.name() for element in root.findElements(kind))


@pytest.mark.parametrize("table", SHOWN, ids=lambda table: table.name)
def test_the_form_shows_what_says_something_and_a_tab_for_what_points_to_it(layers, table, project):
    layer = layers[table.name]
    related = sorted(r.id() for r in project.relationManager().referencedRelations(layer))
    kinds = Qgis.AttributeEditorType
    assert in_form(layer, kinds.Field) == sorted(set(table.names) - forms.TECHNICAL)
    assert in_form(layer, kinds.Relation) == related
    assert len(in_form(layer, kinds.Container)) == (len(related) + 1 if related else 0)


def values(layer: QgsVectorLayer, name: str) -> list[str]:
    setup = layer.editorWidgetSetup(layer.fields().indexOf(name))
    assert setup.type() == "ValueMap"
    return [value for entry in setup.config()["map"] for value in entry.values()]


def test_lists_offer_the_words_that_the_database_takes(layers):
    assert values(layers["zuordnung"], "rolle") == [role.value for role in Role]
    assert values(layers["zuordnung"], "status") == [status.value for status in Status]
    assert values(layers["projekt"], "status") == [status.value for status in Status]
    assert values(layers["raumtyp_zuordnung"], "raumtyp") == [raumtyp.value for raumtyp in SpaceType]
    assert values(layers["angabe"], "hz") == [str(number) for number in range(1, 28)]


def test_goals_are_shown_by_name(layers):
    layer = layers["zuordnung"]
    expression = QgsExpression("represent_value(hz)")
    context = layer.createExpressionContext()
    context.setFeature(next(layer.getFeatures()))
    assert expression.evaluate(context) == load_strategy().goal(19).group_label(language())


def test_rows_have_a_name_in_lists(layers):
    def name(table: str) -> str:
        layer = layers[table]
        context = layer.createExpressionContext()
        context.setFeature(next(layer.getFeatures()))
        return QgsExpression(layer.displayExpression()).evaluate(context)

    assert name("zuordnung").startswith("HZ 19 · ")
    assert name("zuordnung").endswith(key(1))
    assert (
        name("raumtyp_zuordnung")
        == f"{load_strategy().raumtyp('Landschaft').title.get(language())} · {key(3)}"
    )
    assert (name("flurstueck"), name("projekt")) == ("051234-007-1", "Emscherumbau")


def test_map_tips_show_names_as_text(layers):
    """A name alone would be taken for HTML, which may fetch pictures."""
    layer = layers["flurstueck"]
    feature = next(layer.getFeatures())
    feature["gemeinde"] = "<img src=x> & [% env('HOME') %]"
    context = layer.createExpressionContext()
    context.setFeature(feature)
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert tip == "&lt;img src=x&gt; &amp; [% env('HOME') %] · 051234-007-1"
    named = {name for name, one in layers.items() if one.isSpatial()}
    assert {name for name, one in layers.items() if one.mapTipTemplate()} >= named


def test_parcels_are_coloured_by_raumtyp_also_after_the_store_wrote(layers, register, project):
    layer = layers["flurstueck"]

    def colours() -> list[str]:
        context = QgsRenderContext()
        renderer = layer.renderer().clone()
        renderer.startRender(context, layer.fields())
        labels = {c.symbol().color().name(): c.value() for c in layer.renderer().categories()}
        found = [
            labels[renderer.symbolForFeature(feature, context).color().name()]
            for feature in layer.getFeatures(QgsFeatureRequest().addOrderBy("schluessel"))
        ]
        renderer.stopRender(context)
        return found

    assert colours() == [None, None, "Landschaft"]
    register.set_space_type([parcel(1)], SpaceType.INNER_CITY)
    reload_layers(project.layerTreeRoot().findGroups()[0])
    assert colours() == ["Innenstadt", None, "Landschaft"]


def test_an_assignment_added_by_hand_is_in_the_register_and_in_the_history(layers, register):
    layer = layers["zuordnung"]
    assert add(layer, flurstueck=key(3), hz=2, notiz="von Hand"), layer.commitErrors()
    (made,) = register.assignments(hz=2)
    assert (made.row, made.status) == ((key(3), 2, "Maßnahme", 0), Status.IDEA)
    assert (made.note, made.version) == ("von Hand", 1)
    layers["verlauf"].reload()
    last = max(rows(layers["verlauf"]), key=lambda row: row["id"])
    assert (last["tabelle"], last["alt"], last["aktion"]) == ("zuordnung", None, None)


def test_a_parcel_drawn_by_hand_gets_what_the_form_does_not_ask_for(layers, register, site):
    shape = QgsGeometry.fromWkt(box(0, 500, 20, 30))
    shape.convertToMultiType()
    assert add(layers["flurstueck"], shape, schluessel=key(7)), layers["flurstueck"].commitErrors()
    (found,) = register.parcels([key(7)])
    assert (found.area_m2, found.key.form, found.key.delivered) == (600.0, "ALKIS", key(7))
    site.assert_sound()


def test_a_parcel_with_assignments_stays_and_the_layer_says_why(layers, register):
    layer = layers["flurstueck"]
    assert layer.startEditing()
    layer.deleteFeature(first(layer, f"schluessel = '{key(1)}'").id())
    assert not layer.commitChanges()
    assert "zuordnung" in "\n".join(layer.commitErrors())
    layer.rollBack()
    assert len(register.parcels()) == 3


@pytest.mark.parametrize(
    ("table", "bad"),
    [
        ("zuordnung", {"rolle": "Wunsch"}),
        ("zuordnung", {"hz": 28}),
        ("zuordnung", {"flurstueck": "X1"}),
        ("raumtyp_zuordnung", {"raumtyp": "Wald"}),
        ("projekt", {"name": " "}),
    ],
)
def test_a_value_against_the_rules_is_refused(layers, register, table, bad):
    before = register.assignments(), register.space_types(), register.projects()
    layer = layers[table]
    assert not change(layer, next(layer.getFeatures()), **bad)
    assert layer.commitErrors()
    layer.rollBack()
    assert (register.assignments(), register.space_types(), register.projects()) == before


def test_who_read_before_an_edit_by_hand_gets_a_conflict(layers, register):
    read = {record.row: record.version for record in register.assignments()}
    layer = layers["zuordnung"]
    assert change(layer, first(layer, f"flurstueck = '{key(1)}'"), notiz="von Hand"), layer.commitErrors()
    project = register.projects()[0].id
    with pytest.raises(RegisterConflict) as caught:
        register.assign(parcels(1, 2), [19], Role.MEASURE, note="mein", project=project, seen=read)
    assert [(c.parcel, c.theirs, c.mine) for c in caught.value.conflicts] == [(key(1), "von Hand", "mein")]
    assert {record.note for record in register.assignments()} == {"von Hand", "Ufer"}


def test_unsaved_edits_do_not_keep_the_store_from_writing(layers, register, site):
    for name in ("flurstueck", "zuordnung", "projekt"):
        assert layers[name].startEditing()
    layer = layers["zuordnung"]
    mine = first(layer, f"flurstueck = '{key(1)}'")
    layer.changeAttributeValue(mine.id(), layer.fields().indexOf("notiz"), "von Hand")
    register.assign(parcels(3), [2], Role.STOCK)
    assert layer.commitChanges(), layer.commitErrors()
    assert [(r.parcel, r.note) for r in register.assignments()] == [
        (key(1), "von Hand"), (key(2), "Ufer"), (key(3), None),
    ]  # fmt: skip
    site.assert_sound()


@pytest.mark.parametrize("site", ["postgis"], indirect=True)
def test_a_password_that_qgis_keeps_is_in_no_source_and_no_project(register, site, where, project, tmp_path):
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    uri = QgsDataSourceUri(site.place.dsn)
    uri.setPassword("geheim-7")
    metadata.saveConnection(
        metadata.createConnection(uri.uri(False), {"saveUsername": True, "savePassword": True}), "Büro"
    )
    try:
        place = PostgresPlace("Büro", schema=site.place.schema)
        assert "geheim-7" in place.parameters()
        assert not any("geheim-7" in source.text for source in layer_sources(place).values())
        register_layers(place, project, load_strategy())
        assert project.write(str(tmp_path / "projekt.qgs"))
    finally:
        metadata.deleteConnection("Büro")
    assert "geheim-7" not in (tmp_path / "projekt.qgs").read_text(encoding="utf-8")


def test_a_saved_project_finds_everything_again(layers, project, tmp_path):
    path = str(tmp_path / "projekt.qgs")
    assert project.write(path)
    project.clear()
    assert project.read(path)
    assert len(project.mapLayers()) == len(SHOWN)
    assert all(layer.isValid() for layer in project.mapLayers().values())
    assert all(relation.isValid() for relation in project.relationManager().relations().values())
    assert len(project.relationManager().relations()) == 4


def test_the_algorithm_adds_the_group_to_the_project(run, register, where, project):
    register.assign(parcels(1), [2], Role.STOCK)
    result = run("open_register", **where)
    assert len(result.results["LAYERS"]) == len(SHOWN)
    (group,) = project.layerTreeRoot().findGroups()
    assert layers_of(group)["zuordnung"].featureCount() == 1


def test_without_a_project_the_algorithm_names_the_sources(provider, register, where):
    register.assign(parcels(1), [2], Role.STOCK)
    context = QgsProcessingContext()
    results, done = provider.algorithm("open_register").run(where, context, QgsProcessingFeedback())
    assert done
    opened = [QgsProcessingUtils.mapLayerFromString(text, context) for text in results["LAYERS"]]
    assert [layer.featureCount() for layer in opened[:3]] == [1, 1, 0]


@pytest.mark.parametrize("site", ["gpkg"], indirect=True)
@pytest.mark.parametrize("lost", ["DELETE FROM gpkg_contents", "DELETE FROM gpkg_geometry_columns"])
def test_parcels_that_lost_their_geometry_are_said(lost, register, site, project):
    register.close()
    site.execute(lost)
    with pytest.raises(RegisterError, match="its table flurstueck is damaged"):
        register_layers(site.place, project, load_strategy())
    assert not project.mapLayers()
