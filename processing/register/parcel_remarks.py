"""What the log says of parcels whose features do not agree with each other or with their official area."""

from __future__ import annotations

from collections.abc import Sequence

from ...gruene_infra_plugin.i18n import translate
from ...gruene_infra_plugin.methods.reading.names import first_few
from ...gruene_infra_plugin.spatial.reading.source import Input
from ..job import Job


def warn_of_versions(job: Job, layer: Input, keys: Sequence[str]) -> None:
    """Say which parcels come in several versions that overlap."""
    message = translate(
        "GrueneInfra",
        "{layer}: {count} parcels come in versions that overlap. What overlaps counts once: {parcels}.",
    )
    _warn(job, layer, keys, message)


def warn_of_areas(job: Job, layer: Input, keys: Sequence[str]) -> None:
    """Say of which parcels the outline does not bear out the official area."""
    message = translate(
        "GrueneInfra",
        "{layer}: the official area of {count} parcels does not fit the outline, which counts: {parcels}.",
    )
    _warn(job, layer, keys, message)


def warn_of_unread_areas(job: Job, layer: Input, count: int) -> None:
    """Say how many features have an official area that is none."""
    if count:
        message = translate(
            "GrueneInfra", "{layer}: {count} official areas cannot be read; the outline counts there."
        )
        job.feedback.pushWarning(message.format(layer=layer.name, count=count))


def _warn(job: Job, layer: Input, keys: Sequence[str], message: str) -> None:
    if keys:
        job.feedback.pushWarning(
            message.format(layer=layer.name, count=len(keys), parcels=first_few(sorted(keys)))
        )
