"""Coded, named outlines of every level, and the lookups between them."""

from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase
from typing import Final

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from data.packs.demo.make import names, spec
from data.packs.demo.make.areas import Layout
from data.packs.demo.make.blocks import Blocks
from data.packs.demo.make.grow import Ints
from data.packs.demo.make.noise import Floats
from data.packs.demo.make.people import BlockPeople

Shape = Polygon | MultiPolygon
PREFIX: Final = {"lsoa": "X01", "msoa": "X02", "ward": "X05", "authority": "X07"}
SIMPLIFY_M: Final = 3.0


@dataclass(frozen=True)
class Level:
    """Areas of one type and boundary year.

    Attributes:
        area_type: "lsoa", "msoa", "ward" or "authority".
        boundary_year: Year of the outlines.
        codes: One code an area, in order of code.
        names: One name an area.
        shapes: One outline an area, local metres.
        blocks: Area number of each block.
    """

    area_type: str
    boundary_year: int
    codes: list[str]
    names: list[str]
    shapes: list[Shape]
    blocks: Ints


@dataclass(frozen=True)
class Geography:
    """Every level, and how small areas changed.

    Attributes:
        levels: By area type and boundary year.
        changes: Old number, new number, change and share of the old area's people.
        empty: Number of the small area of 2021 without people.
    """

    levels: dict[tuple[str, int], Level]
    changes: list[tuple[int, int, str, float]]
    empty: int

    def parents(self, child: tuple[str, int], parent: tuple[str, int]) -> list[int]:
        """For each child area the number of the parent that holds most of its blocks."""
        below, above = self.levels[child].blocks, self.levels[parent].blocks
        return [
            int(np.bincount(above[below == number]).argmax())
            for number in range(len(self.levels[child].codes))
        ]


def draw(blocks: Blocks, layout: Layout, people: BlockPeople) -> Geography:
    """Gives every level its codes, names and outlines."""
    centres = np.array([[s.centroid.x, s.centroid.y] for s in blocks.shapes]).round(1)
    town = np.where(np.array(layout.borough)[layout.new], 0, 1)
    old_parent, parent = layout.old_district[layout.new], layout.district[layout.new]
    msoa_old, old_codes = _code("msoa", _ranked(old_parent, town, centres))
    msoa_new, new_codes = _recode("msoa", msoa_old, parent, centres, old_codes)
    lsoa_old, small_old = _code("lsoa", _ranked(layout.old, msoa_old, centres))
    lsoa_new, small_new = _recode("lsoa", lsoa_old, layout.new, centres, small_old)
    ward, ward_codes = _code("ward", _ranked(layout.ward[layout.new], town, centres))
    authority, authority_codes = _code("authority", town)
    outlines = _Outlines(blocks, lsoa_old, lsoa_new)
    district_names = _district_names(new_codes, msoa_new, town, centres)
    levels = {
        ("msoa", 2011): (msoa_old, old_codes, _old_names(msoa_old, msoa_new, district_names)),
        ("msoa", 2021): (msoa_new, new_codes, district_names),
        ("lsoa", 2011): (lsoa_old, small_old, _small_names(lsoa_old, msoa_old, town)),
        ("lsoa", 2021): (lsoa_new, small_new, _small_names(lsoa_new, msoa_new, town)),
        ("ward", 2025): (ward, ward_codes, names.place_names(names.WARDS, _middles(ward, centres))),
        ("authority", 2025): (authority, authority_codes, [spec.PLACE, spec.DISTRICT]),
    }
    made = {
        key: Level(*key, codes, labels, outlines.dissolve(numbers), numbers)
        for key, (numbers, codes, labels) in levels.items()
    }
    empty = int(lsoa_new[layout.new == layout.empty][0])
    return Geography(made, _changes(lsoa_old, lsoa_new, people, layout), empty)


def _middles(numbers: Ints, centres: Floats) -> Floats:
    count = np.bincount(numbers)
    return np.column_stack(
        [np.bincount(numbers, centres[:, axis]) / count for axis in (0, 1)]
    ).round(0)


def _ranked(labels: Ints, above: Ints, centres: Floats) -> Ints:
    """Numbers 0, 1, ... by the level above, then from north to south."""
    kinds = sorted(set(labels.tolist()))
    key = {
        kind: (int(above[labels == kind].min()), -round(float(centres[labels == kind, 1].mean())))
        for kind in kinds
    }
    order = {kind: number for number, kind in enumerate(sorted(kinds, key=lambda k: (key[k], k)))}
    return np.array([order[int(label)] for label in labels])


def _code(area_type: str, numbers: Ints) -> tuple[Ints, list[str]]:
    codes = [f"{PREFIX[area_type]}{number + 1:06d}" for number in range(int(numbers.max()) + 1)]
    return numbers, codes


def _recode(
    area_type: str, old: Ints, labels: Ints, centres: Floats, old_codes: list[str]
) -> tuple[Ints, list[str]]:
    """An area with the very same blocks keeps its code; the rest get codes never used before."""
    kept: dict[int, int] = {}
    for label in sorted(set(labels.tolist())):
        before = set(old[labels == label].tolist())
        if len(before) == 1 and set(labels[old == min(before)].tolist()) == {label}:
            kept[label] = min(before)
    fresh = [label for label in sorted(set(labels.tolist())) if label not in kept]
    fresh.sort(key=lambda label: (-round(float(centres[labels == label, 1].mean())), label))
    first = len(old_codes)
    codes = {label: f"{PREFIX[area_type]}{number + 1:06d}" for label, number in kept.items()}
    codes |= {label: f"{PREFIX[area_type]}{first + i + 1:06d}" for i, label in enumerate(fresh)}
    order = sorted(codes, key=lambda label: codes[label])
    position = {label: number for number, label in enumerate(order)}
    return np.array([position[int(label)] for label in labels]), [codes[label] for label in order]


def _district_names(codes: list[str], numbers: Ints, town: Ints, centres: Floats) -> list[str]:
    middles = _middles(numbers, centres)
    labels = [""] * len(codes)
    for side, known in ((0, names.DISTRICTS), (1, names.RURAL_DISTRICTS)):
        here = [i for i in range(len(codes)) if town[numbers == i][0] == side]
        for index, name in zip(here, names.place_names(known, middles[here]), strict=True):
            labels[index] = name
    return labels


def _old_names(old: Ints, new: Ints, labels: list[str]) -> list[str]:
    """A district that was later divided carried both names."""
    return [
        " and ".join(labels[number] for number in sorted(set(new[old == district].tolist())))
        for district in range(int(old.max()) + 1)
    ]


def _small_names(numbers: Ints, district: Ints, town: Ints) -> list[str]:
    """Names as statisticians give them: authority, district number, letter."""
    labels: list[str] = []
    used: dict[int, int] = {}
    for number in range(int(numbers.max()) + 1):
        above = int(district[numbers == number][0])
        letter = ascii_uppercase[used.get(above, 0)]
        used[above] = used.get(above, 0) + 1
        authority = spec.DISTRICT if town[numbers == number][0] else spec.PLACE
        labels.append(f"{authority} {above + 1:03d}{letter}")
    return labels


class _Outlines:
    """Outlines of any grouping of the pieces that both years share.

    The pieces are thinned together, once, so that every level and both years agree on every
    vertex and leave neither gap nor overlap.
    """

    def __init__(self, blocks: Blocks, old: Ints, new: Ints) -> None:
        pairs = sorted(set(zip(old.tolist(), new.tolist(), strict=True)))
        number = {pair: index for index, pair in enumerate(pairs)}
        both = zip(old.tolist(), new.tolist(), strict=True)
        self._atom = np.array([number[pair] for pair in both])
        whole = [
            shapely.coverage_union_all([blocks.shapes[i] for i in np.flatnonzero(self._atom == k)])
            for k in range(len(pairs))
        ]
        thin = shapely.coverage_simplify(np.array(whole), SIMPLIFY_M)
        self._atoms = [shapely.transform(shape, lambda xy: np.round(xy, 1)) for shape in thin]

    def dissolve(self, numbers: Ints) -> list[Shape]:
        """One outline for each number."""
        shapes = []
        for number in range(int(numbers.max()) + 1):
            atoms = sorted(set(self._atom[numbers == number].tolist()))
            shape = shapely.coverage_union_all([self._atoms[atom] for atom in atoms])
            parts = [p for p in shapely.get_parts(shapely.normalize(shape)) if p.area > 0]
            shapes.append(parts[0] if len(parts) == 1 else MultiPolygon(parts))
        return shapes


def _changes(
    old: Ints, new: Ints, people: BlockPeople, layout: Layout
) -> list[tuple[int, int, str, float]]:
    kind = {int(old[i]): layout.change[int(layout.old[i])] for i in range(len(old))}
    rows = []
    for number in range(int(old.max()) + 1):
        total = int(people.old[old == number].sum())
        targets = sorted(set(new[old == number].tolist()))
        shares = [int(people.old[(old == number) & (new == t)].sum()) / total for t in targets]
        rounded = [round(share, 6) for share in shares]
        rounded[int(np.argmax(rounded))] += round(1 - sum(rounded), 6)
        rows += [
            (number, target, kind[number], round(share, 6))
            for target, share in zip(targets, rounded, strict=True)
        ]
    return rows


def longest_outer_piece(shape: Shape, rest: list[Shape]) -> tuple[int, Polygon]:
    """The ring of a shape and the index of its longest segment that no other area shares.

    Args:
        shape: The area.
        rest: All areas of the same level.

    Returns:
        Index of the segment's first vertex, and the polygon it belongs to.
    """
    shared = {
        frozenset(pair)
        for other in rest
        if other is not shape
        for part in shapely.get_parts(other)
        for pair in pairwise(part.exterior.coords)
    }
    polygon = max(shapely.get_parts(shape), key=lambda part: part.area)
    pairs = list(pairwise(polygon.exterior.coords))
    lengths = [
        0.0 if frozenset(pair) in shared else float(np.hypot(*np.subtract(*pair))) for pair in pairs
    ]
    return int(np.argmax(lengths)), polygon
