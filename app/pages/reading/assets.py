"""Everything that the page of an asset says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.customs import PlaceCustoms, fetch_customs
from app.assets.hours import SiteHours, read_hours
from app.assets.reading import read_asset, read_history
from app.assets.reading_schemas import AssetRead, FindableAsset, SiteRead
from app.core.public_reads import PublicReads
from app.pages.freshness import Stamp, describe_freshness
from app.pages.reading.history import RevisionEntry, describe_history
from app.pages.reading.sensitive import is_sensitive
from app.pages.signs import Sign, find_sign
from app.pages.spot_map import SpotMap, Surroundings, draw_neighbourhoods, draw_spots
from app.records.vocabulary import Aspect, Method, Visibility
from app.taxonomy.schemas import CategoryRead
from app.taxonomy.service import list_categories


@dataclass(frozen=True)
class CategoryLine:
    """A category as it stands above the title.

    Attributes:
        code: Its code.
        name: In the visitor's language, where that is known.
        sign: How it is drawn.
    """

    code: str
    name: str
    sign: Sign


@dataclass(frozen=True)
class Told:
    """Name and description in the language they are shown in.

    Attributes:
        name: What it is called.
        description: What is said of it.
        language: Of these words, by its tag; '' where it is not known.
        original: The name as it was written first; '' where that is the one shown.
    """

    name: str
    description: str
    language: str
    original: str


@dataclass(frozen=True)
class AssetPage:
    """What the page of an asset says.

    Attributes:
        asset: Everything that everybody may know of it.
        told: Its name and description as they are shown.
        categories: The main one first.
        sites: Those where it is to be had, then those of other roles.
        hours: By site.
        stamp: The one stamp that matters most.
        is_sure: Whether somebody has made sure of the hours, so that no "we think" is needed.
        history: Newest first.
        map: Where it is, with nothing marked where only the neighbourhood is told; None where
            that is not told either, or not in the place.
        is_sensitive: Whether the page may have to be left quickly.
        currency: Of prices, by ISO 4217; '' where not known.
        time_zone: Of the place.
    """

    asset: AssetRead
    told: Told
    categories: Sequence[CategoryLine]
    sites: Sequence[SiteRead]
    hours: Mapping[UUID, SiteHours]
    stamp: Stamp
    is_sure: bool
    history: Sequence[RevisionEntry]
    map: SpotMap | None
    is_sensitive: bool
    currency: str
    time_zone: str


@dataclass(frozen=True)
class FindablePage:
    """All that is said of something whose place is secret, and which lets itself be found."""

    asset: FindableAsset
    categories: Sequence[CategoryLine]


async def describe_asset(
    reads: PublicReads,
    session: AsyncSession,
    surroundings: Surroundings,
    asset: UUID,
    language: str,
) -> AssetPage | FindablePage:
    """Return what the page of an asset says in a language.

    Raises:
        NotFoundError: There is none, or none that everybody may see.
    """
    now = datetime.now(UTC)
    found = _parse((await read_asset(reads, session, asset, now)).body)
    known = {each.code: each for each in await list_categories(session)}
    codes = [each.code for each in found.categories]
    lines = [
        _describe_category(each.code, each.name, known.get(each.code), language)
        for each in found.categories
    ]
    if isinstance(found, FindableAsset):
        return FindablePage(found, lines)
    customs = await fetch_customs(session)
    history = await read_history(reads, asset)
    main = next((origin.source for origin in found.origins if origin.is_main), None)
    return AssetPage(
        asset=found,
        told=_choose_words(found, language, customs),
        categories=lines,
        sites=sorted(found.sites, key=lambda site: site.role != "delivery"),
        hours=await read_hours(reads, session, asset, now),
        stamp=describe_freshness(found.freshness, main),
        is_sure=_is_sure(found),
        history=describe_history(history.revisions),
        map=await _draw_map(session, surroundings, found, lines),
        is_sensitive=is_sensitive(codes, known),
        currency=customs.currency,
        time_zone=customs.time_zone,
    )


async def _draw_map(
    session: AsyncSession,
    surroundings: Surroundings,
    asset: AssetRead,
    categories: Sequence[CategoryLine],
) -> SpotMap | None:
    """Return the points that everybody may know; where there is none, the neighbourhoods."""
    sites = [site for site in asset.sites if site.role == "delivery"]
    points = [(site.location.lon, site.location.lat) for site in sites if site.location is not None]
    if points:
        sign = categories[0].sign if categories else find_sign(None)
        return await draw_spots(session, surroundings, points, sign)
    coarse = [site.area for site in sites if site.visibility is Visibility.AREA_ONLY and site.area]
    meant = {area.code: area.name or area.code for area in coarse}
    return await draw_neighbourhoods(session, surroundings, meant)


def _parse(body: bytes) -> AssetRead | FindableAsset:
    if orjson.loads(body)["visibility"] == Visibility.HIDDEN:
        return FindableAsset.model_validate_json(body)
    return AssetRead.model_validate_json(body)


def _describe_category(
    code: str, name: str, category: CategoryRead | None, language: str
) -> CategoryLine:
    if category is not None:
        for tag in (language, language.split("-", maxsplit=1)[0]):
            name = category.translations.get(tag, {}).get("name") or name
    return CategoryLine(code, name, find_sign(category))


def _choose_words(asset: AssetRead, language: str, customs: PlaceCustoms) -> Told:
    """Return name and description in the visitor's language, as far as they are translated."""
    own = customs.languages[0] if customs.languages else ""
    for tag in (language, language.split("-", maxsplit=1)[0]):
        said = asset.translations.get(tag)
        if said and (said.get("name") or said.get("description")):
            name = said.get("name") or asset.name
            description = said.get("description") or asset.description
            return Told(name, description, tag, asset.name if name != asset.name else "")
    return Told(asset.name, asset.description, own, "")


def _is_sure(asset: AssetRead) -> bool:
    """Return whether a person has made sure of the hours, and that still holds."""
    return any(
        each.aspect is Aspect.HOURS
        and each.is_right
        and not each.is_unconfirmed
        and each.method is not Method.IMPORTED
        for each in asset.freshness
    )
