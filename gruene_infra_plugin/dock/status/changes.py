"""Which findings are outdated: layers that changed after what was computed from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ...methods.findings.finding import Finding


@dataclass(frozen=True)
class Change:
    """The last change of a layer, known by its id and its source; ``when`` carries its time zone.

    The project keeps it, so the source is without password.
    """

    layer_id: str
    source: str
    name: str
    when: dt.datetime

    def concerns(self, layers: Collection[str]) -> bool:
        """Return whether the layer is among ``layers``, given by id or source."""
        return self.layer_id in layers or self.source in layers


def outdating(
    finding: Finding,
    changes: Iterable[Change],
    layers: Collection[str],
    run: dt.datetime | None,
    today: dt.date,
) -> tuple[Change, ...]:
    """Return the changes that a finding does not know of, the newest first.

    ``layers`` are ids of what its algorithm reads, and sources without passwords; ``run`` is when the
    algorithm last began a run that succeeded. A finding from elsewhere is newer than a change if it was
    computed on a later day; a day in the future is a target date and says nothing.
    """
    found = [
        change
        for change in changes
        if change.concerns(layers)
        and (run is None or change.when >= run)
        and not change.when.astimezone().date() < finding.berechnet_am <= today
    ]
    return tuple(sorted(found, key=lambda change: change.when, reverse=True))
