"""How well each area is reached, in classes that mean something, and need beside them.

Classes are not quantiles: the step from 2 to 3 is where falling short begins, so that the map, the
table and the sentence speak of the same areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.analysis.schemas import AnalysisRead
from app.indicators.breaks import THIRDS, Division, Ints, find_needs, join_in_thirds
from app.indicators.layers import Floats, Layer

Scale = Literal["distance", "supply"]

SHARES_OF_DISTANCE = (0.5, 1.0, 1.5, 2.0)
"""Upper edges of the classes of distance, each included, as shares of how far people go."""

SHARES_OF_STANDARD = (0.0, 0.5, 1.0, 1.5)
"""Lower edges of the classes of supply, the first excluded, as shares of the standard."""

FIRST_SHORT = 3
"""Classes from here on fall short."""

IN_THIRDS = {
    "distance": np.array([0, 1, 2, 3, 3, 3]),
    "supply": np.array([0, 1, 1, 2, 3, 3]),
}
"""The third of each of the five classes: 1 reached best, 3 worst."""

FIRST_OF_BOTH = 6
"""Numbers of the nine classes on the map follow those of the five: 6 is 11, 14 is 33."""


@dataclass(frozen=True)
class Reach:
    """How well areas are reached.

    Attributes:
        scale: Whether distances or supply a person are told.
        edges: Between the five classes, best reached first: straight metres, or supply for each
            1,000 people.
        classes: Of each area in gid order: 1 best, 5 worst.
        counts: Areas in each class, best first.
        people: People in each class, likewise.
    """

    scale: Scale
    edges: Sequence[float]
    classes: Ints
    counts: Sequence[int]
    people: Sequence[float]

    @property
    def is_short(self) -> np.ndarray:
        """Whether each area falls short."""
        return self.classes >= FIRST_SHORT

    @property
    def thirds(self) -> Ints:
        """The third of each area, 3 worst."""
        return np.asarray(IN_THIRDS[self.scale][self.classes])


@dataclass(frozen=True)
class Both:
    """Need and reach in nine classes.

    Attributes:
        is_published: Whether need is divided by published tenths.
        needs: Third of need of each area, 3 most; 0 where it has no figure.
        counts: How many areas are in each: rows by need, most first; columns by reach, worst last.
        people: How many people, likewise.
        without: Areas without a figure of need.
        cuts: How need is divided.
    """

    is_published: bool
    needs: Ints
    counts: Sequence[Sequence[int]]
    people: Sequence[Sequence[float]]
    without: int
    cuts: Division


def is_by_supply(answer: AnalysisRead) -> bool:
    """Return whether the answer tells of supply a person, not of distance."""
    return answer.asked.method not in {"coverage", "nearest"}


def find_standard(answer: AnalysisRead) -> float:
    """Return the supply for each 1,000 people that is measured against; 0 where nobody lives."""
    if answer.asked.standard is not None:
        return answer.asked.standard
    people, access = read_figures(answer.areas.people), read_figures(answer.areas.access)
    everybody = float(np.nansum(people))
    return float(np.nansum(people * access)) / everybody if everybody else 0.0


def read_figures(figures: Sequence[float | None]) -> Floats:
    """Return figures as an array; NaN where there is none."""
    return np.array([np.nan if each is None else each for each in figures], dtype=np.float64)


def class_reach(answer: AnalysisRead) -> Reach:
    """Return the classes of all areas of an answer."""
    people = np.nan_to_num(read_figures(answer.areas.people))
    if is_by_supply(answer):
        standard = find_standard(answer)
        edges = [share * standard for share in reversed(SHARES_OF_STANDARD)]
        classes = class_supply(read_figures(answer.areas.access), standard)
        scale: Scale = "supply"
    else:
        catchment_m = answer.asked.catchment_straight_m
        edges = [share * catchment_m for share in SHARES_OF_DISTANCE]
        classes = class_distance(read_figures(answer.areas.distance_m), catchment_m)
        covered = read_figures(answer.areas.covered)
        # Distances are told rounded, and some are served at home: who is covered decides.
        is_short = np.where(people > 0, covered < people / 2, classes >= FIRST_SHORT)
        classes = np.where(is_short, np.maximum(classes, 3), np.minimum(classes, 2))
        scale = "distance"
    return Reach(
        scale=scale,
        edges=edges,
        classes=classes,
        counts=[int((classes == each).sum()) for each in range(1, 6)],
        people=[float(people[classes == each].sum()) for each in range(1, 6)],
    )


def class_distance(distance_m: Floats, catchment_m: float) -> Ints:
    """Return 1 for the nearest to 5 for those beyond twice the distance, or without any site."""
    edges = catchment_m * np.array(SHARES_OF_DISTANCE)
    far = np.nan_to_num(distance_m, nan=np.inf, posinf=np.inf)
    return np.asarray(np.searchsorted(edges, far, side="left") + 1)


def class_supply(access: Floats, standard: float) -> Ints:
    """Return 1 for half as much again as the standard, to 5 for nothing within reach."""
    share = np.nan_to_num(access) / standard if standard > 0 else np.zeros(len(access))
    classes = np.full(len(access), 5)
    for need, edge in ((4, 0.0), (3, 0.5), (2, 1.0), (1, 1.5)):
        classes[share > 0 if not edge else share >= edge * (1 - 1e-9)] = need
    return classes


def class_both(answer: AnalysisRead, reach: Reach, need: Layer) -> Both:
    """Return need beside reach in nine classes."""
    published = need.published
    cuts = join_in_thirds(published) if published is not None else need.thirds
    return cross(
        answer, reach, find_needs(need.values, cuts), cuts, is_published=published is not None
    )


def cross(
    answer: AnalysisRead, reach: Reach, needs: Ints, cuts: Division, *, is_published: bool
) -> Both:
    """Return thirds of need beside reach in nine classes.

    Args:
        answer: Whose areas they are.
        reach: How well these are reached.
        needs: Third of need of each area, 3 most; 0 where it has no figure.
        cuts: How need is divided.
        is_published: Whether by published tenths.
    """
    people = np.nan_to_num(read_figures(answer.areas.people))
    cells = [
        [(needs == row) & (reach.thirds == column) for column in range(1, THIRDS + 1)]
        for row in range(THIRDS, 0, -1)
    ]
    return Both(
        is_published=is_published,
        needs=needs,
        counts=[[int(cell.sum()) for cell in row] for row in cells],
        people=[[float(people[cell].sum()) for cell in row] for row in cells],
        without=int((needs == 0).sum()),
        cuts=cuts,
    )


def apply_changes(answer: AnalysisRead) -> AnalysisRead:
    """Return what would come of the changes of an answer, in the form of one.

    Its standard is that of what there is now. Without changes it is the answer itself.
    """
    made = answer.what_if
    if made is None:
        return answer
    figures = {name: getattr(made.areas, name) for name in type(made.areas).model_fields}
    asked = answer.asked
    if is_by_supply(answer):
        asked = asked.model_copy(update={"standard": find_standard(answer)})
    return answer.model_copy(
        update={
            "asked": asked,
            "areas": answer.areas.model_copy(update=figures),
            "sites": made.sites,
            "covered": made.covered,
            "shortfall": made.shortfall,
        }
    )


def number_classes(thirds_or_classes: Ints, needs: Ints | None) -> Ints:
    """Return the number of each area's class on the map; 0 is hatched.

    Args:
        thirds_or_classes: The five classes of reach, or its thirds where `needs` are given.
        needs: Thirds of need; None without a need.
    """
    if needs is None:
        return thirds_or_classes
    both = FIRST_OF_BOTH + (needs - 1) * THIRDS + thirds_or_classes - 1
    return np.where(needs == 0, 0, both)


def count_beyond(answer: AnalysisRead, reach: Reach) -> Floats:
    """Return the people of each area who are not reached."""
    people = np.nan_to_num(read_figures(answer.areas.people))
    if is_by_supply(answer):
        return np.where(reach.is_short, people, 0.0)
    return people - np.nan_to_num(read_figures(answer.areas.covered))


def rank_short_first(answer: AnalysisRead, reach: Reach, needs: Ints | None, by_name: Ints) -> Ints:
    """Return the places of all areas in the arrays, in the order in which they are told.

    Areas that fall short first; among them by third of need; then by what is missing, distance
    and name.

    Args:
        answer: Whose areas they are.
        reach: How well these are reached.
        needs: Third of need of each area; None where none is asked about.
        by_name: Their places in the arrays in the order of names.
    """
    far = np.nan_to_num(read_figures(answer.areas.distance_m), nan=np.inf)
    shortfall = np.nan_to_num(read_figures(answer.areas.shortfall))
    thirds = np.zeros(len(far)) if needs is None else needs.astype(np.float64)
    keys: list[Floats] = [-far, -shortfall, -thirds, -reach.is_short.astype(np.float64)]
    return np.asarray(by_name[np.lexsort([key[by_name] for key in keys])])
