"""Goals whose entry declares what they ask for and what they conclude: their files only count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from qgis.core import Qgis, QgsFeature, QgsGeometry, QgsProcessingException

from ..gruene_infra_plugin.catalogue import Parameter
from ..gruene_infra_plugin.catalogue.entry import ColumnType
from ..gruene_infra_plugin.i18n import language, translate
from ..gruene_infra_plugin.methods.findings.targets import Measurement
from ..gruene_infra_plugin.methods.reading.values import Kind
from ..gruene_infra_plugin.methods.reading.word_lists import WordList
from ..gruene_infra_plugin.spatial.attribution.areas import Areas
from ..gruene_infra_plugin.spatial.attribution.looked_at import LookedAt, as_percent
from ..gruene_infra_plugin.spatial.attribution.sums import Sums
from ..gruene_infra_plugin.spatial.grid.zonal import Raster
from ..gruene_infra_plugin.spatial.reading.source import Input
from ..gruene_infra_plugin.spatial.reading.values import Column, text
from ..gruene_infra_plugin.spatial.running import check_cancelled
from .base import PluginAlgorithm
from .concluded import Conclusions, KnownFacts, Measured, keys_of, measured_by, of_region, regional_rows
from .job import Job
from .kinds import Kinds

AREAS = "AREAS"
TABLE = ("table",)
"""What a layer parameter says that asks for rows and no geometries."""
_TYPES = {
    "point": (Qgis.GeometryType.Point,),
    "line": (Qgis.GeometryType.Line,),
    "polygon": (Qgis.GeometryType.Polygon,),
    "any": (Qgis.GeometryType.Point, Qgis.GeometryType.Line, Qgis.GeometryType.Polygon),
}


class GoalRun:
    """A run whose layers are open and in one CRS, whose outputs are open, and whose sums are empty.

    Outputs with columns that not every run has are opened by the algorithm, which knows them.
    ``inputs`` holds the layers that were given, by parameter; ``known`` what findings say besides figures.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.known = KnownFacts()
        self._columns: dict[str, dict[str, ColumnType]] = {}
        given = [p for p in job.entry.parameters.values() if p.kind in ("layer", "layers")]
        layers = [parameter for parameter in given if parameter.of != TABLE]
        self._inputs = {parameter.name: _inputs(job, parameter) for parameter in given}
        self.inputs = {name: found[0] for name, found in self._inputs.items() if found}
        self._settle(layers)
        for output in job.entry.outputs.values():
            if output.kind == "layer" and not output.sometimes:
                self._open(output.name)
        self.areas: Areas = job.areas(self.inputs.get(AREAS))
        self.sums = Sums(self.areas, keys_of(job.entry))

    def _open(self, name: str, sometimes: Collection[str] = ()) -> None:
        carries = self.job.entry.outputs[name].carries
        if carries is None:
            self.job.open(name, sometimes)
        else:
            self.job.open_details(name, self.inputs[carries], sometimes)

    def _settle(self, layers: Sequence[Parameter]) -> None:
        """Choose the CRS of the run, and refuse layers that do not meet the first one."""
        job = self.job
        job.settle_crs(*(layer for parameter in layers for layer in self._inputs.get(parameter.name, ())))
        main = self.inputs.get(layers[0].name)
        if main is None:
            return
        for parameter in layers[1:]:
            beyond = 0.0 if parameter.beyond is None else job.number(parameter.beyond)
            if not parameter.apart:
                job.require_meeting(main, *self._inputs[parameter.name], beyond=beyond)

    # -- what was given -------------------------------------------------------------------------------

    def given(self, name: str) -> bool:
        """Return whether a layer was given."""
        return name in self.inputs

    def layers(self, name: str) -> list[Input]:
        """Return the layers of a parameter, none where it was not given."""
        return list(self._inputs[name])

    def features(self, name: str, *fields: int | None) -> Iterator[QgsFeature]:
        """Yield the features of a layer, repaired, in the CRS of the run, with these fields or with all.

        One that was not given has none.
        """
        for layer in self._inputs[name]:
            yield from self.job.read(layer, fields or None)

    def shapes(self, name: str) -> Iterator[QgsGeometry]:
        """Yield the geometries of a layer as :meth:`features` does."""
        for layer in self._inputs[name]:
            yield from (feature.geometry() for feature in self.job.read(layer, []))

    def rows(self, name: str) -> Iterator[QgsFeature]:
        """Yield the rows of a table; one that was not given has none."""
        for table in self._inputs[name]:
            yield from self.job.rows(table)

    def looked_at(self, name: str) -> LookedAt:
        """Return what takes note of where the features of a layer lie."""
        first, *more = self.layers(name)
        return LookedAt(first, self.areas, *more)

    def field(self, name: str, usual: Sequence[str] = ()) -> int | None:
        """Return the place of a field parameter's field in its layer, ``None`` where there is none."""
        parameter = self.job.entry.parameters[name]
        return self.job.field(name, self.inputs.get(parameter.of[0]), usual or parameter.usual)

    def required_field(self, name: str) -> int:
        """Return the place of the field without which nothing can be told; raise where there is none."""
        parameter = self.job.entry.parameters[name]
        return self.job.required_field(name, self.inputs[parameter.of[0]], parameter.usual)

    def column(self, name: str, kind: Kind, usual: Sequence[str] = ()) -> Column:
        """Return the values of a field parameter, ``None`` for what is none; strange ones are said."""
        (layer,) = self.job.entry.parameters[name].of
        return self.job.column(self.inputs[layer], self.field(name, usual), kind)

    def kinds(self, name: str, detail: str = "", /, *, needed: bool = False, **lists: str) -> Kinds:
        """Return what tells kinds by a field parameter and text parameters that list the words of each.

        ``detail`` is a field parameter that says more of each word; raise where there is no field but one is
        ``needed``.
        """
        (layer,) = self.job.entry.parameters[name].of
        words = {kind: self.listed(parameter) for kind, parameter in lists.items()}
        field = self.required_field(name) if needed else self.field(name)
        return Kinds(self.inputs[layer], field, words, self.field(detail) if detail else None)

    def listed(self, name: str) -> WordList:
        """Return the words of a text parameter that lists them."""
        return WordList(self.job.names(name))

    def words(self, name: str, usual: Sequence[str] = (), *, needed: bool = False) -> _Words:
        """Return the texts of a field parameter; raise where there is no such field but one is needed."""
        return _Words(self.required_field(name) if needed else self.field(name, usual))

    def words_of_each(self, name: str) -> list[tuple[Input, _Words]]:
        """Return the layers that a field parameter of several belongs to, with the texts of each.

        A layer without the chosen field has none; raises where none of them has it.
        """
        parameter, chosen = self.job.entry.parameters[name], self.job.text(name)
        layers = self.layers(parameter.of[0])
        having = [layer for layer in layers if not chosen or layer.has_field(chosen)]
        if layers and not having:
            layers[0].field_index(chosen)
        return [
            (layer, _Words(self.job.field(name, layer if layer in having else None, parameter.usual)))
            for layer in layers
        ]

    def raster(self, name: str, *, continuous: bool) -> Raster | None:
        """Return the chosen band of an optional raster in the CRS of the run, ``None`` without one."""
        layer = self.job.raster(name)
        if layer is None:
            return None
        band = self.job.band(f"{name}_BAND", layer)
        return Raster.open(layer, name, self.job.crs, self.job.feedback, band=band, continuous=continuous)

    def number(self, name: str) -> float:
        """Return a number parameter that has a default or must be given."""
        return self.job.number(name)

    def cover(self, unknown: str, whole: str, phrase: str, *keys: str, of_base: bool = True) -> None:
        """Let figures of ``keys`` rest on what is left of the sum ``whole`` without the sum ``unknown``.

        ``phrase`` says where too little is known, and may name the ``share`` that is. ``of_base`` is as in
        :meth:`Sums.cover`.
        """
        known = self.sums.known(unknown, whole)
        self.sums.cover(
            known, lambda share: self.job.phrase(phrase, share=as_percent(share)), *keys, of_base=of_base
        )

    def pulse(self) -> None:
        """Raise where the user cancels; to be called between steps."""
        check_cancelled(self.job.feedback)

    # -- what comes of it -----------------------------------------------------------------------------

    def add(self, shape: QgsGeometry, *keys: str, output: str = "OUTPUT", **columns: object) -> str | None:
        """Write a feature with its result ``columns``, and add it to the sums of its ``keys``.

        The column ``gebiet`` is the area that holds most of it. Returns its name.
        """
        name = self.sums.add(shape, *keys)
        self.write(shape, output, gebiet=name, **columns)
        return name

    def write(self, shape: QgsGeometry, output: str = "OUTPUT", **columns: object) -> None:
        """Write a feature with the result columns of an output; the other ones of it are NULL.

        Raises ``KeyError`` where it has no such column but ``gebiet``.
        """
        declared = self._written(output)
        if unknown := columns.keys() - declared.keys() - {"gebiet"}:
            raise KeyError(*sorted(unknown))
        drawn = QgsGeometry(shape)
        if not self.job.entry.outputs[output].single:
            drawn.convertToMultiType()
        self.job.outputs.add(output, [columns.get(column) for column in declared], drawn)

    def carry(self, feature: QgsFeature, output: str = "OUTPUT", **columns: object) -> None:
        """Write a feature with the attributes that it came with, and all result columns behind them."""
        declared = self._written(output)
        if wrong := columns.keys() ^ declared.keys():
            raise KeyError(*sorted(wrong))
        self.job.add_details(output, feature, [columns[column] for column in declared])

    def _written(self, output: str) -> dict[str, ColumnType]:
        """Return the columns of every run of an output; asked for each row, so kept."""
        if output not in self._columns:
            self._columns[output] = self.job.entry.outputs[output].written()
        return self._columns[output]

    def with_region(self, indicator: str, found: Measurement) -> Measured:
        """Return what draws up the sums, and one indicator as ``found`` for the region and nothing else."""
        sums, region = measured_by(self.sums, self.layers), self.job.strategy.region
        measured, self.known.areas = of_region(sums, indicator, found, self.areas.areas, region)
        return measured

    def remark(self, key: str, **values: object) -> None:
        """Let findings that declare this remark tell it."""
        self.known.remarks[key] = values

    def remark_counts(self, **counts: int) -> None:
        """Let findings tell the remarks of these keys with their ``count``, where it is not 0."""
        for key, count in counts.items():
            if count:
                self.remark(key, count=count)


class _Words:
    """The texts of a field, ``None`` where a feature or the layer has none."""

    def __init__(self, field: int | None) -> None:
        self.field = field

    def of(self, feature: QgsFeature) -> str | None:
        return None if self.field is None else text(feature[self.field])


def _inputs(job: Job, parameter: Parameter) -> list[Input]:
    if parameter.of == TABLE:
        table = job.table(parameter.name)
        return [] if table is None else [table]
    types = [kind for word in parameter.of for kind in _TYPES[word]]
    if parameter.kind == "layers":
        found = job.layers(parameter.name, *types)
        if not found and not parameter.optional:
            message = translate("GrueneInfra", "{parameter}: choose at least one layer.")
            raise QgsProcessingException(message.format(parameter=parameter.label.get(language())))
        return found
    if parameter.optional:
        layer = job.optional_layer(parameter.name, *types)
        return [] if layer is None else [layer]
    return [job.layer(parameter.name, *types)]


class DeclaredGoal(PluginAlgorithm):
    """An algorithm whose findings follow from its entry, once :meth:`count` has counted."""

    def count(self, run: GoalRun) -> Measured | None:
        """Write the detail layers and add up what the entry's definitions name.

        Where figures are no sums, return what measures them.
        """
        raise NotImplementedError

    def measure(self, job: Job) -> None:
        run = GoalRun(job)
        measured = self.count(run) or measured_by(run.sums, run.layers)
        rows = list(Conclusions(job, run.known).rows(run.known.areas or run.areas.areas, measured))
        job.outputs.add_findings("SUMMARY", [*rows, *regional_rows(job, rows)])
