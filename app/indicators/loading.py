"""Loading all indicators of a place: fill, work out larger areas, check, swap."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.areas.frames import PlaceFrames, SetKey
from app.areas.staging import DuplicateRowsError
from app.core.versions import raise_version
from app.indicators import staging
from app.indicators.definitions import (
    MISSING,
    AggregateNote,
    Denominator,
    NewComparator,
    NewIndicator,
    NewSeries,
    NewValue,
    SeriesCount,
)
from app.indicators.deriving import Deriving
from app.indicators.service import TOPIC
from app.indicators.staging import SeriesArrays, SeriesStage

__all__ = [
    "AggregateNote",
    "Denominator",
    "DuplicateRowsError",
    "IndicatorLoad",
    "NewComparator",
    "NewIndicator",
    "NewSeries",
    "NewValue",
    "SeriesCount",
    "open_indicator_load",
]


class IndicatorLoad:
    """One load of indicators, on one connection, invisible to everybody until `swap`."""

    def __init__(
        self, connection: AsyncConnection, frames: PlaceFrames, plurals: Mapping[str, str]
    ) -> None:
        self._connection = connection
        self._frames = frames
        self._plurals = plurals
        self._stage = SeriesStage(connection)
        self._indicators: dict[str, NewIndicator] = {}
        self._positions: dict[SetKey, dict[str, int]] = {}

    async def add_indicators(self, indicators: Iterable[NewIndicator]) -> None:
        """Stage what indicators there are; before their series.

        Raises:
            DuplicateRowsError: Two have the same code.
        """
        added = list(indicators)
        rows = (
            (
                *each[:9], each.denominator.words or None, each.scale, each.ranks,
                *each[11:17],
            )
            for each in added
        )  # fmt: skip
        await staging.copy_rows(self._connection, "staged_indicators", rows)
        self._indicators.update((each.code, each) for each in added)

    async def add_series(self, series: NewSeries, values: Iterable[NewValue]) -> SeriesCount:
        """Stage one series; `values` are read in a thread of their own and may come lazily.

        Raises:
            DuplicateRowsError: An area has two rows, or the series is staged already.
            ValueError: There is no such indicator or boundary set, or a number is infinite.
        """
        key = SetKey(series.area_type, series.boundary_year)
        if series.indicator not in self._indicators:
            raise ValueError(f"There is no indicator {series.indicator!r} to hold values of.")
        if key not in self._frames.sets:
            raise ValueError(
                f"{series.indicator} has values for {key.area_type} of {key.boundary_year}, "
                "and this place has no outlines of them."
            )
        frame = self._frames.sets[key]
        if key not in self._positions:
            self._positions[key] = {code: index for index, code in enumerate(frame.codes)}
        positions = self._positions[key]
        arrays = SeriesArrays.make_empty(len(frame.codes))
        seen, outside = await asyncio.to_thread(_fill, series, arrays, positions, values)
        await self._stage.write(series, arrays, frame.study_count, None)
        without = sum(index not in seen for index in range(frame.study_count))
        return SeriesCount(len(seen), outside, without)

    async def add_comparators(self, comparators: Iterable[NewComparator]) -> None:
        """Stage values of what is wider than the place.

        Raises:
            DuplicateRowsError: The same is given twice for a period, sex and age.
        """
        await staging.copy_rows(self._connection, "staged_comparators", comparators)

    async def aggregate(self) -> list[AggregateNote]:
        """Work out every indicator for every larger kind of area that a lookup leads to.

        What is published there for the same period, sex and age stays. Call it once, after
        everything is staged.

        Returns:
            What was refused, and where larger areas have no value. Refusals are kept with their
            indicators, so that whoever asks later is told.
        """
        deriving = Deriving(self._stage, self._frames, self._indicators, self._plurals)
        notes = await deriving.derive_all()
        refusals = defaultdict(list)
        for note in notes:
            if note.is_refusal:
                refusals[note.indicator].append(
                    {
                        "area_type": note.area_type,
                        "boundary_year": note.boundary_year,
                        "reason": note.sentence,
                    }
                )
        written = {code: json.dumps(each) for code, each in refusals.items()}
        await staging.update_refusals(self._connection, written)
        return notes

    async def check(self) -> dict[str, list[str]]:
        """Return what does not add up, by the name of the check."""
        found = await staging.fetch_findings(self._connection)
        found["denominator_unknown"] = sorted(
            each.code
            for each in self._indicators.values()
            if each.denominator.kind == "indicator"
            and each.denominator.indicator not in self._indicators
        )
        return found

    async def swap(self, session: AsyncSession) -> None:
        """Make what was staged the indicators of the service, in the transaction of `session`.

        The areas must have been swapped before, in the same transaction.

        Args:
            session: Must be bound to this load's connection.

        Raises:
            RuntimeError: The areas are not those that the values were staged for.
        """
        live = await staging.fetch_live_order(self._connection)
        for series in self._stage.numbers:
            key = SetKey(series.area_type, series.boundary_year)
            frame = self._frames.sets[key]
            if live.get(key) != (frame.codes, frame.study_count):
                raise RuntimeError(
                    f"The {key.area_type} of {key.boundary_year} are not in the order that "
                    "indicator values were staged in: every value would be of another area."
                )
        await staging.swap_staged(self._connection)
        await raise_version(session, TOPIC)


@asynccontextmanager
async def open_indicator_load(
    connection: AsyncConnection, frames: PlaceFrames, plurals: Mapping[str, str] | None = None
) -> AsyncIterator[IndicatorLoad]:
    """Open a load on `connection`; whatever was not swapped is gone when the block ends.

    Args:
        connection: The one that areas are loaded on.
        frames: The areas that values are of.
        plurals: What several areas of a type are called, by its code, for sentences.
    """
    await staging.create_staging(connection)
    try:
        yield IndicatorLoad(connection, frames, plurals or {})
    finally:
        try:
            await connection.rollback()
            await staging.drop_staging(connection)
        except BaseException:
            # Never back into the pool with somebody else's temporary tables.
            await connection.invalidate()
            raise


def _fill(
    series: NewSeries,
    arrays: SeriesArrays,
    positions: Mapping[str, int],
    values: Iterable[NewValue],
) -> tuple[set[int], int]:
    """Write `values` into `arrays`; return the positions written, and how many were outside."""
    seen: set[int] = set()
    outside = 0
    floats = arrays.value, arrays.lower, arrays.upper, arrays.numerator, arrays.denominator
    for row in values:
        index = positions.get(row.area_code)
        if index is None:
            outside += 1
            continue
        if index in seen:
            raise DuplicateRowsError(
                f"values of {series.indicator} in {series.period}: {row.area_code} twice"
            )
        seen.add(index)
        for array, number in zip(floats, row[1:6], strict=True):
            if number is not None:
                array[index] = number
        arrays.status[index] = row.status or ("" if row.value is not None else MISSING)
        arrays.note[index] = row.note or None
    for array in floats:
        if np.isinf(array).any():
            raise ValueError(f"{series.indicator} in {series.period} holds an infinite number.")
    return seen, outside
