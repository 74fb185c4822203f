"""What the features of a layer are, by a field with kinds and the user's lists of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from qgis.core import QgsFeature, QgsProcessingException

from ..gruene_infra_plugin.i18n import translate
from ..gruene_infra_plugin.methods.reading.names import first_few
from ..gruene_infra_plugin.methods.reading.word_lists import WordList, is_told
from ..gruene_infra_plugin.spatial.reading.source import Input
from ..gruene_infra_plugin.spatial.reading.values import text

UNKNOWN = "unbekannt"
"""The kind of a feature of which nobody has told it."""
OTHER = "anderes"
"""The kind of a feature that is in no list."""


class Kinds:
    """Tells the kind of each feature: the name of the first list that holds its word, unknown or another.

    Without a field all are of the first kind.
    """

    def __init__(self, layer: Input, field: int | None, lists: Mapping[str, WordList]) -> None:
        self.field = field
        self._layer = layer
        self._lists = lists
        self._met: Counter[str] = Counter()
        self._others: dict[str, None] = {}

    def of(self, feature: QgsFeature) -> str:
        """Return the kind of a feature."""
        if self.field is None:
            return next(iter(self._lists))
        word = text(feature[self.field])
        kind = next((name for name, words in self._lists.items() if str(word) in words), OTHER)
        kind = kind if is_told(word) else UNKNOWN
        self._met[kind] += 1
        if kind == OTHER:
            self._others.setdefault(str(word))
        return kind

    def require_some(self, parameter: str) -> None:
        """Raise where no feature was of any of the kinds: then the lists do not fit the field.

        ``parameter`` names the list that the user has to change.
        """
        if self.field is None or any(self._met[name] for name in self._lists):
            return
        message = translate(
            "GrueneInfra",
            "{layer}: none of the values of the field “{field}” stands in {parameter}. It holds: {values}.",
        )
        field = self._layer.source.fields().at(self.field).name()
        values = first_few(list(self._others)) or "–"
        raise QgsProcessingException(
            message.format(layer=self._layer.name, field=field, parameter=parameter, values=values)
        )
