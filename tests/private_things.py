"""Organisations and assets with something to hide, in every way that the service knows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import NAMESPACE_URL, UUID, uuid5

from hypothesis import strategies as st

from app.core.database import Database
from app.records.vocabulary import Status
from tests.planting import (
    Said,
    add_asset,
    add_organisation,
    at,
    edit_asset,
    edit_organisation,
)

HIDING = ("itself", "organisation", "place", "site", "waiting", "rejected", "closed", "taken down")
"""Why strangers may not know of something: what is hidden about it, or how it stands."""

COARSE = ("itself", "organisation", "place", "site")
"""What is area only about something of which strangers may know the area."""

STATUSES = {
    "waiting": Status.WAITING,
    "rejected": Status.REJECTED,
    "closed": Status.CLOSED,
    "taken down": Status.TAKEN_DOWN,
}

Point = tuple[float, float]


@dataclass(frozen=True)
class Secret:
    """What must not come out.

    Attributes:
        name: A word that nothing else has.
        address: Street and number.
        postcode: One that the place does not have.
        phone: A number for invented people.
        email: An address at example.org.
        point: Where it is, longitude and latitude.
        hours: When it is open, as opening hours or an RRULE; empty: not stated.
    """

    name: str
    address: str
    postcode: str
    phone: str
    email: str
    point: Point
    hours: str

    @property
    def words(self) -> list[str]:
        """Everything of it that is text."""
        return [self.name, self.address, self.postcode, self.phone, self.email]

    @property
    def private_words(self) -> list[str]:
        """What of it stays private where the name does not."""
        return self.words[1:]


_seeds = st.integers(0, 2**40)


def _spell(seed: int) -> str:
    """Return a word that no list has."""
    chosen = Random(seed)  # noqa: S311 - the same words each time, no secret
    return "".join(chosen.choice("bcdfghjklmnprstvwxz") for _ in range(chosen.randint(8, 11)))


@st.composite
def secrets(draw: st.DrawFn) -> "Draft":
    """Draw what is secret about one thing."""
    word, street = _spell(draw(_seeds)), _spell(draw(_seeds))
    return Draft(
        name=f"{word.capitalize()} House",
        address=f"{draw(st.integers(100, 989))} {street.capitalize()} Row",
        postcode=f"QZ{draw(st.integers(10, 98))} {draw(st.integers(1, 9))}{word[:2].upper()}",
        phone=f"0191 498 0{draw(_seeds) % 1000:03d}",
        email=f"{street}@{word}.example.org",
        point=draw(st.integers(0, 99)),
        hours=draw(st.sampled_from(["", "Mo-Fr 09:15-16:45", "FREQ=MONTHLY;BYDAY=1SA"])),
    )


@dataclass(frozen=True)
class Draft:
    """A secret whose point is a number in a list of points, which is gone through over again."""

    name: str
    address: str
    postcode: str
    phone: str
    email: str
    point: int
    hours: str

    def place(self, points: Sequence[Point]) -> Secret:
        """Return the secret at its point."""
        return Secret(
            self.name, self.address, self.postcode, self.phone, self.email,
            points[self.point % len(points)], self.hours,
        )  # fmt: skip


def list_ids(label: str, count: int = 60) -> list[str]:
    """Return the public ids that `named` gives, in order."""
    return [str(uuid5(NAMESPACE_URL, f"{label} {number}")) for number in range(count)]


@contextmanager
def named(label: str) -> Iterator[None]:
    """Let public ids, which are random, be the same each time for as long as this lasts."""
    records = iter(list_ids(label, 500))
    sites = iter(list_ids(f"{label} site", 500))
    with (
        patch("app.records.service.name_new", lambda: UUID(next(records))),
        patch("app.assets.store.uuid4", lambda: UUID(next(sites))),
    ):
        yield


def write_hours(hours: str) -> dict[str, Any]:
    """Return the fields of a site that say its hours."""
    if not hours.startswith("FREQ"):
        return {"opening_hours": hours}
    times = {"starts": "10:05", "ends": "11:50", "except_dates": ["2030-01-05"]}
    return {"recurrences": [{"rrule": hours, "dtstart": "2026-01-03", **times}]}


def write_site(secret: Secret, visibility: str = "public", **more: object) -> dict[str, Any]:
    """Return a site of delivery with everything that is secret."""
    return {
        "address": secret.address,
        "postcode": secret.postcode,
        "location": at(secret.point),
        **write_hours(secret.hours),
        "visibility": visibility,
        "contacts": [{"kind": "phone", "value": secret.phone, "visibility": "hidden"}],
        **more,
    }


def write_asset(name: str, site: Said, **more: object) -> dict[str, Any]:
    """Return an asset with one site."""
    return {"kind": "activity", "name": name, "categories": ["library"], "sites": [site], **more}


def write_organisation(secret: Secret, name: str, address: str, **more: object) -> dict[str, Any]:
    """Return an organisation whose address is `address`: public, area only or hidden."""
    return {
        "name": name,
        "kind": "informal group",
        "addresses": [
            {
                "address": secret.address, "postcode": secret.postcode,
                "location": at(secret.point), "visibility": address,
            }
        ],
        "contacts": [
            {"kind": "phone", "value": secret.phone, "visibility": "hidden"},
            {"kind": "email", "value": secret.email, "visibility": "area only"},
        ],
        **more,
    }  # fmt: skip


async def plant_open(database: Database, point: Point) -> None:
    """Add what everybody may see: without it, nothing could be told by order or count."""
    for name in ("Abbey Friends", "Zebra Club"):
        said = {"kind": "charity", "social_enterprise_reason": "says so"}
        kept = await add_organisation(
            database,
            {
                "name": name, **said,
                "identifiers": [{"scheme": "GB-CHC", "identifier": "999001"}],
                "addresses": [{"address": "1 Open Road", "location": at(point)}],
            },
        )  # fmt: skip
        site = {"address": "1 Open Road", "postcode": "HF9 9BL", "location": at(point)}
        hours = {"opening_hours": "Tu 03:05-04:25"}
        asset = write_asset(f"{name} Library", {**site, **hours}, organisation=str(kept.public_id))
        await add_asset(database, {**asset, "kind": "place"})


async def plant_hidden(database: Database, secret: Secret, hiding: str) -> None:
    """Add an asset and an organisation that strangers must not know of, and edit both."""
    name = secret.name
    status = STATUSES.get(hiding, Status.PUBLISHED)
    level = "hidden" if hiding == "itself" else "public"
    site: dict[str, Any] = write_site(secret, "hidden" if hiding == "site" else "public")
    more: dict[str, Any] = {"visibility": level, "description": f"At {secret.address}."}
    if hiding == "organisation":
        said = write_organisation(secret, f"{name} Group", "public", visibility="hidden")
        runs = await add_organisation(database, said)
        more["organisation"] = str(runs.public_id)
    elif hiding == "place":
        place = write_asset(f"{name} Hall", site, kind="place", visibility="hidden")
        kept = await add_asset(database, place)
        site = {"mode": "place", "place": str(kept.public_id), "hours_words": secret.address}
    asset = await add_asset(database, write_asset(name, site, **more), status)
    group = write_organisation(
        secret, f"{name} Trust", "public", description=f"Ring {secret.phone}.",
        visibility="public" if hiding in STATUSES else "hidden",
    )  # fmt: skip
    organisation = await add_organisation(database, group, status)
    if status is Status.PUBLISHED:
        said = {"description": f"Still at {secret.address}, {secret.postcode}."}
        await edit_asset(database, asset.public_id, said)
        await edit_organisation(database, organisation.public_id, said)


async def plant_coarse(database: Database, secret: Secret, coarse: str, name: str) -> None:
    """Add an asset and an organisation of which strangers may know the area."""
    site: dict[str, Any] = write_site(secret, "area only" if coarse == "site" else "public")
    more: dict[str, Any] = {"visibility": "area only" if coarse == "itself" else "public"}
    if coarse == "organisation":
        said = write_organisation(secret, f"{name} Group", "public", visibility="area only")
        runs = await add_organisation(database, said)
        more["organisation"] = str(runs.public_id)
    elif coarse == "place":
        place = write_asset(f"{name} Hall", site, kind="place", visibility="area only")
        kept = await add_asset(database, place)
        hours = write_hours(secret.hours)
        site = {"mode": "place", "place": str(kept.public_id), **hours}
    asset = await add_asset(database, write_asset(name, site, **more))
    organisation = await add_organisation(
        database, write_organisation(secret, f"{name} Trust", "area only")
    )
    # A telephone number that nobody may know is changed: nobody may know that it was.
    contacts = [{"kind": "phone", "value": secret.phone[::-1], "visibility": "hidden"}]
    if coarse != "place":
        await edit_asset(database, asset.public_id, {"sites": [{**site, "contacts": contacts}]})
    await edit_organisation(database, organisation.public_id, {"contacts": contacts})


async def plant_tightened(database: Database, secret: Secret, level: str, name: str) -> None:
    """Add what is public with everything it has, then make it `level`."""
    site = write_site(secret, contacts=[{"kind": "phone", "value": secret.phone}])
    asset = await add_asset(database, write_asset(name, site, description=f"At {secret.address}."))
    said = write_organisation(secret, f"{name} Trust", "public")
    contacts = [{"kind": "phone", "value": secret.phone}]
    organisation = await add_organisation(
        database, {**said, "contacts": contacts, "description": f"Ring {secret.phone}."}
    )
    contacts = [{"kind": "phone", "value": secret.phone, "visibility": "hidden"}]
    tighter: dict[str, Any] = {"visibility": level, "description": "Ask us."}
    hours = write_hours(secret.hours)
    tight_site = {**write_site(secret, contacts=contacts), **hours}
    await edit_asset(database, asset.public_id, {**tighter, "sites": [tight_site]})
    await edit_organisation(database, organisation.public_id, {**tighter, "contacts": contacts})
