"""The places at which an asset is to be had, as the rows and answers of a form hold them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.assets.reading_schemas import AssetRead, SiteRead
from app.assets.schedules.model import ScheduleProblem
from app.assets.schedules.recurrences import join_recurrences
from app.assets.schedules.writing import write_opening_hours
from app.assets.schemas import AssetDocument, SiteDocument
from app.moderation.texts import Answer, Answers, read_point, tidy, write_point
from app.records.vocabulary import Visibility

WHERE = ("address", "postcode", "point")
PLACE_QUESTIONS = (
    "standing", "mode", *WHERE, "listed", "areas", "site_visibility", "hours", "hours_words",
    "capacity", "capacity_unit", "contacts",
)  # fmt: skip
"""Every question about one place, in the order in which they are asked."""

THERE, GONE, NEW = "there", "gone", "new"
"""What `standing` says of a place: it stays, it is taken off the listing, it is added to it."""

RECURRING = "[[recurring]]"
"""Stands for hours that recur in a way that OpenStreetMap has no spelling for."""

_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
GONE_MEANWHILE = (
    "This place was taken off the listing while you were writing. Nothing of yours is saved yet: "
    "send it again to add the place anew, or go back to the listing."
)
LAST_PLACE = (
    "This is the only place of the listing, so it cannot be taken off. If the whole thing is not "
    "there any more, say so with “Something is wrong”."
)


class PlaceSeen(NamedTuple):
    """One place, as somebody may see it.

    Attributes:
        id: Public id of the site.
        role: What goes on there.
        mode: How the asset is to be had there.
        words: Its address, or the name of the place it is at; '' where that is not told.
        hours: As in the answer to `hours`.
    """

    id: UUID
    role: str
    mode: str
    words: str
    hours: str


def list_places(asset: AssetDocument | AssetRead) -> list[PlaceSeen]:
    """Return the places of an asset, in their order."""
    return [_see(each) for each in asset.sites if each.id is not None]


def find_main(asset: AssetDocument | AssetRead) -> SiteDocument | SiteRead | None:
    """Return the first place where people go, else the first; None where there is none to see."""
    sites: Sequence[SiteDocument | SiteRead] = asset.sites
    delivery = (each for each in sites if each.role == "delivery")
    return next(delivery, None) or next(iter(sites), None)


def open_place(site: SiteDocument | SiteRead) -> Answers:
    """Return what is said of a place, by question; an address only where it has one."""
    answers: Answers = {
        "standing": THERE, "mode": site.mode, "hours": say_hours(site),
        "hours_words": tidy(site.hours_words or ""),
        "capacity": "" if site.capacity is None else f"{site.capacity:.10g}",
        "capacity_unit": "" if site.capacity is None else tidy(site.capacity_unit or ""),
        "contacts": [
            {
                "kind": each.kind, "value": each.value, "label": each.label,
                "visibility": str(getattr(each, "visibility", Visibility.PUBLIC)),
            }
            for each in site.contacts
        ],
    }  # fmt: skip
    if isinstance(site, SiteDocument):
        answers["site_visibility"] = str(site.level)
    answers["listed"] = str(_find_listed(site) or "")
    answers["areas"] = sorted(f"{each.type}:{each.code}" for each in site.served_areas)
    location = site.location if site.mode == "address" else None
    answers["address"] = tidy(site.address or "") if site.mode == "address" else ""
    answers["postcode"] = tidy(site.postcode or "") if site.mode == "address" else ""
    answers["point"] = write_point(location.lat, location.lon) if location else ""
    return answers


def open_new_place() -> Answers:
    """Return the answers about a place that is still to be added."""
    return {
        "standing": "", "mode": "address", **dict.fromkeys(WHERE, ""), "listed": "", "areas": [],
        "site_visibility": str(Visibility.PUBLIC), "hours": "", "hours_words": "",
        "capacity": "", "capacity_unit": "", "contacts": [],
    }  # fmt: skip


def say_hours(site: SiteDocument | SiteRead) -> str:
    """Return the hours of a place in OpenStreetMap's spelling, or `RECURRING`; '' for none."""
    if site.opening_hours or not site.recurrences:
        return tidy(site.opening_hours or "")
    if isinstance(site, SiteRead):  # of those it says what can be said
        return RECURRING
    try:
        return write_opening_hours(join_recurrences([each.read() for each in site.recurrences]))
    except ScheduleProblem:
        return RECURRING


def write_sites(
    document: AssetDocument,
    site: UUID | None,
    changed: Mapping[str, Answer],
    *,
    saw_private: bool,
) -> list[dict[str, Any]]:
    """Return the places of the document with changed answers about one of them, as JSON.

    Args:
        document: The asset as it is now.
        site: The place that is asked about; None is the main one.
        changed: The new answers, by question.
        saw_private: Whether whoever changed them saw what is private: else contacts that they
            could not see stay beside those that they name.

    Raises:
        ValueError: The point or the capacity cannot be read, the place is not there any more, or
            it would be the last to go.
    """
    sites = [each.model_dump(mode="json") for each in document.sites]
    if changed.get("standing") == NEW:
        return [*sites, _change(SiteDocument(), changed, [])]
    main = find_main(document)
    wanted = site if site is not None else main.id if main is not None else None
    index = next((i for i, each in enumerate(document.sites) if each.id == wanted), None)
    if index is None:
        raise ValueError(GONE_MEANWHILE)
    if changed.get("standing") == GONE:
        if len(sites) == 1:
            raise ValueError(LAST_PLACE)
        return sites[:index] + sites[index + 1 :]
    kept = document.sites[index]
    unseen = [
        each.model_dump(mode="json")
        for each in kept.contacts
        if not saw_private and each.visibility is not Visibility.PUBLIC
    ]
    sites[index] = _change(kept, changed, unseen)
    return sites


def _change(
    site: SiteDocument, changed: Mapping[str, Answer], unseen: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    fields = _move(site, changed)
    fields["hours_words"] = changed.get("hours_words", site.hours_words)
    if "site_visibility" in changed:
        fields["visibility"] = changed["site_visibility"]
    if changed.get("hours", RECURRING) != RECURRING:
        fields |= {"opening_hours": changed["hours"], "recurrences": []}
    if "capacity" in changed:
        fields["capacity"] = _read_number(changed["capacity"]) or None
    if changed.get("capacity_unit"):
        fields["capacity_unit"] = changed["capacity_unit"]
    if "contacts" in changed:
        fields["contacts"] = [*changed["contacts"], *unseen]
    return fields


def _move(site: SiteDocument, changed: Mapping[str, Answer]) -> dict[str, Any]:
    """Return the fields of a place with changed answers about where it is."""
    fields = site.model_dump(mode="json")
    mode = changed.get("mode", site.mode)
    if mode != site.mode:
        fields |= {"mode": mode, "place": None, "address": "", "postcode": "", "location": None}
    if "listed" in changed and mode == "place":
        fields["place"] = changed["listed"] or None
    if "areas" in changed:
        fields["served_areas"] = [_write_area(value) for value in changed["areas"]]
    for name in ("address", "postcode") if mode == "address" else ():
        fields[name] = changed.get(name, fields[name])
    if "point" in changed and mode == "address":
        fields["location"] = read_point(changed["point"])
    return fields


def _find_listed(site: SiteDocument | SiteRead) -> UUID | None:
    """Return the public id of the listed place that a site is at."""
    if isinstance(site, SiteRead):
        return site.place.id if site.place is not None else None
    return site.place


def _write_area(value: str) -> dict[str, str]:
    kind, _, code = value.partition(":")
    return {"type": kind, "code": code}


def _read_number(text: str) -> str:
    """Return a number without the commas that part its thousands; "2,5" stays what it is."""
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


def _see(site: SiteDocument | SiteRead) -> PlaceSeen:
    words = ", ".join(part for part in (site.address, site.postcode) if part)
    if isinstance(site, SiteRead):
        named = [each.name for each in (site.place, site.area) if each is not None and each.name]
        words = words or ", ".join(named)
    if site.id is None:
        raise ValueError("A place that is kept has an id.")
    return PlaceSeen(site.id, site.role, site.mode, tidy(words), say_hours(site))
