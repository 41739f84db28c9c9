"""What people are asked about an asset: questions with answers as a form holds them.

An asset's document has parts that its reader may not see. Questions and answers are the same for
everybody; `write_fields` puts changed answers into the document and leaves all else as it is.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from app.assets.reading_schemas import AssetRead, SiteRead
from app.assets.schemas import AssetDocument, SiteDocument
from app.records.vocabulary import Visibility

Answer = Any  # a text, or for some questions a list
Answers = dict[str, Answer]

PLAIN = (
    "name", "description", "cost", "cost_words", "eligibility", "how_to_join", "term_time_only",
)  # fmt: skip
NUMBERS = ("min_age", "max_age", "cost_amount")
ACCESS = ("step_free", "accessible_toilet", "hearing_loop", "parking")
WHERE = ("address", "postcode", "point")
OF_SITE = (*WHERE, "hours", "hours_words", "contacts")
QUESTIONS = (
    "name", "description", "categories", "hours", "hours_words", "address", "postcode", "point",
    "cost", "cost_amount", "cost_words", "min_age", "max_age", "eligibility", "languages",
    *ACCESS, "how_to_join", "term_time_only", "contacts", "visibility",
)  # fmt: skip
"""Every question, in the order in which they are asked."""

_POINT = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d{1,20})?)\s*[, ]\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s*")
_DECIMALS = 5  # of degrees: about a metre


class Sheet(NamedTuple):
    """What is known of an asset, as somebody may see it.

    Attributes:
        answers: By question; questions that do not arise are left out.
        site: Public id of the site that some of them are about.
        sites: How many sites there are to see.
    """

    answers: Answers
    site: UUID | None
    sites: int


def open_sheet(document: AssetDocument, site: UUID | None = None) -> Sheet:
    """Return all that is said of an asset, private details included.

    Args:
        document: The asset.
        site: The site that is asked about; None takes the first where people go.
    """
    answers = _write_common(document, document.categories)
    answers |= {name: getattr(document.access, name) for name in ACCESS}
    main = find_site(document, site)
    location = (main.location.lat, main.location.lon) if main.location else None
    answers |= _write_site(main, location)
    return Sheet(_order(answers), main.id, len(document.sites))


def open_public_sheet(asset: AssetRead) -> Sheet:
    """Return what everybody may know of an asset."""
    answers = _write_common(asset, [each.code for each in asset.categories])
    answers |= {name: getattr(asset.access, name) for name in ACCESS}
    if not asset.sites:
        return Sheet(_order(answers), None, 0)
    main = next((each for each in asset.sites if each.role == "delivery"), asset.sites[0])
    location = (main.location.lat, main.location.lon) if main.location else None
    answers |= _write_site(main, location)
    return Sheet(_order(answers), main.id, len(asset.sites))


def find_site(document: AssetDocument, site: UUID | None) -> SiteDocument:
    """Return the site with an id, else the first where people go, else the first."""
    named = (each for each in document.sites if site is not None and each.id == site)
    delivery = (each for each in document.sites if each.role == "delivery")
    return next(named, None) or next(delivery, document.sites[0])


def tidy(text: str) -> str:
    """Return a text as it is kept and compared: browsers send line breaks in their own way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def hash_answer(answer: Answer) -> str:
    """Return a short hash by which two answers can be told apart."""
    packed = orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(packed).hexdigest()[:16]


def read_point(text: str) -> dict[str, float] | None:
    """Return the point that "53.4331, -2.9794" is, latitude first; None for an empty text.

    Raises:
        ValueError: It is none; the sentence says how to write one.
    """
    if not text:
        return None
    found = _POINT.fullmatch(text)
    lat, lon = (float(found[1]), float(found[2])) if found else (999.0, 999.0)
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 - degrees
        raise ValueError(
            f"{text!r} is not a point. Write latitude and longitude as 53.4331, -2.9794, or leave "
            "it empty to take the middle of the postcode."
        )
    return {"lat": lat, "lon": lon}


def write_point(lat: float, lon: float) -> str:
    """Return a point as people copy it from a map: latitude, longitude."""
    return f"{lat:.{_DECIMALS}f}, {lon:.{_DECIMALS}f}"


def write_fields(
    document: AssetDocument, sheet: Sheet, changed: Mapping[str, Answer], *, saw_private: bool
) -> dict[str, Any]:
    """Return the fields of the document that changed answers make anew, as JSON.

    Args:
        document: The asset as it is now.
        sheet: Names the site that is asked about.
        changed: The new answers, by question.
        saw_private: Whether whoever changed them saw what is private: else contacts that they
            could not see stay beside those that they name.

    Raises:
        ValueError: The point cannot be read.
    """
    fields: dict[str, Any] = {
        name: changed[name] for name in (*PLAIN, "categories", "visibility") if name in changed
    }
    for name in NUMBERS:
        if name in changed:
            fields[name] = changed[name] or None
    if "languages" in changed:
        fields["languages"] = _split(changed["languages"])
    access = {name: changed[name] for name in ACCESS if name in changed}
    if access:
        fields["access"] = document.access.model_dump(mode="json") | access
    if changed.keys() & set(OF_SITE):
        fields["sites"] = _write_sites(document, sheet, changed, saw_private=saw_private)
    return fields


def _write_sites(
    document: AssetDocument, sheet: Sheet, changed: Mapping[str, Answer], *, saw_private: bool
) -> list[dict[str, Any]]:
    main = find_site(document, sheet.site)
    site = main.model_dump(mode="json")
    for question, field in (
        ("address", "address"), ("postcode", "postcode"), ("hours", "opening_hours"),
        ("hours_words", "hours_words"),
    ):  # fmt: skip
        if question in changed:
            site[field] = changed[question]
    if changed.get("hours"):
        site["recurrences"] = []
    if "point" in changed:
        site["location"] = read_point(changed["point"])
    if "contacts" in changed:
        unseen = [
            each.model_dump(mode="json")
            for each in main.contacts
            if not saw_private and each.visibility is not Visibility.PUBLIC
        ]
        site["contacts"] = [*changed["contacts"], *unseen]
    return [site if each is main else each.model_dump(mode="json") for each in document.sites]


def _write_common(asset: AssetDocument | AssetRead, categories: Sequence[str]) -> Answers:
    answers: Answers = {name: tidy(str(getattr(asset, name))) for name in PLAIN}
    answers["categories"] = list(categories)
    answers["languages"] = ", ".join(asset.languages)
    answers["visibility"] = str(asset.visibility)
    for name in NUMBERS:
        value = getattr(asset, name)
        answers[name] = "" if value is None else str(value)
    return answers


def _write_site(site: SiteDocument | SiteRead, location: tuple[float, float] | None) -> Answers:
    answers: Answers = {
        "hours": tidy(site.opening_hours or ""),
        "hours_words": tidy(site.hours_words or ""),
        "contacts": [
            {
                "kind": each.kind, "value": each.value, "label": each.label,
                "visibility": str(getattr(each, "visibility", Visibility.PUBLIC)),
            }
            for each in site.contacts
        ],
    }  # fmt: skip
    if site.mode == "address":
        answers["address"] = tidy(site.address or "")
        answers["postcode"] = tidy(site.postcode or "")
        answers["point"] = write_point(*location) if location else ""
    return answers


def _order(answers: Answers) -> Answers:
    return {name: answers[name] for name in QUESTIONS if name in answers}


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[^\s,;]+", text)))
