"""Findings of several days: what is compared, and what earlier tables tell of today's rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..gruene_infra_plugin.catalogue import entry_ids, load_entry
from ..gruene_infra_plugin.methods.findings.finding import Finding, is_mean
from ..gruene_infra_plugin.methods.findings.targets import ConflictError, agreed
from ..gruene_infra_plugin.methods.findings.trend import Comparison, Trends
from ..gruene_infra_plugin.report.wordings import settings


def trends_of(rows: Iterable[Finding], as_of: dt.date, *, same_version: bool = False) -> Trends:
    """Return the trends of findings; raise ``ConflictError`` where two of the same day contradict each other.

    Which of them are about a share of the area itself is told by the entries of their algorithms.
    """
    rows = list(rows)
    shares = _shares_of_areas({row.algorithmus for row in rows})
    return Trends(rows, as_of, Comparison(lambda row: row.group in shares, same_version, settings))


def _shares_of_areas(algorithms: Iterable[str]) -> set[tuple[str, str]]:
    """Return indicator and definition of what these algorithms divide by the size of the area."""
    return {
        (indicator.id, definition.id)
        for algorithm in set(algorithms) & set(entry_ids())
        for indicator in load_entry(algorithm).indicators
        for definition in indicator.definitions
        if definition.over == "area"
    }


def with_history(rows: Sequence[Finding], given: Iterable[Finding], as_of: dt.date) -> list[Finding]:
    """Return the rows of a report with those that were given for earlier days.

    Means of today are among ``rows``, computed anew. Those of earlier reports are taken where all tables tell
    the same of that day.
    """
    measured, means = [], defaultdict(list)
    for row in given:
        if not is_mean(row):
            measured.append(row)
        elif row.berechnet_am < as_of:
            means[*row.group, row.gebiet, row.raumtyp, row.berechnet_am].append(row)
    earlier = [one for some in means.values() if (one := _all_agree(some)) is not None]
    return [*(row for row in rows if is_mean(row)), *measured, *earlier]


def _all_agree(rows: Sequence[Finding]) -> Finding | None:
    first = rows[0]
    try:
        for row in rows[1:]:
            first = agreed(first, row)
    except ConflictError:
        return None
    return first
