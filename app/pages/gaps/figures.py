"""What the map colours by: the answer of each area, and of the larger areas shown from afar."""

from dataclasses import dataclass

import numpy as np
import orjson

from app.analysis.classes import (
    IN_THIRDS,
    class_distance,
    class_supply,
    count_beyond,
    find_standard,
    is_by_supply,
    number_classes,
    read_figures,
)
from app.areas import naming
from app.areas import service as areas
from app.core.errors import NotFoundError
from app.core.versions import read_token
from app.indicators.breaks import Division, Ints, find_needs
from app.indicators.layers import Floats, read_layer
from app.indicators.schemas import SeriesFilters
from app.pages.gaps.answers import Readers, Result, list_names
from app.pages.gaps.trying import After

MOST_JOINED = 10_000
"""Areas beyond which larger ones are not worked out: the map is then hatched from afar."""


@dataclass(frozen=True)
class LayerFigures:
    """One kind of area, in gid order from 1.

    Attributes:
        layer: Such as lsoa-2021.
        classes: Numbers of classes on the map.
        people: Who are counted.
        beyond: Who of them are not reached.
        measure: Straight metres to the nearest site, or supply for each 1,000 people; of larger
            areas the mean over their people.
    """

    layer: str
    classes: Ints
    people: Floats
    beyond: Floats
    measure: Floats


async def write_figures(readers: Readers, result: Result) -> bytes:
    """Return the figures of all kinds of area as JSON."""
    own = _read_own(result.mapped)
    layers = [own]
    if len(own.people) <= MOST_JOINED:
        layers += await _join(readers, result, own)
    return orjson.dumps(
        {
            "hash": result.answer.hash,
            "layers": [
                {
                    "layer": each.layer,
                    "classes": each.classes.tolist(),
                    "people": _round(each.people, 0),
                    "beyond": _round(each.beyond, 0),
                    "measure": _round(each.measure, 3 if is_by_supply(result.answer) else 0),
                }
                for each in layers
            ],
        }
    )


def _read_own(mapped: Result | After) -> LayerFigures:
    answer, reach, both = mapped.answer, mapped.reach, mapped.both
    is_supply = is_by_supply(answer)
    return LayerFigures(
        layer=f"{answer.asked.area_type}-{answer.asked.boundary_year}",
        classes=number_classes(
            reach.thirds if both else reach.classes, both.needs if both else None
        ),
        people=np.nan_to_num(read_figures(answer.areas.people)),
        beyond=count_beyond(answer, reach),
        measure=read_figures(answer.areas.access if is_supply else answer.areas.distance_m),
    )


async def _join(readers: Readers, result: Result, own: LayerFigures) -> list[LayerFigures]:
    session, question = readers.session, result.question
    key = (question.area_type.code, question.boundary_year)
    state = await read_token(session, areas.TOPIC)
    gids = range(1, len(own.people) + 1)
    parents = await readers.kept.recall(
        ("gap parents", key), state, lambda: naming.name_parents(session, *key, gids)
    )
    kinds: dict[tuple[str, int], dict[str, list[int]]] = {}
    for gid in gids:
        for parent in parents.get(gid, ()):
            held = kinds.setdefault((parent.type, parent.boundary_year), {})
            held.setdefault(parent.code, []).append(gid - 1)
    return [
        await _join_kind(readers, result, own, kind, members) for kind, members in kinds.items()
    ]


async def _join_kind(
    readers: Readers,
    result: Result,
    own: LayerFigures,
    kind: tuple[str, int],
    members: dict[str, list[int]],
) -> LayerFigures:
    names = await list_names(readers, *kind)
    count = len(names.codes)
    people, beyond, measure = np.zeros(count), np.zeros(count), np.full(count, np.nan)
    for gid, code in enumerate(names.codes):
        places = members.get(code, [])
        people[gid] = own.people[places].sum()
        beyond[gid] = own.beyond[places].sum()
        known = [place for place in places if own.people[place] > 0]
        if known and not np.isnan(own.measure[known]).any():
            measure[gid] = np.average(own.measure[known], weights=own.people[known])
    answer, reach, both = result.mapped.answer, result.mapped.reach, result.mapped.both
    is_supply = is_by_supply(answer)
    classes = (
        class_supply(measure, find_standard(answer))
        if is_supply
        else class_distance(measure, answer.asked.catchment_straight_m)
    )
    needs = await _read_needs(readers, result, kind, count)
    if both:
        classes = number_classes(IN_THIRDS[reach.scale][classes], needs)
    classes = np.where(people > 0, classes, 0)
    return LayerFigures(f"{kind[0]}-{kind[1]}", classes, people, beyond, measure)


async def _read_needs(
    readers: Readers, result: Result, kind: tuple[str, int], count: int
) -> Ints | None:
    """Return thirds of need of larger areas on the scale of the legend; 0 where not known."""
    need, both = result.need, result.both
    if need is None or both is None:
        return None
    # A rank among fewer areas is on another scale.
    if need.indicator.measure in {"rank", "decile"}:
        return np.zeros(count, dtype=np.int64)
    try:
        larger = await read_layer(
            readers.session,
            need.indicator.code,
            SeriesFilters(area_type=kind[0], boundary_year=kind[1], period=need.series.period),
        )
    except NotFoundError:
        return np.zeros(count, dtype=np.int64)
    return find_needs(larger.values[:count], Division(both.cuts.edges, both.cuts.needs))


def _round(values: Floats, digits: int) -> list[float | int | None]:
    return [
        None if not np.isfinite(each) else round(each, digits) if digits else round(each)
        for each in values.tolist()
    ]
