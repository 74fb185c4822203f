"""A list of a million rows in little memory: what its rows say, and the parcels that it names, on disk."""

from __future__ import annotations

import hashlib
import json
import math
import struct
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from os import SEEK_END

import numpy as np
from numpy.typing import NDArray

from .keys import KeyForm, ParcelKey
from .listed import ListedRow, Refusal, Said
from .model import ParcelRecord

_DIGEST = 16
"""Bytes by which texts are compared."""
_FORMS = tuple(KeyForm)
_NO_KEY = len(_FORMS)
_SIZES = struct.Struct("<II")
_UNICODE = ("utf-8", "surrogatepass")


class Texts:
    """Texts one behind the other in one piece of memory; each is found by its place, from 0."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def add(self, text: str) -> int:
        """Add a text and return its place."""
        self._bytes += text.encode(*_UNICODE)
        self._ends.append(len(self._bytes))
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> str:
        begin = self._ends[place - 1] if place else 0
        return self._bytes[begin : self._ends[place]].decode(*_UNICODE)


class ListedRows:
    """The rows of a list by their place, from 0, and those of each parcel together.

    Held are their texts and numbers; a ``ListedRow`` is made anew whenever it is asked for.
    """

    def __init__(self, rows: Iterable[ListedRow]) -> None:
        self._numbers, self._words, self._areas = array("q"), array("q"), array("d")
        self._keys, self._delivered, self._prose, self._refusals = (Texts() for _ in range(4))
        self._forms = bytearray()
        self._known: dict[tuple, int] = {}
        names, contents = bytearray(), bytearray()
        for row in rows:
            name, content = self._add(row)
            names += name
            contents += content
        self._spoken = list(self._known)
        self._parcels, self._parcel_of_row = np.unique(_array(names), return_inverse=True)
        _, first, of_row = np.unique(_array(contents), return_index=True, return_inverse=True)
        first = first[of_row]  # the place of the first row that says the same
        places = np.arange(len(self))
        self._is_first = (first == places).tobytes()
        repeats = places[first != places]
        self._repeats = repeats[np.argsort(first[repeats], kind="stable")]
        self._repeated = first[self._repeats]

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def parcel_count(self) -> int:
        """Number of different keys, those that cannot be one among them."""
        return len(self._parcels)

    def _add(self, row: ListedRow) -> tuple[bytes, bytes]:
        """Keep a row; return by what the rows of its parcel are known, and those that say the same."""
        said, key = row.said, row.key
        name = row.delivered if key is None else key.key
        words = (said.goals, said.role, said.status, said.project)
        prose = (said.evidence, said.note, said.algorithm)
        refusals = [(refusal.column, refusal.value, refusal.reason) for refusal in row.refusals]
        self._numbers.append(row.number)
        self._keys.add("" if key is None else name)
        self._delivered.add("" if key is not None and row.delivered == name else row.delivered)
        self._forms.append(_NO_KEY if key is None else _FORMS.index(key.form))
        self._words.append(self._known.setdefault(words, len(self._known)))
        self._areas.append(math.nan if said.area_m2 is None else said.area_m2)
        self._prose.add(json.dumps(prose) if any(prose) else "")
        self._refusals.add(json.dumps(refusals) if refusals else "")
        content = (name, words, prose, said.area_m2, [refusal[:2] for refusal in refusals])
        return _digest(name), _digest(repr(content))

    def __getitem__(self, place: int) -> ListedRow:
        key, delivered, form = self._keys[place], self._delivered[place], self._forms[place]
        delivered = delivered if delivered or form == _NO_KEY else key
        parcel = None if form == _NO_KEY else ParcelKey(key, _FORMS[form], delivered)
        goals, role, status, project = self._spoken[self._words[place]]
        prose = self._prose[place]
        evidence, note, algorithm = json.loads(prose) if prose else (None, None, None)
        area = None if math.isnan(self._areas[place]) else self._areas[place]
        said = Said(goals, role, status, project, evidence, note, area, algorithm)
        number = self._numbers[place]
        refusals = [Refusal(number, *given) for given in json.loads(self._refusals[place] or "[]")]
        return ListedRow(number, delivered, parcel, said, refusals)

    def projects(self) -> list[str]:
        """Return the projects that the rows name, in the order in which they do."""
        return [project for *_, project in self._spoken if project is not None]

    def places(self) -> Iterator[int]:
        """Yield the places of the rows, of those that say the same the first."""
        return (place for place in range(len(self)) if self._is_first[place])

    def repeats(self, place: int) -> list[int]:
        """Return the numbers of the rows further down that say the same."""
        if not len(self._repeats):
            return []
        begin, end = np.searchsorted(self._repeated, (place, place + 1))
        return [self._numbers[repeat] for repeat in self._repeats[begin:end].tolist()]

    def without_key(self) -> Iterator[int]:
        """Yield the places of the rows that name no parcel."""
        return (place for place in self.places() if self._forms[place] == _NO_KEY)

    def portions(self, size: int) -> Iterator[list[list[int]]]:
        """Yield the places of the rows of each parcel, ``size`` parcels at once."""
        named = np.frombuffer(self._forms, np.uint8) != _NO_KEY
        places = np.flatnonzero(named & np.frombuffer(self._is_first, np.bool_))
        places = places[np.argsort(self._parcel_of_row[places], kind="stable")]
        _, begins = np.unique(self._parcel_of_row[places], return_index=True)
        for portion in range(0, len(begins), size):
            edges = [*begins[portion : portion + size + 1].tolist(), len(places)][: size + 1]
            yield [places[begin:end].tolist() for begin, end in pairwise(edges)]

    def key(self, place: int) -> str:
        """Return the normalised key of the parcel that a row names."""
        return self._keys[place]

    def is_as_delivered(self, place: int) -> bool:
        """Say whether the key that a row names is not of the ALKIS form."""
        return self._forms[place] == _FORMS.index(KeyForm.OTHER)

    def parcel_number(self, key: str) -> int | None:
        """Return the number of the parcel with this key among all those of the list, ``None`` for no such."""
        wanted = _array(_digest(key))
        place = int(np.searchsorted(self._parcels, wanted)[0])
        return place if place < len(self._parcels) and self._parcels[place] == wanted[0] else None


class ParcelsOnDisk:
    """The features of those parcels that a list names, in a temporary file until the end of the run."""

    def __init__(self, rows: ListedRows) -> None:
        self._rows = rows
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes when the parcels go
        self._begins = array("q", [-1]) * rows.parcel_count
        self._more: dict[int, list[int]] = defaultdict(list)

    def add(self, part: ParcelRecord) -> None:
        """Keep a feature of a parcel, if the list names it."""
        number = self._rows.parcel_number(part.key.key)
        if number is None:
            return
        begin = self._file.seek(0, SEEK_END)
        if self._begins[number] < 0:
            self._begins[number] = begin
        else:
            self._more[number].append(begin)
        key = part.key
        told = [key.key, key.form, key.delivered, part.area_m2, part.source, part.ags, part.municipality]
        head = json.dumps([*told, part.official_m2]).encode("ascii")
        wkb = part.wkb or b""
        self._file.write(_SIZES.pack(len(head), len(wkb)) + head + wkb)

    def parts(self, key: str) -> list[ParcelRecord]:
        """Return the features of a parcel in the order in which they came; none if there are none."""
        number = self._rows.parcel_number(key)
        if number is None or self._begins[number] < 0:
            return []
        return [self._at(begin) for begin in (self._begins[number], *self._more.get(number, ()))]

    def __contains__(self, key: str) -> bool:
        number = self._rows.parcel_number(key)
        return number is not None and self._begins[number] >= 0

    def __iter__(self) -> Iterator[list[ParcelRecord]]:
        """Yield the features of each parcel."""
        for number, begin in enumerate(self._begins):
            if begin >= 0:
                yield [self._at(place) for place in (begin, *self._more.get(number, ()))]

    def _at(self, begin: int) -> ParcelRecord:
        self._file.seek(begin)
        head, size = _SIZES.unpack(self._file.read(_SIZES.size))
        key, form, delivered, area, source, ags, municipality, official = json.loads(self._file.read(head))
        wkb = self._file.read(size) or None
        parcel = ParcelKey(key, KeyForm(form), delivered)
        return ParcelRecord(parcel, area, wkb, source, ags, municipality, official)

    def close(self) -> None:
        self._file.close()


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(*_UNICODE), digest_size=_DIGEST).digest()


def _array(digests: bytes | bytearray) -> NDArray[np.bytes_]:
    return np.frombuffer(digests, f"S{_DIGEST}")
