"""The whole country's value of an indicator, where its file holds every area of the country."""

from app.indicators.loading import Denominator, NewComparator, NewSeries
from app.packs.measures import SeriesRead, make_denominator
from app.packs.people_reading import AgeRange
from app.packs.topic_entries import Country, IndicatorEntry

MEAN_NEEDS = 0.99
"""Share of a country's areas of which its mean must be."""

PeopleTotals = dict[tuple[str, int], dict[AgeRange, dict[str, float]]]
"""People by boundary set, age range and area code, areas of other places included."""


def work_out_country(
    entry: IndicatorEntry,
    series: NewSeries,
    read: SeriesRead,
    people: PeopleTotals,
    counts: dict[str, dict[str, float]],
    country: Country,
) -> NewComparator | None:
    """Return the country's value: a sum, or a mean weighted by the indicator's denominator.

    Args:
        entry: The indicator.
        series: Which of its series.
        read: Every area's value in the file.
        people: Weights where the denominator is people.
        counts: Weights where the denominator is another indicator, by its code and area.
        country: What the file covers.

    Returns:
        None where it cannot be worked out from the rows, as for ranks; where a part of a sum is
        missing; or where under 99 % of the areas have both value and weight for a mean.
    """
    values = {code: value for code, (value, _, _) in read.everywhere.items() if value is not None}
    if not values or entry.aggregate not in {"mean", "sum"}:
        return None
    if entry.aggregate == "sum":
        total: float | None = sum(values.values())
        used, words = len(values), "sum"
    else:
        denominator = make_denominator(entry)
        weights = _find_weights(denominator, series, read, people, counts)
        held = {code: weights[code] for code in values if weights.get(code)}
        used, words = len(held), f"mean by {denominator.words}"
        if denominator.kind == "own":
            words = "sum of numerators over sum of denominators"
            total = _own_ratio(entry, read, held)
        else:
            whole = sum(held.values())
            total = sum(values[code] * held[code] for code in held) / whole if whole else None
    needed = len(read.everywhere) * (1 if entry.aggregate == "sum" else MEAN_NEEDS)
    if total is None or used < needed:
        return None
    method = f"worked out: {words} of the {used:,} areas in the file"
    return NewComparator(
        entry.code, series.period, series.period_sort, series.sex, series.age,
        country.code, country.name, total, None, None, method,
    )  # fmt: skip


def _find_weights(
    denominator: Denominator,
    series: NewSeries,
    read: SeriesRead,
    people: PeopleTotals,
    counts: dict[str, dict[str, float]],
) -> dict[str, float]:
    if denominator.kind == "own":
        return {code: below for code, (_, _, below) in read.everywhere.items() if below}
    if denominator.kind == "indicator":
        return counts.get(denominator.indicator or "", {})
    ranges = people.get((series.area_type, series.boundary_year), {})
    return ranges.get((denominator.age_from, denominator.age_to), {})


def _own_ratio(entry: IndicatorEntry, read: SeriesRead, held: dict[str, float]) -> float | None:
    """Return the sum of numerators over that of denominators, in the indicator's scale."""
    above = [read.everywhere[code][1] for code in held]
    below = sum(held.values())
    if not below or any(each is None for each in above):
        return None
    return (entry.per or entry.scale) * sum(each for each in above if each is not None) / below
