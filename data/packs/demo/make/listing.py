"""The indicators as the manifest lists them, one table each, in the order of the catalogue."""

from collections.abc import Iterator
from typing import Final

from data.packs.demo.make.catalogue import BAD, DOMAINS, GOOD, RATES, RELEASES, Rate
from data.packs.demo.make.toml import Table, Value

KEY: Final = "indicator_id"
COUNTED: Final = ("value", "lower", "upper", "numerator", "denominator", "status", "note")
MARKS: Final[Table] = {"missing": ["missing"], "suppressed": ["suppressed"]}
# Polarity, decimals, description and what else goes with a kind of measure.
SCORE: Final[Table] = {
    "description": "Higher is more deprived.",
    "measure": "score",
    "polarity": BAD,
    "decimals": 3,
    "aggregate": "mean",
    "denominator": "people",
}
RANK: Final[Table] = {
    "description": "1 is the most deprived neighbourhood of the place.",
    "measure": "rank",
    "polarity": GOOD,
    "decimals": 0,
    "aggregate": "rank",
    "least": 1,
}
DECILE: Final[Table] = {
    "description": "1 is the most deprived 10 % of neighbourhoods of the place.",
    "measure": "decile",
    "polarity": GOOD,
    "decimals": 0,
    "aggregate": "decile",
    "least": 1,
    "most": 10,
}


def list_indicators(source: str) -> list[Table]:
    """Return a table for each indicator.

    Args:
        source: The manifest's key of the file of values.
    """
    tables = [table for year, period in RELEASES for table in _deprivation(year, period)]
    tables += [_rate(rate) for rate in RATES]
    tables.append(_life_expectancy())
    return [{**table, "source": source, "where": {KEY: table["code"]}} for table in tables]


def _deprivation(year: int, period: str) -> Iterator[Table]:
    for domain in DOMAINS:
        name = f"{domain.name}, {period}"
        score = f"{domain.id}_score_{period}"
        unit = "share of people" if domain.shares else "score"
        yield _release(score, name, unit, SCORE, year, period)
        ranks: Table = {**RANK, "ranks": score}
        yield _release(f"{domain.id}_rank_{period}", f"{name}: rank", "rank", ranks, year, period)
    score = f"deprivation_score_{period}"
    parts: dict[str, Table] = {
        "score": SCORE,
        "rank": {**RANK, "ranks": score},
        "decile": {**DECILE, "ranks": score},
    }
    for part, kind in parts.items():
        name = f"Deprivation overall, {period}: {part}"
        yield _release(f"deprivation_{part}_{period}", name, part, kind, year, period)


def _release(code: str, name: str, unit: str, kind: Table, year: int, period: str) -> Table:
    return {
        "code": code,
        "name": name,
        "topic": "Deprivation",
        "unit": unit,
        **kind,
        "area_type": "lsoa",
        "boundary_year": year,
        **_period(period),
        "columns": _columns("value"),
    }


def _rate(rate: Rate) -> Table:
    is_share = rate.unit == "%"
    whole = 100 if is_share else 1000
    return {
        "code": rate.id,
        "name": rate.name,
        "topic": rate.topic,
        "description": (
            f"{rate.name}, {rate.unit} of {rate.denominator}. The limits are of 95 % (Wilson)."
        ),
        "unit": rate.unit,
        "measure": "share" if is_share else "rate",
        "polarity": BAD,
        "decimals": 1,
        "aggregate": "mean",
        "denominator": "own",
        "per": whole,
        "least": 0,
        "most": whole,
        "area_type": rate.area_type,
        "boundary_year": 2021,
        **_period(rate.period),
        "columns": _columns(*COUNTED),
        **MARKS,
    }


def _life_expectancy() -> Table:
    return {
        "code": "life_expectancy_f",
        "name": "Life expectancy at birth, females",
        "topic": "Health",
        "description": "Years that a girl born now could expect to live. The limits are of 95 %.",
        "unit": "years",
        "measure": "other",
        "polarity": GOOD,
        "decimals": 1,
        "area_type": "msoa",
        "boundary_year": 2021,
        **_period("2020 to 2024"),
        "columns": _columns("value", "lower", "upper"),
    }


def _period(period: str) -> Table:
    """The period, and by what it is sorted where it is not a year: its last."""
    last = period[-4:]
    return {"period": period} if period == last else {"period": period, "period_sort": last}


def _columns(*roles: str) -> Value:
    return {"code": "area_code", **{role: role for role in roles}}
