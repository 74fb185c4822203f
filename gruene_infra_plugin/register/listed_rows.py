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
from contextlib import suppress
from itertools import pairwise
from os import SEEK_END

import numpy as np
from numpy.typing import NDArray

from .keys import KeyForm, ParcelKey
from .listed import ListedRow, Refusal, Said
from .model import ParcelRecord

IN_MEMORY = 2**24
"""Bytes of parcels that are held before they go to the disk [A]."""
_BETWEEN = "\x1f"
"""What stands between texts that are kept as one; no cell that is taken holds it."""
_FORMS = tuple(KeyForm)
_NO_KEY = len(_FORMS)
_NO_PROSE = (None, None, None)
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
        self._numbers, self._words, self._areas = array("i"), array("i"), array("d")
        self._keys, self._delivered, self._prose, self._refusals = (Texts() for _ in range(4))
        self._forms = bytearray()
        self._known: dict[tuple, int] = {}
        names, contents = array("Q"), array("Q")
        for row in rows:
            self._add(row)
            names.append(_digest(row.delivered if row.key is None else row.key.key))
            contents.append(_digest(repr(_content(row))))
        self._spoken = list(self._known)
        self._find_repeats(np.frombuffer(contents, np.uint64))
        del contents
        self._parcels, of_row = np.unique(np.frombuffer(names, np.uint64), return_inverse=True)
        self._parcel_of_row = of_row.astype(np.int32)

    def _find_repeats(self, contents: NDArray[np.uint64]) -> None:
        """Find the rows that say the same as one above."""
        order = np.argsort(contents, kind="stable")
        same = np.flatnonzero(contents[order[1:]] == contents[order[:-1]]) + 1
        first: dict[int, int] = {}
        before, heads = -1, list[tuple[int, tuple]]()
        for at in same.tolist():
            if at - 1 != before:  # other rows than those before have the same digest
                heads = [(int(order[at - 1]), _content(self[int(order[at - 1])]))]
            before, place = at, int(order[at])
            content = _content(self[place])
            above = next((head for head, known in heads if known == content), None)
            if above is None:
                heads.append((place, content))
            else:
                first[place] = above
        self._is_first = bytearray(b"\1") * len(self)
        self._repeats: dict[int, list[int]] = defaultdict(list)
        for place in sorted(first):
            self._is_first[place] = 0
            self._repeats[first[place]].append(self._numbers[place])

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def parcel_count(self) -> int:
        """Number of different keys, those that cannot be one among them."""
        return len(self._parcels)

    def _add(self, row: ListedRow) -> None:
        said, key = row.said, row.key
        words = (said.goals, said.role, said.status, said.project)
        prose = (said.evidence or "", said.note or "", said.algorithm or "")
        refusals = [(refusal.column, refusal.value, refusal.reason) for refusal in row.refusals]
        self._numbers.append(row.number)
        self._keys.add("" if key is None else key.key)
        self._delivered.add("" if key is not None and row.delivered == key.key else row.delivered)
        self._forms.append(_NO_KEY if key is None else _FORMS.index(key.form))
        self._words.append(self._known.setdefault(words, len(self._known)))
        self._areas.append(math.nan if said.area_m2 is None else said.area_m2)
        self._prose.add(_BETWEEN.join(prose) if any(prose) else "")
        self._refusals.add(json.dumps(refusals) if refusals else "")

    def __getitem__(self, place: int) -> ListedRow:
        key, delivered, form = self._keys[place], self._delivered[place], self._forms[place]
        delivered = delivered if delivered or form == _NO_KEY else key
        parcel = None if form == _NO_KEY else ParcelKey(key, _FORMS[form], delivered)
        goals, role, status, project = self._spoken[self._words[place]]
        prose = self._prose[place]
        evidence, note, algorithm = (text or None for text in prose.split(_BETWEEN)) if prose else _NO_PROSE
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
        return self._repeats.get(place, [])

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
            alike = (places[begin:end].tolist() for begin, end in pairwise(edges))
            yield [of_key for group in alike for of_key in self._by_key(group)]

    def _by_key(self, places: list[int]) -> list[list[int]]:
        """Return places by the keys of their rows, of which almost all are one."""
        if len(places) == 1:
            return [places]
        of_key: dict[str, list[int]] = defaultdict(list)
        for place in places:
            of_key[self._keys[place]].append(place)
        return list(of_key.values())

    def key(self, place: int) -> str:
        """Return the normalised key of the parcel that a row names."""
        return self._keys[place]

    def is_as_delivered(self, place: int) -> bool:
        """Say whether the key that a row names is not of the ALKIS form."""
        return self._forms[place] == _FORMS.index(KeyForm.OTHER)

    def parcel_number(self, key: str) -> int | None:
        """Return a number below ``parcel_count`` for a key of the list, ``None`` for most others.

        Two keys have the same number once in a very great while.
        """
        wanted = np.uint64(_digest(key))
        place = int(np.searchsorted(self._parcels, wanted))
        return place if place < len(self._parcels) and self._parcels[place] == wanted else None


class ParcelsOnDisk:
    """The features of those parcels that a list names, in a temporary file until the end of the run.

    Where that cannot be written, methods raise ``OSError``.
    """

    def __init__(self, rows: ListedRows) -> None:
        self._rows = rows
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it goes when the parcels go
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
        return [part for part in self._of(number) if part.key.key == key]

    def __iter__(self) -> Iterator[list[ParcelRecord]]:
        """Yield the features of each parcel."""
        for number, begin in enumerate(self._begins):
            of_key: dict[str, list[ParcelRecord]] = defaultdict(list)
            for part in self._of(number) if begin >= 0 else ():
                of_key[part.key.key].append(part)
            yield from of_key.values()

    def _of(self, number: int) -> Iterator[ParcelRecord]:
        return (self._at(begin) for begin in (self._begins[number], *self._more.get(number, ())))

    def _at(self, begin: int) -> ParcelRecord:
        self._file.seek(begin)
        head, size = _SIZES.unpack(self._file.read(_SIZES.size))
        key, form, delivered, area, source, ags, municipality, official = json.loads(self._file.read(head))
        wkb = self._file.read(size) or None
        parcel = ParcelKey(key, KeyForm(form), delivered)
        return ParcelRecord(parcel, area, wkb, source, ags, municipality, official)

    def close(self) -> None:
        with suppress(OSError):  # what could not be written is of no use any more
            self._file.close()


def _content(row: ListedRow) -> tuple:
    """Return all that a row says, by which rows are equal."""
    refusals = tuple((refusal.column, refusal.value) for refusal in row.refusals)
    return (row.delivered if row.key is None else row.key.key, row.said, refusals)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(*_UNICODE), digest_size=8).digest(), "little")
