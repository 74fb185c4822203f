"""Engine ``carried``: attributes of an input that go into an output, beside the result columns.

A second run on a first result replaces its columns, so that each result is there once under its own name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count

from qgis.core import QgsField, QgsFields
from qgis.PyQt.QtCore import QMetaType

from ..reading.usual_fields import in_shapefile

SUFFIX = "_eingabe"
"""What is added to the name of a user's field that a result column has."""


@dataclass(frozen=True)
class Carried:
    """The fields of an output: ``places`` of the input's attributes, then the result columns.

    ``replaced`` are the input's fields that an earlier run wrote, ``renamed`` maps the user's own fields to
    what they are called in the output.
    """

    fields: QgsFields
    places: tuple[int, ...]
    replaced: tuple[str, ...]
    renamed: Mapping[str, str]

    def of(self, attributes: list) -> list:
        """Return those attributes of an input's feature that go into the output."""
        if len(self.places) == len(attributes):
            return attributes
        return [attributes[place] for place in self.places]


def carry(
    source: QgsFields, columns: Mapping[str, QMetaType.Type], sometimes: Collection[str] = ()
) -> Carried:
    """Join the fields of an input with result ``columns``; no two names differ by case only.

    An input with all the columns that each run writes is an earlier result: of it, those columns go, and the
    ``sometimes`` ones that some runs write. Else fields of such names are the user's own and are renamed.
    ``columns`` may have some of ``sometimes`` among them.
    """
    results = {name.casefold() for name in columns}
    earlier = _earlier(source, list(columns), sometimes)
    places = [place for place, field in enumerate(source) if field.name().casefold() not in earlier]
    taken = results | {source[place].name().casefold() for place in places}
    fields, renamed, seen = QgsFields(), {}, set(results)
    for place in places:
        field = QgsField(source[place])
        if field.name().casefold() in seen:
            renamed[field.name()] = _free(field.name(), field.name().casefold() in results, taken)
            field.setName(renamed[field.name()])
        seen.add(field.name().casefold())
        fields.append(field)
    for name, kind in columns.items():
        fields.append(QgsField(name, kind))
    replaced = tuple(field.name() for field in source if field.name().casefold() in earlier)
    return Carried(fields, tuple(places), replaced, renamed)


def _earlier(source: QgsFields, columns: Collection[str], sometimes: Collection[str]) -> set[str]:
    """Return what the columns of an earlier result are called in ``source``, nothing if it is none."""
    present = {field.name().casefold() for field in source}
    names = [name.casefold() for name in (*columns, *sometimes)]
    optional = {name.casefold() for name in sometimes}
    for stored in ({name: name for name in names}, in_shapefile(names)):
        if {stored[name] for name in names if name not in optional} <= present:
            return set(stored.values())
    return set()


def _free(name: str, is_result: bool, taken: set[str]) -> str:
    """Return a name that is not ``taken``, and take it."""
    stem = name + SUFFIX if is_result else name
    numbered = (f"{stem}_{number}" for number in count(2))
    free = stem if stem.casefold() not in taken else next(n for n in numbered if n.casefold() not in taken)
    taken.add(free.casefold())
    return free
