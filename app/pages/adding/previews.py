"""What the public will see, as lists and the thing's own page will say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import format_currency

from app.assets.previewing import preview_asset
from app.assets.schemas import AssetDocument
from app.core.errors import BadRequestError
from app.pages.adding.desks import Desk
from app.pages.cards import Card, Clock, write_cards
from app.pages.hours_words import say_hours


@dataclass(frozen=True)
class SeenSite:
    """One place as the thing's own page will say it.

    Attributes:
        mode: How it is to be had there.
        level: What strangers see of where it is.
        where: The listed place, address and postcode.
        area: The neighbourhood, where they see no more than that.
        areas: Where it comes to.
        when: In lines.
        contacts: What everybody may see.
        is_outside: Whether it lies outside the place, so that no list or map has it.
    """

    mode: str
    level: str
    where: Sequence[str]
    area: str
    areas: Sequence[str]
    when: Sequence[str]
    contacts: Sequence[str]
    is_outside: bool


@dataclass(frozen=True)
class Seen:
    """What strangers will see.

    Attributes:
        card: As lists have it; None: it is in no list, with sites because it lies outside.
        sites: As its own page has them.
        found: Contacts of one that is hidden and may be found; None of all others.
        write_price: Writes an amount of money for the card.
    """

    card: Card | None
    sites: Sequence[SeenSite]
    found: Sequence[str] | None
    write_price: Callable[[float], str]


async def preview(desk: Desk, document: AssetDocument | None) -> Seen | None:
    """Return what the public will see, by the SQL of every list; None: that cannot be told."""
    if document is None:
        return None
    now = datetime.now(UTC)
    try:
        found = await preview_asset(desk.ground.session, document, now)
    except BadRequestError:
        return None
    customs = desk.ground.customs
    card = None
    if found.card is not None:
        local = now.astimezone(ZoneInfo(customs.time_zone))
        site = UUID(found.card["properties"]["site_id"])
        openings = {site: found.opening} if found.opening else {}
        clock = Clock(local, desk.language)
        (card,) = write_cards([found.card], 0, desk.ground.by_code, openings, clock)
        card = replace(card, path="")  # there is no such page yet
    contacts = found.found["contacts"] if found.found else None
    return Seen(
        card,
        [_describe(desk, site, found.outside) for site in found.sites],
        None if contacts is None else [each["value"] for each in contacts],
        lambda amount: format_currency(
            amount, customs.currency or "XXX", locale=desk.language.replace("-", "_")
        ),
    )


def _describe(desk: Desk, site: dict[str, Any], outside: frozenset[str]) -> SeenSite:
    place = site["place"]["name"] if site["place"] else ""
    hours = site["opening_hours"]
    when = [site["hours_words"]] if site["hours_words"] else []
    if hours:
        when = say_hours(hours, desk.language, desk.translate)
    return SeenSite(
        mode=site["mode"],
        level=site["visibility"],
        where=[each for each in (place, site["address"], site["postcode"]) if each],
        area=site["area"]["name"] if site["area"] else "",
        areas=[each["name"] or each["code"] for each in site["served_areas"]],
        when=when,
        contacts=[each["value"] for each in site["contacts"]],
        is_outside=site["id"] in outside,
    )
