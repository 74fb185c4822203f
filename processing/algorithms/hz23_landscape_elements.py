"""HZ 23: which share of farmland is landscape elements, and how many leases run long enough."""

from __future__ import annotations

from collections.abc import Iterator

from qgis.core import QgsGeometry

from ...gruene_infra_plugin.methods.habitats.landscape_elements import (
    ASSUMED_WIDTHS,
    SMALL_TREE_M2,
    SPREAD,
    kind_of_element,
    lacking_area,
)
from ...gruene_infra_plugin.methods.reading.names import first_few
from ...gruene_infra_plugin.spatial.attribution.looked_at import LookedAt, nothing_of
from ...gruene_infra_plugin.spatial.geometry.overlay import dissolve
from ...gruene_infra_plugin.spatial.geometry.ranks import ranked
from ...gruene_infra_plugin.spatial.habitats.landscape_elements import COUNTS, Drawn, Fields, Landscape
from ...gruene_infra_plugin.spatial.reading.features import Shaped
from ...gruene_infra_plugin.spatial.reading.repeats import without_repeats
from ...gruene_infra_plugin.spatial.reading.source import name_of
from ..concluded import Measured, measured_by
from ..declared import DeclaredGoal, GoalRun
from ..families.leases import check_lease_source, with_leases
from ..job import Job
from ..kinds import UNKNOWN

FIELD = "feld"


class LandscapeElements(DeclaredGoal):
    """Landscape elements in and beside fields, each square metre once, and leases by their term."""

    ID = "hz23_landscape_elements"

    def check(self, job: Job) -> None:
        check_lease_source(job)
        super().check(job)

    def count(self, run: GoalRun) -> Measured:
        fields, (drawn, look) = _fields(run), _drawn(run)
        landscape = Landscape(drawn, fields, run.number("MAX_ELEMENT"), run.pulse)
        for one in landscape.settled:
            run.pulse()
            for place in one.places:
                run.sums.add(place.ground, *place.counts)
                run.sums.add(place.outside, *(f"ln_{count}" for count in place.counts))
            if not one.shape.isEmpty():
                open_keys = ["gloez_offen"] if one.element.is_protected is None else []
                run.add(one.shape, "objekte", "bekannt", *open_keys, **one.columns())
        for ground in landscape.unknown():
            run.sums.add(ground, "unbekannt", "bekannt")
        _write_fields(run, fields, landscape, look)
        run.sums.limit(look.sight(piece for field in fields.fields for piece in field.net).limit, *COUNTS)
        bare = run.sums.lacking("ln_elemente", "ln")
        run.sums.cover(bare, lambda _: nothing_of(*run.layers("FIELDS")), *COUNTS)
        run.cover("unbekannt", "bekannt", "unknown_elements", *COUNTS)
        run.cover("gloez_offen", "elemente", "unknown_size", "gloez")
        run.remark_counts(doubles=drawn.doubles, unsized=drawn.unsized, elsewhere=landscape.elsewhere)
        return with_leases(run, measured_by(run.sums, run.layers), "hz23.pacht.")


def _fields(run: GoalRun) -> Fields:
    """Return the fields, and count what of them is unknown or on ground that does not count."""
    clip = dissolve(run.shapes("CULTURAL_LANDSCAPE")) if run.given("CULTURAL_LANDSCAPE") else None
    kinds = run.kinds("FIELDS_KIND_FIELD", feld="FIELDS_VALUES")
    has_kinds = bool(run.job.names("FIELDS_VALUES"))
    if has_kinds:
        run.required_field("FIELDS_KIND_FIELD")
    unknown: list[QgsGeometry] = []

    def told() -> Iterator[Shaped]:
        for feature, wkb in run.job.read_with_wkb(run.inputs["FIELDS"]):
            kind = kinds.of(feature) if has_kinds else FIELD
            if kind == FIELD:
                yield feature, wkb
            elif kind == UNKNOWN:
                unknown.append(feature.geometry())

    chosen, repeats = without_repeats(told())
    if has_kinds:
        kinds.require_some("FIELDS_VALUES")
    fields = Fields(chosen, run.number("BESIDE"), clip, run.job.feedback)
    for field in fields.fields:
        field.area = run.sums.add(field.net, "ln", "felder", *(f"ln_{count}" for count in COUNTS))
    run.sums.add(fields.clipped_off, "ausserhalb", "felder")
    run.sums.add(fields.divided([dissolve(unknown)])[1], "ohne_art", "felder")
    run.cover("ausserhalb", "felder", "clipped_off", *COUNTS)
    run.cover("ohne_art", "felder", "unknown_fields", *COUNTS)
    run.remark_counts(field_repeats=repeats)
    return fields


def _drawn(run: GoalRun) -> tuple[Drawn, LookedAt]:
    """Return the elements as delivered, and where the layers tell anything."""
    widths = {kind: run.number(name) for kind, name in ASSUMED_WIDTHS.items()}
    drawn = Drawn(widths, run.number("TREE_AREA"), SMALL_TREE_M2)
    look, others = run.looked_at("ELEMENTS"), run.listed("OTHER_VALUES")
    columns = (run.words_of_each(name) for name in ("KIND_FIELD", "WIDTH_FIELD", "CROWN_FIELD"))
    for (layer, kinds), (_, width_words), (_, crown_words) in zip(*columns, strict=True):
        own = LookedAt(layer, run.areas)
        width, crown = (run.job.column(layer, words.field, SPREAD) for words in (width_words, crown_words))
        for feature in run.job.read(layer, [kinds.field, width.index, crown.index]):
            shape, word = feature.geometry(), kinds.of(feature)
            for each in (look, own):
                each.add(shape)
            if word is None or word not in others:
                kind = kind_of_element(word, name_of(layer.source))
                drawn.add(shape, kind, width.of(feature), crown.of(feature), str(word))
        run.sums.limit(own.presence().limit, *COUNTS)
    if drawn.strange:
        run.remark("strange", names=first_few(sorted(drawn.strange)))
    return drawn, look


def _write_fields(run: GoalRun, fields: Fields, landscape: Landscape, look: LookedAt) -> None:
    """Write each field with the share of its elements and what it lacks, the greatest lack first."""
    target = next((one for one in run.job.strategy.targets if one.id == "hz23.landschaftselemente"), None)
    sums = landscape.of_fields()
    shapes = [field.feature.geometry() for field in fields.fields]
    seen = [look.reaches(shape) for shape in shapes]
    lacks = [lacking_area(one.elements, one.base, target.value if target else 0.0) for one in sums]
    ranks = ranked(shapes, [lack if is_seen else 0.0 for lack, is_seen in zip(lacks, seen, strict=True)])
    for field, one, lack, is_seen, rank in zip(fields.fields, sums, lacks, seen, ranks, strict=True):
        run.carry(
            field.feature,
            "FIELDS_OUT",
            anteil_le_proz=100 * one.elements / one.base if is_seen and one.base else None,
            fehlt_m2=lack if is_seen and target else None,
            rang=rank if is_seen and lack > 0 else None,
            gebiet=field.area,
        )
