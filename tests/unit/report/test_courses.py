"""Lines over time and their words: true to scale by hand, in both languages, of data that mean no harm."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from gruene_infra.gruene_infra_plugin.methods.findings.finding import Finding, Status
from gruene_infra.gruene_infra_plugin.methods.findings.trend import Trends
from gruene_infra.gruene_infra_plugin.report.courses import Courses
from gruene_infra.gruene_infra_plugin.report.render import render
from gruene_infra.gruene_infra_plugin.report.svg import LINE_HEIGHT, WIDTH, sparkline
from gruene_infra.gruene_infra_plugin.report.texts import Texts
from hypothesis import given
from hypothesis import strategies as st

from .test_report import HEADING, STRATEGY, TODAY, Balanced, finding, visible

EARLIER = dt.date(2022, 6, 30)
"""1461 days before."""
NARROW = "\u202f"
UP = f"+1.00{NARROW}percentage points per year since 30 Jun 2022"
DOWN = f"−1.00{NARROW}percentage points per year since 30 Jun 2022"


def forest(hectares: float, day: dt.date = TODAY, **changes: object) -> Finding:
    """Return a forest of so many of 100 ha; the region owes 25 % until the end of 2030."""
    return finding(
        "hz22.wald",
        "Gesamt",
        hectares,
        100.0,
        target="hz22.waldanteil",
        kind="Gesamt",
        berechnet_am=day,
        **changes,
    )


def numbers(markup: object, pattern: str) -> list[float]:
    (found,) = re.findall(pattern, str(markup.__html__()))
    return [float(number) for number in re.split(r"[ ,]", found)]


def points(*values: float, target: float | None = None) -> list[tuple[float, float]]:
    """Return the places of values of one after the other year."""
    drawn = sparkline([(float(k), value) for k, value in enumerate(values)], target, "t")
    flat = numbers(drawn, r'points="([^"]+)"')
    return list(zip(flat[::2], flat[1::2], strict=True))


def test_a_line_from_10_over_20_to_a_target_of_30():
    """The height is 34 between its margins of 5: 10 lies at its foot, 20 in the middle, 30 at its top."""
    assert points(10.0, 20.0, target=30.0) == [(5.0, 39.0), (235.0, 22.0)]
    drawn = sparkline([(0.0, 10.0), (1.0, 20.0)], 30.0, "t")
    assert numbers(drawn, r'class="goalline" x1="0" y1="([^"]+)"') == [5.0]


def test_dates_lie_where_their_time_is():
    drawn = sparkline([(0.0, 1.0), (1.0, 2.0), (4.0, 3.0)], None, "t")
    assert numbers(drawn, r'points="([^"]+)"')[::2] == [5.0, 62.5, 235.0]
    assert drawn.markup.count("<circle") == 3
    assert "goalline" not in drawn.markup


@pytest.mark.parametrize("value", [0.0, 10.0, -3.0])
def test_what_does_not_change_is_level_in_the_middle(value):
    assert points(value, value) == [(5.0, 22.0), (235.0, 22.0)]


def test_little_change_looks_little():
    """The height of 34 stands for a tenth of 101 at least, so that 1 more is 3.37 of it."""
    (_, first), (_, last) = points(100.0, 101.0)
    assert first - last == pytest.approx(34.0 * 1.0 / 10.1, abs=0.011)


@given(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=8), st.none() | st.floats(-1e12, 1e12))
def test_every_line_stays_inside_its_drawing(values, target):
    for x, y in points(*values, target=target):
        assert 0.0 <= x <= WIDTH
        assert 0.0 <= y <= LINE_HEIGHT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            (
                f"+1,00{NARROW}Prozentpunkte pro Jahr seit 30.06.2022",
                "bei diesem Tempo ist das Ziel erst 2037 erreicht",
                f"nötig bis 31.12.2030: +2,44{NARROW}Prozentpunkte pro Jahr",
            ),
        ),
        (
            "en",
            (
                f"+1.00{NARROW}percentage points per year since 30 Jun 2022",
                "at this rate the target is not reached before 2037",
                f"needed until 31 Dec 2030: +2.44{NARROW}percentage points per year",
            ),
        ),
    ],
)
def test_rate_year_and_need_in_words(language, words):
    """10 → 14 % in 1461 days, and 11 · 365.2425 / 1645 = 2.4423 a year until the end of 2030."""
    rows = [forest(10.0, EARLIER), forest(14.0)]
    course = Courses(Texts(language)).course(Trends(rows, TODAY).of(rows[1]))
    assert course.words == words
    unit = {"de": "Prozentpunkte pro Jahr, Ziel 2037", "en": "percentage points per year, target 2037"}[
        language
    ]
    assert course.brief == (f"{words[0].partition(NARROW)[0]}{NARROW}{unit}",)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (14.0, 14.0, ("unchanged since 30 Jun 2022", "at this rate the target is never reached")),
        (18.0, 14.0, (DOWN, "leads away from the target")),
        (26.0, 30.0, (UP,)),
        (34.0, 30.0, (DOWN, "leads away from the target")),
        (10.0, 20.0, (
            f"+2.50{NARROW}percentage points per year since 30 Jun 2022",
            "at this rate the target is reached in 2028",
        )),
    ],
)  # fmt: skip
def test_what_becomes_of_the_target_in_words(before, now, words):
    rows = [forest(before, EARLIER, stand_daten="ALKIS 2022"), forest(now, stand_daten="ALKIS 2026")]
    course = Courses(Texts("en")).course(Trends(rows, TODAY).of(rows[1]))
    assert tuple(text for text in course.words if not text.startswith("needed")) == words
    rate = words[0].removesuffix(" since 30 Jun 2022")
    more = {"leads away from the target": rate + ", leads away from the target", "": rate}
    more["at this rate the target is reached in 2028"] = rate + ", target 2028"
    more["at this rate the target is never reached"] = "unchanged"
    assert course.brief == (more["".join(words[1:])],)


def test_one_date_has_no_course_and_a_change_has_words_without_a_line():
    courses = Courses(Texts("de"))
    alone, *changed = forest(14.0), forest(10.0, EARLIER, definition="anders"), forest(14.0)
    assert courses.course(Trends([alone], TODAY).of(alone)) is None
    course = courses.course(Trends(changed, TODAY).of(changed[1]))
    assert course.line is None
    assert course.words == course.brief == ("Kein Verlauf: seit 30.06.2026 geändert: Definition",)


@pytest.mark.parametrize(
    ("day", "before", "words"),
    [
        (
            EARLIER,
            14.0,
            "No course: same figures to the last digit as before, the data may be the same: 30 Jun 2026",
        ),
        (
            dt.date(2026, 5, 31),
            10.0,
            "No course: only 30 days lie between the dates, a rate needs 90 [A]",
        ),
    ],
)
def test_dates_that_may_be_one_or_are_too_near_have_words_without_a_line(day, before, words):
    rows = [forest(before, day), forest(14.0)]
    course = Courses(Texts("en")).course(Trends(rows, TODAY).of(rows[1]))
    assert (course.line, course.words, course.brief) == (None, (words,), (words,))


def test_a_reader_who_sees_no_line_hears_its_values():
    rows = [forest(10.0, EARLIER), forest(14.0)]
    page = render(rows[1:], STRATEGY, HEADING, Texts("de"), (), Trends(rows, TODAY))
    title = f"<title>Kennzahl hz22.wald, Gesamt: 30.06.2022 10{NARROW}%, 30.06.2026 14{NARROW}%</title>"
    assert re.search(rf'<svg class="spark" viewBox="[^"]+" role="img">{re.escape(title)}', page)
    assert "Linie: die Werte der früheren Daten" in visible(page)
    assert "Linie:" not in visible(render(rows[1:], STRATEGY, HEADING, Texts("de")))
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert "<script" not in page


def test_areas_in_a_table_have_lines_as_well():
    rows = [
        finding("hz24.anteil", name, value, 100.0, berechnet_am=day)
        for name in ("Bochum", "Essen", "Hagen", "Herne")
        for day, value in ((EARLIER, 10.0), (TODAY, 14.0))
    ]
    newest = [row for row in rows if row.berechnet_am == TODAY]
    page = render(newest, STRATEGY, HEADING, Texts("de"), (), Trends(rows, TODAY))
    assert page.count('<polyline class="course"') == 4
    assert 'class="areas timed"' in page
    assert all(row.status == Status.NO_TARGET for row in rows)
    assert "goalline" not in page.partition("</style>")[2]
