"""Need of each area: one indicator, or several put together."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.analysis.ground import AreaGround
from app.analysis.methods.kernels import Floats
from app.analysis.methods.need import Measure, combine_measures
from app.analysis.schemas import MeasureAsked, NeedAsked
from app.core.errors import BadRequestError
from app.indicators.layers import Layer, read_layer
from app.indicators.schemas import SeriesFilters

HIGH_IS_BAD = "high is bad"

MEANS = {"arithmetic": "mean", "geometric": "geometric mean"}
WAYS = {
    "rank": "ranks from 0 to 1",
    "z": "standard deviations from the mean",
    "min-max": "values from lowest to highest as 0 to 1",
    "imd": "ranks stretched as the Indices of Deprivation do",
}


class NeedGround(NamedTuple):
    """Need of each area of the place.

    Attributes:
        values: Higher is more; NaN where not known.
        name: Of the indicator, or of all of them.
        period: Of the figures.
        made: How several were put together, in words; None of one.
    """

    values: Floats
    name: str
    period: str
    made: str | None


async def read_need(
    sessions: async_sessionmaker[AsyncSession], asked: NeedAsked, areas: AreaGround
) -> NeedGround:
    """Return the need that is asked for.

    Raises:
        NotFoundError: There is no such indicator for these areas.
        BadRequestError: An indicator is neither good nor bad when it is high, is named twice, is
            alike everywhere, or the two ways of putting together do not go together.
    """
    async with sessions() as session:
        layers = [await _read_measure(session, each, areas) for each in asked.measures]
    first = layers[0]
    if len(layers) == 1:
        sign = 1 if _is_high_need(first) else -1
        return NeedGround(sign * first.values, first.indicator.name, first.series.period, None)
    _refuse_repetition(asked, layers)
    measures = [
        Measure(layer.values, _is_high_need(layer), each.weight)
        for each, layer in zip(asked.measures, layers, strict=True)
    ]
    try:
        values = combine_measures(measures, asked.normalisation, asked.combination)
    except ValueError as error:
        raise BadRequestError(f"Need cannot be put together: {error}") from error
    names = [layer.indicator.name for layer in layers]
    periods = dict.fromkeys(layer.series.period for layer in layers)
    return NeedGround(values, " with ".join(names), ", ".join(periods), _say_made(asked, layers))


async def _read_measure(session: AsyncSession, asked: MeasureAsked, areas: AreaGround) -> Layer:
    filters = SeriesFilters(
        area_type=areas.area_type,
        boundary_year=areas.boundary_year,
        period=asked.period,
        sex=asked.sex,
        age=asked.age,
    )
    layer = await read_layer(session, asked.indicator, filters)
    if layer.indicator.polarity == "neither":
        raise BadRequestError(
            f"{layer.indicator.name} is neither good nor bad when it is high, so it is no need. "
            "Choose an indicator that says which is worse."
        )
    return layer


def _is_high_need(layer: Layer) -> bool:
    return layer.indicator.polarity == HIGH_IS_BAD


def _refuse_repetition(asked: NeedAsked, layers: list[Layer]) -> None:
    named = set()
    for each, layer in zip(asked.measures, layers, strict=True):
        key = (each.indicator, *(getattr(layer.series, name) for name in ("period", "sex", "age")))
        if key in named:
            raise BadRequestError(
                f"Need names {layer.indicator.name} twice. Name it once, with a larger weight."
            )
        named.add(key)


def _say_made(asked: NeedAsked, layers: list[Layer]) -> str:
    parts = [
        f"{layer.indicator.name}, {layer.series.period} (weight {each.weight:g})"
        for each, layer in zip(asked.measures, layers, strict=True)
    ]
    return f"{MEANS[asked.combination]} of {WAYS[asked.normalisation]}: {'; '.join(parts)}"
