"""People: by block and year, by age band, and where they live on average."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from data.packs.demo.make import spec
from data.packs.demo.make.blocks import Blocks
from data.packs.demo.make.grow import Ints
from data.packs.demo.make.noise import Field, Floats

# First and last age of each band; None has no upper end.
BANDS: Final[tuple[tuple[int, int | None], ...]] = (
    (0, 15), (16, 29), (30, 44), (45, 64), (65, 74), (75, None),
)  # fmt: skip
# Shares by band: of a young poor place, an average one, an old comfortable one.
YOUNG: Final = np.array([0.235, 0.225, 0.215, 0.215, 0.063, 0.047])
MIXED: Final = np.array([0.185, 0.170, 0.195, 0.260, 0.105, 0.085])
OLDER: Final = np.array([0.150, 0.115, 0.155, 0.290, 0.150, 0.140])


@dataclass(frozen=True)
class BlockPeople:
    """People of each block.

    Attributes:
        old: In 2011, whole people.
        new: In 2021, whole people.
    """

    old: Ints
    new: Ints


def settle(rng: np.random.Generator, blocks: Blocks) -> BlockPeople:
    """Puts people on the blocks, to the exact totals of both years."""
    centres = np.array([[s.centroid.x, s.centroid.y] for s in blocks.shapes]).round(1)
    crowded = np.exp(0.16 * Field(rng, 350, 1800).at(centres))
    area_km2 = np.array([shape.area for shape in blocks.shapes]).round(1) / 1e6
    density = np.array([zone.density for zone in blocks.zones])
    growth = np.array([zone.growth for zone in blocks.zones])
    new = area_km2 * density * crowded * rng.lognormal(0, 0.12, len(centres)).round(6)
    old = new / growth * rng.lognormal(0, 0.03, len(centres)).round(6)
    return BlockPeople(share_out(old, spec.PEOPLE_2011), share_out(new, spec.PEOPLE_2021))


def share_out(weights: Floats, total: int) -> Ints:
    """Whole numbers in proportion to weights that add up to the total exactly.

    Args:
        weights: Shape (n,), at least one above 0.
        total: What the result adds up to.

    Returns:
        Shape (n,); largest remainders are rounded up.
    """
    exact = np.round(weights / weights.sum() * total, 6)
    whole: Ints = np.floor(exact).astype(np.int64)
    rest = np.lexsort((np.arange(len(exact)), -(exact - whole)))
    whole[rest[: total - int(whole.sum())]] += 1
    return whole


def age_bands(rng: np.random.Generator, people: Ints, need: Floats) -> Ints:
    """People of each area by age band.

    Args:
        rng: For the chance of it.
        people: People of each area, shape (n,).
        need: Income deprivation of each area as a z-score, shape (n,): poor areas are younger.

    Returns:
        Shape (n, bands); rows add up to `people`.
    """
    rows = []
    for total, score in zip(people.tolist(), need.tolist(), strict=True):
        pull = float(np.clip(abs(score) / 1.6, 0, 1))
        shares = (1 - pull) * MIXED + pull * (YOUNG if score > 0 else OLDER)
        shares = np.round(shares * np.exp(rng.normal(0, 0.08, len(shares))), 6)
        rows.append(share_out(shares, total))
    return np.array(rows)
