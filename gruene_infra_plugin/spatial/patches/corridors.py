"""Corridors as connected parts, what lies between the parts, and where they are narrow (HZ13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from qgis.core import QgsGeometry, QgsProcessingFeedback

from ...methods.findings.thresholds import least
from ...methods.patches.connectivity import Network, dispersal_probability
from ...methods.patches.link_plan import LinkPlan, link_plan, reconnecting
from ...methods.reading.names import shown_as
from ..geometry.bottlenecks import Bottleneck, Survey
from ..geometry.connected import connected_parts
from ..geometry.threads import in_order
from ..geometry.width import Klasse, Sweep, classed, swept
from ..running import check_cancelled
from .links import Links, nearest_links

M2_PER_HA = 10_000.0


@dataclass(frozen=True)
class Corridors:
    """Connected parts of corridors: single polygons, and of each the name of its corridor.

    ``left_out`` is the number of parts that are too small to be regarded.
    """

    parts: Sequence[QgsGeometry]
    names: Sequence[str]
    left_out: int = 0

    @classmethod
    def of(
        cls,
        polygons: Iterable[tuple[str, QgsGeometry]],
        tolerance: float,
        feedback: QgsProcessingFeedback,
        min_area: float = 0.0,
    ) -> Corridors:
        """Dissolve polygons that share a name; those at most ``tolerance`` metres apart are one part.

        Spellings that only look different are one name.

        Parts smaller than ``min_area`` square metres are left out.
        """
        polygons = list(polygons)
        shown = shown_as(name for name, _ in polygons)
        by_name: dict[str, list[QgsGeometry]] = defaultdict(list)
        for name, polygon in polygons:
            by_name[shown[name]].append(polygon)

        def pulse() -> None:
            check_cancelled(feedback)

        found = [(part, n) for n in sorted(by_name) for part in connected_parts(by_name[n], tolerance, pulse)]
        kept = [(part, name) for part, name in found if part.area() >= least(min_area)]
        return cls([part for part, _ in kept], [name for _, name in kept], len(found) - len(kept))

    @property
    def hectares(self) -> np.ndarray:
        """Area of each part, shape (n,)."""
        return np.array([part.area() for part in self.parts]) / M2_PER_HA


@dataclass(frozen=True)
class Gaps:
    """Gaps between parts of one corridor, and what closing each of them gains.

    ``links`` are those looked at, in the order of ``plan``; ``needed`` tells the fewest that reconnect what
    is within reach. ``loose`` is the number of parts that stay apart from the rest of their corridor.
    """

    links: Links
    needed: np.ndarray
    plan: LinkPlan
    loose: int


def find_gaps(
    corridors: Corridors, max_gap: float, dispersal: float, all_pairs: bool, feedback: QgsProcessingFeedback
) -> Gaps:
    """Find the gaps of up to ``max_gap`` metres, and the gain in ECA of closing them.

    The network of the plan holds all neighbours within reach, crossed with p = 0.5 at ``dispersal`` metres,
    whether or not their gap is listed.
    """
    links = nearest_links(corridors.parts, max_gap, corridors.names, feedback)
    count = len(corridors.parts)
    forest = reconnecting(count, links.ends, links.lengths)
    chosen = np.arange(len(links)) if all_pairs else np.sort(forest)
    probability = dispersal_probability(links.lengths, dispersal)
    plan = link_plan(
        Network(corridors.hectares, links.ends, probability),
        chosen,
        tie=_shortest_first(links.only(chosen)),
        pulse=lambda: check_cancelled(feedback),
    )
    loose = count - len(forest) - len(set(corridors.names))
    return Gaps(links.only(chosen), np.isin(chosen, forest), plan, loose)


def _shortest_first(links: Links) -> np.ndarray:
    """Return a key (m,) that orders links by length, then from west to east, then from south to north."""
    middle = links.points.mean(axis=1)
    order = np.lexsort((middle[:, 1], middle[:, 0], links.lengths.round(6)))
    key = np.empty(len(links), dtype=np.int64)
    key[order] = np.arange(len(links))
    return key


@dataclass(frozen=True)
class Narrowness:
    """Where one part of the corridor ``name`` is too narrow: the ground, and its places with their width."""

    name: str
    ground: Sequence[QgsGeometry]
    bottlenecks: Sequence[Bottleneck]


def narrow_places(
    corridors: Corridors, kinds: Mapping[float, Container[Klasse]], feedback: QgsProcessingFeedback
) -> Iterator[tuple[float, Narrowness]]:
    """Yield each part with each width of ``kinds``, in metres, that it is opened by.

    The places of the ``kinds`` of a width are measured.
    """

    def pulse() -> None:
        check_cancelled(feedback)

    widths = tuple(kinds)
    with closing(_sweeps(corridors.parts, widths, pulse)) as sweeps:
        for number, (part, name) in enumerate(zip(corridors.parts, corridors.names, strict=True)):
            feedback.setProgress(100.0 * number / len(corridors.parts))
            survey = Survey(part, widths, pulse)
            for width, some in kinds.items():
                pulse()
                opening = classed(next(sweeps))
                yield width, Narrowness(name, opening.residuals, survey.bottlenecks(opening, some))


def _sweeps(
    parts: Sequence[QgsGeometry], widths: Sequence[float], pulse: Callable[[], None]
) -> Generator[Sweep, None, None]:
    """Yield what discs of each width cover of each part."""

    def work(task: tuple[QgsGeometry, float], _pulse: Callable[[], None]) -> Sweep:
        return swept(*task)

    tasks = [(QgsGeometry(part), width) for part in parts for width in widths]
    return in_order(work, tasks, lambda task: task[0], pulse)
