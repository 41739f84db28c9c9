"""What strangers may read of one asset, of its history, and of how many there are in an area."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.assets import reading_queries as queries
from app.assets.reading_schemas import (
    AreaAssets,
    AreaNamed,
    AssetHistory,
    CategoryCount,
    FieldChange,
    PublicRevision,
)
from app.assets.schedules.calendar import next_dates
from app.assets.schedules.keeping import fetch_schedules
from app.assets.schedules.model import Schedule
from app.assets.schedules.place_days import open_place_days
from app.assets.schedules.recurrences import Recurrence, split_recurrences, write_wall_time
from app.assets.schedules.rrule import write_rrule
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads, Record
from app.records.changes import list_changes

NO_ASSET = "There is no asset with this id, or none that everybody may see."
NEXT_DATES = 5

PLAIN = (
    "kind", "name", "description", "min_age", "max_age", "eligibility", "cost", "cost_amount",
    "cost_words", "languages", "how_to_join", "term_time_only",
)  # fmt: skip
ACCESS = ("step_free", "accessible_toilet", "hearing_loop", "parking")


class ReadAsset(NamedTuple):
    """An asset as it is sent.

    Attributes:
        body: JSON.
        stamp: The state of everything that it says; its dates are of the hour.
    """

    body: bytes
    stamp: str


async def read_asset(
    reads: PublicReads, session: AsyncSession, asset: UUID, now: datetime
) -> ReadAsset:
    """Return what everybody may know of an asset; of a hidden one that may be found, very little.

    Args:
        reads: For what is public.
        session: For schedules, which hold nothing private.
        asset: Its public id.
        now: Dates are given from the beginning of this hour.

    Raises:
        NotFoundError: There is none, or it is hidden: nobody can tell which.
    """
    async with reads.look() as reader:
        row = await reader.fetchrow(queries.ASSET, asset)
        if row is None:
            return _write_findable(await reader.fetchrow(queries.FINDABLE_ASSET, asset))
        sites = await reader.fetch(queries.SITES, row["id"])
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = await _tell_hours(session, sites, hour)
    document = {
        "id": str(row["public_id"]),
        **{name: row[name] for name in PLAIN},
        "visibility": row["level"],
        "is_listed": row["is_listed"],
        "translations": _json(row["translations"]),
        "categories": _json(row["categories"]),
        "organisation": None
        if row["organisation_public_id"] is None
        else {"id": str(row["organisation_public_id"]), "name": row["organisation_name"]},
        "access": {name: row[name] for name in ACCESS},
        "alert": row["alert"],
        "alert_until": row["alert_until"] if row["alert"] else None,
        "sites": [
            {**orjson.loads(site["site"]), **told} for site, told in zip(sites, hours, strict=True)
        ],
        "origins": _json(row["origins"]),
        "freshness": _json(row["freshness"]),
        "changed_at": row["changed_at"],
    }
    return ReadAsset(orjson.dumps(document), f"{row['stamp']} {hour:%Y-%m-%dT%H}")


async def read_history(reads: PublicReads, asset: UUID) -> AssetHistory:
    """Return how what everybody may know of an asset has changed, newest first.

    It begins where the asset was last made stricter, and leaves out what changed in private only.

    Raises:
        NotFoundError: There is none, or it is hidden.
    """
    async with reads.look() as reader:
        if await reader.fetchrow(queries.ASSET, asset) is None:
            raise NotFoundError(NO_ASSET)
        rows = await reader.fetch(queries.HISTORY, asset)
    revisions: list[PublicRevision] = []
    before: dict[str, Any] | None = None
    for row in rows:
        document = orjson.loads(row["document"] or "{}")
        changes = [FieldChange(**each._asdict()) for each in list_changes(before, document)]
        if changes or before is None:
            revisions.append(
                PublicRevision(
                    at=row["at"], action=row["action"], method=row["method"], changes=changes
                )
            )
        before = document
    return AssetHistory(revisions=revisions[::-1])


async def count_assets(
    reads: PublicReads, area_type: str, code: str, boundary_year: int | None
) -> AreaAssets:
    """Return how many assets are in an area, in all and by category.

    Those of which only the area is told are counted at that level and above.

    Raises:
        NotFoundError: There is no such area.
    """
    async with reads.look() as reader:
        area = await reader.fetchrow(queries.AREA_NAMED, area_type, code, boundary_year)
        if area is None:
            raise NotFoundError(
                f"There is no {area_type} {code!r} here. Kinds of area and their boundary years "
                "are at /api/v1/area-types; codes change between boundary years."
            )
        rows = await reader.fetch(queries.COUNTS, area["id"])
    named = AreaNamed(**{name: area[name] for name in AreaNamed.model_fields})
    whole = next((row for row in rows if row["code"] is None), None)
    return AreaAssets(
        area=named,
        assets=whole["assets"] if whole else 0,
        area_only=whole["area_only"] if whole else 0,
        categories=[CategoryCount(**dict(row)) for row in rows if row["code"] is not None],
    )


def _write_findable(row: Record | None) -> ReadAsset:
    if row is None:
        raise NotFoundError(NO_ASSET)
    document = {
        "id": str(row["public_id"]),
        "name": row["name"],
        "visibility": "hidden",
        "categories": _json(row["categories"]),
        "contacts": _json(row["contacts"]),
        "served_areas": _json(row["served_areas"]),
    }
    return ReadAsset(orjson.dumps(document), str(row["stamp"]))


async def _tell_hours(
    session: AsyncSession, sites: Sequence[Record], after: datetime
) -> list[dict[str, object]]:
    """Return the recurrences and the next sessions of each site, on its own clock."""
    ids = {site["schedule_id"] for site in sites if site["schedule_id"] is not None}
    if not ids:
        return [{"recurrences": [], "next_dates": []} for _ in sites]
    schedules = await fetch_schedules(session, ids)
    _, holidays, terms = await open_place_days(session)

    def tell(schedule: Schedule, zone: str) -> dict[str, object]:
        found = next_dates(schedule, after, NEXT_DATES, ZoneInfo(zone), holidays, terms)
        dates = [{"start": each.start, "end": each.end, "words": each.words} for each in found]
        recurrences = [_write_recurrence(each) for each in split_recurrences(schedule)]
        return {"recurrences": recurrences, "next_dates": dates}

    nothing = Schedule()
    return [tell(schedules.get(site["schedule_id"], nothing), site["time_zone"]) for site in sites]


def _write_recurrence(recurrence: Recurrence) -> dict[str, object]:
    rule = recurrence.rule
    return {
        "rrule": write_rrule(rule),
        "dtstart": rule.dtstart,
        "starts": write_wall_time(rule.opens_minute),
        "ends": write_wall_time(rule.closes_minute),
        "except_dates": recurrence.except_dates,
    }


def _json(text: str | None) -> object:
    return [] if text is None else orjson.Fragment(text)
