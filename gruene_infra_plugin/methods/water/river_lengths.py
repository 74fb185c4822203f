"""Under which keys the length of a river section is summed up, by zone and structure class (HZ 19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

WHOLE, AGGLOMERATION, TRANSITION, OUTSIDE, UNKNOWN = (
    "whole",
    "agglomeration",
    "transition",
    "outside",
    "unknown",
)
"""Kinds of zones; everything lies in the whole."""
SIDES = {AGGLOMERATION: "ballungsraum", TRANSITION: "aussen", OUTSIDE: "aussen"}
"""What a zone is called."""
SCOPES = {
    WHOLE: ("gesamt",),
    AGGLOMERATION: ("ballungsraum", "ballungsraum_mit"),
    TRANSITION: ("aussen", "ballungsraum_mit"),
    OUTSIDE: ("aussen", "aussen_mit"),
    UNKNOWN: ("ballungsraum", "ballungsraum_mit", "aussen", "aussen_mit"),
}
"""Scopes in which a zone counts; one that nobody knows may be any of them.

In the second delimitation (``_mit``) the transition zone belongs to the agglomeration.
"""
ZONED = SCOPES[UNKNOWN]
"""All scopes of zones."""
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

    >>> list(length_keys("whole", 2, 0)), list(length_keys("whole", None, 0))
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
