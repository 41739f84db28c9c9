"""Areas of every level and both boundary years, all made of the same blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from data.packs.demo.make import spec
from data.packs.demo.make.blocks import Blocks
from data.packs.demo.make.grow import Ints, Pieces, grow, link_shapes, parts
from data.packs.demo.make.noise import Floats
from data.packs.demo.make.people import BlockPeople

SLIVER_M2: Final = 900.0
# People of a small area in 2011: never fewer, never more.
FEWEST: Final = 1020
MOST: Final = 2950
# People a region aims at, in the town and outside it.
DISTRICT_PEOPLE: Final = {True: 8400.0, False: 5000.0}
WARD_PEOPLE: Final = {True: 16_800.0, False: 11_500.0}


@dataclass
class Layout:
    """Which region each block falls in, level by level.

    Attributes:
        new: Small area of 2021 for each block.
        old: Small area of 2011 for each block.
        district: District of 2021 for each small area of 2021.
        old_district: District of 2011 for each small area of 2021.
        ward: Ward for each small area of 2021.
        borough: Whether each small area of 2021 belongs to the town.
        empty: The small area of 2021 without people.
        change: Change of each small area of 2011: "U", "S", "M" or "X".
    """

    new: Ints
    old: Ints
    district: Ints
    old_district: Ints
    ward: Ints
    borough: list[bool]
    empty: int
    change: dict[int, str] = field(default_factory=dict)


def lay_out(rng: np.random.Generator, blocks: Blocks, people: BlockPeople) -> Layout:
    """Grows small areas, districts and wards, then undoes some changes to get 2011."""
    centres = np.array([[s.centroid.x, s.centroid.y] for s in blocks.shapes]).round(1)
    pieces = Pieces(centres, people.new.astype(np.float64), link_shapes(blocks.shapes))
    new, borough, empty = _small_areas(rng, blocks, pieces)
    upper = _merge(pieces, new)
    bank = _banks(upper, borough)
    district = _level(rng, upper, bank, DISTRICT_PEOPLE, empty)
    ward = _level(rng, upper, [(0, town) for town in borough], WARD_PEOPLE, empty)
    layout = Layout(new, new.copy(), district, district.copy(), ward, borough, empty)
    _undo_changes(rng, blocks, pieces, people, layout)
    return layout


def _small_areas(
    rng: np.random.Generator, blocks: Blocks, pieces: Pieces
) -> tuple[Ints, list[bool], int]:
    docks = parts(pieces.links, [i for i, z in enumerate(blocks.zones) if z.name == "docks"])[0]
    new: Ints = np.full(len(blocks.shapes), -1, dtype=np.int64)
    borough: list[bool] = []
    slivers = {i for i, shape in enumerate(blocks.shapes) if shape.area < SLIVER_M2}
    for town in (True, False):
        members = {i for i, inside in enumerate(blocks.in_borough) if inside is town}
        for part in parts(pieces.links, members - slivers - set(docks)):
            if pieces.people[part].sum() < 900:
                continue
            share = pieces.people[part].sum() / pieces.people.sum()
            count = max(1, round(share * (spec.SMALL_AREAS - 1)))
            labels = grow(rng, pieces, part, count)
            new = np.where(labels >= 0, labels + len(borough), new)
            borough += [town] * count
    empty = len(borough)
    new[docks] = empty
    _adopt(pieces, new)
    return new, [*borough, True], empty


def _adopt(pieces: Pieces, labels: Ints) -> None:
    """Gives blocks left over the region of the neighbour they share most edge with."""
    while (labels < 0).any():
        before = int((labels < 0).sum())
        for piece in np.flatnonzero(labels < 0):
            near = [(v, -o) for o, v in pieces.links[int(piece)].items() if labels[o] >= 0]
            if near:
                labels[piece] = labels[-max(near)[1]]
        if int((labels < 0).sum()) == before:
            raise RuntimeError("some blocks touch no area")


def _merge(pieces: Pieces, labels: Ints) -> Pieces:
    """The regions as pieces for the next level."""
    count = int(labels.max()) + 1
    people = np.bincount(labels, pieces.people, count).astype(np.float64)
    weight = pieces.people + 0.01
    total = np.bincount(labels, weight, count)
    centres = np.column_stack(
        [np.bincount(labels, weight * pieces.centres[:, axis], count) / total for axis in (0, 1)]
    ).round(1)
    links: list[dict[int, float]] = [{} for _ in range(count)]
    for piece, near in enumerate(pieces.links):
        for other, length in near.items():
            a, b = int(labels[piece]), int(labels[other])
            if a != b:
                links[a][b] = links[a].get(b, 0.0) + length
    return Pieces(centres, people, links)


def _banks(upper: Pieces, borough: list[bool]) -> list[tuple[int, bool]]:
    """For each small area its side of the river and whether it is in the town."""
    sides = parts(upper.links, range(len(borough)))
    side = {area: number for number, part in enumerate(sides) for area in part}
    return [(side[area], town) for area, town in enumerate(borough)]


def _level(
    rng: np.random.Generator,
    upper: Pieces,
    group: Sequence[tuple[int, bool]],
    people: Mapping[bool, float],
    empty: int,
) -> Ints:
    """Regions of about so many people within each group of small areas."""
    labels: Ints = np.full(len(group), -1, dtype=np.int64)
    done = 0
    for key in sorted(set(group), reverse=True):
        for part in parts(upper.links, [i for i, own in enumerate(group) if own == key]):
            members = [area for area in part if area != empty]
            total = float(upper.people[members].sum())
            count = max(1, round(total / people[key[1]]))
            grown = grow(rng, upper, members, count)
            labels = np.where(grown >= 0, grown + done, labels)
            done += count
    _adopt(upper, labels)
    return labels


def _undo_changes(
    rng: np.random.Generator, blocks: Blocks, pieces: Pieces, people: BlockPeople, layout: Layout
) -> None:
    """Draws the outlines of 2011 from those of 2021: joins what was split, and so on."""
    upper = _merge(pieces, layout.new)
    used: set[int] = set()
    _undo_docks(upper, layout, used)
    then = np.bincount(layout.new, people.old).astype(np.int64)
    _undo_splits(blocks, upper, then, layout, used)
    _undo_merges(rng, blocks, pieces, people.old, layout, used)
    _undo_irregular(rng, pieces, people.old, layout, used)
    numbers = {label: number for number, label in enumerate(sorted(set(layout.old.tolist())))}
    layout.old = np.array([numbers[int(label)] for label in layout.old])
    layout.change = {numbers[label]: change for label, change in layout.change.items()}
    for number in numbers.values():
        layout.change.setdefault(number, "U")
    _undo_district(blocks, upper, layout)


def _undo_docks(upper: Pieces, layout: Layout, used: set[int]) -> None:
    """In 2011 the docks were part of the neighbourhood next to them."""
    own = layout.district[layout.empty]
    near = {a: v for a, v in upper.links[layout.empty].items() if layout.district[a] == own}
    host = max(near, key=lambda area: (near[area], area))
    layout.old[layout.new == layout.empty] = host
    layout.change[host] = "S"
    used.update({host, layout.empty})


def _zone_share(blocks: Blocks, layout: Layout, zones: tuple[str, ...]) -> Floats:
    areas = np.array([shape.area for shape in blocks.shapes])
    inside = np.array([zone.name in zones for zone in blocks.zones])
    total = np.bincount(layout.new, areas)
    share: Floats = np.round(np.bincount(layout.new, areas * inside) / total, 3)
    return share


def _undo_splits(blocks: Blocks, upper: Pieces, then: Ints, layout: Layout, used: set[int]) -> None:
    """Five pairs that were one in 2011, first where the town has been building."""
    building = _zone_share(blocks, layout, ("new-build",))
    outer = _zone_share(blocks, layout, ("outer", "village"))
    order = sorted(range(len(building)), key=lambda a: (-building[a], -outer[a], a))
    pairs = 0
    for area in order:
        near = {
            other: length
            for other, length in upper.links[area].items()
            if other not in used
            and layout.district[other] == layout.district[area]
            and then[other] + then[area] < MOST
        }
        if area in used or not near or pairs == 5:
            continue
        partner = max(near, key=lambda other: (building[other], near[other], other))
        layout.old[layout.new == partner] = area
        layout.change[area] = "S"
        used.update({area, partner})
        # Further splits happen elsewhere, not all beside the first.
        used.update(upper.links[area] if pairs >= 2 else ())
        pairs += 1


def _undo_merges(
    rng: np.random.Generator,
    blocks: Blocks,
    pieces: Pieces,
    old_people: Ints,
    layout: Layout,
    used: set[int],
) -> None:
    """Three areas that were two each in 2011, where people have left."""
    waning = _zone_share(blocks, layout, ("estate",))
    order = sorted(
        (a for a in range(len(waning)) if a not in used and waning[a] > 0.5),
        key=lambda a: (-int(old_people[layout.new == a].sum()), a),
    )
    merged = 0
    for area in order:
        members = np.flatnonzero(layout.new == area).tolist()
        halves = grow(rng, pieces, members, 2)
        if merged == 3 or min(old_people[halves == half].sum() for half in (0, 1)) < FEWEST:
            continue
        merged += 1
        first_free = int(layout.old.max()) + 1
        layout.old[halves == 1] = first_free
        layout.change.update({area: "M", first_free: "M"})
        used.add(area)


def _undo_irregular(
    rng: np.random.Generator, pieces: Pieces, old_people: Ints, layout: Layout, used: set[int]
) -> None:
    """One pair whose shared border was drawn afresh."""
    upper = _merge(pieces, layout.new)
    pairs = sorted(
        (-length, area, other)
        for area, near in enumerate(upper.links)
        for other, length in near.items()
        if area < other
        and not {area, other} & used
        and layout.district[area] == layout.district[other]
        and layout.borough[area]
    )
    for _, area, other in pairs:
        thirds = grow(rng, pieces, np.flatnonzero(layout.new == area).tolist(), 3)
        for third in range(3):
            moved = thirds == third
            rest = np.flatnonzero((layout.new == area) & ~moved)
            joined = np.flatnonzero((layout.new == other) | moved)
            whole = len(parts(pieces.links, rest.tolist())) == 1
            if old_people[rest].sum() < FEWEST or old_people[joined].sum() > MOST:
                continue
            if whole and len(parts(pieces.links, joined.tolist())) == 1:
                layout.old[moved] = other
                layout.change.update({area: "X", other: "X"})
                return
    raise RuntimeError("no pair of areas could be redrawn")


def _undo_district(blocks: Blocks, upper: Pieces, layout: Layout) -> None:
    """The district with the new houses was one with a neighbour in 2011."""
    building = _zone_share(blocks, layout, ("new-build",)) * upper.people
    newest = int(np.argmax(np.bincount(layout.district, building)))
    touching: dict[int, float] = {}
    for area, near in enumerate(upper.links):
        for other, length in near.items():
            a, b = int(layout.district[area]), int(layout.district[other])
            if a == newest and b != newest and layout.borough[area] == layout.borough[other]:
                touching[b] = touching.get(b, 0.0) + length
    partner = max(touching, key=lambda district: (touching[district], district))
    layout.old_district = np.where(layout.district == partner, newest, layout.district)
