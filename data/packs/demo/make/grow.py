"""Joins pieces that touch into regions of about equal people, each of one part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from data.packs.demo.make.noise import Floats

Links = list[dict[int, float]]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """What regions are grown from.

    Attributes:
        centres: Shape (n, 2), metres.
        people: Shape (n,), may hold zeros.
        links: For each piece its neighbours with the length of the shared edge, metres.
    """

    centres: Floats
    people: Floats
    links: Links


def link_shapes(shapes: Sequence[Polygon]) -> Links:
    """Which polygons of a coverage share an edge, and how much of it.

    Args:
        shapes: Polygons that share vertices exactly.

    Returns:
        For each polygon its neighbours with the shared length in metres.
    """
    links: Links = [{} for _ in shapes]
    seen: dict[tuple[tuple[float, float], ...], int] = {}
    for index, shape in enumerate(shapes):
        for ring in (shape.exterior, *shape.interiors):
            points = np.round(np.array(ring.coords), 1)
            lengths = np.hypot(*np.diff(points, axis=0).T)
            for a, b, length in zip(points[:-1], points[1:], lengths, strict=True):
                key = tuple(sorted(((float(a[0]), float(a[1])), (float(b[0]), float(b[1])))))
                other = seen.setdefault(key, index)
                if other != index:
                    links[index][other] = links[index].get(other, 0.0) + float(length)
                    links[other][index] = links[other].get(index, 0.0) + float(length)
    return links


def parts(links: Links, members: Iterable[int]) -> list[list[int]]:
    """The connected parts of some pieces, largest first."""
    left = set(members)
    found: list[list[int]] = []
    while left:
        queue = [min(left)]
        left.remove(queue[0])
        for piece in queue:
            near = sorted(other for other in links[piece] if other in left)
            left.difference_update(near)
            queue.extend(near)
        found.append(sorted(queue))
    return sorted(found, key=lambda part: (-len(part), part[0]))


def grow(rng: np.random.Generator, pieces: Pieces, members: Sequence[int], count: int) -> Ints:
    """Region number 0 .. count - 1 for each piece, -1 for pieces that are not members.

    Regions are grown side by side, the one with fewest people next, then started again from
    their own middles; the most even of several rounds is kept and evened out at its borders.

    Args:
        rng: Where the first middles come from.
        pieces: What there is.
        members: Which of them take part.
        count: How many regions are wanted.

    Returns:
        Shape (n,).
    """
    taking_part = np.array(sorted(members))
    middles = _middles(rng, pieces, taking_part, count)
    best: Ints = np.full(len(pieces.people), -1, dtype=np.int64)
    best_spread = np.inf
    for _ in range(12):
        labels = _spread_out(pieces, taking_part, middles)
        _even_out(pieces, labels, count)
        totals = np.bincount(labels[taking_part], pieces.people[taking_part], count)
        spread = float(totals.max() / max(totals.min(), 1))
        if spread < best_spread - 1e-9:
            best, best_spread = labels.copy(), spread
        middles = np.array([_middle(pieces, labels == region) for region in range(count)])
    return best


def _middle(pieces: Pieces, mask: NDArray[np.bool_]) -> Floats:
    weights = pieces.people[mask] + 0.01
    middle: Floats = np.round((pieces.centres[mask] * weights[:, None]).sum(0) / weights.sum(), 2)
    return middle


def _middles(rng: np.random.Generator, pieces: Pieces, members: Ints, count: int) -> Floats:
    """Starting points by weighted k-means with far-apart starts."""
    points, weights = pieces.centres[members], pieces.people[members] + 0.01
    chosen = [int(rng.choice(len(points), p=weights / weights.sum()))]
    while len(chosen) < count:
        near = (
            np.min([((points - points[index]) ** 2).sum(axis=1) for index in chosen], axis=0)
            * weights
        )
        chosen.append(int(np.argmax(np.round(near * rng.uniform(0.5, 1, len(near)), 3))))
    middles = points[chosen]
    for _ in range(15):
        apart = ((points[:, None, :] - middles[None]) ** 2).sum(axis=2)
        nearest = np.argmin(np.round(apart, 2), axis=1)
        for region in range(count):
            mine = nearest == region
            if mine.any():
                middles[region] = np.average(points[mine], axis=0, weights=weights[mine])
        middles = np.round(middles, 2)
    return middles


def _spread_out(pieces: Pieces, members: Ints, middles: Floats) -> Ints:
    labels: Ints = np.full(len(pieces.people), -1, dtype=np.int64)
    free = set(members.tolist())
    totals = np.zeros(len(middles))
    fringe: list[set[int]] = [set() for _ in middles]

    def take(piece: int, region: int) -> None:
        labels[piece] = region
        free.discard(piece)
        totals[region] += pieces.people[piece] + 0.01
        fringe[region].update(other for other in pieces.links[piece] if other in free)

    for region, middle in enumerate(middles):
        apart = ((pieces.centres - middle) ** 2).sum(axis=1)
        take(min(free, key=lambda piece: (round(float(apart[piece]), 1), piece)), region)
    open_regions = set(range(len(middles)))
    while free and open_regions:
        region = min(open_regions, key=lambda number: (round(float(totals[number]), 2), number))
        fringe[region] &= free
        if not fringe[region]:
            open_regions.discard(region)
            continue
        take(_closest(pieces, labels, fringe[region], region, middles[region]), region)
    return labels


def _closest(pieces: Pieces, labels: Ints, fringe: set[int], region: int, middle: Floats) -> int:
    """The next piece of a region: near its middle and well joined to it."""

    def cost(piece: int) -> tuple[float, int]:
        apart = float(np.hypot(*(pieces.centres[piece] - middle)))
        links = pieces.links[piece]
        joined = sum(length for other, length in links.items() if labels[other] == region)
        return (round(apart * (1.6 - joined / max(sum(links.values()), 1.0)), 2), piece)

    return min(fringe, key=cost)


def _even_out(pieces: Pieces, labels: Ints, count: int) -> None:
    """Hands border pieces from full regions to emptier ones, never breaking one in two."""
    held = np.bincount(labels[labels >= 0], pieces.people[labels >= 0], count)
    totals = held.astype(np.float64)
    for _ in range(6):
        moved = 0
        for piece in np.flatnonzero(labels >= 0):
            moved += _hand_over(pieces, labels, totals, int(piece))
        if not moved:
            return


def _hand_over(pieces: Pieces, labels: Ints, totals: Floats, piece: int) -> int:
    own, people = int(labels[piece]), float(pieces.people[piece])
    links = pieces.links[piece]
    near = sorted({int(labels[other]) for other in links} - {own, -1})
    if not near or people <= 0:
        return 0
    emptiest = min(near, key=lambda region: (round(float(totals[region]), 2), region))
    joined = sum(length for other, length in links.items() if labels[other] == emptiest)
    if totals[emptiest] + people >= totals[own] or joined < 0.2 * sum(links.values()):
        return 0
    rest = [int(other) for other in np.flatnonzero(labels == own) if other != piece]
    if not rest or len(parts(pieces.links, rest)) != 1:
        return 0
    labels[piece] = emptiest
    totals[own] -= people
    totals[emptiest] += people
    return 1
