"""Habitat types of the Habitats Directive and their grades: their codes, and their shares of a place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ..findings.thresholds import least, most
from ..reading.names import normal_name
from ..reading.word_lists import is_told

GRADES = ("C", "B", "A")
"""Grades of a stand, the worst first."""
GOOD = ("B", "A")
"""Grades that the target asks for."""
NO_GRADE = ""
"""A stand that nobody has graded."""
NO_HABITAT = ("E", "Z")
"""Ground to be developed, and what is destroyed for good [P: labels of the Brandenburg register]."""
NOT_ASSESSED = frozenset({"9", "0", "X"})
"""How registers write that a stand has no grade [P: labels of the Brandenburg register]."""
OTHER = "-"
"""What is no code of Annex I."""

_CODE = re.compile(r"\d\d[0-9A-Z]\d")
_NAMED = re.compile(r"(\d\d[0-9A-Z]\d)\*?\s*[(:-]?\s*[^\W\d_]")
_LOST = re.compile(r"91(?:[.,]0+)?|9[.,]10*E\+?0*1")
_GRADE = re.compile(r"([A-CEZ])(?:[\s(:=-]+[^\W\d_]{3}.*)?")
_STATUS = re.compile(r"(?:FV|U1|U2|XX)(?![^\W\d_])")


class LostCodeError(ValueError):
    """A code that a spreadsheet has read as a number: 91E0 as 91."""


class StatusError(ValueError):
    """A colour of the Article 17 report, which is no grade of a stand."""


def type_code(written: str | None) -> str | None:
    """Return the code of a habitat type, ``OTHER`` for what is none, ``None`` where nobody has told it.

    >>> [type_code(word) for word in ("*91E0", "91 e0*", "9110.0", "9110 Hainsimsen-Buchenwald", "kein")]
    ['91E0', '91E0', '9110', '9110', '-']

    Raises
    ------
    LostCodeError
        If a spreadsheet has made a number of it that tells no longer which type it was.
    """
    if written is None or not is_told(written):
        return None
    upper = normal_name(written).upper().removeprefix("LRT").strip(" *")
    plain = re.sub(r"[\s*]", "", upper)
    if _LOST.fullmatch(plain):
        raise LostCodeError(written)
    plain = re.sub(r"(?<=\d)[.,]0+$", "", plain)
    if _CODE.fullmatch(plain):
        return plain
    named = _NAMED.match(upper)
    if named:
        return named[1]
    return None if plain.startswith("9") else OTHER


def grade_of(written: str | None) -> str | None:
    """Return the grade of a stand, ``NO_GRADE``, one of ``NO_HABITAT``, or ``None`` for what is none of them.

    >>> [grade_of(word) for word in ("b", "B (gut)", "E", "9", None, "A-B")]
    ['B', 'B', 'E', '', '', None]

    Raises
    ------
    StatusError
        If it is the status of a type in a biogeographic region (FV, U1, U2, XX).
    """
    if written is None or not is_told(written):
        return NO_GRADE
    plain = normal_name(written).upper()
    if re.sub(r"[.,]0+$", "", plain) in NOT_ASSESSED:
        return NO_GRADE
    if _STATUS.match(plain):
        raise StatusError(written)
    found = _GRADE.fullmatch(plain)
    return found[1] if found else None


class Recorded(NamedTuple):
    """What a register says of a polygon; ``share`` is which percent (0 to 100) of its ground is the type."""

    type: str
    grade: str
    share: float


def shares_of(records: Iterable[Recorded]) -> tuple[dict[tuple[str, str], float], bool]:
    """Return which percent of a place each type takes in each grade, and whether the types were scaled down.

    Of records of one type and grade the greatest share counts. Grades of one type take their shares from the
    worst to none, until the type has 100 %: where two of 100 % conflict, the worse counts. Types of more than
    100 % together are scaled down to 100 %.

    >>> shares_of([Recorded("9110", "A", 100), Recorded("9110", "C", 100)])
    ({('9110', 'C'): 100.0}, False)
    """
    greatest: dict[tuple[str, str], float] = defaultdict(float)
    for record in records:
        greatest[record[:2]] = max(greatest[record[:2]], record.share)
    found: dict[tuple[str, str], float] = {}
    for kind in sorted({kind for kind, _ in greatest}):
        room = 100.0
        for grade in (*GRADES, NO_GRADE):
            taken = min(room, greatest.get((kind, grade), 0.0))
            room -= taken
            if taken > 0:
                found[kind, grade] = float(taken)
    total = sum(found.values())
    if total <= most(100.0):
        return found, False
    return {key: round(100.0 * share / total, 9) for key, share in found.items()}, True


def is_wholly_good(good: float, graded: float, whole: float) -> bool | None:
    """Return whether all of a type is in grade A or B, ``None`` where that rests on ground without a grade.

    Parameters
    ----------
    good, graded, whole : areas in grade A or B, in any grade, and altogether, in the same unit.

    >>> is_wholly_good(3, 3, 3), is_wholly_good(30, 40, 45), is_wholly_good(3, 3, 4)
    (True, False, None)
    """
    if good >= least(whole):
        return True
    return False if good < least(graded) else None
