"""One run of an algorithm: its parameters read and checked, its layers, its outputs, its findings."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameters,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QFileInfo, QMetaType

from ..gruene_infra_plugin.bilingual import Text
from ..gruene_infra_plugin.catalogue import Entry, Indicator
from ..gruene_infra_plugin.checked_yaml import YamlError
from ..gruene_infra_plugin.i18n import language, translate
from ..gruene_infra_plugin.methods.findings.finding import AreaKind, Finding, joined_notes
from ..gruene_infra_plugin.methods.findings.targets import Goalpost, Measurement, judge
from ..gruene_infra_plugin.methods.reading.names import storable
from ..gruene_infra_plugin.methods.reading.values import Kind
from ..gruene_infra_plugin.paths import plugin_version
from ..gruene_infra_plugin.report.numbers import Numbers
from ..gruene_infra_plugin.report.reasons import why_not
from ..gruene_infra_plugin.report.texts import Texts
from ..gruene_infra_plugin.spatial.attribution.areas import Area, Areas
from ..gruene_infra_plugin.spatial.reading.analysis_crs import NEIGHBOUR_M, analysis_crs, require_meeting
from ..gruene_infra_plugin.spatial.reading.features import Shaped, read_with_wkb, report
from ..gruene_infra_plugin.spatial.reading.source import Input, name_of
from ..gruene_infra_plugin.spatial.reading.stored_files import plain
from ..gruene_infra_plugin.spatial.reading.usual_fields import usual_field
from ..gruene_infra_plugin.spatial.reading.values import Column, number
from ..gruene_infra_plugin.spatial.running import check_cancelled
from ..gruene_infra_plugin.spatial.writing.carried import Carried, carry
from ..gruene_infra_plugin.spatial.writing.outputs import FIELD_TYPES, Outputs, fields_of
from ..gruene_infra_plugin.strategy import Strategy, Target, load_strategy
from .area_fields import area_fields
from .parameters import listed

WKB_TYPES = {
    "point": Qgis.WkbType.Point,
    "line": Qgis.WkbType.LineString,
    "polygon": Qgis.WkbType.Polygon,
}
"""Geometries by the word of entries for them."""


def source_of(name: str, value: object, context: QgsProcessingContext) -> QgsProcessingFeatureSource | None:
    """Return a value of a parameter as a source, ``None`` if it is none that QGIS can read."""
    one = QgsProcessingParameterFeatureSource(name, "", [Qgis.ProcessingSourceType.Vector])
    try:
        return QgsProcessingParameters.parameterAsSource(one, {name: value}, context)
    except QgsProcessingException:
        raise
    except (
        Exception
    ) as error:  # newer versions of QGIS raise it for layers whose geometries are beyond repair
        if type(error) is not Exception:
            raise
        return None


def no_field(parameter: str, name: str, fields: str) -> QgsProcessingException:
    """Return the error for a layer or list in which no field is named as usual."""
    message = translate("GrueneInfra", "{layer}: choose {parameter} among {fields}.")
    return QgsProcessingException(message.format(layer=name, parameter=parameter, fields=fields or "–"))


class Job:
    """What an algorithm works with while it runs.

    ``parameters`` are those that :func:`parameters.settled` returns; ``crs`` is the analysis CRS, known once
    :meth:`settle_crs` has seen all layers; ``language`` is that of the user.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        entry: Entry,
        parameters: dict,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self.algorithm = algorithm
        self.entry = entry
        self.parameters = parameters
        self.context = context
        self.feedback = feedback
        self.outputs = Outputs(algorithm, parameters, context, feedback)
        self._carried: dict[str, Carried] = {}
        self.crs = QgsCoordinateReferenceSystem()
        self._columns: list[Column] = []
        self.language = language()

    # -- parameters ---------------------------------------------------------------------------------

    def layer(self, name: str, *types: Qgis.GeometryType, may_be_empty: bool = False) -> Input:
        """Return the layer of a parameter, checked for features, CRS and geometry type.

        Where only selected features count, some must be selected.
        """
        value = self.parameters[name]
        source = source_of(name, value, self.context)
        selected = isinstance(value, QgsProcessingFeatureSourceDefinition) and value.selectedFeaturesOnly
        return self._input(name, source, value, types, may_be_empty and not selected)

    def optional_layer(self, name: str, *types: Qgis.GeometryType) -> Input | None:
        """Return the checked layer of an optional parameter, ``None`` where it is not given."""
        return self.layer(name, *types) if self.parameters[name] else None

    def table(self, name: str) -> Input | None:
        """Return the table of a parameter, of a layer its attributes; ``None`` where it is not given."""
        value = self.parameters[name]
        if not value:
            return None
        source = source_of(name, value, self.context)
        if source is None:
            raise self.unreadable(name, value)
        table = Input(f"{self.entry.label(name).get(self.language)} [{name_of(source)}]", source)
        table.require_features()
        return table

    def layers(self, name: str, *types: Qgis.GeometryType) -> list[Input]:
        """Return the layers of a parameter that takes several, each checked; none where none is given."""
        values = listed(self.parameters[name])
        return [self._input(name, source_of(name, value, self.context), value, types) for value in values]

    def map_layers(self, name: str) -> list[QgsMapLayer]:
        """Return the layers, of any kind, of a parameter that takes one or several; raise if one is none."""
        found = []
        for value in map(plain, listed(self.parameters[name])):
            layer = value if isinstance(value, QgsMapLayer) else self._layer_at(str(value))
            if layer is None or not layer.isValid():
                raise self.unreadable(name, layer or value)
            found.append(layer)
        return found

    def require_data(self, name: str) -> None:
        """Raise if the layer of a parameter has lost its data, which QGIS takes for an empty one."""
        value = plain(self.parameters[name])
        layer = value if isinstance(value, QgsMapLayer) else self._broken(str(value))
        if layer is not None and not layer.isValid():
            raise self.unreadable(name, layer)

    def _layer_at(self, address: str) -> QgsMapLayer | None:
        """Return the layer that an id, a name or an address means, also a broken one of the project."""
        found = QgsProcessingUtils.mapLayerFromString(address, self.context)
        return self._broken(address) if found is None else found

    def _broken(self, address: str) -> QgsMapLayer | None:
        """Return the layer without data that a project has under an id or a name, if there is none with."""
        project = self.context.project()
        if project is None or QgsProcessingUtils.mapLayerFromString(address, self.context, False) is not None:
            return None
        return project.mapLayer(address) or next(iter(project.mapLayersByName(address)), None)

    def files(self, name: str) -> list[Path]:
        """Return the files of a parameter that takes several; raise if there is no such file."""
        paths = [Path(value) for value in listed(self.parameters[name]) if value]
        for path in paths:
            if not QFileInfo(str(path)).isFile():
                message = translate("GrueneInfra", "{parameter}: no file {path}.")
                label = self.entry.label(name).get(self.language)
                raise QgsProcessingException(message.format(parameter=label, path=path))
        return paths

    def file_output(self, name: str) -> Path:
        """Return where a file goes; raise if it has another ending than its kind, or no folder to lie in."""
        path = Path(self.algorithm.parameterAsFileOutput(self.parameters, name, self.context))
        kinds = re.findall(r"\*(\.\w+)", self.algorithm.parameterDefinition(name).fileFilter())
        if path.suffix.lower() not in kinds:
            message = translate("GrueneInfra", "{output} must be a file ending in {endings}, not {path}.")
            endings = ", ".join(kinds)
            raise QgsProcessingException(message.format(output=name, endings=endings, path=path))
        if QFileInfo(str(path)).isDir() or not QFileInfo(str(path.parent)).isDir():
            message = translate(
                "GrueneInfra", "{output}: {path} cannot be written: choose a file in an existing folder."
            )
            raise QgsProcessingException(message.format(output=name, path=path))
        return path

    def _input(
        self,
        name: str,
        source: QgsProcessingFeatureSource | None,
        value: object,
        types: Sequence[Qgis.GeometryType],
        may_be_empty: bool = False,
    ) -> Input:
        label = self.entry.label(name).get(self.language)
        if source is None:
            raise self.unreadable(name, value)
        layer = Input(f"{label} [{name_of(source)}]", source)
        layer.require(*types, may_be_empty=may_be_empty)
        return layer

    def unreadable(self, name: str, value: object) -> QgsProcessingException:
        """Return the error for a layer that cannot be read."""
        message = translate(
            "GrueneInfra",
            "{parameter}: the layer {value} cannot be read. Repair its data source or choose another layer.",
        )
        label = self.entry.label(name).get(self.language)
        shown = value.name() if isinstance(value, QgsMapLayer) else value
        return QgsProcessingException(message.format(parameter=label, value=shown))

    def field(self, name: str, layer: Input | None, usual: Sequence[str] = ()) -> int | None:
        """Return the index of the chosen field, else of the first ``usual`` one there is, else ``None``."""
        if layer is None:
            return None
        chosen = self.text(name)
        if chosen:
            return layer.field_index(chosen)
        index = usual_field(layer.source.fields(), usual)
        if index is not None:
            self.say_field(name, layer, index)
        return index

    def say_field(self, name: str, layer: Input, index: int) -> None:
        """Say in the log which field is used for a parameter that was left empty."""
        message = translate("GrueneInfra", "{layer}: the field “{field}” is used for {parameter}.")
        field = layer.source.fields().at(index).name()
        self.feedback.pushInfo(message.format(layer=layer.name, field=field, parameter=name))

    def required_field(self, name: str, layer: Input, usual: Sequence[str] = ()) -> int:
        """Return the index of a field as :meth:`field` does; raise with those there are if it is none."""
        index = self.field(name, layer, usual)
        if index is None:
            raise no_field(name, layer.name, ", ".join(layer.source.fields().names()))
        return index

    def column(self, layer: Input, index: int | None, kind: Kind) -> Column:
        """Return the values of a field, ``None`` for none; what is no value is said at the end of the run."""
        name = "–" if index is None else layer.source.fields().at(index).name()
        return self.watched(Column(layer.name, name, kind, index))

    def watched(self, column: Column) -> Column:
        """Return a column whose strange values are said at the end of the run."""
        self._columns.append(column)
        return column

    def say_unknown(self) -> None:
        """Say which values of the columns were none."""
        for column in self._columns:
            column.report(self.feedback)

    def number(self, name: str) -> float:
        """Return a number parameter that has a default or must be given."""
        return float(self.parameters[name])

    def integer(self, name: str) -> int | None:
        """Return an integer parameter, ``None`` where one without a default is not given."""
        value = self.parameters[name]
        return None if value is None else int(value)

    def given_number(self, name: str) -> float | None:
        """Return a number parameter, ``None`` where one without a default is not given."""
        value = self.parameters[name]
        return None if value is None else float(value)

    def choice(self, name: str) -> str | None:
        """Return the word of a choice, ``None`` where one without a default is not given."""
        value = self.parameters[name]
        return None if value is None else str(value)

    def raster(self, name: str) -> QgsRasterLayer | None:
        """Return the raster layer of an optional parameter, ``None`` where it is not given."""
        if not self.parameters[name]:
            return None
        layer = self.algorithm.parameterAsRasterLayer(self.parameters, name, self.context)
        if layer is None:
            raise self.unreadable(name, self.parameters[name])
        return layer

    def band(self, name: str, raster: QgsRasterLayer) -> int:
        """Return the chosen band of a raster, else its only one; the log says which it is.

        A band that tells how opaque the others are is none to choose from.
        """
        data = raster.dataProvider()
        opacity = Qgis.RasterColorInterpretation.AlphaBand
        bands = [n + 1 for n in range(data.bandCount()) if data.colorInterpretation(n + 1) != opacity]
        chosen = self.integer(name)
        if chosen is None and len(bands) > 1:
            message = translate("GrueneInfra", "{layer} has {count} bands ({bands}). Choose {parameter}.")
            names = ", ".join(raster.bandName(band) for band in bands)
            raise QgsProcessingException(
                message.format(layer=raster.name(), count=len(bands), bands=names, parameter=name)
            )
        band = chosen if chosen is not None else bands[0] if bands else 1
        message = translate("GrueneInfra", "{parameter}: {band} of {layer} is used.")
        said = raster.bandName(band) or str(band)
        self.feedback.pushInfo(message.format(parameter=name, band=said, layer=raster.name()))
        return band

    def flag(self, name: str) -> bool:
        """Return a yes/no parameter."""
        return bool(self.parameters[name])

    def text(self, name: str) -> str:
        """Return a text parameter, trimmed, that can be stored; empty where it is not given."""
        return storable(self.algorithm.parameterAsString(self.parameters, name, self.context).strip())

    def names(self, name: str) -> list[str]:
        """Return a text parameter that lists names separated by commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def numbers(self, name: str, like: str) -> list[float]:
        """Return the numbers that a text parameter lists, ascending, each once.

        Raises where one is none, or out of the bounds of the number parameter ``like``.
        """
        bounds, found = self.entry.parameters[like], set()
        low = -math.inf if bounds.at_least is None else bounds.at_least
        high = math.inf if bounds.at_most is None else bounds.at_most
        for said in self.names(name):
            value = number(said)
            if value is None or not low <= value <= high:
                message = translate(
                    "GrueneInfra", "{parameter} must list numbers from {least} to {most}, not “{value}”."
                )
                told = {"parameter": name, "least": f"{low:g}", "most": f"{high:g}", "value": said[:40]}
                raise QgsProcessingException(message.format(**told))
            found.add(value)
        return sorted(found)

    def given_day(self, name: str) -> dt.date | None:
        """Return a day, ``None`` where it is not given."""
        return None if self.parameters.get(name) is None else self.day(name)

    def day(self, name: str) -> dt.date:
        """Return a day, today where it is not given. The only clock an algorithm reads."""
        given = self.parameters.get(name) if name in self.entry.parameters else None
        date = given or QDate.currentDate()
        return dt.date(date.year(), date.month(), date.day())

    @cached_property
    def as_of(self) -> dt.date:
        """Day of the run."""
        return self.day("AS_OF")

    @cached_property
    def strategy(self) -> Strategy:
        """The shipped strategy, or the one of the user's file."""
        try:
            return load_strategy(self.text("STRATEGY") or None)
        except YamlError as error:
            raise QgsProcessingException(str(error)) from error

    # -- layers -------------------------------------------------------------------------------------

    def settle_crs(self, *inputs: Input | None) -> QgsCoordinateReferenceSystem:
        """Choose the analysis CRS from all layers of the run."""
        self.crs = analysis_crs([i for i in inputs if i is not None], self.context, self.feedback)
        return self.crs

    def require_place(self, layer: Input) -> None:
        """Raise where coordinates cannot be in the CRS of a layer; the run keeps its own CRS."""
        analysis_crs([layer], self.context, self.feedback)

    def require_meeting(self, layer: Input, *others: Input | None, beyond: float = 0.0) -> None:
        """Raise where one of the ``others``, widened by ``beyond`` metres, does not meet ``layer``."""
        for other in others:
            if other is not None:
                require_meeting(layer, other, self.crs, self.context, NEIGHBOUR_M + beyond)

    def read(self, layer: Input, attributes: Sequence[int | None] | None = None) -> Iterator[QgsFeature]:
        """Yield the features of a layer in the analysis CRS, and say in the log what was mended."""
        return (feature for feature, _ in self.read_with_wkb(layer, attributes))

    def read_with_wkb(self, layer: Input, attributes: Sequence[int | None] | None = None) -> Iterator[Shaped]:
        """Yield the features as :meth:`read` does, each with the WKB of its geometry."""
        wanted = None if attributes is None else [index for index in attributes if index is not None]
        yield from read_with_wkb(layer, self.crs, self.context, self.feedback, attributes=wanted)
        report(layer, self.feedback)

    def rows(self, table: Input) -> Iterator[QgsFeature]:
        """Yield the rows of a table, without geometries."""
        flags = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
        request = QgsFeatureRequest().setFlags(Qgis.FeatureRequestFlag.NoGeometry)
        for row in table.source.getFeatures(request, flags):
            check_cancelled(self.feedback)
            yield row

    def areas(self, layer: Input | None) -> Areas:
        """Read the AREAS layer to which results are attributed."""
        if layer is None:
            return Areas.total()
        kind = AreaKind(self.parameters["AREAS_KIND"])
        name, key = area_fields(self, layer, kind)
        return Areas.from_features(self.read(layer, [name, key]), kind, name, key)

    def columns(self, name: str, sometimes: Collection[str] = ()) -> dict[str, QMetaType.Type]:
        """Return the declared columns of an output: those of every run, and of the others these."""
        written = self.entry.outputs[name].written(sometimes)
        return {column: FIELD_TYPES[kind] for column, kind in written.items()}

    def open(self, name: str, sometimes: Collection[str] = (), rows: int = 0) -> None:
        """Open an output with its declared geometry and columns, of those that not every run has these.

        A temporary one that will have very many ``rows`` is a file, not a layer in memory.
        """
        output = self.entry.outputs[name]
        fields = fields_of(self.columns(name, sometimes))
        if output.kind == "table":
            self.outputs.open(name, fields, Qgis.WkbType.NoGeometry, None, rows)
            return
        single = WKB_TYPES[output.of[0]]
        wkb_type = single if output.single else QgsWkbTypes.multiType(single)
        self.outputs.open(name, fields, wkb_type, self.crs, rows)

    def open_details(self, name: str, layer: Input, sometimes: Collection[str] = ()) -> Carried:
        """Open an output with the attributes of ``layer`` and the declared columns behind them.

        ``sometimes`` are those of this run that not every run has.
        """
        declared = self.entry.outputs[name]
        columns = self.columns(name, sometimes)
        carried = self._carried[name] = carry(layer.source.fields(), columns, declared.sometimes)
        if carried.replaced:
            message = translate("GrueneInfra", "{layer}: results of an earlier run are replaced: {columns}.")
            self.feedback.pushInfo(message.format(layer=layer.name, columns=", ".join(carried.replaced)))
        for old, new in carried.renamed.items():
            message = translate(
                "GrueneInfra",
                "{layer}: the field “{old}” is called “{new}” in the result, as its name is taken.",
            )
            self.feedback.pushWarning(message.format(layer=layer.name, old=old, new=new))
        self.outputs.open(name, carried.fields, Qgis.WkbType.MultiPolygon, self.crs)
        return carried

    def add_details(self, name: str, feature: QgsFeature, values: Sequence[object]) -> None:
        """Write one feature with its attributes and the values of the result columns."""
        geometry = feature.geometry()
        geometry.convertToMultiType()
        self.outputs.add(name, [*self._carried[name].of(feature.attributes()), *values], geometry)

    def phrase(self, key: str, **values: object) -> str:
        """Return a phrase of the algorithm's entry in the user's language, filled in."""
        return self.entry.phrases[key].get(self.language).format_map(values)

    def written(self, amount: float) -> str:
        """Return a number as the user's language writes it."""
        return Numbers(self.language).number(amount)

    # -- results ------------------------------------------------------------------------------------

    def finding(
        self,
        indicator: Indicator,
        variant_id: str,
        area: Area,
        measured: Measurement,
        *,
        is_headline: bool,
        text: Text | None,
        values: Mapping[str, object],
        assumptions: Sequence[str],
        own_target: float | None,
    ) -> Finding:
        """Judge one measurement and put it into the common schema.

        ``text`` says what a definition changes against the headline; ``values`` fill the placeholders of the
        definition; ``own_target`` is a municipal value in place of the strategy's. A finding that is not
        assessable says why.
        """
        target = self._target(indicator.target)
        if target is not None and own_target is not None and own_target != target.value:
            target = replace(target, value=own_target, origin="kommunal")
        value = measured.value(indicator.unit)
        reason = "" if value is not None else measured.reason or _why_not(measured)
        verdict = judge(measured, indicator.unit, _goalpost(target), area.kind, self.as_of)
        return Finding(
            hz=indicator.hz,
            kennzahl_id=indicator.id,
            variante_id=variant_id,
            ist_leitwert=int(is_headline),
            kennzahl=indicator.name.get(self.language),
            definition=indicator.define(self.language, text, values),
            gebiet_art=area.kind,
            ags=area.ags,
            gebiet=area.name,
            raumtyp=area.raumtyp,
            zaehler=measured.numerator,
            nenner=measured.denominator,
            basis_einheit=indicator.base_unit,
            wert=value,
            einheit=indicator.unit,
            ziel=target.value if target else None,
            richtung=target.direction if target else None,
            ziel_datum=target.date if target else None,
            herkunft_ziel=target.origin if target else None,
            luecke=verdict.gap,
            luecke_abs=verdict.gap_absolute,
            luecke_einheit=indicator.gap_unit,
            status=verdict.status,
            abdeckung_proz=measured.coverage,
            n_objekte=measured.n_objects,
            n_ausgelassen=measured.n_omitted,
            stand_daten=self.text("DATA_DATE") or None,
            annahmen=joined_notes(assumptions, reason),
            algorithmus=self.entry.id,
            plugin_version=plugin_version(),
            berechnet_am=self.as_of,
        )

    def _target(self, target_id: str | None) -> Target | None:
        """Return a target of the strategy in use; another region's strategy need not have it."""
        return next((target for target in self.strategy.targets if target.id == target_id), None)


def _why_not(measured: Measurement) -> str:
    return why_not(measured.numerator, measured.denominator, measured.coverage, Texts(language()))


def _goalpost(target: Target | None) -> Goalpost | None:
    if target is None:
        return None
    return Goalpost(target.value, target.direction, target.date, regional=target.scope == "region")
