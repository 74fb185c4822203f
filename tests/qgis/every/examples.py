"""Valid parameters for every algorithm, which the bad-input tests then spoil one by one.

An algorithm needs no example if squares for polygons, lines and points, and the defaults of the other
parameters, give it a result worth comparing. Otherwise write an ``example`` in ``goals/test_<id>.py``, beside
the values by hand; those that measure no goal have theirs here. It returns all inputs, the optional
ones too, with at least five features per layer (so that one more without geometry leaves the coverage above
80 %) and with the field parameters named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import count
from pathlib import Path

from gruene_infra.gruene_infra_plugin.register.model import Fact, ParcelRecord, Role
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsVectorLayer,
)

from ...citygml_factory import building, gabled_roof, ground, level_roof, properties, tile
from ...layer_factory import UTM, box, layer, line, point, table
from ..monitoring.scenes import forests, towns
from ..monitoring.small_package import layers, write_data

Parameters = dict[str, object]
SourceType = Qgis.ProcessingSourceType
KEYS = [f"051234-007-{k}" for k in range(6)]


def target_monitor(_folder: Path) -> Parameters:
    """Two tables of three of the region's six municipalities each: new building in the Aue of 0 to 500 m²."""
    tables, six = [_findings(range(3), "west"), _findings(range(3, 6), "ost")], range(6)
    return {
        "SUMMARIES": tables,
        "AREAS": layer(
            [box(0, 100 * k, 100, 100) for k in six],
            {"gemeinde": [f"Stadt {k}" for k in six], "ags": [f"0599900{k}" for k in six]},
            name="gemeinden",
        ),
        "AREAS_NAME": "gemeinde",
        "AREAS_KEY": "ags",
        "AS_OF": "2026-06-30",
    }


def target_trend(_folder: Path) -> Parameters:
    """Two days of six municipalities: new building in the Aue of 0 to 500 m², a year before of 50 m² less."""
    earlier = _findings(range(6), "vorjahr", less=50.0, day="2025-06-30")
    return {"SUMMARIES": [earlier, _findings(range(6), "heute")], "AS_OF": "2026-06-30"}


def regional_merge(folder: Path) -> Parameters:
    """The tables and the region of :func:`target_monitor`."""
    given = target_monitor(folder)
    return {"TABLES": given.pop("SUMMARIES"), **given}


def _findings(towns: range, name: str, less: float = 0.0, day: str = "2026-06-30") -> QgsVectorLayer:
    values = [max(0.0, 100.0 * k - less) for k in towns]
    columns = {
        "hz": 19,
        "kennzahl_id": "hz19.aue.neubau_flaeche",
        "variante_id": "ab_2016",
        "ist_leitwert": 1,
        "kennzahl": "Neue Bebauung in der Aue",
        "definition": "Fläche neuer Gebäude in der Aue.",
        "gebiet_art": "Gemeinde",
        "ags": [f"0599900{k}" for k in towns],
        "gebiet": [f"Stadt {k}" for k in towns],
        "raumtyp": None,
        "zaehler": values,
        "nenner": 1.0,
        "basis_einheit": "m² je Gebiet mit Aue",
        "wert": values,
        "einheit": "m²",
        "ziel": 0.0,
        "richtung": "=",
        "ziel_datum": None,
        "herkunft_ziel": "S",
        "luecke": values,
        "luecke_abs": values,
        "luecke_einheit": "m²",
        "status": ["Lücke" if value else "erreicht" for value in values],
        "abdeckung_proz": 100.0,
        "n_objekte": 5,
        "n_ausgelassen": 0,
        "stand_daten": None,
        "annahmen": None,
        "algorithmus": "hz19_floodplain_buildings",
        "plugin_version": "0.1.0",
        "berechnet_am": day,
    }
    return table({k: v if isinstance(v, list) else [v] * len(values) for k, v in columns.items()}, name)


def run_monitoring(folder: Path) -> Parameters:
    """Six forests in two towns: one goal can be measured."""
    return {
        "LAYERS": [forests(), towns()],
        "OUTPUT": str(_new(folder, "paket")),
        "AS_OF": "2026-06-30",
    }


def import_lod2(folder: Path) -> Parameters:
    """Two tiles: three level roofs of 120 m² in one, two gabled roofs of 80 m² in plan in the other."""
    level = [
        building(f"flach{k}", properties(roofType=1000), ground(*at), level_roof(*at))
        for k in range(3)
        for at in [(0, 20 * k, 10, 12)]
    ]
    gabled = [
        building(f"sattel{k}", properties(roofType=3100), ground(*at), gabled_roof(*at, 35))
        for k in range(2)
        for at in [(30, 20 * k, 10, 8)]
    ]
    return {"TILES": [str(tile(folder / "eins.gml", *level)), str(tile(folder / "zwei.gml", *gabled))]}


def space_types(_folder: Path) -> Parameters:
    """Ten parcels of 30 m × 30 m in dense Innenstadt of the raster, except where something goes before it.

    Own polygons cover 20 m of the first five: 66.7 % Landschaft. Zones cover the next three whole, and the
    last one lies outside the settlement.
    """
    ten, five = range(10), range(5)
    return {
        "PARCELS": layer(
            [box(0, 40 * k, 30, 30) for k in range(9)] + [box(1500, 0, 30, 30)],
            {"id": [f"f{k}" for k in ten]},
            name="flurstuecke",
        ),
        "SPACE_TYPES": layer(
            [box(0, 40 * k, 20, 30) for k in five], {"raumtyp": ["Landschaft"] * 5}, name="raumtypen"
        ),
        "SPACE_TYPE_FIELD": "raumtyp",
        "ZONES": layer(
            [box(-10 * k, 195, 50, 110) for k in five], {"zone": ["Übergangszone"] * 5}, name="zonen"
        ),
        "ZONE_FIELD": "zone",
        "SETTLEMENT": layer([box(-300, 200 * k - 300, 1000, 200) for k in ten], name="ortslage"),
        "BUILDINGS": layer(
            [box(-300, 200 * k - 300, 1000, 120) for k in ten],
            {"gebaeudefunktion": [1010, 2020] * 5},
            name="gebaeude",
        ),
        "FUNCTION_FIELD": "gebaeudefunktion",
    }


def assign_parcels(folder: Path) -> Parameters:
    """Six parcels of 10 m × 10 m for two goals in an empty register."""
    return {
        "REGISTER": empty_register(folder),
        "PARCELS": _six_parcels({"ags": ["05999001"] * 6}),
        "KEY_FIELD": "kennzeichen",
        "AGS_FIELD": "ags",
        "GOALS": "2, 19",
    }


def import_assignments(folder: Path) -> Parameters:
    """A list of six parcels for two goals each, their squares of 10 m beside it, and an empty register."""
    return {
        "REGISTER": empty_register(folder),
        "LIST": table({"flst": KEYS, "hz": ["2, 19"] * 6, "was": ["Bestand"] * 6}, name="liste"),
        "KEY_FIELD": "flst",
        "GOALS_FIELD": "hz",
        "ROLE_FIELD": "was",
        "PARCELS": _six_parcels(),
        "PARCELS_KEY_FIELD": "kennzeichen",
    }


def export_register(folder: Path) -> Parameters:
    """A register with six parcels, each assigned to two goals."""
    return {"REGISTER": _assigned_register(folder, [2, 19]), "MODE": "goals"}


def create_register(folder: Path) -> Parameters:
    """A place without a register."""
    return {"REGISTER": str(_new(folder, "register", ".gpkg"))}


def open_register(folder: Path) -> Parameters:
    """A register that holds nothing."""
    return {"REGISTER": empty_register(folder)}


def reconcile_register(folder: Path) -> Parameters:
    """Six stored parcels of 10 m × 10 m, the newer ones a metre wider."""
    return {
        "REGISTER": _assigned_register(folder, [2, 19], Role.MEASURE),
        "PARCELS": _six_parcels({"flaeche_m2": [110.0] * 6}, width=11),
        "KEY_FIELD": "kennzeichen",
        "AREA_FIELD": "flaeche_m2",
    }


def apply_reconciliation(folder: Path) -> Parameters:
    """Six stored parcels of 10 m × 10 m that are a metre wider by now."""
    path, six = _assigned_register(folder, [2, 19], Role.MEASURE), range(6)
    register = Register.open(Path(path))
    held = register.holdings()
    register.close()
    columns = {
        "fall": list(six),
        "art": ["geändert"] * 6,
        "flurstueck_alt": [holding.parcel.key.key for holding in held],
        "flurstueck_neu": [holding.parcel.key.key for holding in held],
        "anteil_proz": [100.0] * 6,
        "gemeinsam_m2": [100.0] * 6,
        "verschiebung_m": [1.0] * 6,
        "vorschlag": ["prüfen"] * 6,
        "uebernehmen": [1] * 6,
        "zuordnungen": [2] * 6,
        "kennzeichen_neu": KEYS,
        "flaeche_neu_m2": [110.0] * 6,
        "ags": ["05999001"] * 6,
        "gemeinde": ["Südstadt"] * 6,
        "quelle": ["flurstuecke"] * 6,
        "stand": [holding.standing for holding in held],
    }
    shapes = [box(0, 20 * k, 11, 10) for k in six]
    return {"REGISTER": path, "PROPOSALS": layer(shapes, columns, name="vorschlaege")}


def add_fact(folder: Path) -> Parameters:
    """The share of cycling of one town in an empty register."""
    return {
        "REGISTER": empty_register(folder),
        "HZ": 25,
        "FIELD": "radanteil_proz",
        "VALUE": 9.0,
        "YEAR": 2017,
        "SOURCE": "MiD 2017",
        "AGS": "05999001",
        "MUNICIPALITY": "Südstadt",
    }


def register_indicators(folder: Path) -> Parameters:
    """A register that knows the share of cycling of one town."""
    path = empty_register(folder)
    register = Register.open(Path(path))
    register.add_fact(
        Fact(25, "radanteil_proz", 9.0, None, "%", 2017, "MiD 2017", None, "05999001", "Südstadt")
    )
    register.close()
    return {"REGISTER": path, "AS_OF": "2026-06-30"}


def parcel_potential(_folder: Path) -> Parameters:
    """Ten parcels of 30 m × 30 m; roofs to green on half of each, lines of 30 m through all of them."""
    ten = range(10)
    return {
        "PARCELS": layer(
            [box(0, 40 * k, 30, 30) for k in ten],
            {"flst": [f"f{k}" for k in ten], "typ": ["Innenstadt", "Landschaft"] * 5},
            name="flurstuecke",
        ),
        "KEY_FIELD": "flst",
        "PARCEL_TYPE_FIELD": "typ",
        "RESULTS": [
            layer([box(0, 40 * k, 15, 30) for k in ten], {"kandidat": [1] * 10}, name="daecher"),
            layer([line((0, 40 * k + 15), (30, 40 * k + 15)) for k in ten], {"id": [*ten]}, name="luecken"),
        ],
        "GOALS_OF_RESULTS": "2, 13",
        "FILTERS": '"kandidat" = 1',
        "SPACE_TYPES": layer(
            [box(-50, 80 * k - 5, 200, 80) for k in range(5)],
            {"raumtyp": ["Innenstadt"] * 2 + ["Landschaft"] * 3},
            name="raumtypen",
        ),
        "SPACE_TYPE_FIELD": "raumtyp",
        "AS_OF": "2026-06-30",
    }


def rerun_finding(folder: Path) -> Parameters:
    """A package of two towns, one of which is 10 % forest, and the data that it was made of."""
    place = next(p for n in count() if not (p := folder / f"nachweis{n or ''}").exists())
    data, package = place / "daten", place / "paket"
    data.mkdir(parents=True)
    write_data(data)
    monitoring = QgsApplication.processingRegistry().createAlgorithmById("gruene_infra:run_monitoring")
    if monitoring is not None:  # while tests are collected there are no algorithms yet
        given = {"INPUT": str(data), "OUTPUT": str(package)}
        monitoring.run(given, QgsProcessingContext(), QgsProcessingFeedback(False), {}, False)
    return {
        "PACKAGE": str(package),
        "LAYERS": layers(),
        "INDICATOR": "hz22.wald.anteil",
        "DEFINITION": "wald",
        "AREA": "Westen",
    }


def unassign_parcels(folder: Path) -> Parameters:
    """The assignments of three of six parcels by layer, one more by its key."""
    return {
        "REGISTER": _assigned_register(folder),
        "PARCELS": _six_parcels(),
        "KEY_FIELD": "kennzeichen",
        "KEYS": "051234-007-9",
    }


def set_space_type(folder: Path) -> Parameters:
    """Six parcels as space_types writes them."""
    return {
        "REGISTER": empty_register(folder),
        "PARCELS": _six_parcels(
            {
                "art": ["Innenstadt", "Landschaft"] * 3,
                "raumtyp_anteil": [80.0] * 6,
                "raumtyp_quelle": ["Raster"] * 6,
            }
        ),
        "KEY_FIELD": "kennzeichen",
        "RAUMTYP_FIELD": "art",
    }


def store_findings(folder: Path) -> Parameters:
    """Two tables of three municipalities each."""
    tables = [_findings(range(3), "west"), _findings(range(3, 6), "ost")]
    return {"REGISTER": empty_register(folder), "SUMMARIES": tables}


def undo_register(folder: Path) -> Parameters:
    """A register with one action."""
    return {"REGISTER": _assigned_register(folder)}


def register_at(folder: Path) -> Parameters:
    """A register of today."""
    return {"REGISTER": _assigned_register(folder)}


def archive_history(folder: Path) -> Parameters:
    """A register with an action of 2020 and another one of today."""
    path = Path(empty_register(folder))
    for key, clock in ((KEYS[0], lambda: dt.datetime(2020, 5, 1, 12, tzinfo=dt.UTC)), (KEYS[1], None)):
        register = Register.open(path, clock=clock)
        square = QgsGeometry.fromWkt(box(0, 0, 10, 10))
        register.assign([ParcelRecord.of(key, square)], [2], Role.POTENTIAL)
        register.close()
    return {"REGISTER": str(path), "BEFORE": "2021-01-01"}


def check_register(folder: Path) -> Parameters:
    """Seven parcels, the last one overlapping the first by 50 m² and missing in the layer."""
    return {
        "REGISTER": _assigned_register(folder, more=[box(5, 0, 10, 10)]),
        "PARCELS": _six_parcels(),
        "KEY_FIELD": "kennzeichen",
    }


def _six_parcels(columns: dict[str, list] | None = None, width: float = 10) -> QgsVectorLayer:
    """Return six parcels, 10 m deep and 10 m apart, with their keys and more ``columns``."""
    shapes = [box(0, 20 * k, width, 10) for k in range(6)]
    return layer(shapes, {"kennzeichen": KEYS} | (columns or {}), name="flurstuecke")


def _assigned_register(
    folder: Path, goals: Sequence[int] = (2,), role: Role = Role.POTENTIAL, more: Sequence[str] = ()
) -> str:
    """Return the path of a register with six parcels of 10 m × 10 m and ``more``, each serving ``goals``."""
    path = empty_register(folder)
    squares = [QgsGeometry.fromWkt(wkt) for wkt in (*(box(0, 20 * k, 10, 10) for k in range(6)), *more)]
    register = Register.open(Path(path))
    parcels = [ParcelRecord.of(f"051234-007-{k}", square) for k, square in enumerate(squares)]
    register.assign(parcels, goals, role)
    register.close()
    return path


def empty_register(folder: Path) -> str:
    """Return the path of a new register that holds nothing."""
    path = _new(folder, "register", ".gpkg")
    Register.create(path, UTM).close()
    return str(path)


def _new(folder: Path, name: str, ending: str = "") -> Path:
    return next(p for n in count() if not (p := folder / f"{name}{n or ''}{ending}").exists())


GOALS = {
    path.stem.removeprefix("test_") for path in (Path(__file__).parent.parent / "goals").glob("test_*.py")
}
EXAMPLES: dict[str, Callable[[Path], Parameters]] = {
    "add_fact": add_fact,
    "apply_reconciliation": apply_reconciliation,
    "archive_history": archive_history,
    "assign_parcels": assign_parcels,
    "check_register": check_register,
    "create_register": create_register,
    "export_register": export_register,
    "import_assignments": import_assignments,
    "import_lod2": import_lod2,
    "open_register": open_register,
    "parcel_potential": parcel_potential,
    "reconcile_register": reconcile_register,
    "regional_merge": regional_merge,
    "run_monitoring": run_monitoring,
    "register_at": register_at,
    "register_indicators": register_indicators,
    "rerun_finding": rerun_finding,
    "set_space_type": set_space_type,
    "space_types": space_types,
    "store_findings": store_findings,
    "target_monitor": target_monitor,
    "target_trend": target_trend,
    "unassign_parcels": unassign_parcels,
    "undo_register": undo_register,
}


def example(algorithm: QgsProcessingAlgorithm, folder: Path) -> Parameters:
    """Return the valid parameters of an algorithm, without those of its outputs."""
    made = EXAMPLES.get(algorithm.name()) or _of_goal(algorithm.name())
    if made is not None:
        return made(folder)
    required = [
        d
        for d in algorithm.parameterDefinitions()
        if not d.isDestination() and not d.flags() & Qgis.ProcessingParameterFlag.Optional
    ]
    return {d.name(): _derived(d) for d in required if d.defaultValue() is None} | {"AS_OF": "2026-06-30"}


def anew(parameters: Parameters, folder: Path) -> Parameters:
    """Return the parameters with a new folder in place of one that a run may have carried on."""
    return parameters if "OUTPUT" not in parameters else parameters | {"OUTPUT": str(_new(folder, "paket"))}


def _of_goal(name: str) -> Callable[[Path], Parameters] | None:
    """Return the example that stands beside the value tests of a goal, ``None`` where there is none."""
    if name not in GOALS:
        return None
    return getattr(import_module(f"..goals.test_{name}", __package__), "example", None)


def _derived(definition: QgsProcessingParameterDefinition) -> object:
    if definition.type() == "source":
        return _layer(definition.name(), definition.dataTypes())
    if definition.type() == "multilayer":
        return [_layer(f"{definition.name()} {k}", [definition.layerType()]) for k in (1, 2)]
    raise LookupError(f"{definition.name()} has no default: the algorithm needs an example")


def _layer(name: str, types: list[Qgis.ProcessingSourceType]) -> QgsVectorLayer:
    six = range(6)
    fields = {
        "name": [f"n{k}" for k in six],
        "zahl": [float(k) for k in six],
        "baujahr": [2010 + k for k in six],
    }
    if SourceType.VectorLine in types:
        shapes = [line((0, 20 * k), (50, 20 * k)) for k in six]
    elif SourceType.VectorPoint in types:
        shapes = [point(0, 20 * k) for k in six]
    elif SourceType.Vector in types:
        return table(fields, name=name)
    else:
        shapes = [box(0, 20 * k, 10, 10) for k in six]
    return layer(shapes, fields, name=name)
