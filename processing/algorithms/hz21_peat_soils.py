"""HZ 21: where organic soils lie, how they are used, what they emit, what a higher water table would save."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsProcessingException

from ...gruene_infra_plugin.checked_yaml import YamlError
from ...gruene_infra_plugin.methods.findings.targets import MINIMUM_COVERAGE, Measurement
from ...gruene_infra_plugin.methods.findings.thresholds import least
from ...gruene_infra_plugin.methods.reading.names import first_few
from ...gruene_infra_plugin.methods.reading.values import WATER_DEPTH
from ...gruene_infra_plugin.methods.soil.peat import (
    DEEP,
    DRAINED,
    EMISSIONS,
    GRASSLAND,
    HALF_PEAT,
    PEAT,
    RULES,
    SEALED,
    SHALLOW,
    UNKNOWN,
    Account,
    Balance,
    PerHectare,
    Soil,
    Use,
    may_be_peat,
    target_of,
)
from ...gruene_infra_plugin.spatial.attribution.looked_at import nothing_of
from ...gruene_infra_plugin.spatial.geometry.coverings import FirstCover
from ...gruene_infra_plugin.spatial.geometry.overlay import polygon_parts
from ...gruene_infra_plugin.spatial.geometry.ranks import ranked
from ...gruene_infra_plugin.spatial.soil.peat_ground import (
    Piece,
    SoilMap,
    UsesOfGround,
    add_sealed,
    pieces_of,
)
from ...gruene_infra_plugin.tables import Table, read_table, shipped_table
from ..declared import DeclaredGoal, GoalRun
from ..kinds import OTHER

PEAT_ONLY = "nur_moor"
USE_LISTS = {
    "torfabbau": "PEAT_CUTTING_VALUES",
    "acker": "ARABLE_VALUES",
    "gruenland": "GRASSLAND_VALUES",
    "wald": "FOREST_VALUES",
    "nass": "WET_VALUES",
    "siedlung": "SETTLEMENT_VALUES",
    "sonstige": "OTHER_VALUES",
}
"""Parameters that list the words of each use; a word of several lists is of the first."""


class PeatSoils(DeclaredGoal):
    """Organic soils by type and use: what they emit by each table, what a higher water table would save."""

    ID = "hz21_peat_soils"

    def count(self, run: GoalRun) -> None:
        balance = _balance(run)
        keys = _figures(balance)
        pieces = _pieces(run, keys)
        told = [balance.of(piece.use, piece.depth) for piece in pieces]
        rated = [number for number, one in enumerate(told) if one.saving is not None]
        ranks = ranked([pieces[n].shape for n in rated], [told[n].saving or 0.0 for n in rated])
        rank_of = dict(zip(rated, ranks, strict=True))
        small = []
        for number, (piece, one) in enumerate(zip(pieces, told, strict=True)):
            run.pulse()
            area = _count(run, balance, piece, one)
            if piece.hectares >= least(run.number("MIN_AREA")):
                _write(run, balance, piece, one, area, rank_of.get(number))
            else:
                small.append(piece.hectares)
        if small:
            run.remark("small", count=len(small), area=run.job.written(sum(small)))
        _hide(run, keys)
        _limit(run, balance)


def _balance(run: GoalRun) -> Balance:
    """Return the accounts of all editions, the chosen one first, and its variants."""
    tables = _tables(run)
    titles = {table.title(run.job.language): table for table in tables}
    run.known.each["edition"] = {title: table.id for title, table in titles.items()}
    run.known.values["edition"] = next(iter(titles))
    chosen = str(run.job.choice("RULE"))
    run.known.each["rule"] = {rule: rule for rule in sorted(RULES, key=lambda rule: rule != chosen)}
    measured = run.job.raster("WATER_TABLE") is not None or bool(run.job.text("WATER_FIELD"))
    # Where depths are given, one that is missing is unknown; only without any is grassland taken for drained.
    unmeasured = GRASSLAND if measured else DEEP
    run.known.each["assumed"] = {} if measured else {SHALLOW: SHALLOW}
    accounts = [Account(title, table, unmeasured) for title, table in titles.items()]
    accounts += [Account(name, tables[0], name) for name in run.known.each["assumed"]]
    accounts.append(Account(PEAT_ONLY, tables[0], unmeasured, only_peat=True))
    target = run.job.given_number("TARGET_DEPTH")
    return Balance(tuple(accounts), tuple(run.known.each["rule"]), run.number("SHALLOW_TO"), target)


def _figures(balance: Balance) -> list[str]:
    """Return the sums that figures are about."""
    emissions = [f"emission_{account.key}" for account in balance.accounts]
    savings = [f"einsparung_{rule}" for rule in balance.rules]
    return [*emissions, "entwaessert", f"entwaessert_{PEAT_ONLY}", *savings]


def _tables(run: GoalRun) -> list[Table]:
    shipped = {name: shipped_table(EMISSIONS, name) for name in EMISSIONS.shipped}
    tables = sorted(shipped.values(), key=lambda table: table.id != run.job.choice("EMISSION_EDITION"))
    own = run.job.text("EMISSION_TABLE")
    try:
        return [read_table(Path(own), EMISSIONS), *tables] if own else tables
    except YamlError as error:
        raise QgsProcessingException(str(error)) from error


def _pieces(run: GoalRun, keys: Sequence[str]) -> list[Piece]:
    """Return organic ground by soil and use; let what is not known of the soils limit all figures."""
    soils = _soils(run, keys)
    organic = soils.organic()
    cover = FirstCover[Soil, Use](organic)
    if (sealing := run.raster("SEALING", continuous=False)) is not None:
        add_sealed(cover, organic, sealing, run.number("MAX_SEALED"), run.job.feedback)
    _add_uses(run, UsesOfGround(cover))
    return pieces_of(cover, soils, run.raster("WATER_TABLE", continuous=True), run.job.feedback)


def _soils(run: GoalRun, keys: Sequence[str]) -> SoilMap:
    look, soils, depth = run.looked_at("SOIL"), SoilMap(), run.column("WATER_FIELD", WATER_DEPTH)
    kinds = run.kinds("TYPE_FIELD", needed=True, **{PEAT: "PEAT_VALUES", HALF_PEAT: "HALF_PEAT_VALUES"})
    for feature in look.passing(run.features("SOIL", kinds.field, depth.index)):
        kind, (word, _) = kinds.of(feature), kinds.words(feature)
        kind = UNKNOWN if kind == OTHER and may_be_peat(word) else kind
        soils.add(kind, word, depth.of(feature), feature.geometry())
    kinds.require_some("PEAT_VALUES")
    run.remark_counts(doubles=soils.doubles)
    # A map of all soils has no gaps; one of peat tells only where it has any.
    sight = look.sight() if soils.has(OTHER) else look.presence()
    run.sums.limit(sight.limit, *keys)
    absent = {place: 0.0 for place in range(len(run.areas.areas)) if place not in sight.present}
    run.sums.cover(absent, lambda _: nothing_of(*sight.layers), *keys)
    if soils.has(UNKNOWN):
        known, unknown = soils.known_and_unknown()
        run.sums.add(polygon_parts(known), "boden")
        run.sums.add(polygon_parts(unknown), "boden", "boden_unbekannt")
        run.cover("boden_unbekannt", "boden", "unknown_soil", *keys)
    return soils


def _hide(run: GoalRun, keys: Sequence[str]) -> None:
    """Let nothing be told of areas without known peat where much of the soil is unknown."""
    known = run.sums.known("boden_unbekannt", "boden")
    little = [place for place, share in known.items() if share < least(MINIMUM_COVERAGE)]
    hidden = {place: 0.0 for place in little if not run.sums.amount("moor", place)}
    run.sums.cover(hidden, lambda _: run.job.phrase("hidden"), *keys)


def _add_uses(run: GoalRun, uses: UsesOfGround) -> None:
    kinds = run.kinds("USE_FIELD", "FUNCTION_FIELD", needed=True, **USE_LISTS)
    target, strange = run.words("TARGET_USE_FIELD"), dict[str, None]()
    for feature in run.features("LAND_USE", kinds.field, kinds.detail, target.field):
        kind, planned = kinds.of(feature), target.of(feature)
        use = Use(UNKNOWN if kind == OTHER else kind, target_of(planned, kinds.kind(planned)))
        if uses.add(use, feature.geometry()) and kind == OTHER:
            strange[" ".join(word for word in kinds.words(feature) if word)] = None
    kinds.require_some("ARABLE_VALUES")
    run.remark_counts(use_doubles=uses.doubles)
    if strange:
        run.remark("strange_uses", names=first_few(sorted(strange)))


def _count(run: GoalRun, balance: Balance, piece: Piece, one: PerHectare) -> str | None:
    """Add a piece to all sums, and return the area that holds most of it."""
    if piece.use.use == SEALED:
        return run.sums.add(piece.shape, "versiegelt")
    keys = ["moor", "mit_einsparung" if one.by_water[balance.rules[0]] is not None else "ohne_einsparung"]
    keys += ["unbekannt"] if one.use is None else ["entwaessert"] if one.use in DRAINED else []
    keys += ["angenommen"] if piece.use.use == GRASSLAND and one.use == DEEP and piece.depth is None else []
    if piece.soil.kind == PEAT:
        keys += [f"{key}_{PEAT_ONLY}" for key in keys if key in ("moor", "unbekannt", "entwaessert")]
    accounts = [account for account in balance.accounts if piece.soil.kind == PEAT or not account.only_peat]
    yields = {f"emission_{account.key}": one.factors[account.key] for account in accounts}
    keys += [f"{'ohne_faktor' if one.factors[a.key] is None else 'bilanz'}_{a.key}" for a in accounts]
    yields |= {f"einsparung_{rule}": saved for rule, saved in one.by_water.items()}
    for place, size in run.areas.shares([piece.shape]).items():
        for key, tonnes in yields.items():
            if tonnes is not None:
                run.sums.put(key, place, tonnes * size)
    return run.sums.add(piece.shape, *keys)


def _write(
    run: GoalRun, balance: Balance, piece: Piece, one: PerHectare, town: str | None, rank: int | None
) -> None:
    first, area = balance.accounts[0], piece.hectares
    factor, by_water = one.factors[first.key], one.by_water[balance.rules[0]]
    run.write(
        piece.shape,
        moortyp=piece.type,
        nutzung=one.use or piece.use.use,
        flaeche_ha=area,
        ef_t_ha_a=factor,
        emission_t_a=None if factor is None else area * factor,
        ziel_nutzung=one.target,
        einsparung_t_a=None if one.by_use is None else area * one.by_use,
        wasserstand_cm=piece.depth,
        einsparung_wst_t_a=None if by_water is None else area * by_water,
        ausgabe=first.factors.edition,
        rang=rank,
        gebiet=town,
    )


def _limit(run: GoalRun, balance: Balance) -> None:
    """Let what is not known of use, factors and water limit the figures, and tell what they leave out."""
    for account in balance.accounts:
        whole = f"moor_{PEAT_ONLY}" if account.only_peat else "moor"
        run.cover(f"ohne_faktor_{account.key}", whole, "no_factor", f"emission_{account.key}")
    run.cover("unbekannt", "moor", "unknown_use", "entwaessert")
    run.cover(f"unbekannt_{PEAT_ONLY}", f"moor_{PEAT_ONLY}", "unknown_use", f"entwaessert_{PEAT_ONLY}")
    run.cover("ohne_einsparung", "moor", "no_water", *(f"einsparung_{rule}" for rule in balance.rules))
    _tell(run, "versiegelt", "sealed", *(f"emission_{one.key}" for one in balance.accounts), "entwaessert")
    _tell(run, "angenommen", "deep", f"emission_{balance.accounts[0].key}")


def _tell(run: GoalRun, key: str, phrase: str, *figures: str) -> None:
    """Let figures of an area tell how many hectares the sum ``key`` has there."""

    def noted(measured: Measurement, place: int) -> Measurement:
        area = run.sums.amount(key, place) / 10_000
        return measured.noting(run.job.phrase(phrase, area=run.job.written(area))) if area else measured

    run.sums.limit(noted, *figures)
