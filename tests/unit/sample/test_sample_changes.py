"""What the sample says of 2015, of farmland, peat, parks and new buildings, measured a second way.

Areas come from scan lines, lengths from coordinates: no GEOS, no engine of the plugin.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from math import pi

import numpy as np
import pytest

from .scan_lines import covered, scanned
from .test_sample import (
    HOHENMUSTER,
    MUSTERSTADT,
    NEUDORF,
    Measured,
    boxes_meet,
    distance,
    features,
    inside_any,
    query,
    signed_area,
)
from .test_sample_nature import planted, rings, vertices

TOWNS = (MUSTERSTADT, NEUDORF, HOHENMUSTER)
NOISE = 0.5  # metres: what is no wider is no change between two surveys


def border(ags: str) -> list[np.ndarray]:
    ((blob,),) = query("SELECT geom FROM gemeinden WHERE ags = ?", ags)
    return rings(blob)


def size(shape: list[np.ndarray]) -> float:
    """Return square metres of a polygon; vertices relative to its first one keep their digits."""
    shell, *holes = (abs(signed_area(ring - shape[0][0])) for ring in shape)
    return shell - sum(holes)


# --- HZ 13: corridors ------------------------------------------------------------------------------


@cache
def corridor_change(ags: str) -> dict[str, float]:
    """Return square metres that are corridor at one date only."""
    today, before = ([rings(blob) for blob, _ in features(t, "nummer")] for t in CORRIDORS)
    found = scanned([border(ags), *today, *before], narrowest=NOISE)
    now, then = set(range(1, 1 + len(today))), set(range(1 + len(today), 1 + len(today) + len(before)))
    both = covered(found, {0}, now, then)
    return {"entlassen_m2": covered(found, {0}, then) - both, "gewinn_m2": covered(found, {0}, now) - both}


CORRIDORS = ("gruenzuege", "gruenzuege_2015")
CORRIDOR_CASES = planted(13, "gruenzuege_2015")


@pytest.mark.parametrize(("ags", "quantity"), CORRIDOR_CASES)
def test_corridors_have_changed_as_planted(ags, quantity):
    value, _ = CORRIDOR_CASES[ags, quantity]
    assert corridor_change(ags)[quantity] == pytest.approx(value, abs=1.5)  # an oblique rectangle, by lines


def test_a_strip_of_noise_is_planted_beside_what_was_lost():
    today, before = (
        [rings(blob) for blob, name in features(t, "gruenzug") if name == "Grünzug Musterbach"]
        for t in CORRIDORS
    )
    found = scanned([*today, *before])
    now, then = {0, 1}, {2, 3}
    lost = covered(found, then) - covered(found, now, then)
    assert lost - corridor_change(MUSTERSTADT)["entlassen_m2"] == pytest.approx(0.3 * 90, abs=0.1)


# --- HZ 22: woods ----------------------------------------------------------------------------------

BUILT, ARABLE, MEADOW = "Wohnbaufläche", "Landwirtschaft (Ackerland)", "Landwirtschaft (Grünland)"


@cache
def parcels() -> list[tuple[list[np.ndarray], str]]:
    return [(rings(blob), use) for blob, use in features("flurstuecke", "nutzung")]


def uses_on(shape: list[np.ndarray]) -> dict[str, float]:
    """Return the share of each use of today on a polygon, those of hair width left out."""
    near = [(other, use) for other, use in parcels() if boxes_meet(shape[0], other[0])]
    found = scanned([shape, *(other for other, _ in near)], step=0.25)
    whole = covered(found, {0})
    shares = {
        use: covered(found, {0}, {n for n, (_, other) in enumerate(near, 1) if other == use}) / whole
        for use in {use for _, use in near}
    }
    return {use: share for use, share in shares.items() if share > 0.002}


WOOD_KEYS = sorted({key for key, _ in planted(22, "wald_2015")})


@pytest.mark.parametrize("key", WOOD_KEYS)
def test_lost_woods_have_become_what_was_planted(key):
    ((blob, use),) = query("SELECT geom, nutzung FROM wald_2015 WHERE kennung = ?", key)
    ((kind,),) = query("SELECT erwartet_text FROM musterfaelle WHERE schluessel = ? AND groesse = 'art'", key)
    (now,) = uses_on(rings(blob))
    assert (use, kind) == ("Wald", {BUILT: "bebaut", ARABLE: "sonstiges"}[now])
    assert size(rings(blob)) / 10_000 == pytest.approx(planted(22, "wald_2015")[key, "flaeche_ha"][0])


def test_other_woods_of_2015_are_those_of_today_but_for_one_that_has_grown_and_one_named_otherwise():
    then = dict(features("wald_2015", "nutzung"))
    now = {blob: use for blob, use in features("flurstuecke", "nutzung") if use in ("Wald", "Gehölz")}
    shared = then.keys() & now.keys()
    assert len(then) - len(shared) == len(WOOD_KEYS) == 3
    assert [now[blob] for blob in now.keys() - shared] == ["Wald"]
    assert [(then[b], now[b]) for b in shared if then[b] != now[b]] == [("Wald", "Gehölz")]


def test_settlement_is_the_built_up_land_of_today():
    shapes = [rings(blob) for (blob,) in query("SELECT geom FROM siedlungsflaechen")]
    built = (BUILT, "Fläche gemischter Nutzung", "Industrie- und Gewerbefläche")
    use = "nutzung LIKE 'Fläche besonderer%' OR nutzung IN (?, ?, ?)"
    lots = [rings(blob) for (blob,) in query(f"SELECT geom FROM flurstuecke WHERE {use}", *built)]
    assert sum(map(size, shapes)) == pytest.approx(sum(map(size, lots)), abs=5)


# --- HZ 21: grassland ------------------------------------------------------------------------------


@cache
def grassland(ags: str) -> dict[str, float]:
    now, then = (
        [rings(blob) for blob, use in features(table, "nutz_txt") if use == "Dauergrünland"]
        for table in ("feldbloecke", "feldbloecke_2015")
    )
    found = scanned([border(ags), *now, *then])
    today, before = set(range(1, 1 + len(now))), set(range(1 + len(now), 1 + len(now) + len(then)))
    kept = covered(found, {0}, today, before)
    lost, new = covered(found, {0}, before) - kept, covered(found, {0}, today) - kept
    return {"netto_m2": new - lost, "brutto_verlust_m2": -lost}


GRASS_CASES = planted(21, "feldbloecke_2015")


@pytest.mark.parametrize(("ags", "quantity"), GRASS_CASES)
def test_grassland_has_changed_as_planted(ags, quantity):
    value, _ = GRASS_CASES[ags, quantity]
    assert grassland(ags)[quantity] == pytest.approx(value, abs=1.5)


def test_field_blocks_have_their_size_and_some_are_temporary_grassland():
    for table in ("feldbloecke", "feldbloecke_2015"):
        rows = features(table, "flik", "nutz_txt", "area_ha")
        assert len({key for _, key, _, _ in rows}) == len(rows)
        assert all(size(rings(blob)) / 10_000 == pytest.approx(area, abs=1e-4) for blob, _, _, area in rows)
        assert {use for _, _, use, _ in rows} == {"Ackerland", "Dauergrünland", "Wechselgrünland"}


# --- HZ 23: landscape elements and leases ------------------------------------------------------------

ASSUMED = {"Hecke": 5.0, "Graben": 2.0}


def beside_a_field(place: np.ndarray) -> bool:
    """Return whether a place lies in a field block or less than 10 m from it."""
    shells = [rings(blob) for (blob,) in query("SELECT geom FROM feldbloecke")]
    window = np.array([place - 11, place + 11])
    near = [ring for shape in shells if boxes_meet(window, shape[0]) for ring in shape]
    return bool(inside_any(place[None], near)[0] or distance(place[None], near)[0] <= 10)


def test_elements_of_hohenmuster_cover_what_was_planted():
    town = border(HOHENMUSTER)
    areas = [rings(blob) for (blob,) in query("SELECT DISTINCT geom FROM landschaftselemente")]
    mine = [shape for shape in areas if inside_any(shape[0], town).all()]
    total = sum(scanned(mine).values())
    for blob, kind, width in features("hecken", "le_typ", "breite_m"):
        line = vertices(blob)
        if inside_any(line, town).all() and beside_a_field(line.mean(axis=0)):
            total += float(np.hypot(*np.diff(line, axis=0).T).sum()) * (width or ASSUMED[kind])
    for blob, crown in features("einzelbaeume", "kronendurchmesser"):
        place = np.frombuffer(blob[-16:], "<f8")
        if inside_any(place[None], town)[0] and beside_a_field(place):
            total += pi * crown**2 / 4 if crown else 25.0
    assert total == pytest.approx(planted(23, "landschaftselemente")[HOHENMUSTER, "elemente_m2"][0], abs=0.01)


def test_one_hedge_stands_far_from_fields_and_one_element_is_delivered_twice():
    lines = [vertices(blob) for (blob,) in query("SELECT geom FROM hecken")]
    inside = [line for line in lines if inside_any(line, border(HOHENMUSTER)).all()]
    assert sum(not beside_a_field(line.mean(axis=0)) for line in inside) == 1
    ((rows, shapes),) = query("SELECT count(*), count(DISTINCT geom) FROM landschaftselemente")
    assert rows == shapes + 1


def test_leases_run_as_long_as_their_days_say():
    rows = query(
        "SELECT DISTINCT betrieb, pacht_beginn, pacht_ende, pachtflaeche_ha FROM pachtvertraege"
        " WHERE oeko_umstellung = 'ja'"
    )
    terms = [
        ((date.fromisoformat(end) + timedelta(days=1) - date.fromisoformat(begin)).days / 365.2425, area)
        for _, begin, end, area in rows
    ]
    total = sum(area for _, area in terms)
    figures = {name: value for (_, name), (value, _) in planted(23, "pachtvertraege").items()}
    assert figures == {
        "pachtflaeche_ha": pytest.approx(total),
        "mittlere_laufzeit_a": pytest.approx(sum(years * area for years, area in terms) / total, abs=0.01),
        "anteil_lang_proz": pytest.approx(100 * sum(area for y, area in terms if y > 9.99) / total),
    }
    ((every,),) = query("SELECT count(*) FROM pachtvertraege WHERE oeko_umstellung = 'ja'")
    assert every == len(rows) + 1


# --- HZ 21: peat ------------------------------------------------------------------------------------


def test_peat_of_hohenmuster_emits_what_its_uses_say():
    """Factors of IPCC 2013 with GWP of AR6; grassland is drained shallowly up to 30 cm."""
    town = border(HOHENMUSTER)
    total = drained = emission = 0.0
    for blob, depth in features("moorboeden", "flurabstand_cm"):
        shape = rings(blob)
        if not inside_any(shape[0], town).all():
            continue
        (use,) = uses_on(shape)
        factor = {ARABLE: 36.45, MEADOW: 16.42 if depth <= 30 else 28.22, "Wald": 12.93}[use]
        total += size(shape) / 10_000
        drained += size(shape) / 10_000 * (use != "Wald")
        emission += size(shape) / 10_000 * factor
    figures = {name: value for (_, name), (value, _) in planted(21, "moorboeden").items()}
    found = {"moor_ha": total, "entwaessert_proz": 100 * drained / total, "emission_t_a": emission}
    assert figures == pytest.approx(found, abs=1e-4)


# --- HZ 14: parks and residents ------------------------------------------------------------------------


def test_parks_of_hohenmuster_are_those_planted():
    parks, corridors = features("regionalparks", "status"), features("gruenzuege", "nummer")
    found = scanned([border(HOHENMUSTER), *(rings(blob) for blob, _ in parks + corridors)])
    existing, planned = (
        {n for n, (_, status) in enumerate(parks, 1) if status == word} for word in ("bestehend", "geplant")
    )
    green = set(range(1 + len(parks), 1 + len(parks) + len(corridors)))
    here = covered(found, {0}, existing)
    assert {name: value for (_, name), (value, _) in planted(14, "regionalparks").items()} == {
        "bestand_ha": pytest.approx(here / 10_000),
        "bestand_und_geplant_ha": pytest.approx(covered(found, {0}, existing | planned) / 10_000),
        "gruenzug_proz": pytest.approx(100 * covered(found, {0}, existing, green) / here),
    }
    assert {status for _, status in parks} == {"bestehend", "geplant", None}


def test_a_park_across_the_border_comes_in_two_parts_that_touch():
    parts = [rings(blob) for blob, name in features("regionalparks", "regionalpark") if "Musteraue" in name]
    assert len(parts) == 2
    together = scanned(parts)
    assert covered(together, {0}, {1}) == pytest.approx(0, abs=1)
    assert min(covered(together, {0}), covered(together, {1})) > 100_000


def test_residents_live_in_cells_of_a_hundred_metres():
    rows = features("einwohner", "gitter_id", "einwohner")
    places = np.array([np.frombuffer(blob[-16:], "<f8") for blob, _, _ in rows])
    assert np.all(places % 100 == 50)
    names = [f"100mN{int(y // 100)}E{int(x // 100)}" for x, y in places]
    assert [name for _, name, _ in rows] == names and len(set(names)) == len(names)
    assert min(number for _, _, number in rows) >= 3
    inside = {ags: inside_any(places, border(ags)) for ags in TOWNS}
    people = {ags: sum(rows[n][2] for n in np.flatnonzero(where)) for ags, where in inside.items()}
    assert 10_000 < people[MUSTERSTADT] < 20_000
    assert all(300 < people[ags] < 1500 for ags in (NEUDORF, HOHENMUSTER))


# --- HZ 2: new buildings --------------------------------------------------------------------------------

NEW_KEYS = sorted({key for (key,) in query("SELECT schluessel FROM musterfaelle WHERE layer = 'neubauten'")})


@pytest.mark.parametrize("key", NEW_KEYS)
def test_planted_new_buildings_are_what_year_and_earlier_stock_say(key):
    ((year, green, sewer),) = query(
        "SELECT baujahr, begruent, abgekoppelt FROM neubauten WHERE gebaeude_id = ?", key
    )
    found = {
        "neu": Measured(key).neu,
        "neu_beleg": "Zeitschnitt" if year is None else "Jahr",
        "begruent": green,
        "abgekoppelt": sewer,
    }
    sql = "SELECT groesse, coalesce(erwartet, erwartet_text) FROM musterfaelle WHERE layer = 'neubauten'"
    assert dict(query(f"{sql} AND schluessel = ?", key)) == found


def test_the_building_files_hold_all_new_buildings_and_are_incomplete():
    rows = query("SELECT gebaeude_id, baujahr, flach, begruent, abgekoppelt, ausnahme FROM neubauten")
    keys = {key for key, *_ in rows}
    new = {key for (key,) in query("SELECT gebaeude_id FROM gebaeude WHERE baujahr > 2015")}
    planted_houses = {key for (key,) in query("SELECT schluessel FROM musterfaelle WHERE hz = 2 OR hz = 19")}
    assert new - planted_houses <= keys
    assert len(NEW_KEYS) == 7 and set(NEW_KEYS) <= keys
    assert {row[4] for row in rows} == {"ja", "teilweise", "nein", None}
    assert {row[3] for row in rows} == {row[5] for row in rows} == {0, 1, None}
    for column in (3, 4):
        assert 0.02 < sum(row[column] is None for row in rows) / len(rows) < 0.2
    same = query(
        "SELECT count(*) FROM neubauten n JOIN gebaeude g USING (gebaeude_id)"
        " WHERE n.geom = g.geom AND n.baujahr IS g.baujahr AND n.flach = (g.dachform = 1000)"
    )
    assert same == [(len(rows),)]
