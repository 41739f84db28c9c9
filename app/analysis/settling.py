"""What a question leaves open is settled by its category, and said in words."""

from typing import NamedTuple

import numpy as np

from app.analysis.ground import SupplyGround
from app.analysis.methods.travel import Walking
from app.analysis.question import Question, choose_kernel
from app.analysis.schemas import AnalysisAsked
from app.core.errors import BadRequestError
from app.core.public_reads import Record

Ages = tuple[int | None, int | None]


class SupplyUnit(NamedTuple):
    """What supply is counted in.

    Attributes:
        is_stated: Whether capacities count.
        name: The unit.
    """

    is_stated: bool
    name: str


def settle_ages(asked: AnalysisAsked, category: Record) -> Ages:
    """Return the ages of those who are counted.

    Raises:
        BadRequestError: The youngest is older than the oldest, or ages are given for everybody.
    """
    given: Ages = (asked.from_age, asked.to_age)
    if given == (None, None):
        if asked.everyone:
            return given
        return category["demand_from_age"], category["demand_to_age"]
    if asked.everyone:
        raise BadRequestError("Ask for everyone, or for ages, not for both.")
    if asked.from_age is not None and asked.to_age is not None and asked.from_age > asked.to_age:
        raise BadRequestError(
            f"from_age {asked.from_age} is older than to_age {asked.to_age}; swap them."
        )
    return given


def say_people(ages: Ages) -> str:
    """Return who is counted, in words."""
    youngest, oldest = ages
    if youngest is None and oldest is None:
        return "people"
    if oldest is None:
        return f"people aged {youngest} and over"
    if youngest is None:
        return f"people aged up to {oldest}"
    return f"people aged {youngest} to {oldest}"


def settle_question(
    asked: AnalysisAsked, category: Record, unit: SupplyUnit, walking: Walking
) -> Question:
    """Return what is asked of the arrays."""
    catchment_m = settle_catchment(asked, category, walking)
    kernel = choose_kernel("binary" if asked.method == "2sfca" else asked.kernel, catchment_m)
    standard = None if asked.standard is None else asked.standard / 1000
    return Question(
        asked.method, kernel, catchment_m, walking, unit.is_stated, standard, asked.within_area
    )


def settle_catchment(asked: AnalysisAsked, category: Record, walking: Walking) -> float:
    """Return how far people go, in straight metres."""
    if asked.catchment_m is None:
        return float(category["catchment_m"])
    if asked.travel == "walked":
        return walking.to_straight_m(asked.catchment_m)
    return asked.catchment_m


def settle_supply(asked: AnalysisAsked, category: Record, supply: SupplyGround) -> SupplyUnit:
    """Return what supply is counted in: one way for all sites, never a mixture.

    Raises:
        BadRequestError: Stated capacities are asked for, and not all sites state them in one unit.
    """
    stated = ~np.isnan(supply.capacity)
    units = sorted({unit for unit in supply.capacity_units if unit})
    is_whole = bool(len(stated)) and bool(stated.all()) and len(units) == 1
    if asked.supply == "stated" and not is_whole:
        several = f", in {len(units)} units ({', '.join(units)})" if len(units) > 1 else ""
        raise BadRequestError(
            f"{int(stated.sum())} of {len(stated)} sites state a capacity{several}. They are not "
            f"mixed with guesses: ask with supply 'one each'. The unit of {category['name']!r} is "
            f"{category['capacity_unit']!r}."
        )
    if is_whole and asked.supply != "one each":
        return SupplyUnit(is_stated=True, name=units[0])
    return SupplyUnit(is_stated=False, name="sites")
