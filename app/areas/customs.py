"""How the place reckons: its clock, languages, holidays, school terms, money and metres."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.models import Customs

Ring = tuple[tuple[float, float], ...]
"""Longitudes and latitudes around something."""


class PlaceCustoms(NamedTuple):
    """What holds in the whole place unless something says otherwise.

    Attributes:
        time_zone: Of wall clocks, such as Europe/London.
        languages: The languages of the place, the main one first.
        country: Whose public holidays are kept, by ISO 3166-1; empty where not known.
        subdivision: The part of it with holidays of its own, such as ENG.
        currency: Of prices, by ISO 4217; empty where not known.
        school_terms: First and last day of each school term.
        projected_crs: In metres, by its name: distances are measured in it; empty where not
            known.
        sea: Rings that cover the sea around the place; None where not known.
    """

    time_zone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    country: str = ""
    subdivision: str = ""
    currency: str = ""
    school_terms: tuple[tuple[date, date], ...] = ()
    projected_crs: str = ""
    sea: tuple[Ring, ...] | None = None


async def fetch_customs(session: AsyncSession) -> PlaceCustoms:
    """Return the customs of the place; plain ones before any place is loaded."""
    row = (await session.scalars(select(Customs))).one_or_none()
    if row is None:
        return PlaceCustoms()
    terms = tuple(
        (date.fromisoformat(first), date.fromisoformat(last)) for first, last in row.school_terms
    )
    return PlaceCustoms(
        row.time_zone,
        tuple(row.languages),
        row.country,
        row.subdivision,
        row.currency,
        terms,
        row.projected_crs,
        None if row.sea is None else tuple(tuple((x, y) for x, y in ring) for ring in row.sea),
    )


async def keep_customs(session: AsyncSession, customs: PlaceCustoms) -> None:
    """Make these the customs of the place."""
    values = {
        **customs._asdict(),
        "is_current": True,
        "languages": list(customs.languages),
        "school_terms": [[str(first), str(last)] for first, last in customs.school_terms],
    }
    await session.execute(
        insert(Customs)
        .values(values)
        .on_conflict_do_update(index_elements=["is_current"], set_=values)
    )
