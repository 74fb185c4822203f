"""Which fields of an AREAS layer hold the names and the keys, told by their names and by what they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingException

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.methods.findings.finding import AreaKind
from ..gruene_infra_plugin.methods.reading.names import digits_of, is_municipality_key
from ..gruene_infra_plugin.spatial.reading.source import Input
from ..gruene_infra_plugin.spatial.reading.usual_fields import AREA_NAME, MUNICIPALITY_KEY, usual_fields
from ..gruene_infra_plugin.spatial.reading.values import text

if TYPE_CHECKING:
    from .job import Job


def area_fields(job: Job, layer: Input, kind: AreaKind) -> tuple[int, int | None]:
    """Return the places of the fields with the name and, where there is one, the key of an area.

    Municipalities have keys: a field that is named as for their names and holds numbers is none of names but
    their key, if it can be. Where there are keys only, they are the names too. The key of a municipality is
    none of a quarter: for other kinds of areas it is used only where AREAS_KEY says so.

    Raises
    ------
    QgsProcessingException
        If no field holds names or keys; the message says what was found instead.
    """
    if kind != AreaKind.MUNICIPALITY:
        return job.required_field("AREAS_NAME", layer, AREA_NAME), job.field("AREAS_KEY", layer)
    name, key = _name_field(job, layer), job.field("AREAS_KEY", layer, MUNICIPALITY_KEY)
    if key is None:
        key = _key_among_names(job, layer, name)
    if name is not None:
        return name, key
    if key is None:
        raise _no_names(layer)
    message = translate("GrueneInfra", "{layer}: no field with names; areas are named by their key.")
    job.feedback.pushWarning(message.format(layer=layer.name))
    return key, key


def _name_field(job: Job, layer: Input) -> int | None:
    """Return the chosen field, else the first usual one that holds names."""
    if job.text("AREAS_NAME"):
        return job.field("AREAS_NAME", layer)
    usual = usual_fields(layer.source.fields(), AREA_NAME)
    found = next((field for field in usual if not _all(layer, field, digits_of)), None)
    if found is not None:
        job.say_field("AREAS_NAME", layer, found)
    return found


def _key_among_names(job: Job, layer: Input, name: int | None) -> int | None:
    """Return a field that is named as for names, or chosen for them, and holds keys of municipalities."""
    told = [*usual_fields(layer.source.fields(), AREA_NAME), *([] if name is None else [name])]
    found = next((field for field in told if _all(layer, field, is_municipality_key)), None)
    if found is not None:
        job.say_field("AREAS_KEY", layer, found)
    return found


def _all(layer: Input, field: int, holds: Callable[[str], object]) -> bool:
    """Return whether a field holds anything, and nothing but what ``holds`` is true of."""
    values = [text(value) for value in layer.source.uniqueValues(field)]
    return any(values) and all(holds(value) for value in values if value)


def _no_names(layer: Input) -> QgsProcessingException:
    numbers = usual_fields(layer.source.fields(), AREA_NAME)
    names = layer.source.fields().names()
    if not numbers:
        message = translate("GrueneInfra", "{layer}: choose {parameter} among {fields}.")
        return QgsProcessingException(
            message.format(layer=layer.name, parameter="AREAS_NAME", fields=", ".join(names) or "–")
        )
    message = translate(
        "GrueneInfra",
        "{layer}: the field “{field}” holds numbers, no names of areas. Choose {parameter} among {fields}.",
    )
    return QgsProcessingException(
        message.format(
            layer=layer.name, field=names[numbers[0]], parameter="AREAS_NAME", fields=", ".join(names)
        )
    )
