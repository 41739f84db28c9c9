"""From numbers to what is answered: units, the sentence, and what must be said with it."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.analysis.change_schemas import Figures
from app.analysis.ground import AreaGround, SupplyGround
from app.analysis.methods.equity import Interval
from app.analysis.methods.kernels import Floats
from app.analysis.methods.reach import find_nearest, measure_coverage
from app.analysis.question import METHOD_VERSION, Question
from app.analysis.schemas import (
    AnalysisRead,
    AreaFigures,
    EquityRead,
    Estimate,
    Settled,
    Tenth,
    UnreachedSite,
)
from app.analysis.working import Equity, Reach, Worked

ID_LENGTH = 24
"""Of the id: so many hexadecimal digits of the hash."""

PER = 1000
"""Supply is said for so many people."""

FEWEST_NAMED = 100
DIGITS = 9
"""After the point: as much as sums of different order agree in."""

LARGEST_AT_ONCE = 1e6
"""With nine digits after the point it still is a whole number of billionths that is exact."""


class Stated(NamedTuple):
    """What an answer says of its question and its data.

    Attributes:
        asked: The question with everything settled.
        data: Hashes of areas, sites and need.
        hash: Of both.
        before: Hash of the same question without its changes.
        seed: Of the draws, whichever changes are tried.
    """

    asked: Settled
    data: dict[str, str]
    hash: str
    before: str
    seed: int

    @property
    def id(self) -> str:
        """Under which the answer is kept."""
        return self.hash[:ID_LENGTH]


def write_answer(
    stated: Stated, areas: AreaGround, supply: SupplyGround, question: Question, worked: Worked,
    need: Floats | None,
) -> AnalysisRead:  # fmt: skip
    """Return an answer."""
    inside = slice(0, areas.study_count)
    people, covered = areas.people[inside], worked.reach.covered[inside]
    certain = count_covered_by(areas, supply, question, supply.is_confirmed)
    shortfall = worked.gaps.shortfall
    return AnalysisRead(
        id=stated.id,
        hash=stated.hash,
        asked=stated.asked,
        data=stated.data,
        seed=str(stated.seed),
        method_version=METHOD_VERSION,
        unit=_name_unit(question, stated.asked),
        shortfall_unit=stated.asked.supply_unit if question.is_shared else stated.asked.people,
        finding=say_finding(stated.asked, len(supply.ids), people, covered),
        people=float(people.sum()),
        covered=round(float(covered.sum()), DIGITS),
        covered_share=_estimate(worked.covered_share),
        covered_if_unconfirmed_closed=round(float(certain.sum()), DIGITS),
        shortfall=round(float(np.nansum(shortfall)), DIGITS),
        areas=_list_areas(areas, question, worked, need),
        equity=None if worked.equity is None else _say_equity(worked.equity, question, stated),
        ratio_refused=worked.gaps.ratio_refused,
        sites=len(supply.ids),
        sites_confirmed=int(supply.is_confirmed.sum()),
        sites_at_area_points=int(supply.is_area.sum()),
        left_out=supply.left_out,
        unreached_sites=[
            UnreachedSite(site=supply.ids[n], asset=supply.assets[n], name=supply.names[n])
            for n in worked.unreached[:FEWEST_NAMED]
        ],
        thin_sites=len(worked.thin),
        areas_without_people=areas.unknown_people,
        areas_edge_uncertain=int(find_edge(areas, question).sum()),
        notes=[*_list_notes(areas, supply, question, worked), *_note_need(areas, need)],
        what_if=None,
    )


def count_covered_by(
    areas: AreaGround, supply: SupplyGround, question: Question, open_sites: np.ndarray
) -> Floats:
    """Return the people of each area of the place whom some of the sites cover."""
    nearest = find_nearest(areas.places, supply.places[open_sites], 1).distance_m[:, 0]
    served = None
    if supply.served is not None:
        served = supply.served[:, np.flatnonzero(open_sites)].max(axis=1).toarray().ravel()
    covered = measure_coverage(nearest, areas.people, question.catchment_m, served).covered
    return covered[: areas.study_count]


def say_finding(asked: Settled, sites: int, people: Floats, covered: Floats) -> str:
    """Return the finding in one sentence."""
    name, total = asked.category_name.lower(), round(float(people.sum()))
    if not sites:
        return f"No {name} are listed here, so none of the {total:,} {asked.people} is reached."
    reached = round(float(covered.sum()))
    if not total:
        return f"Nobody is known to live here, so nobody is reached by the {sites:,} {name}."
    return (
        f"{reached:,} of {total:,} {asked.people} ({reached / total:.0%}) live within "
        f"{say_metres(asked.catchment_straight_m)} in a straight line, about "
        f"{asked.catchment_minutes} minutes' walk, of one of {sites:,} {name}; "
        f"{total - reached:,} do not."
    )


def say_metres(metres: float) -> str:
    """Return a distance as people say it."""
    return f"{metres:,.0f} m" if metres < PER else f"{metres / PER:,.1f} km"


def _name_unit(question: Question, asked: Settled) -> str:
    if question.is_shared:
        return f"{asked.supply_unit} for each {PER:,} {asked.people}"
    return {
        "gravity": f"{asked.supply_unit} within reach, weighted by distance",
        "container": f"{asked.supply_unit} for each {PER:,} {asked.people} of the same area",
        "nearest": "straight metres to the nearest site",
        "coverage": f"share of {asked.people} within the catchment",
    }[question.method]


def _list_areas(
    areas: AreaGround, question: Question, worked: Worked, need: Floats | None
) -> AreaFigures:
    count = areas.study_count
    reach, gaps = worked.reach, worked.gaps
    is_reached = find_reached(reach, question, count)
    return AreaFigures(
        codes=list(areas.codes[:count]),
        names=list(areas.names[:count]),
        people=to_figures(areas.people[:count]),
        access=to_figures(show_access(reach.access[:count], question)),
        distance_m=to_figures(reach.distance_m[:count], digits=1),
        covered=to_figures(reach.covered[:count]),
        is_uncovered=(~is_reached).tolist(),
        edge_uncertain=find_edge(areas, question).tolist(),
        shortfall=to_figures(gaps.shortfall),
        need=to_figures(np.full(count, np.nan) if need is None else need),
        rank_gap=to_figures(gaps.rank_gap),
        ratio=to_figures(np.full(count, np.nan) if gaps.ratio is None else gaps.ratio.ratio),
    )


def find_edge(areas: AreaGround, question: Question) -> NDArray[np.bool_]:
    """Return of each area of the place whether what lies beyond the data may change its figures.

    Sites that nobody knows of may lie within its catchment, and people that nobody knows of may
    go to its sites: both lie within twice the catchment. What an area holds itself is known.
    """
    if question.method == "container":
        return np.zeros(areas.study_count, dtype=bool)
    is_near: NDArray[np.bool_] = areas.edge_m[: areas.study_count] <= 2 * question.catchment_m
    return is_near


def show_access(access: Floats, question: Question) -> Floats:
    """Return what a method measured in the unit that it is said in."""
    if question.is_shared:
        return access * PER
    return -access if question.method == "nearest" else access


def find_reached(reach: Reach, question: Question, count: int) -> NDArray[np.bool_]:
    """Return of each area of the place whether anything reaches it."""
    if question.is_shared:
        return reach.access[:count] > 0
    is_near = reach.distance_m[:count] <= question.catchment_m
    return is_near | (reach.covered[:count] > 0)


def _say_equity(equity: Equity, question: Question, stated: Stated) -> EquityRead:
    is_shared = question.is_shared or question.method == "gravity"
    scale = PER if question.is_shared else 1
    groups, slope = equity.groups, equity.slope
    return EquityRead(
        of=_name_unit(question, stated.asked)
        if is_shared
        else f"share of {stated.asked.people} within the catchment",
        tenths=[
            Tenth(people=round(float(people), DIGITS), value=_figure(value * scale), areas=count)
            for people, value, count in zip(
                groups.people.tolist(), groups.value.tolist(), groups.areas.tolist(), strict=True
            )
        ],
        sii=_estimate(Interval(*(scale * each for each in slope.sii))),
        rii=_estimate(slope.rii),
        concentration=_estimate(equity.concentration),
    )


def _list_notes(
    areas: AreaGround, supply: SupplyGround, question: Question, worked: Worked
) -> Iterable[str]:
    if question.method != "container":
        yield (
            f"Distances are straight lines; walked distances and minutes are these times "
            f"{question.walking.detour:g} at {question.walking.speed_km_h:g} km an hour. People of "
            "an area are taken to be at its centre."
        )
    if len(areas.codes) > areas.study_count:
        yield "People and sites of the margin around the place count; its areas are not listed."
    else:
        yield (
            f"There are no {areas.plural} beyond the border of the place here: who comes from "
            "there, and what is there, is not counted."
        )
    edge = int(find_edge(areas, question).sum())
    if edge:
        coast = "" if areas.is_coast_known else (
            " The place's pack does not say where the sea is, so coasts count as such land."
        )  # fmt: skip
        yield (
            f"{edge} {areas.plural} lie within {say_metres(2 * question.catchment_m)}, twice the "
            "catchment, of land that nothing is known of here: people and sites there may change "
            f"their figures.{coast}"
        )
    if not question.stated_supply and (question.is_shared or question.method == "gravity"):
        yield "Each site counts as one, because capacities are not stated by all in one unit."
    if supply.is_area.any():
        yield (
            f"Of {int(supply.is_area.sum())} sites only the area is told; they are taken to be at "
            "that area's own point."
        )
    for why, count in supply.left_out.items():
        if count:
            yield f"{count} left out: {why}."
    if worked.thin:
        yield (
            f"{len(worked.thin)} sites are reached by fewer than 500 people: what each of these "
            "gets rests on too few to be relied on."
        )
    if areas.unknown_people:
        yield f"{areas.unknown_people} areas have no known number of people and count as 0."


def _note_need(areas: AreaGround, need: Floats | None) -> Iterable[str]:
    unknown = 0 if need is None else int(np.isnan(need).sum())
    if unknown:
        yield (
            f"{unknown} of {areas.study_count} {areas.plural} have no figure of need: they are in "
            "no rank gap, no tenth and no index."
        )


def to_figures(values: Floats, digits: int = DIGITS) -> Figures:
    """Return numbers as an answer has them; null for what is not one."""
    # All at once, which takes a tenth of the time; the quotient of two whole numbers is the number
    # that has the fewest digits. Larger ones have no room for so many and are rounded one by one.
    scale = 10.0**digits
    rounded = np.rint(np.nan_to_num(values, posinf=0, neginf=0) * scale) / scale
    told: Figures = rounded.tolist()
    for place in np.flatnonzero(np.abs(values) >= LARGEST_AT_ONCE).tolist():
        told[place] = round(float(values[place]), digits)
    for place in np.flatnonzero(~np.isfinite(values)).tolist():
        told[place] = None
    return told


def _figure(value: float, digits: int = DIGITS) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


def _estimate(interval: Interval) -> Estimate:
    value, low, high = (_figure(each) for each in interval)
    return Estimate(value=value, low=low, high=high)
