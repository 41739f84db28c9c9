"""What can be worked out where nobody publishes it: margins, outlines, weights, best fits, middles.

Everything here is pure: rows in, rows out, and each row says how it was worked out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from app.areas.rows import NewArea, NewLookup, NewPostcode
from app.geo.crs import reproject, wgs84
from app.geo.geometry import union_coverage
from app.geo.overlaps import measure_overlaps

MOST_INSIDE = 0.5
"""An area that lies inside the study area by more than this share is no neighbour of it."""

MOST_CODES = 10
"""How many codes a refusal names."""

BY_PEOPLE = (
    "by the people of each part: the population of the area that it goes to, "
    "shared by surface where several areas go there"
)
BY_SURFACE = "by the surface of each part, because the people of some parts are not known"
IN_EQUAL_PARTS = "in equal parts, because the outlines share no ground"
LARGEST_OVERLAP = "largest overlap, derived"
MOST_HOMES = "largest overlap by the postcodes in it, derived"

Weights = NDArray[np.float64]


class MixedYearsError(ValueError):
    """Areas of another boundary year or scheme lie among those of the study area."""


def select_margin(
    candidates: list[NewArea], study: list[NewArea], margin_m: float
) -> list[NewArea]:
    """Return the areas around the study area, for analysis to look over its edge.

    Args:
        candidates: Areas of the same boundary set from a wider file, which may be more simplified:
            slivers that lie over the study area's edge are expected. Those with a code of the
            study area are passed over.
        study: All areas of the study area. Boundaries of both are in one projected system.
        margin_m: How far from the study area an area may begin, in metres.

    Returns:
        Those within the margin, in the order of `candidates`, with `in_study_area` False.

    Raises:
        MixedYearsError: Some lie mostly inside the study area though their codes are not in it.
    """
    codes = {area.code for area in study}
    others = [area for area in candidates if area.code not in codes]
    if not others or not study:
        return []
    inside, around = _stack(study), _stack(others)
    tree = shapely.STRtree(around)
    near = np.unique(tree.query(inside, predicate="dwithin", distance=margin_m)[1])
    nearby = around[near]
    overlaps = measure_overlaps(nearby, inside)
    shared = np.bincount(overlaps.first, overlaps.area, minlength=len(near))
    mixed = [others[near[i]].code for i in np.flatnonzero(shared > MOST_INSIDE * _size(nearby))]
    if mixed:
        more = f" and {len(mixed) - MOST_CODES} more" if len(mixed) > MOST_CODES else ""
        raise MixedYearsError(
            f"mixed boundary years: {', '.join(sorted(mixed)[:MOST_CODES])}{more} lie inside the "
            "study area but are not among its areas. Take the margin from a file of the same "
            "boundary year and kind of area."
        )
    return [others[i]._replace(in_study_area=False) for i in near]


def dissolve(areas: list[NewArea], belongs: Iterable[tuple[str, str, str]]) -> list[NewArea]:
    """Return larger areas, each outlined as all of its smaller ones together.

    Args:
        areas: The smaller areas, boundaries in a projected system in metres.
        belongs: Code of a smaller area, code of the larger one it lies in, name of the larger.
            Areas without a row are left out, and so are rows of areas that are not there.

    Returns:
        The larger areas by code. One with any part in the study area is in it, and is made of
        these parts alone: the margin's people are not counted in it either.

    Raises:
        ValueError: A smaller area is said to lie in two larger ones.
    """
    known = {area.code: area for area in areas}
    names: dict[str, str] = {}
    parts: defaultdict[str, list[NewArea]] = defaultdict(list)
    placed: dict[str, str] = {}
    for small, large, name in belongs:
        if small not in known:
            continue
        if small in placed:
            if placed[small] != large:
                raise ValueError(f"{small!r} lies in {placed[small]!r} and {large!r}; keep one")
            continue
        placed[small] = large
        names.setdefault(large, name)
        parts[large].append(known[small])
    made = []
    for large in sorted(parts):
        inside = any(part.in_study_area for part in parts[large])
        kept = [part for part in parts[large] if part.in_study_area == inside]
        made.append(NewArea(large, names[large], inside, union_coverage(_stack(kept)), None))
    return made


def derive_weights(
    rows: list[NewLookup],
    from_areas: list[NewArea],
    to_areas: list[NewArea],
    people: dict[str, float],
) -> list[NewLookup]:
    """Return a lookup without published weights, each row with its share of the from-area.

    An area that goes to one place alone goes there whole. Where it goes to several, each part
    weighs as many people as live there: those of the area it goes to, or, where others go there
    too, the part of them that the shared surface is of that area's surface.

    Args:
        rows: A lookup between two boundary sets; its weights are not looked at.
        from_areas: Areas of the set it leads from; boundaries in one projected system.
        to_areas: Areas of the set it leads to.
        people: People of the to-areas, by code.

    Returns:
        The rows in their order, weights of each from-area adding up to 1, with `method` where
        there was anything to work out. A row alone keeps the `method` it came with.
    """
    origins: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        origins[row.from_code].append(index)
    alone = Counter(row.to_code for row in rows)
    surfaces = _measure_rows(rows, [each for each in origins.values() if len(each) > 1],
                             from_areas, to_areas)  # fmt: skip
    sizes = {area.code: area.boundary.area for area in to_areas}

    def count(index: int) -> float | None:
        to_code = rows[index].to_code
        if to_code not in people:
            return None
        if alone[to_code] == 1:
            return people[to_code]
        return people[to_code] * surfaces.get(index, 0.0) / sizes.get(to_code, 1.0)

    made = list(rows)
    for indices in origins.values():
        if len(indices) == 1:
            weights, method = np.ones(1), rows[indices[0]].method
        else:
            weights, method = _share(
                [count(index) for index in indices],
                [surfaces.get(index, 0.0) for index in indices],
            )
        for index, weight in zip(indices, weights, strict=True):
            made[index] = rows[index]._replace(weight=float(weight), method=method)
    return made


def assign_by_overlap(
    from_areas: list[NewArea],
    to_areas: list[NewArea],
    rows: list[NewLookup],
    homes: NDArray[np.object_] | None = None,
) -> list[NewLookup]:
    """Return a best-fit lookup completed where its to-areas are partly of another year.

    An area of the study area goes to the to-area that it shares most people with where it has no
    row, where its row names a to-area that is not there, and where that to-area is one that no
    row names at all. People of a from-area are known for the whole of it only: its postcodes say
    where in it they live, and where it has none, surface stands for them.

    Args:
        from_areas: Areas that the lookup leads from; boundaries in one projected system.
        to_areas: Areas that it leads to, as outlined.
        rows: The lookup as published, at least one row.
        homes: Points of postcodes in the same projected system, where they are known.

    Returns:
        The rows of the study area's from-areas, by code; those worked out say so in `method`. One
        that shares ground with no to-area keeps its row, if it has one.

    Raises:
        ValueError: `rows` is empty, so that nothing says which sets it is between.
    """
    if not rows:
        raise ValueError("A lookup without any row cannot be completed.")
    study = sorted((area for area in from_areas if area.in_study_area), key=lambda a: a.code)
    outlined = {area.code for area in to_areas}
    origins = {area.code for area in from_areas}
    named = {row.to_code for row in rows if row.from_code in origins}
    published: defaultdict[str, list[NewLookup]] = defaultdict(list)
    for row in rows:
        published[row.from_code].append(row)
    best = {
        code: (to_code, LARGEST_OVERLAP) for code, to_code in _find_largest(study, to_areas).items()
    }
    if homes is not None and len(homes):
        fullest = _find_fullest(study, to_areas, homes)
        best |= {code: (to_code, MOST_HOMES) for code, to_code in fullest.items()}
    made: list[NewLookup] = []
    for area in study:
        kept = published[area.code]
        fitting, method = best.get(area.code, (None, None))
        is_known = bool(kept) and all(row.to_code in outlined for row in kept)
        if fitting is None or (is_known and fitting in named):
            made += kept
        else:
            made.append(
                rows[0]._replace(from_code=area.code, to_code=fitting, weight=1.0,
                                 change_code=None, method=method)
            )  # fmt: skip
    return made


def mean_points(
    areas: list[NewArea], points: Sequence[NewPostcode], crs: CRS
) -> dict[str, tuple[shapely.Point, int]]:
    """Return the mean of the postcodes inside each area, which stands for where people live.

    Args:
        areas: Areas of one boundary set, boundaries in `crs`.
        points: Postcodes, in longitude and latitude. One on a shared edge counts for the area
            with the lower code.
        crs: The pack's projected system, in which the mean is taken.

    Returns:
        By code, the mean in longitude and latitude and how many postcodes it is of; areas without
        any are left out. In a crescent the mean may lie outside the area, and stays there.
    """
    if not areas or not points:
        return {}
    ordered = sorted(areas, key=lambda area: area.code)
    placed = reproject(np.array([each.location for each in points], dtype=object), wgs84(), crs)
    area_index, point_index = shapely.STRtree(placed).query(_stack(ordered), predicate="intersects")
    first = np.lexsort((area_index, point_index))
    _, start = np.unique(point_index[first], return_index=True)
    chosen = first[start]
    owner, where = area_index[chosen], shapely.get_coordinates(placed)[point_index[chosen]]
    counts = np.bincount(owner, minlength=len(ordered))
    held = np.flatnonzero(counts)
    sums = np.column_stack([np.bincount(owner, axis, len(ordered)) for axis in where.T])
    middles = np.array([shapely.Point(each) for each in sums[held] / counts[held, None]], object)
    means = reproject(middles, crs, wgs84())
    return {ordered[i].code: (mean, int(counts[i])) for i, mean in zip(held, means, strict=True)}


def _stack(areas: Iterable[NewArea]) -> NDArray[np.object_]:
    return np.array([area.boundary for area in areas], dtype=object)


def _size(boundaries: NDArray[np.object_]) -> Weights:
    sizes: Weights = shapely.area(boundaries)
    return sizes


def _measure_rows(
    rows: list[NewLookup],
    groups: list[list[int]],
    from_areas: list[NewArea],
    to_areas: list[NewArea],
) -> dict[int, float]:
    """Return the ground that from-area and to-area share, by position of the row."""
    starts = {area.code: area.boundary for area in from_areas}
    ends = {area.code: area.boundary for area in to_areas}
    wanted = [
        index
        for group in groups
        for index in group
        if rows[index].from_code in starts and rows[index].to_code in ends
    ]
    shared = shapely.area(
        shapely.intersection(
            np.array([starts[rows[index].from_code] for index in wanted], dtype=object),
            np.array([ends[rows[index].to_code] for index in wanted], dtype=object),
        )
    )
    return dict(zip(wanted, shared.tolist(), strict=True))


def _share(counts: list[float | None], surfaces: list[float]) -> tuple[Weights, str]:
    """Return the weights of one from-area's rows, adding up to 1, and how they were had."""
    known = [each for each in counts if each is not None]
    people, surface = np.array(known, dtype=float), np.array(surfaces, dtype=float)
    if len(known) == len(counts) and people.sum() > 0:
        return people / people.sum(), BY_PEOPLE
    if surface.sum() > 0:
        return surface / surface.sum(), BY_SURFACE
    return np.full(len(counts), 1 / len(counts)), IN_EQUAL_PARTS


def _find_largest(areas: list[NewArea], to_areas: list[NewArea]) -> dict[str, str]:
    """Return, by code, the to-area that each shares most ground with; the lower code if equal."""
    ends = sorted(to_areas, key=lambda area: area.code)
    found = measure_overlaps(_stack(areas), _stack(ends))
    order = np.lexsort((found.second, -found.area, found.first))
    _, start = np.unique(found.first[order], return_index=True)
    return {areas[found.first[i]].code: ends[found.second[i]].code for i in order[start].tolist()}


def _find_fullest(
    areas: list[NewArea], to_areas: list[NewArea], homes: NDArray[np.object_]
) -> dict[str, str]:
    """Return, by code, the to-area in which most homes of each lie; the lower code if equal.

    Areas without a home in any to-area are left out.
    """
    ends = sorted(to_areas, key=lambda area: area.code)
    tree = shapely.STRtree(homes)
    start_of = _find_owner(tree, _stack(areas), len(homes))
    end_of = _find_owner(tree, _stack(ends), len(homes))
    placed = (start_of >= 0) & (end_of >= 0)
    pairs, counts = np.unique(
        np.column_stack([start_of[placed], end_of[placed]]), axis=0, return_counts=True
    )
    order = np.lexsort((pairs[:, 1], -counts, pairs[:, 0]))
    _, first = np.unique(pairs[order, 0], return_index=True)
    return {areas[i].code: ends[j].code for i, j in pairs[order[first]].tolist()}


def _find_owner(
    tree: shapely.STRtree, boundaries: NDArray[np.object_], count: int
) -> NDArray[np.int64]:
    """Return the position of the polygon that holds each point of `tree`, -1 where none does."""
    owner = np.full(count, -1, dtype=np.int64)
    polygons, points = tree.query(boundaries, predicate="intersects")
    # The lower position wins on a shared edge, so it is written last.
    owner[points[::-1]] = polygons[::-1]
    return owner
