"""The SQL of loading indicators: temporary tables to fill, and the swap into the real ones.

A series is staged as one row of arrays in gid order and spread out only by the swap, inside the
database: copying an array costs a hundredth of copying its values one row each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.areas.frames import SetKey
from app.areas.staging import DuplicateRowsError
from app.indicators.definitions import SUPPRESSED, NewSeries

Floats = NDArray[np.float64]

CREATE = """
CREATE TEMPORARY TABLE staged_indicators (
    code text PRIMARY KEY, name text, topic text, description text, unit text, measure text,
    polarity text, decimals smallint, aggregate text, denominator text, scale double precision,
    ranks text, source text, publisher text, licence text, licence_url text, vintage text,
    position integer, refusals text DEFAULT '[]');
CREATE TEMPORARY TABLE staged_series (
    number integer PRIMARY KEY, indicator text, area_type text, boundary_year smallint,
    period text, period_sort text, sex text, age text, method text,
    value_count integer, missing_count integer, suppressed_count integer,
    value double precision[], lower double precision[], upper double precision[],
    numerator double precision[], denominator double precision[], status text[], note text[],
    UNIQUE (indicator, area_type, boundary_year, period, sex, age));
ALTER TABLE staged_series
    ALTER value SET STORAGE EXTERNAL, ALTER lower SET STORAGE EXTERNAL,
    ALTER upper SET STORAGE EXTERNAL, ALTER numerator SET STORAGE EXTERNAL,
    ALTER denominator SET STORAGE EXTERNAL;
CREATE TEMPORARY TABLE staged_comparators (
    indicator text, period text, period_sort text, sex text, age text, code text, name text,
    value double precision, lower double precision, upper double precision, method text,
    PRIMARY KEY (indicator, period, sex, age, code));
"""
# Compressing what is read back once and dropped would take longer than writing it.

COLUMNS: dict[str, tuple[str, ...]] = {
    "staged_indicators": (
        "code", "name", "topic", "description", "unit", "measure", "polarity", "decimals",
        "aggregate", "denominator", "scale", "ranks", "source", "publisher", "licence",
        "licence_url", "vintage", "position",
    ),
    "staged_series": (
        "number", "indicator", "area_type", "boundary_year", "period", "period_sort", "sex", "age",
        "method", "value_count", "missing_count", "suppressed_count", "value", "lower", "upper",
        "numerator", "denominator", "status", "note",
    ),
    "staged_comparators": (
        "indicator", "period", "period_sort", "sex", "age", "code", "name", "value", "lower",
        "upper", "method",
    ),
}  # fmt: skip

SWAP: tuple[str, ...] = (
    # One load at a time; readers go on.
    "SELECT pg_advisory_xact_lock(hashtext('hereabouts.indicators.swap'))",
    "DELETE FROM indicator_values",
    "DELETE FROM indicator_series",
    "DELETE FROM indicator_comparators",
    "DELETE FROM indicators WHERE code NOT IN (SELECT code FROM staged_indicators)",
    """
    INSERT INTO indicators (code, name, topic, description, unit, measure, polarity, decimals,
        aggregate, denominator, scale, ranks, source, publisher, licence, licence_url, vintage,
        position, refusals)
    SELECT code, name, topic, description, unit, measure, polarity, decimals,
        aggregate, denominator, scale, ranks, source, publisher, licence, licence_url, vintage,
        position, refusals::jsonb
    FROM staged_indicators ORDER BY position, code
    ON CONFLICT (code) DO UPDATE SET
        name = excluded.name, topic = excluded.topic, description = excluded.description,
        unit = excluded.unit, measure = excluded.measure, polarity = excluded.polarity,
        decimals = excluded.decimals, aggregate = excluded.aggregate,
        denominator = excluded.denominator, scale = excluded.scale, ranks = excluded.ranks,
        source = excluded.source, publisher = excluded.publisher, licence = excluded.licence,
        licence_url = excluded.licence_url, vintage = excluded.vintage,
        position = excluded.position, refusals = excluded.refusals
    """,
    """
    INSERT INTO indicator_series (indicator_id, boundary_set_id, period, period_sort, sex, age,
        method, value_count, missing_count, suppressed_count)
    SELECT i.id, bs.id, s.period, s.period_sort, s.sex, s.age,
        s.method, s.value_count, s.missing_count, s.suppressed_count
    FROM staged_series AS s
    JOIN indicators AS i ON i.code = s.indicator
    JOIN boundary_sets AS bs USING (area_type, boundary_year)
    ORDER BY s.number
    """,
    """
    INSERT INTO indicator_values (series_id, gid, value, lower, upper, numerator, denominator,
        status, note)
    SELECT series.id, v.gid, nullif(v.value, 'NaN'), nullif(v.lower, 'NaN'),
        nullif(v.upper, 'NaN'), nullif(v.numerator, 'NaN'), nullif(v.denominator, 'NaN'),
        coalesce(v.status, ''), v.note
    FROM staged_series AS s
    JOIN indicators AS i ON i.code = s.indicator
    JOIN boundary_sets AS bs USING (area_type, boundary_year)
    JOIN indicator_series AS series ON
        (series.indicator_id, series.boundary_set_id, series.period, series.sex, series.age)
        = (i.id, bs.id, s.period, s.sex, s.age)
    CROSS JOIN LATERAL unnest(s.value, s.lower, s.upper, s.numerator, s.denominator, s.status,
        s.note) WITH ORDINALITY
        AS v (value, lower, upper, numerator, denominator, status, note, gid)
    WHERE v.value <> 'NaN' OR v.status <> '' OR v.note IS NOT NULL
        OR v.numerator <> 'NaN' OR v.denominator <> 'NaN'
    """,
    """
    INSERT INTO indicator_comparators (indicator_id, period, period_sort, sex, age, code, name,
        value, lower, upper, method)
    SELECT i.id, c.period, c.period_sort, c.sex, c.age, c.code, c.name, c.value, c.lower, c.upper,
        c.method
    FROM staged_comparators AS c JOIN indicators AS i ON i.code = c.indicator
    ORDER BY i.id, c.period_sort, c.sex, c.age, c.code
    """,
    "ANALYZE indicator_series",
    "ANALYZE indicator_values",
)

CHECKS: dict[str, str] = {
    "indicator_unknown": """
        SELECT DISTINCT indicator FROM staged_comparators
        WHERE indicator NOT IN (SELECT code FROM staged_indicators)
        UNION SELECT ranks FROM staged_indicators
        WHERE ranks NOT IN (SELECT code FROM staged_indicators) ORDER BY 1
    """,
    "indicator_without_values": """
        SELECT code FROM staged_indicators AS i WHERE NOT EXISTS (
            SELECT FROM staged_series AS s WHERE s.indicator = i.code AND s.value_count > 0)
        ORDER BY 1
    """,
    "value_outside_limits": """
        SELECT concat_ws(' ', s.indicator, s.area_type, s.boundary_year, s.period,
            nullif(s.sex, ''), nullif(s.age, ''), 'in', count(*), 'areas')
        FROM staged_series AS s CROSS JOIN LATERAL unnest(s.value, s.lower, s.upper)
            AS v (value, lower, upper)
        WHERE s.lower IS NOT NULL AND v.value <> 'NaN'
            AND (v.lower <> 'NaN' AND v.value < v.lower OR v.upper <> 'NaN' AND v.value > v.upper)
        GROUP BY s.number ORDER BY 1
    """,
}

LIVE_ORDER = """
SELECT bs.area_type, bs.boundary_year, array_agg(a.code ORDER BY a.gid),
       count(*) FILTER (WHERE a.in_study_area)
FROM areas AS a JOIN boundary_sets AS bs ON bs.id = a.boundary_set_id
GROUP BY bs.area_type, bs.boundary_year ORDER BY bs.area_type, bs.boundary_year
"""


@dataclass
class SeriesArrays:
    """One series for all areas of a boundary set, in gid order; NaN, '' and None for nothing."""

    value: Floats
    lower: Floats
    upper: Floats
    numerator: Floats
    denominator: Floats
    status: list[str]
    note: list[str | None]

    @classmethod
    def make_empty(cls, count: int) -> "SeriesArrays":
        """Return the series of `count` areas of which nothing is known."""
        return cls(
            value=np.full(count, np.nan),
            lower=np.full(count, np.nan),
            upper=np.full(count, np.nan),
            numerator=np.full(count, np.nan),
            denominator=np.full(count, np.nan),
            status=[""] * count,
            note=[None] * count,
        )

    def count(self, study_count: int) -> tuple[int, int, int]:
        """Return how many of the first `study_count` have a value, none, or a suppressed one."""
        has_value = np.isfinite(self.value[:study_count])
        suppressed = sum(
            status == SUPPRESSED and not known
            for status, known in zip(self.status[:study_count], has_value, strict=True)
        )
        value_count = int(has_value.sum())
        return value_count, study_count - value_count - suppressed, suppressed


@dataclass
class SeriesStage:
    """The series that are staged so far on one connection.

    Attributes:
        connection: Where the temporary tables are.
        numbers: The number that each series has there, published and worked out ones.
    """

    connection: AsyncConnection
    numbers: dict[NewSeries, int] = field(default_factory=dict)

    async def write(
        self, series: NewSeries, arrays: SeriesArrays, study_count: int, method: str | None
    ) -> None:
        """Stage one series; `method` says how it was worked out, None: as published.

        Raises:
            DuplicateRowsError: It is staged already.
        """
        number = len(self.numbers) + 1
        floats = [arrays.value, arrays.lower, arrays.upper, arrays.numerator, arrays.denominator]
        row = (
            number,
            *series,
            method,
            *arrays.count(study_count),
            *(each.tolist() if np.isfinite(each).any() else None for each in floats),
            arrays.status if any(arrays.status) else None,
            arrays.note if any(arrays.note) else None,
        )
        await copy_rows(self.connection, "staged_series", [row])
        self.numbers[series] = number

    async def read(self, series: NewSeries, count: int) -> tuple[Floats, Floats, Floats]:
        """Return values, numerators and denominators of a staged series of `count` areas."""
        return await fetch_staged(self.connection, self.numbers[series], count)


async def create_staging(connection: AsyncConnection) -> None:
    """Create the temporary tables; they vanish with `drop_staging` or with the connection."""
    await drop_staging(connection)  # a load that was cut off may have left some on it
    for statement in CREATE.split(";"):
        if statement.strip():
            await connection.execute(text(statement))
    await connection.commit()


async def copy_rows(connection: AsyncConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY `rows`, in the order of `COLUMNS[table]`, into a staging table.

    Raises:
        DuplicateRowsError: A row has the key of one that is staged already.
    """
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is None:
        raise RuntimeError("The connection to the database is closed.")
    try:
        await driver.copy_records_to_table(
            table, records=rows, columns=COLUMNS[table], schema_name="pg_temp"
        )
    except asyncpg.UniqueViolationError as error:
        raise DuplicateRowsError(f"{table.removeprefix('staged_')}: {error.detail}") from None


async def fetch_staged(
    connection: AsyncConnection, number: int, count: int
) -> tuple[Floats, Floats, Floats]:
    """Return values, numerators and denominators of a staged series of `count` areas, NaN for none.

    Each array is in gid order.
    """
    query = text("SELECT value, numerator, denominator FROM staged_series WHERE number = :number")
    row = (await connection.execute(query, {"number": number})).one()
    await connection.commit()
    value, numerator, denominator = (
        np.full(count, np.nan) if each is None else np.array(each, dtype=np.float64) for each in row
    )
    return value, numerator, denominator


async def update_refusals(connection: AsyncConnection, refusals: Mapping[str, str]) -> None:
    """Note what was refused, as a JSON list by indicator code."""
    query = text("UPDATE staged_indicators SET refusals = :refusals WHERE code = :code")
    for code, written in refusals.items():
        await connection.execute(query, {"code": code, "refusals": written})
    await connection.commit()


async def fetch_findings(connection: AsyncConnection) -> dict[str, list[str]]:
    """Return, for each check of `CHECKS`, what it found: codes of indicators, or series."""
    found: dict[str, list[str]] = {}
    for name, query in CHECKS.items():
        found[name] = [str(row[0]) for row in await connection.execute(text(query))]
    await connection.commit()
    return found


async def fetch_live_order(
    connection: AsyncConnection,
) -> dict[SetKey, tuple[tuple[str, ...], int]]:
    """Return, of every boundary set, its codes in gid order and how many are of the study area."""
    rows = (await connection.execute(text(LIVE_ORDER))).all()
    return {SetKey(row[0], row[1]): (tuple(row[2]), row[3]) for row in rows}


async def swap_staged(connection: AsyncConnection) -> None:
    """Make the staged indicators the real ones, inside the caller's transaction.

    Indicators keep their ids where the code stays, so what refers to them holds.
    """
    for statement in SWAP:
        await connection.execute(text(statement))


async def drop_staging(connection: AsyncConnection) -> None:
    """Drop the temporary tables, so that a pooled connection goes back clean."""
    for table in COLUMNS:
        await connection.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    await connection.commit()
