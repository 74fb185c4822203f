"""Why a finding is not assessable: what it says itself, else what its numbers tell."""

from __future__ import annotations

from ..methods.findings.finding import Finding
from ..methods.findings.targets import MINIMUM_COVERAGE
from ..methods.findings.thresholds import least
from .numbers import Numbers
from .texts import Texts


def reason_of(row: Finding, texts: Texts) -> str:
    """Return why a finding is not assessable; empty where it is."""
    if row.is_assessed:
        return ""
    return row.reason or why_not(row.zaehler, row.nenner, row.abdeckung_proz, texts)


def why_not(numerator: float | None, denominator: float | None, coverage: float, texts: Texts) -> str:
    """Return why numbers, of which ``coverage`` percent are known, give no value."""
    if numerator is None or denominator is None:
        return texts("reason.missing")
    if not denominator:
        return texts("reason.nothing")
    return texts("reason.share", share=short_of_enough(coverage, texts.language))


def short_of_enough(share: float, language: str) -> str:
    """Return a percentage in words, never rounded up to the one that would have been enough."""
    rounded = round(share)
    if share >= least(MINIMUM_COVERAGE) or rounded < MINIMUM_COVERAGE:
        return f"{rounded}"
    return Numbers(language).number(share, MINIMUM_COVERAGE)
