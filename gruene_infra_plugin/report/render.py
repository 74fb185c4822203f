"""Writes the report: one HTML text that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..methods.findings.finding import Finding
from ..methods.findings.trend import Trends
from ..paths import REPORT_TEMPLATES
from ..strategy import Strategy
from .maps import MapFile
from .model import Heading
from .texts import Texts
from .view import build_report


def render(
    rows: Sequence[Finding],
    strategy: Strategy,
    heading: Heading,
    texts: Texts,
    maps: Sequence[MapFile] = (),
    trends: Trends | None = None,
) -> str:
    """Return the report on ``rows`` as HTML; every text from data or strategy is escaped.

    ``trends`` are what earlier dates tell of the rows.

    Raises
    ------
    MapError
        If one of ``maps`` is not an image.
    """
    environment = Environment(
        loader=FileSystemLoader(REPORT_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    report = build_report(rows, strategy, heading, texts, maps, trends)
    return environment.get_template("report.html.j2").render(report=report, t=texts)
