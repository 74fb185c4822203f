"""The thin bar of a finding as fractions of its length: value and target, no drawing."""

from __future__ import annotations

from dataclasses import dataclass

from ...methods.findings.finding import Finding

BEYOND = 1.25
"""A bar towards a target of at least so much ends this many times as far: more is clipped."""
AROUND = 2.0
"""A bar with a target of at most or exactly so much ends this many times as far."""


@dataclass(frozen=True)
class Bar:
    """``fill`` and ``target`` from 0 to 1; hatched without a ``fill``, unmarked without a ``target``."""

    fill: float | None
    target: float | None
    clipped: bool = False


def bar_of(row: Finding) -> Bar | None:
    """Return the bar of a finding; ``None`` where neither a target nor percent say how long it is."""
    value = row.wert if row.is_assessed else None
    end = _end(row)
    if row.ziel is None and end is None:
        return Bar(None, None) if value is None else None
    target = None if row.ziel is None else _part(row.ziel, end)
    if value is None:
        return Bar(None, target)
    return Bar(_part(value, end), target, clipped=end is not None and value > end)


def _end(row: Finding) -> float | None:
    """Return the value at the end of the bar, ``None`` where no positive number can be that."""
    if row.ziel is None:
        return 100.0 if row.einheit == "%" else None
    end = row.ziel * (BEYOND if row.richtung == ">=" else AROUND)
    if row.einheit == "%" and row.ziel <= 100.0:
        end = min(end, 100.0)
    return end if end > 0.0 else None


def _part(value: float, end: float | None) -> float:
    """Return how much of the bar a value takes; of a target of 0 anything above is all of it."""
    if end is None:
        return 1.0 if value > 0.0 else 0.0
    return min(max(value / end, 0.0), 1.0)
