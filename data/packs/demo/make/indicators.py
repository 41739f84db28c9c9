"""Deprivation and health figures that hang together as real ones do."""

from pathlib import Path
from typing import Final

import numpy as np

from data.packs.demo.make import spec
from data.packs.demo.make.catalogue import DOMAINS, MISSING, RATES, RELEASES, SUPPRESSED, Rate
from data.packs.demo.make.grow import Ints
from data.packs.demo.make.noise import Field, Floats
from data.packs.demo.make.town import Town, dice
from data.packs.demo.make.write import Cell, write_rows

Row = tuple[Cell, ...]
VALUE_COLUMNS: Final = (
    "indicator_id", "area_code", "value", "lower", "upper", "numerator", "denominator", "status",
    "note",
)  # fmt: skip
WILSON_Z: Final = 1.959964


def write_indicators(out: Path, town: Town) -> None:
    """Writes the values of the indicators; what they are is in the manifest."""
    values: list[Row] = []
    for year, period in RELEASES:
        values += _deprivation(town, year, period)
    for step, rate in enumerate(RATES):
        values += _rate(town, rate, 60 + step)
    write_rows(out / "indicator_values.csv.gz", VALUE_COLUMNS, values + _life_expectancy(town))


def correlated(base: Floats, noise: Floats, follows: float) -> Floats:
    """A z-score that correlates with another exactly as asked.

    Args:
        base: Shape (n,), what it follows.
        noise: Shape (n,), the rest of it; what it shares with `base` is taken out first.
        follows: Pearson's correlation wanted, from -1 to 1.

    Returns:
        Shape (n,), mean 0 and standard deviation 1.
    """
    z = (base - base.mean()) / base.std()
    rest = noise - noise.mean()
    rest = rest - z * (rest * z).mean()
    rest = rest / rest.std()
    mixed: Floats = np.round(follows * z + np.sqrt(1 - follows**2) * rest, 6)
    return mixed


def _sites(town: Town, area_type: str, year: int) -> Floats:
    level = town.geography.levels[area_type, year]
    return np.array([[s.centroid.x, s.centroid.y] for s in level.shapes]).round(1)


def _rank(scores: Floats) -> Ints:
    """1 for the highest score; ties in order of code."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.lexsort((np.arange(len(scores)), -scores))] = np.arange(1, len(scores) + 1)
    return ranks


def overall(ranks: list[Ints]) -> Floats:
    """The overall score from the ranks of the domains, as English deprivation indices combine.

    Args:
        ranks: One array a domain, 1 for the most deprived, in the order of `DOMAINS`.

    Returns:
        Scores, rounded to 3 decimals.
    """
    count = len(ranks[0])
    total = np.zeros(count)
    for domain, rank in zip(DOMAINS, ranks, strict=True):
        share = (count - rank + 1) / count
        transformed = -23 * np.log(1 - share * (1 - np.exp(-100 / 23)))
        # The published weights add up to 0.999: used as they are.
        total += domain.weight * transformed
    score: Floats = np.round(total, 3)
    return score


def _deprivation(town: Town, year: int, period: str) -> list[Row]:
    lived = np.flatnonzero(town.people_of(year) > 0)
    codes = [town.geography.levels["lsoa", year].codes[i] for i in lived]
    points = _sites(town, "lsoa", year)[lived]
    away = np.hypot(points[:, 0] - spec.CROSS[0], points[:, 1] - spec.CROSS[1]) / 1500
    rng = dice(40)
    values: list[Row] = []
    ranks: list[Ints] = []
    for domain in DOMAINS:
        noise = 0.8 * Field(rng, 600, 3000).at(points) + dice(year).normal(0, 0.5, len(lived))
        if domain.id == "barriers":
            noise = noise + 1.4 * away
        hidden = correlated(town.need[year][lived], noise, domain.follows)
        if domain.shares:
            odds = np.log(domain.middle / (1 - domain.middle)) + domain.spread * hidden
            scores = np.round(1 / (1 + np.exp(-odds)), 4)
        else:
            low = 0.3 if domain.middle > 1 else -9.0
            scores = np.round(np.maximum(domain.middle + domain.spread * hidden, low), 3)
        rank = _rank(scores)
        ranks.append(rank)
        values += _plain(f"{domain.id}_score_{period}", codes, scores)
        values += _plain(f"{domain.id}_rank_{period}", codes, rank)
    score = overall(ranks)
    rank = _rank(score)
    decile = (rank - 1) * 10 // len(rank) + 1
    for part, figures in (("score", score), ("rank", rank), ("decile", decile)):
        values += _plain(f"deprivation_{part}_{period}", codes, figures)
    return values


def _plain(key: str, codes: list[str], figures: Floats | Ints) -> list[Row]:
    return [
        (key, code, figure, None, None, None, None, "", "")
        for code, figure in zip(codes, figures.tolist(), strict=True)
    ]


def _by_level(town: Town, area_type: str) -> tuple[list[str], Floats, Ints]:
    """Codes, income deprivation and people by age band of the areas of 2021 with people."""
    level = town.geography.levels[area_type, 2021]
    ages, need = town.ages[2021], town.need[2021]
    if area_type == "msoa":
        above = np.array(town.geography.parents(("lsoa", 2021), ("msoa", 2021)))
        people = ages.sum(axis=1)
        need = np.bincount(above, need * people) / np.bincount(above, people)
        ages = np.array([ages[above == number].sum(axis=0) for number in range(above.max() + 1)])
    lived = np.flatnonzero(ages.sum(axis=1) > 0)
    return [level.codes[i] for i in lived], need[lived].round(4), ages[lived]


def _rate(town: Town, rate: Rate, step: int) -> list[Row]:
    codes, need, ages = _by_level(town, rate.area_type)
    rng = dice(step)
    hidden = correlated(need, rng.normal(0, 1, len(need)), rate.follows)
    share = 1 / (1 + np.exp(-(np.log(rate.middle / (1 - rate.middle)) + rate.spread * hidden)))
    first, last = rate.bands
    bases = np.round(ages[:, first:last].sum(axis=1) * rate.persons)
    counts = np.maximum(np.round(share * bases), 5)
    scale = 100 if rate.unit == "%" else 1000
    rows: list[Row] = []
    for code, count, base in zip(codes, counts.tolist(), bases.tolist(), strict=True):
        low, high = wilson(count, base)
        figures = [round(scale * part, 2) for part in (count / base, low, high)]
        rows.append((rate.id, code, *figures, int(count), int(base), "", ""))
    if rate.id == MISSING[0]:
        worst = int(np.argmax(need))
        rows[worst] = (rate.id, codes[worst], *[None] * 5, "missing", MISSING[1])
    if rate.id == SUPPRESSED[0]:
        least = int(np.argmin(counts * 10_000 + bases))
        rows[least] = (rate.id, codes[least], *[None] * 5, "suppressed", SUPPRESSED[1])
    return rows


def wilson(count: float, base: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    Args:
        count: People counted.
        base: People among whom.

    Returns:
        Lower and upper limit, between 0 and 1.
    """
    share, z2 = count / base, WILSON_Z**2
    middle = share + z2 / (2 * base)
    half = WILSON_Z * np.sqrt(share * (1 - share) / base + z2 / (4 * base**2))
    return float((middle - half) / (1 + z2 / base)), float((middle + half) / (1 + z2 / base))


def _life_expectancy(town: Town) -> list[Row]:
    codes, need, ages = _by_level(town, "msoa")
    hidden = correlated(need, dice(90).normal(0, 1, len(need)), -0.76)
    years = 82.3 + 2.3 * hidden
    half = 1.1 * np.sqrt(8000 / ages.sum(axis=1))
    key = "life_expectancy_f"
    return [
        (key, code, round(value, 1), round(value - reach, 1), round(value + reach, 1),
         None, None, "", "")
        for code, value, reach in zip(codes, years.tolist(), half.tolist(), strict=True)
    ]  # fmt: skip
