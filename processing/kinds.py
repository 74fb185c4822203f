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

    Without a field all are of the first kind. A ``detail`` is a field that says more of the word, as the
    function of a land use does: then the lists are asked for both together, for the detail, for the word.
    """

    def __init__(
        self, layer: Input, field: int | None, lists: Mapping[str, WordList], detail: int | None = None
    ) -> None:
        self.field = field
        self.detail = detail
        self._layer = layer
        self._lists = lists
        self._known: dict[tuple[str | None, str | None], str] = {}
        self._met: Counter[str] = Counter()
        self._others: dict[str, None] = {}

    def of(self, feature: QgsFeature) -> str:
        """Return the kind of a feature."""
        if self.field is None:
            return next(iter(self._lists))
        word, detail = self.words(feature)
        kind = self._known.get((word, detail))
        if kind is None:
            kind = self._known[word, detail] = self.kind(word, detail)
        self._met[kind] += 1
        if kind == OTHER:
            self._others.setdefault(str(word))
        return kind

    def words(self, feature: QgsFeature) -> tuple[str | None, str | None]:
        """Return the word of a feature and its detail, ``None`` for what it has not."""
        word = None if self.field is None else text(feature[self.field])
        return word, None if self.detail is None else text(feature[self.detail])

    def kind(self, word: str | None, detail: str | None = None) -> str:
        """Return the kind of a word with its detail."""
        told = [one for one in (detail, word) if is_told(one)]
        if not told:
            return UNKNOWN
        said = [f"{word} {detail}", *told] if len(told) > 1 else told
        return next((name for one in said for name, words in self._lists.items() if one in words), OTHER)

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
