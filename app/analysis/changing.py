"""Changes that are asked for become changes of arrays, or a sentence that says why not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

import numpy as np
from scipy.sparse import csr_array, hstack

from app.analysis.change_schemas import AddSite, ChangeAsked, CloseSite, MoveSite, SetCapacity
from app.analysis.ground import FAR_AWAY_M, Spot, SupplyGround
from app.analysis.methods.scenario import Change, Site
from app.analysis.settling import SupplyUnit
from app.core.errors import BadRequestError

PLACES = 5
"""Digits of a degree that are said: about a metre."""


class ChangeError(BadRequestError):
    """A change that cannot be tried; the question itself can be answered."""


class Step(NamedTuple):
    """One change of the arrays.

    Attributes:
        change: Of which site, and what it becomes.
        owner: Number of the area that it then lies in; -1 where it stays.
        is_inside: Whether that is in the place itself; else it is in its margin.
        words: What is done.
    """

    change: Change
    owner: int
    is_inside: bool
    words: str


def settle_changes(
    asked: Sequence[ChangeAsked],
    supply: SupplyGround,
    unit: SupplyUnit,
    spots: Sequence[Spot | None],
) -> list[Step]:
    """Return what is to be done to the arrays.

    Args:
        asked: The changes.
        supply: The sites that take part.
        unit: What supply is counted in.
        spots: Where the changes that name a point lie, in their order; from `find_spots`.

    Raises:
        ChangeError: A site takes no part, is named twice or cannot be moved, or a capacity is
            said where none counts or left out where it does.
    """
    columns = {site: number for number, site in enumerate(supply.ids)}
    named: dict[UUID, int] = {}
    steps = []
    for number, (change, spot) in enumerate(zip(asked, spots, strict=True), start=1):
        who = f"Change {number}"
        column = None
        if not isinstance(change, AddSite):
            column = _find_column(who, change.site, columns, named)
            named[change.site] = number
        _check_capacity(who, change, unit)
        if isinstance(change, MoveSite) and column is not None:
            _check_move(who, column, supply)
        steps.append(_settle(change, column, supply, unit, spot))
    return steps


def change_supply(supply: SupplyGround, steps: Sequence[Step]) -> SupplyGround:
    """Return the sites as they would be: those that are closed are gone, new ones come last."""
    places, capacity, owner = supply.places.copy(), supply.capacity.copy(), supply.owner.copy()
    closed = [step.change.site for step in steps if step.change.becomes is None]
    for step in steps:
        site, becomes = step.change
        if site is None or becomes is None:
            continue
        capacity[site] = becomes.supply
        if becomes.place is not None:
            places[site], owner[site] = becomes.place, step.owner
    kept = np.setdiff1d(np.arange(len(supply.ids)), np.array(closed, dtype=np.int64))
    new = [(step, step.change.becomes) for step in steps if step.change.site is None]
    added = [(step.owner, becomes) for step, becomes in new if becomes is not None]
    count = len(added)
    new_places = np.array([site.place for _, site in added], dtype=np.float64).reshape(-1, 2)
    new_supply = np.array([site.supply for _, site in added], dtype=np.float64)
    served = supply.served
    if served is not None:
        empty = csr_array((served.shape[0], count))
        served = csr_array(hstack([served[:, kept], empty]))
    return replace(
        supply,
        ids=[*(supply.ids[n] for n in kept), *(UUID(int=n) for n in range(count))],
        assets=[*(supply.assets[n] for n in kept), *(UUID(int=n) for n in range(count))],
        names=[*(supply.names[n] for n in kept), *([""] * count)],
        places=np.vstack([places[kept], new_places]),
        capacity=np.concatenate([capacity[kept], new_supply]),
        capacity_units=[*(supply.capacity_units[n] for n in kept), *([""] * count)],
        owner=np.concatenate([owner[kept], np.array([n for n, _ in added], dtype=np.int64)]),
        is_area=np.concatenate([supply.is_area[kept], np.zeros(count, dtype=bool)]),
        is_confirmed=np.concatenate([supply.is_confirmed[kept], np.ones(count, dtype=bool)]),
        served=served,
    )


def _find_column(who: str, site: UUID, columns: dict[UUID, int], named: dict[UUID, int]) -> int:
    if site in named:
        raise ChangeError(
            f"{who} names the site of change {named[site]} once more. Put both into one change."
        )
    if site not in columns:
        raise ChangeError(
            f"{who}: no site {site} takes part in this question. Name one of this category that "
            "people go to or that serves them, by its id as /api/v1/assets tells it."
        )
    return columns[site]


def _check_capacity(who: str, change: ChangeAsked, unit: SupplyUnit) -> None:
    given = None if isinstance(change, CloseSite) else change.capacity
    if given is not None and not unit.is_stated:
        raise ChangeError(
            f"{who} states a capacity, and in this question each site counts as one, because not "
            "all of them state theirs in one unit. Leave the capacity out."
        )
    if given is None and unit.is_stated and isinstance(change, AddSite):
        raise ChangeError(f"{who} adds a site without a capacity. State it in {unit.name}.")


def _check_move(who: str, column: int, supply: SupplyGround) -> None:
    name = supply.names[column]
    if supply.is_area[column]:
        raise ChangeError(
            f"{who}: of {name!r} only the area is told, so it cannot be moved. Close it, and add a "
            "site where it should be."
        )
    if supply.places[column, 0] >= FAR_AWAY_M:
        raise ChangeError(
            f"{who}: {name!r} serves areas wherever it is, so moving it changes nothing. Close it, "
            "and add a site that people go to."
        )


def _settle(
    change: ChangeAsked, column: int | None, supply: SupplyGround, unit: SupplyUnit,
    spot: Spot | None,
) -> Step:  # fmt: skip
    name = "" if column is None else supply.names[column]
    if isinstance(change, CloseSite):
        return Step(Change(column, None), -1, is_inside=True, words=f"{name} closes.")
    amount = change.capacity
    if amount is None:
        amount = 1.0 if column is None or not unit.is_stated else float(supply.capacity[column])
    having = f" with {amount:,g} {unit.name}" if unit.is_stated else ""
    if isinstance(change, SetCapacity) or spot is None:
        return Step(Change(column, Site(None, amount)), -1, is_inside=True,
                    words=f"{name} goes on{having}.")  # fmt: skip
    where = f"{spot.area_name} ({spot.lon:.{PLACES}f}, {spot.lat:.{PLACES}f})"
    words = f"A new site{having} in {where}."
    if column is not None:
        words = f"{name} moves to {where}{having}."
    becomes = Site(spot.place, amount)
    return Step(Change(column, becomes), spot.area, spot.is_inside, words)
