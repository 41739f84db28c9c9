"""Working out every indicator for the larger areas it was not published for, or saying why not."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.areas.frames import PlaceFrames, SetKey
from app.indicators import aggregation
from app.indicators.aggregation import Aggregated, Parts
from app.indicators.definitions import MISSING, AggregateNote, NewIndicator, NewSeries
from app.indicators.staging import SeriesArrays, SeriesStage

Floats = NDArray[np.float64]
RANKED = ("rank", "decile")


class RefusalError(Exception):
    """An indicator cannot be worked out for a kind of area; the message is a sentence why."""


class Step(NamedTuple):
    """A series to work out, and the published one of smaller areas that it comes from."""

    source: NewSeries
    target: NewSeries


class Deriving:
    """Works out what was staged for larger areas.

    Args:
        stage: The published series; what is worked out is added.
        frames: The areas and how they belong together.
        indicators: What was staged, by code.
        plurals: What several areas of a type are called, by its code.
    """

    def __init__(
        self,
        stage: SeriesStage,
        frames: PlaceFrames,
        indicators: Mapping[str, NewIndicator],
        plurals: Mapping[str, str],
    ) -> None:
        self._stage = stage
        self._frames = frames
        self._indicators = indicators
        self._plurals = plurals
        self._published = list(stage.numbers)
        self._notes: dict[AggregateNote, None] = {}
        self._last_read: tuple[NewSeries, tuple[Floats, Floats, Floats]] | None = None

    async def derive_all(self) -> list[AggregateNote]:
        """Work out all there is to; return what was refused and what is incomplete.

        Ranks come last, because they rank what was worked out before.
        """
        by_turn = sorted(self._indicators.values(), key=lambda each: each.aggregate in RANKED)
        for indicator in by_turn:
            for step in sorted(self._plan(indicator)):
                try:
                    await self._derive(indicator, step)
                except RefusalError as refusal:
                    self._note(step.target, str(refusal), is_refusal=True)
        return list(self._notes)

    def _plan(self, indicator: NewIndicator) -> Iterator[Step]:
        """Yield each series that is not published, with the newest, finest one beneath it."""
        best: dict[NewSeries, NewSeries] = {}
        for source in self._published:
            if source.indicator != indicator.code:
                continue
            here = _key(source)
            for small, large in self._frames.belongings:
                if small != here:
                    continue
                target = source._replace(
                    area_type=large.area_type, boundary_year=large.boundary_year
                )
                if target in self._stage.numbers:
                    continue
                if target not in best or self._grade(source) > self._grade(best[target]):
                    best[target] = source
        for target, source in best.items():
            yield Step(source, target)

    def _grade(self, series: NewSeries) -> tuple[int, int]:
        return series.boundary_year, len(self._frames.sets[_key(series)].codes)

    async def _derive(self, indicator: NewIndicator, step: Step) -> None:
        if indicator.aggregate == "none":
            raise RefusalError(
                f"{indicator.name} is not worked out for larger areas: "
                "its values can be neither added nor averaged."
            )
        if indicator.aggregate in RANKED:
            await self._derive_ranks(indicator, step)
            return
        small, large = _key(step.source), _key(step.target)
        parts = aggregation.select_parts(
            self._frames.belongings[small, large],
            self._frames.sets[small].study_count,
            self._frames.sets[large].study_count,
        )
        made, method = await self._combine(indicator, step, parts)
        await self._write(step, made, method, _explain(indicator, made, self._name(small)))

    async def _combine(
        self, indicator: NewIndicator, step: Step, parts: Parts
    ) -> tuple[Aggregated, str]:
        """Return the values of the larger areas and, in words, how they came about."""
        values, numerators, denominators = await self._read(step.source)
        origin = self._name(_key(step.source))
        words = indicator.denominator.words or "its denominator"
        if indicator.aggregate == "sum":
            return aggregation.add_up(parts, values), f"Sum over the {origin} in each."
        if indicator.denominator.kind == "own":
            if not np.isfinite(denominators).any():
                raise RefusalError(f"The file of {indicator.name} gives no denominators.")
            if not aggregation.is_ratio(values, numerators, denominators, indicator.scale):
                raise RefusalError(
                    f"The numerators and denominators of {indicator.name} do not give its values "
                    f"(times {indicator.scale:g})."
                )
            above = np.where(
                np.isfinite(numerators), numerators, values * denominators / indicator.scale
            )
            below = self._fill_empty(_key(step.source), denominators)
            made = aggregation.divide_sums(parts, above, below, indicator.scale)
            method = f"Sum of numerators over sum of denominators ({words}) of the {origin} in each"
            times = "" if indicator.scale == 1 else f", times {indicator.scale:g}"
            return made, f"{method}{times}."
        weights = await self._find_denominators(indicator, step.source)
        made = aggregation.average(parts, values, weights)
        return made, f"Mean of the {origin} in each, weighted by {words}."

    def _fill_empty(self, key: SetKey, denominators: Floats) -> Floats:
        """Return denominators, 0 for areas without a row where nobody lives: nothing is missing."""
        people = self._frames.count_people(key)
        if people is None:
            return denominators
        return np.where(np.isnan(denominators) & (people == 0), 0.0, denominators)

    async def _find_denominators(self, indicator: NewIndicator, source: NewSeries) -> Floats:
        denominator, here = indicator.denominator, _key(source)
        if denominator.kind == "people":
            people = self._frames.count_people(here, denominator.age_from, denominator.age_to)
            if people is None:
                raise RefusalError(
                    f"{indicator.name} is a mean over {denominator.words or 'people'}, and the "
                    f"population of the {self._name(here)} has no age bands that give them."
                )
            return people
        if denominator.kind == "indicator":
            return (await self._read(self._find_counts(indicator, source)))[0]
        raise RefusalError(
            f"{indicator.name} is a ratio whose denominator is not known; "
            "a mean that counts every area the same would be wrong."
        )

    def _find_counts(self, indicator: NewIndicator, source: NewSeries) -> NewSeries:
        """Return the series of counts of the same sex and age if any, and period, or the only one.

        Raises:
            RefusalError: There is none, or several and none of the period.
        """
        code = indicator.denominator.indicator
        found = [
            each
            for each in self._published
            if each.indicator == code and _key(each) == _key(source)
        ]
        alike = [each for each in found if (each.sex, each.age) == (source.sex, source.age)]
        found = alike or found
        of_period = [each for each in found if each.period == source.period] or found
        if len(of_period) != 1:
            raise RefusalError(
                f"{indicator.name} is a mean over {indicator.denominator.words or code}, and "
                f"{code!r} is not given for the {self._name(_key(source))} in {source.period}."
            )
        return of_period[0]

    async def _derive_ranks(self, indicator: NewIndicator, step: Step) -> None:
        ranked = self._indicators.get(indicator.ranks or "")
        if ranked is None:
            raise RefusalError(
                f"{indicator.name} cannot be ranked anew: the values it ranks are not loaded."
            )
        series = step.target._replace(indicator=ranked.code)
        large = _key(step.target)
        if series not in self._stage.numbers:
            raise RefusalError(
                f"{indicator.name} cannot be ranked anew: {ranked.name} is not known for the "
                f"{self._name(large)} in {step.target.period}."
            )
        study_count = self._frames.sets[large].study_count
        values = (await self._read(series))[0][:study_count]
        from_highest = ranked.polarity == "high is bad"
        made = aggregation.rank(values, from_highest=from_highest)
        count = int(np.isfinite(made).sum())
        method = f"Rank by {ranked.name} among the {count} {self._name(large)} of this place"
        if indicator.aggregate == "decile":
            if count < aggregation.LEAST_FOR_DECILES:
                raise RefusalError(
                    f"There are too few {self._name(large)} with a value in this place for tenths: "
                    f"{count}."
                )
            made = aggregation.decile(made)
            method = f"Tenth by {ranked.name} among the {count} {self._name(large)} of this place"
        method += f"; 1 is the {'highest' if from_highest else 'lowest'}."
        nothing = np.full(study_count, np.nan)
        result = Aggregated(made, nothing, nothing, nothing)
        notes = {int(i): f"{ranked.name} is not known." for i in np.flatnonzero(np.isnan(made))}
        await self._write(step, result, method, notes)

    async def _write(
        self, step: Step, made: Aggregated, method: str, notes: Mapping[int, str]
    ) -> None:
        """Stage what was made; `notes` say by position why an area has no value."""
        frame = self._frames.sets[_key(step.target)]
        if len(notes) == frame.study_count:
            raise RefusalError(
                f"Not one of the {self._name(_key(step.target))} would have a value for "
                f"{step.target.period}. {next(iter(notes.values()))}"
            )
        arrays = SeriesArrays.make_empty(len(frame.codes))
        arrays.value[: frame.study_count] = made.value
        arrays.numerator[: frame.study_count] = made.numerator
        arrays.denominator[: frame.study_count] = made.denominator
        for index, note in notes.items():
            arrays.status[index] = MISSING
            arrays.note[index] = note
        await self._stage.write(step.target, arrays, frame.study_count, method)
        if notes:
            name = self._indicators[step.target.indicator].name
            self._note(
                step.target,
                f"{name} ({step.target.period}) is not known for {len(notes)} of "
                f"{frame.study_count} {self._name(_key(step.target))}.",
                is_refusal=False,
            )

    def _note(self, target: NewSeries, sentence: str, *, is_refusal: bool) -> None:
        note = AggregateNote(
            target.indicator, target.area_type, target.boundary_year, sentence, is_refusal
        )
        self._notes[note] = None

    async def _read(self, series: NewSeries) -> tuple[Floats, Floats, Floats]:
        """Read a series; the one read last is kept, since steps come in the order of sources."""
        if self._last_read is None or self._last_read[0] != series:
            count = len(self._frames.sets[_key(series)].codes)
            self._last_read = (series, await self._stage.read(series, count))
        return self._last_read[1]

    def _name(self, key: SetKey) -> str:
        plural = self._plurals.get(key.area_type, f"areas of type {key.area_type}")
        return f"{plural} of {key.boundary_year}"


def _key(series: NewSeries) -> SetKey:
    return SetKey(series.area_type, series.boundary_year)


def _explain(indicator: NewIndicator, made: Aggregated, origin: str) -> dict[int, str]:
    """Return by position why an area has no value."""
    notes = {}
    for index in np.flatnonzero(np.isnan(made.value)):
        covered = made.covered[index]
        # Rounded down, so that what is refused never looks like enough.
        share = "" if np.isnan(covered) else f"{math.floor(100 * covered)} %"
        if not share:
            notes[int(index)] = f"None of the {origin} that belong to it counts."
        elif indicator.aggregate == "sum":
            notes[int(index)] = (
                f"Only {share} of the {origin} in it have a value, and a part is not the whole."
            )
        else:
            words = indicator.denominator.words or "its denominator"
            notes[int(index)] = f"Only {share} of {words} are in {origin} with a value."
    return notes
