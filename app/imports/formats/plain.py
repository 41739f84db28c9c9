"""The plain table: one row is one organisation, one asset, or one site of an asset."""

from collections.abc import Mapping, Sequence
from typing import get_args
from uuid import UUID

from pydantic import ValidationError

from app.assets.schemas import Access, AssetDocument, SiteDocument
from app.assets.vocabulary import AssetKind, Cost, Mode
from app.imports.formats import cells, hours
from app.imports.formats.fields import (
    ASSET_FIELDS,
    KEY_FIELDS,
    ORGANISATION_FIELDS,
    SITE_FIELDS,
)
from app.imports.formats.format import Format, References
from app.imports.rows import Draft, RowProblem
from app.organisations.schemas import Identifier, OrganisationDocument
from app.organisations.vocabulary import OrganisationKind, Reason
from app.records.documents import Address, AreaName, Point
from app.records.entries import Confirmation
from app.records.vocabulary import AddressRole, Aspect, Method, Status

FIELDS: Mapping[str, frozenset[str]] = {
    "organisations": frozenset({*ORGANISATION_FIELDS, *KEY_FIELDS}),
    "assets": frozenset({*ASSET_FIELDS, *SITE_FIELDS, *KEY_FIELDS}),
    "sites": frozenset(SITE_FIELDS),
}
"""What columns may be called here, by the kind of table."""

TAKEDOWN_ASKED = "takedown asked"
_STATUSES = ("published", "waiting", "closed", TAKEDOWN_ASKED)
_SITE_TELLS = frozenset(SITE_FIELDS) - {"site_id", "asset_id", "role", "time_zone"}
_LONGEST_SCHEME = 3


def make_organisation(draft: Draft) -> OrganisationDocument:
    """Return what a row says of an organisation.

    Raises:
        RowProblem: A field cannot be used.
    """
    with _Telling(draft):
        return OrganisationDocument.model_validate(
            {
                "name": draft.get("name"),
                "translations": cells.read_translations(draft),
                "kind": cells.read_choice(draft, "kind", get_args(OrganisationKind), "not stated"),
                "legal_form": draft.get("legal_form"),
                "social_enterprise_reason": cells.read_choice(
                    draft, "social_enterprise_reason", get_args(Reason), ""
                )
                or None,
                "description": draft.get("description"),
                "founded": cells.read_whole(draft, "founded"),
                "identifiers": _read_identifiers(draft),
                "addresses": _read_addresses(draft),
                "contacts": cells.read_contacts(draft),
                "works_in": _read_areas(draft, "works_in", "works_in_area_type"),
                "visibility": cells.read_visibility(draft, "visibility") or "public",
                "findable": cells.read_yes(draft, "findable", default=False),
            }
        )


def make_asset(
    draft: Draft, sites: Sequence[SiteDocument], references: References
) -> AssetDocument:
    """Return what a row says of an asset, with its sites.

    Raises:
        RowProblem: A field cannot be used.
    """
    with _Telling(draft):
        return AssetDocument.model_validate(
            {
                "kind": cells.read_choice(draft, "kind", get_args(AssetKind), "place"),
                "name": draft.get("name"),
                "translations": cells.read_translations(draft),
                "description": draft.get("description"),
                "organisation": _refer(draft, "organisation_id", references.organisations),
                "categories": cells.read_list(draft, "category_ids"),
                "min_age": cells.read_whole(draft, "min_age"),
                "max_age": cells.read_whole(draft, "max_age"),
                "eligibility": draft.get("eligibility"),
                "cost": cells.read_choice(draft, "cost", get_args(Cost), "not stated"),
                "cost_amount": draft.get("cost_amount") or None,
                "cost_words": draft.get("cost_words"),
                "languages": cells.read_list(draft, "languages"),
                "how_to_join": draft.get("how_to_join"),
                "term_time_only": cells.read_stated(draft, "term_time_only"),
                "access": Access.model_validate(
                    {name: cells.read_stated(draft, name) for name in Access.model_fields}
                ),
                "alert": draft.get("alert"),
                "alert_until": cells.read_day(draft, "alert_until"),
                "visibility": cells.read_visibility(draft, "visibility") or "public",
                "findable": cells.read_yes(draft, "findable", default=False),
                "sites": list(sites),
            }
        )


def make_site(draft: Draft, references: References) -> SiteDocument:
    """Return what a row says of a site.

    Args:
        draft: The row: one of sites, or one of an asset that holds its one site.
        references: Whose place it may be at.

    Raises:
        RowProblem: A field cannot be used.
    """
    with _Telling(draft):
        mode = cells.read_choice(draft, "mode", get_args(Mode), "address")
        times = hours.read_hours(draft)
        return SiteDocument.model_validate(
            {
                "role": cells.read_choice(draft, "role", get_args(AddressRole), "delivery"),
                "mode": mode,
                "place": _refer(draft, "place_asset_id", references.places),
                "address": draft.get("address"),
                "postcode": draft.get("postcode"),
                "location": _read_point(draft),
                "served_areas": _read_areas(draft, "served_areas", "served_area_type"),
                "opening_hours": times.opening_hours,
                "hours_words": times.words,
                "time_zone": draft.get("time_zone") or None,
                "capacity": cells.read_number(draft, "capacity"),
                "contacts": cells.read_contacts(draft),
                "visibility": cells.read_visibility(draft, "site_visibility"),
                "valid_from": cells.read_day(draft, "valid_from"),
                "valid_to": cells.read_day(draft, "valid_to"),
            }
            | ({"capacity_unit": draft.get("capacity_unit")} if draft.get("capacity_unit") else {})
        )


def has_site(draft: Draft) -> bool:
    """Whether an asset's row says where, when or how it is to be had."""
    return draft.place is not None or any(name in draft.fields for name in _SITE_TELLS)


def read_status(draft: Draft) -> Status:
    """Return how the record stands; one whose takedown is asked for stays until somebody decides.

    Raises:
        RowProblem: It is no status.
    """
    text = cells.read_choice(draft, "status", _STATUSES, "published")
    return Status.PUBLISHED if text == TAKEDOWN_ASKED else Status(text)


def is_takedown_asked(draft: Draft) -> bool:
    """Whether the row says that its organiser wants it taken off."""
    return draft.get("status").casefold() == TAKEDOWN_ASKED


def read_confirmations(draft: Draft) -> tuple[Confirmation, ...]:
    """Return what somebody made sure of, and when.

    Raises:
        RowProblem: A day or the method cannot be used.
    """
    method = cells.read_enum(draft, "method", Method, Method.IMPORTED)
    until = cells.read_day(draft, "confirmed_until")
    days = {
        Aspect.EXISTENCE: cells.read_day(draft, "existence_confirmed_on")
        or cells.read_day(draft, "confirmed_on"),
        Aspect.HOURS: cells.read_day(draft, "hours_confirmed_on"),
        Aspect.CONTACT: cells.read_day(draft, "contact_confirmed_on"),
    }
    return tuple(Confirmation(aspect, day, until, method) for aspect, day in days.items() if day)


def split_identifier(text: str) -> Identifier | None:
    """Return a register's code and the number on it: GB-CHC-1126806; None where it is no such."""
    parts = text.strip().split("-", 2)
    if len(parts) < _LONGEST_SCHEME:
        return None
    try:
        return Identifier(scheme=f"{parts[0]}-{parts[1]}", identifier=parts[2])
    except ValidationError:
        return None


def _read_identifiers(draft: Draft) -> list[Identifier]:
    found = []
    for text in cells.read_list(draft, "identifier"):
        identifier = split_identifier(text)
        if identifier is None:
            raise RowProblem(
                f"`identifier` is {text!r}; write the register's code on org-id.guide and the "
                "number, as in GB-CHC-1126806"
            )
        found.append(identifier)
    return found


def _read_addresses(draft: Draft) -> list[Address]:
    if not (draft.get("address") or draft.get("postcode") or draft.place):
        return []
    return [
        Address.model_validate(
            {
                "role": cells.read_choice(draft, "role", get_args(AddressRole), "registered"),
                "address": draft.get("address"),
                "postcode": draft.get("postcode"),
                "location": _read_point(draft),
                "visibility": cells.read_visibility(draft, "address_visibility"),
            }
        )
    ]


def _read_point(draft: Draft) -> Point | None:
    return Point(lon=draft.place.lon, lat=draft.place.lat) if draft.place else None


def _read_areas(draft: Draft, name: str, kind: str) -> list[AreaName]:
    codes = cells.read_list(draft, name)
    if codes and not draft.get(kind):
        raise RowProblem(
            f"`{name}` names areas, and `{kind}` does not say of what kind; fill it in"
        )
    return [AreaName(type=draft.get(kind), code=code) for code in codes]


def _refer(draft: Draft, name: str, known: Mapping[str, UUID]) -> UUID | None:
    text = draft.get(name)
    if text and text not in known:
        raise RowProblem(
            f"`{name}` is {text!r}, which no row is called; correct it or leave it out"
        )
    return known[text] if text else None


class _Telling:
    """Turns what a document says of itself into a sentence about the row."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, ValidationError):
            raise RowProblem(_say(error, self._draft)) from None


def _say(error: ValidationError, draft: Draft) -> str:
    """Return the first thing that is wrong with a document, by the name of the field."""
    item = error.errors()[0]
    name = ".".join(str(part) for part in item["loc"] if not isinstance(part, int))
    message = item["msg"].removeprefix("Value error, ").rstrip(".")
    given = item["input"]
    is_plain = isinstance(given, str | int | float) and not draft.is_private
    quoted = f" is {str(given)[:60]!r}" if is_plain else ""
    if not name:
        return message
    return f"`{_OURS.get(name, name)}`{quoted}: {message[:1].lower()}{message[1:]}"


_OURS = {"categories": "category_ids", "sites": "the site"}


FORMAT = Format(
    name="plain",
    fields=FIELDS,
    make_organisation=make_organisation,
    make_asset=make_asset,
    make_site=make_site,
    has_site=has_site,
    read_status=read_status,
    is_takedown_asked=is_takedown_asked,
    read_confirmations=read_confirmations,
)
