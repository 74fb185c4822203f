"""Under which keys the length of a river section is summed up, by zone and structure class (HZ 19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

WHOLE = "gesamt"
AGGLOMERATION, TRANSITION, OUTSIDE, UNKNOWN = "ballungsraum", "uebergang", "aussen", "unbekannt"
"""Kinds of zones."""
WIDER, NARROWER = "ballungsraum_mit", "aussen_mit"
"""The agglomeration with the transition zone, and what is then outside."""
SIDES = {AGGLOMERATION: AGGLOMERATION, TRANSITION: OUTSIDE, OUTSIDE: OUTSIDE}
"""What a zone is in the headline."""
SCOPES = {
    WHOLE: (WHOLE,),
    AGGLOMERATION: (AGGLOMERATION, WIDER),
    TRANSITION: (OUTSIDE, WIDER),
    OUTSIDE: (OUTSIDE, NARROWER),
    UNKNOWN: (AGGLOMERATION, WIDER, OUTSIDE, NARROWER),
}
"""Scopes in which a zone counts; one that nobody knows may be any of them."""
REPORTED = "berichtspflichtig"
"""Part of each scope: the waters that are or may be reported."""


def with_reported(scopes: Iterable[str]) -> list[str]:
    """Return scopes, each with its reported waters.

    >>> with_reported(["gesamt"])
    ['gesamt', 'gesamt.berichtspflichtig']
    """
    return [name for scope in scopes for name in (scope, f"{scope}.{REPORTED}")]


def length_keys(zone: str, grade: int | None, reported: float | None) -> Iterator[str]:
    """Yield the keys of sums under which the length of a section in a zone counts.

    Of each scope and of its reported waters: all length (``.alle``), and either that of known class with that
    from each class on (``.ab_5``), or what is not known (``.unbekannt``). ``reported`` is 1 or 0, ``None``
    where nobody knows.

    >>> list(length_keys("gesamt", 2, 0)), list(length_keys("gesamt", None, 0))
    (['gesamt.alle', 'gesamt', 'gesamt.ab_1', 'gesamt.ab_2'], ['gesamt.alle', 'gesamt.unbekannt'])
    """
    told = None if zone == UNKNOWN else grade
    grades: dict[str, int | None] = dict.fromkeys(SCOPES[zone], told)
    if reported != 0:
        grades |= dict.fromkeys((f"{scope}.{REPORTED}" for scope in SCOPES[zone]), told if reported else None)
    for scope, known in grades.items():
        yield f"{scope}.alle"
        yield f"{scope}.unbekannt" if known is None else scope
        yield from (f"{scope}.ab_{floor}" for floor in range(1, (known or 0) + 1))
