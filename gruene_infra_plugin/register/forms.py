"""How the register's tables look to people: names of columns, lists of values, forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qgis.core import (
    Qgis,
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsAttributeEditorRelation,
    QgsDefaultValue,
    QgsEditorWidgetSetup,
    QgsExpression,
    QgsFieldConstraints,
    QgsRelation,
    QgsVectorLayer,
)

from ..i18n import language, translate
from ..strategy import Strategy
from .keys import KeyForm
from .model import Role, Status
from .schema import (
    ANGABE,
    BEFUND,
    FLURSTUECK,
    GEOMETRY_COLUMN,
    PROJEKT,
    RAUMTYP_ZUORDNUNG,
    VERLAUF,
    ZUORDNUNG,
    Kind,
    Table,
    children,
    references,
)

TECHNICAL = frozenset({"id", "version", "geom_hash", "schluessel_form", GEOMETRY_COLUMN})
"""Columns that the form hides; the database or a default fills them."""
LONG_TEXTS = frozenset({"notiz", "beleg"})
LISTED = 200
"""Rows that the list of a reference shows until somebody types."""
_JSON = QgsEditorWidgetSetup("JsonEdit", {"DefaultView": 0, "FormatJson": 0})
_ALKIS = "regexp_match(coalesce(\"schluessel\", ''), '^[0-9]{6}[0-9_]{14}$') > 0"

Layers = Mapping[str, QgsVectorLayer]
Relations = Mapping[tuple[str, str], QgsRelation]
Words = list[dict[str, str]]


def title_of(table: str) -> str:
    """Return the name of a table for people."""
    return {
        "flurstueck": translate("GrueneInfra", "Parcels"),
        "zuordnung": translate("GrueneInfra", "Assignments"),
        "raumtyp_zuordnung": translate("GrueneInfra", "Raumtyp of parcels"),
        "projekt": translate("GrueneInfra", "Projects"),
        "angabe": translate("GrueneInfra", "Facts"),
        "befund": translate("GrueneInfra", "Findings"),
        "verlauf": translate("GrueneInfra", "History"),
    }[table]


def alias_of(table: Table, column: str) -> str:
    """Return the name of a column for people."""
    if table is VERLAUF:
        return _aliases_of_history()[column]
    return (_aliases() | _aliases_of_findings())[column]


def _aliases() -> dict[str, str]:
    return {
        "schluessel": translate("GrueneInfra", "Flurstückskennzeichen"),
        "schluessel_geliefert": translate("GrueneInfra", "Key as delivered"),
        "quelle": translate("GrueneInfra", "Source"),
        "ags": translate("GrueneInfra", "Municipality key (AGS)"),
        "gemeinde": translate("GrueneInfra", "Municipality"),
        "flaeche_m2": translate("GrueneInfra", "Area, m²"),
        "flaeche_amtlich_m2": translate("GrueneInfra", "Official area, m²"),
        "flurstueck": translate("GrueneInfra", "Parcel"),
        "raumtyp": translate("GrueneInfra", "Raumtyp"),
        "anteil_proz": translate("GrueneInfra", "Share of the area, %"),
        "herkunft": translate("GrueneInfra", "Origin"),
        "name": translate("GrueneInfra", "Name"),
        "traeger": translate("GrueneInfra", "Carrier"),
        "status": translate("GrueneInfra", "Status"),
        "beginn": translate("GrueneInfra", "Begin"),
        "ende": translate("GrueneInfra", "End"),
        "notiz": translate("GrueneInfra", "Note"),
        "hz": translate("GrueneInfra", "Handlungsziel"),
        "rolle": translate("GrueneInfra", "Role"),
        "projekt": translate("GrueneInfra", "Project"),
        "beleg": translate("GrueneInfra", "Evidence"),
        "algorithmus": translate("GrueneInfra", "Algorithm"),
        "feld": translate("GrueneInfra", "Field"),
        "wert": translate("GrueneInfra", "Value"),
        "wert_text": translate("GrueneInfra", "Value as text"),
        "einheit": translate("GrueneInfra", "Unit"),
        "jahr": translate("GrueneInfra", "Year"),
    }


def _aliases_of_findings() -> dict[str, str]:
    return {
        "kennzahl_id": translate("GrueneInfra", "Indicator (id)"),
        "variante_id": translate("GrueneInfra", "Definition (id)"),
        "ist_leitwert": translate("GrueneInfra", "Headline value"),
        "kennzahl": translate("GrueneInfra", "Indicator"),
        "definition": translate("GrueneInfra", "Definition"),
        "gebiet_art": translate("GrueneInfra", "Kind of area"),
        "gebiet": translate("GrueneInfra", "Area"),
        "zaehler": translate("GrueneInfra", "Numerator"),
        "nenner": translate("GrueneInfra", "Denominator"),
        "basis_einheit": translate("GrueneInfra", "Unit of both"),
        "ziel": translate("GrueneInfra", "Target"),
        "richtung": translate("GrueneInfra", "Direction"),
        "ziel_datum": translate("GrueneInfra", "Target date"),
        "herkunft_ziel": translate("GrueneInfra", "Origin of the target"),
        "luecke": translate("GrueneInfra", "Gap"),
        "luecke_abs": translate("GrueneInfra", "Gap, absolute"),
        "luecke_einheit": translate("GrueneInfra", "Unit of the gap"),
        "abdeckung_proz": translate("GrueneInfra", "Coverage, %"),
        "n_objekte": translate("GrueneInfra", "Objects"),
        "n_ausgelassen": translate("GrueneInfra", "Objects left out"),
        "stand_daten": translate("GrueneInfra", "Date of the data"),
        "annahmen": translate("GrueneInfra", "Assumptions"),
        "plugin_version": translate("GrueneInfra", "Plugin version"),
        "berechnet_am": translate("GrueneInfra", "Computed on"),
    }


def _aliases_of_history() -> dict[str, str]:
    return {
        "aktion": translate("GrueneInfra", "Action"),
        "vorgang": translate("GrueneInfra", "Kind of action"),
        "hebt_auf": translate("GrueneInfra", "Undoes"),
        "wer": translate("GrueneInfra", "Who"),
        "wann": translate("GrueneInfra", "When"),
        "tabelle": translate("GrueneInfra", "Table"),
        "zeile": translate("GrueneInfra", "Row"),
        "alt": translate("GrueneInfra", "Before"),
        "neu": translate("GrueneInfra", "After"),
    }


def _roles() -> Words:
    return [
        {translate("GrueneInfra", "Stock"): Role.STOCK.value},
        {translate("GrueneInfra", "Potential"): Role.POTENTIAL.value},
        {translate("GrueneInfra", "Measure"): Role.MEASURE.value},
        {translate("GrueneInfra", "Exclusion"): Role.EXCLUSION.value},
    ]


def _states() -> Words:
    return [
        {translate("GrueneInfra", "idea"): Status.IDEA.value},
        {translate("GrueneInfra", "planned"): Status.PLANNED.value},
        {translate("GrueneInfra", "under way"): Status.UNDER_WAY.value},
        {translate("GrueneInfra", "done"): Status.DONE.value},
        {translate("GrueneInfra", "rejected"): Status.REJECTED.value},
    ]


def set_up(
    layer: QgsVectorLayer, table: Table, layers: Layers, relations: Relations, strategy: Strategy
) -> None:
    """Give a layer aliases, widgets, defaults and a form, and its features a name for lists."""
    fields = layer.fields()
    for name in fields.names():
        if name not in TECHNICAL:
            layer.setFieldAlias(fields.indexOf(name), alias_of(table, name))
    widgets = {name: _words(values) for name, values in _lists(table, strategy).items()}
    widgets |= {name: QgsEditorWidgetSetup("TextEdit", {"IsMultiline": True}) for name in LONG_TEXTS}
    widgets |= {column.name: _JSON for column in table.columns if column.kind == Kind.JSON}
    widgets |= {name: QgsEditorWidgetSetup("Hidden", {}) for name in TECHNICAL}
    for column in references(table):
        widgets[column.name] = _reference(relations[table.name, column.name], layers)
    for name, widget in widgets.items():
        if name in fields.names():
            layer.setEditorWidgetSetup(fields.indexOf(name), widget)
    _set_defaults(layer, table)
    _hide_columns(layer)
    _set_form(layer, table, [r for key, r in relations.items() if r.referencedLayerId() == layer.id()])
    if table in _NAMES:
        layer.setDisplayExpression(_NAMES[table])
        layer.setMapTipTemplate(f"[% {_escaped(_NAMES[table])} %]")  # else the name is taken for HTML


_NAMES = {
    FLURSTUECK: """concat("gemeinde" || ' · ', "schluessel_geliefert")""",
    ZUORDNUNG: """concat('HZ ', "hz", ' · ', represent_value("rolle"), ' · ', "flurstueck")""",
    RAUMTYP_ZUORDNUNG: """concat(represent_value("raumtyp"), ' · ', "flurstueck")""",
    PROJEKT: '"name"',
    ANGABE: """concat('HZ ', "hz", ' · ', "feld", ' ' || "jahr")""",
}


def _escaped(expression: str) -> str:
    """Return an expression whose text reads in HTML as that of ``expression`` does."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        expression = f"replace({expression}, '{sign}', '{entity}')"
    return expression


def _lists(table: Table, strategy: Strategy) -> dict[str, Words]:
    """Return the values of the columns that take one of a list; findings have words of their own."""
    goals = [{goal.group_label(language()): str(goal.number)} for goal in strategy.goals]
    types = [{raumtyp.title.get(language()): raumtyp.id} for raumtyp in strategy.raumtypen]
    lists = {"hz": goals, "raumtyp": types}
    return lists if table is BEFUND else lists | {"rolle": _roles(), "status": _states()}


def _words(values: Words) -> QgsEditorWidgetSetup:
    return QgsEditorWidgetSetup("ValueMap", {"map": values})


def _reference(relation: QgsRelation, layers: Layers) -> QgsEditorWidgetSetup:
    """Return the choice of a project by name, or of a parcel, which can be picked on the map too."""
    parent = relation.referencedLayer()
    if parent.id() == layers[PROJEKT.name].id():
        config = {"Layer": parent.id(), "Key": "id", "Value": "name", "AllowNull": True, "OrderByValue": True}
        return QgsEditorWidgetSetup("ValueRelation", config)
    config = {
        "Relation": relation.id(),
        "MapIdentification": True,
        "ShowForm": False,
        "ShowOpenFormButton": True,
        "AllowAddFeatures": False,
        "AllowNULL": True,  # else the form would choose the first parcel by itself
        "FetchLimitActive": True,
        "FetchLimitNumber": LISTED,
    }
    return QgsEditorWidgetSetup("RelationReference", config)


def _set_defaults(layer: QgsVectorLayer, table: Table) -> None:
    """Fill in what a new row needs and a person need not say."""
    form = f"if({_ALKIS}, '{KeyForm.ALKIS}', '{KeyForm.OTHER}')"
    defaults = {
        "version": "1",
        "schluessel_form": form,
        "schluessel_geliefert": '"schluessel"',
        "flaeche_m2": "area(@geometry)",
        "rolle": QgsExpression.quotedValue(Role.MEASURE.value),
    }
    if table in (ZUORDNUNG, PROJEKT):
        defaults["status"] = QgsExpression.quotedValue(Status.IDEA.value)
    for name, expression in defaults.items():
        if name in layer.fields().names():
            layer.setDefaultValueDefinition(layer.fields().indexOf(name), QgsDefaultValue(expression))
    at = layer.fields().indexOf("schluessel")
    if at >= 0:
        hint = translate("GrueneInfra", "A key of ALKIS has 20 characters, empty places filled with _.")
        layer.setConstraintExpression(at, _ALKIS, hint)
        soft = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthSoft
        layer.setFieldConstraint(at, QgsFieldConstraints.Constraint.ConstraintExpression, soft)


def _hide_columns(layer: QgsVectorLayer) -> None:
    config = layer.attributeTableConfig()
    config.update(layer.fields())
    for at, column in enumerate(config.columns()):
        if column.name in TECHNICAL:
            config.setColumnHidden(at, True)
    layer.setAttributeTableConfig(config)


def _set_form(layer: QgsVectorLayer, table: Table, relations: Iterable[QgsRelation]) -> None:
    """Lay the form out: the row itself, and a tab for each table that points to it."""
    form = layer.editFormConfig()
    form.setLayout(Qgis.AttributeFormLayout.DragAndDrop)
    form.clearTabs()
    root = form.invisibleRootContainer()
    own = root
    if children(table):
        own = _tab(title_of(table.name), root)
        for relation in relations:
            tab = _tab(relation.referencingLayer().name(), root)
            editor = QgsAttributeEditorRelation(relation, tab)
            editor.setShowLabel(False)
            tab.addChildElement(editor)
    for name in table.names:
        if name not in TECHNICAL:
            own.addChildElement(QgsAttributeEditorField(name, layer.fields().indexOf(name), own))
    layer.setEditFormConfig(form)


def _tab(name: str, root: QgsAttributeEditorContainer) -> QgsAttributeEditorContainer:
    tab = QgsAttributeEditorContainer(name, root)
    tab.setType(Qgis.AttributeEditorContainerType.Tab)
    root.addChildElement(tab)
    return tab
