"""The town as a whole: every step from bare land to coded areas, each with its own dice."""

from dataclasses import dataclass

import numpy as np

from data.packs.demo.make import spec
from data.packs.demo.make.areas import Layout, lay_out
from data.packs.demo.make.blocks import Blocks, cut_blocks
from data.packs.demo.make.geography import Geography, draw
from data.packs.demo.make.grow import Ints
from data.packs.demo.make.land import Land, lay_land
from data.packs.demo.make.noise import Field, Floats
from data.packs.demo.make.people import BlockPeople, age_bands, settle
from data.packs.demo.make.zones import Ground


@dataclass(frozen=True)
class Town:
    """Everything later steps read.

    Attributes:
        land: Land, water and main roads before the warp.
        blocks: Street blocks and their edges.
        people: People of each block in both years.
        layout: Which area each block falls in.
        geography: Coded outlines and lookups.
        need: Income deprivation of each small area by boundary year, z-scores.
        ages: People by small area and age band, by boundary year.
    """

    land: Land
    blocks: Blocks
    people: BlockPeople
    layout: Layout
    geography: Geography
    need: dict[int, Floats]
    ages: dict[int, Ints]

    def people_of(self, boundary_year: int) -> Ints:
        """People of each small area of a boundary year, in order of code."""
        people: Ints = self.ages[boundary_year].sum(axis=1)
        return people


def dice(step: int) -> np.random.Generator:
    """The random numbers of one step, so that changing a step leaves the others alone."""
    return np.random.default_rng([spec.SEED, step])


def found_town() -> Town:
    """Builds the town from the seed."""
    land = lay_land(dice(1))
    ground = Ground(land)
    blocks = cut_blocks(dice(2), land, ground)
    people = settle(dice(3), blocks)
    layout = lay_out(dice(4), blocks, people)
    geography = draw(blocks, layout, people)
    need, ages = {}, {}
    for year, counts in ((2011, people.old), (2021, people.new)):
        numbers = geography.levels["lsoa", year].blocks
        need[year] = _need(blocks, numbers, counts)
        by_area = np.bincount(numbers, counts).astype(np.int64)
        ages[year] = age_bands(dice(5 + year), by_area, need[year])
    return Town(land, blocks, people, layout, geography, need, ages)


def _need(blocks: Blocks, numbers: Ints, counts: Ints) -> Floats:
    """Income deprivation by area as a z-score over people."""
    centres = np.array([[s.centroid.x, s.centroid.y] for s in blocks.shapes]).round(1)
    need = np.array([zone.need for zone in blocks.zones])
    need = need + 0.42 * Field(dice(6), 700, 3000).at(centres)
    # The seaside is a little poorer at the point and richer at the sands.
    weight = counts + 1e-6
    mean = np.bincount(numbers, need * weight) / np.bincount(numbers, weight)
    score: Floats = np.round((mean - mean.mean()) / mean.std(), 4)
    return score
