"""The values that a run works with: evaluated, completed by the defaults, and each one possible by itself.

QGIS holds values against their parameters in its dialog only. In a model, from an expression or in a script
it takes what it cannot read for the default, a word for a yes, ``nan`` for a number.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from qgis.core import (
    Qgis,
    QgsExpression,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProperty,
    QgsVariantUtils,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.methods.reading.names import storable, word_of
from ..gruene_infra_plugin.methods.reading.values import YEAR
from ..gruene_infra_plugin.passwords import without_passwords
from ..gruene_infra_plugin.spatial.reading.stored_files import plain
from ..gruene_infra_plugin.spatial.reading.values import LONGEST, yes_no
from ..gruene_infra_plugin.spatial.reading.values import number as number_of

Definition: TypeAlias = QgsProcessingParameterDefinition


def settled(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
) -> dict[str, Any]:
    """Return all parameters with the values of the run.

    Expressions are evaluated; what is left out is the default; numbers are finite ``float`` or ``int``
    within their limits, choices one of their words, yes and no ``bool``, days ``QDate``. What is not given
    and has no default is ``None``.

    Raises
    ------
    QgsProcessingException : if a value is not possible; the message names the parameter.
    """
    values = dict(parameters)
    for definition in algorithm.parameterDefinitions():
        name, read = definition.name(), _READERS.get(definition.type())
        value = _evaluated(definition, parameters.get(name), context)
        if QgsVariantUtils.isNull(value) or (value == "" and read not in (None, _text, _words)):
            value = definition.defaultValue()
        if read is not _words and "\0" in str(plain(value)):
            message = translate("GrueneInfra", "{parameter} must not hold the character NUL.")
            raise _impossible(definition, message, value)
        values[name] = value if read is None or value is None else read(definition, value)
    return values


def with_outputs(algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with a temporary place for each output that a model leaves out."""
    left_out = {
        definition.name(): definition.generateTemporaryDestination()
        for definition in algorithm.destinationParameterDefinitions()
        if QgsVariantUtils.isNull(parameters.get(definition.name()))
    }
    return {**parameters, **left_out}


def listed(value: object) -> list:
    """Return the values of a parameter that takes one or several."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def title_of(definition: Definition) -> str:
    """Return what messages call a parameter: its label in the dialog and its name on the command line."""
    return f"{definition.description()} ({definition.name()})"


# -- expressions --------------------------------------------------------------------------------------------


def _evaluated(definition: Definition, value: Any, context: QgsProcessingContext) -> Any:
    """Return a value without expressions, in the same wrapper of Processing if it comes in one."""
    if isinstance(value, QgsProperty):
        return _value_of(definition, value, context)
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        source = QgsProcessingFeatureSourceDefinition(value)
        source.source = QgsProperty.fromValue(_value_of(definition, value.source, context))
        return source
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        output = QgsProcessingOutputLayerDefinition(value)
        output.sink = QgsProperty.fromValue(_value_of(definition, value.sink, context))
        return output
    if isinstance(value, (list, tuple)):
        return [_evaluated(definition, one, context) for one in value]
    return value


def _value_of(definition: Definition, given: QgsProperty, context: QgsProcessingContext) -> Any:
    if given.propertyType() not in (Qgis.PropertyType.Expression, Qgis.PropertyType.Field):
        value, _ = given.value(context.expressionContext())
        return value
    expression = QgsExpression(given.asExpression())
    value = expression.evaluate(context.expressionContext())
    reason = expression.parserErrorString() or expression.evalErrorString()
    if reason:
        message = translate("GrueneInfra", "{parameter}: the expression {expression} has no value: {reason}")
        raise QgsProcessingException(
            message.format(parameter=title_of(definition), expression=expression.expression(), reason=reason)
        )
    return value


# -- one value ----------------------------------------------------------------------------------------------


def _impossible(
    definition: Definition, message: str, value: object, **more: object
) -> QgsProcessingException:
    shown = _shortened(value)
    return QgsProcessingException(message.format(parameter=title_of(definition), value=shown, **more))


def _shortened(value: object) -> str:
    """Return the beginning of a value as text; Python writes no number of some thousand digits."""
    try:
        said = storable(str(value))
    except ValueError:
        return "…"
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def _number(definition: QgsProcessingParameterNumber, value: object) -> float:
    number = number_of(value)
    if number is None:
        message = translate("GrueneInfra", "{parameter} must be a number, not “{value}”.")
        raise _impossible(definition, message, value)
    least, most = definition.minimum(), definition.maximum()
    if number < least:
        message = translate("GrueneInfra", "{parameter} must be at least {least}, not {value}.")
        raise _impossible(definition, message, f"{number:.10g}", least=f"{least:.10g}")
    if number > most:
        message = translate("GrueneInfra", "{parameter} must be at most {most}, not {value}.")
        raise _impossible(definition, message, f"{number:.10g}", most=f"{most:.10g}")
    if definition.dataType() != Qgis.ProcessingNumberParameterType.Integer:
        return number
    if not number.is_integer() or abs(number) > sys.maxsize:
        message = translate("GrueneInfra", "{parameter} must be a whole number, not {value}.")
        raise _impossible(definition, message, value)
    return int(number)


def _word(definition: QgsProcessingParameterEnum, value: object) -> str:
    """Return a choice given by its word in any case, by its number, or by both as ``0: word``."""
    words = definition.options()
    printed = {form: word for n, word in enumerate(words) for form in (str(n), f"{n}: {word}")}
    number = number_of(value)
    given = str(value) if number is None else f"{number:g}"
    word = word_of(given, words) or printed.get(word_of(given, printed) or "")
    if word is None:
        message = translate("GrueneInfra", "{parameter} must be one of {words}, not “{value}”.")
        raise _impossible(definition, message, value, words=", ".join(words))
    return word


def _flag(definition: Definition, value: object) -> bool:
    said = float(value) if isinstance(value, bool) else yes_no(value)
    if said is None:
        message = translate("GrueneInfra", "{parameter} must be yes or no, not “{value}”.")
        raise _impossible(definition, message, value)
    return bool(said)


def _day(definition: Definition, value: object) -> QDate:
    moment = QDateTime.fromString(value, Qt.DateFormat.ISODate) if isinstance(value, str) else value
    day = moment.date() if isinstance(moment, QDateTime) else moment
    if not isinstance(day, QDate) or not day.isValid():
        message = translate("GrueneInfra", "{parameter} must be a date such as 2026-12-31, not “{value}”.")
        raise _impossible(definition, message, value)
    if not YEAR.admits(day.year()):
        message = translate(
            "GrueneInfra", "{parameter} must be a date from {first} to {last}, not “{value}”."
        )
        years = {"first": f"{YEAR.low:.0f}", "last": f"{YEAR.high:.0f}"}
        raise _impossible(definition, message, day.toString(Qt.DateFormat.ISODate), **years)
    return day


def _text(definition: Definition, value: object) -> object:
    """Return a text; of a list QGIS would make an empty one."""
    if isinstance(value, (list, dict)):
        message = translate("GrueneInfra", "{parameter} must be a text, not {value}.")
        raise _impossible(definition, message, value)
    return value


def _words(definition: Definition, value: object) -> object:
    """Return a text that results may quote; where somebody pasted an address, without its password."""
    text = _text(definition, value)
    return without_passwords(text) if isinstance(text, str) else text


_READERS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "number": _number,
        "enum": _word,
        "boolean": _flag,
        "datetime": _day,
        "string": _words,
        "field": _text,
        "file": _text,
        "providerconnection": _text,
    }
)
"""What makes a value of a parameter's type, or raises; other types are read by QGIS."""
