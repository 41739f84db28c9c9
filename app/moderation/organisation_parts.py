"""Addresses and numbers on registers of an organisation, as the rows of a form hold them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.service import normalise_postcode, read_postcode
from app.core.errors import NotFoundError
from app.moderation.texts import tidy
from app.organisations.public_schemas import AddressRead, IdentifierRead
from app.organisations.schemas import Identifier, OrganisationDocument
from app.records.documents import Address
from app.records.vocabulary import Visibility, strictest

Row = Mapping[str, str]

REGISTERS = (
    "GB-CHC", "GB-COH", "GB-MPR", "GB-SC", "GB-NIC", "GB-NHS", "GB-LAE", "GB-UKPRN",
)  # fmt: skip
"""Registers that a number can be given of, by their codes on org-id.guide."""


def write_addresses(addresses: Sequence[Address]) -> list[dict[str, str]]:
    """Return addresses as the form has them, each with who may see it."""
    return [
        {
            "role": each.role, "address": tidy(each.address), "postcode": tidy(each.postcode),
            "visibility": str(each.level),
        }
        for each in addresses
    ]  # fmt: skip


def write_public_addresses(addresses: Sequence[AddressRead]) -> list[dict[str, str]]:
    """Return the addresses that everybody may read in full."""
    return [
        {
            "role": each.role, "address": tidy(each.address or ""),
            "postcode": tidy(each.postcode or ""), "visibility": str(Visibility.PUBLIC),
        }
        for each in addresses
        if each.level == "public"
    ]  # fmt: skip


def write_identifiers(
    identifiers: Sequence[Identifier] | Sequence[IdentifierRead],
) -> list[dict[str, str]]:
    """Return numbers on registers as the form has them, in an order that is the same for all."""
    pairs = sorted({(each.scheme, each.identifier) for each in identifiers})
    return [{"scheme": scheme, "identifier": number} for scheme, number in pairs]


def list_unseen(document: OrganisationDocument) -> list[Address]:
    """Return the addresses that strangers cannot read in full."""
    return [
        each
        for each in document.addresses
        if strictest(document.visibility, each.level) is not Visibility.PUBLIC
    ]


async def plan_addresses(
    session: AsyncSession,
    document: OrganisationDocument,
    rows: Sequence[Row],
    *,
    saw_private: bool,
) -> list[dict[str, Any]]:
    """Return the addresses that rows of a form make, as JSON.

    An address that was there keeps its point; a new one gets the middle of its postcode, or none
    where nobody here knows the postcode: on registers many are far away.

    Args:
        session: The transaction.
        document: The organisation as it is now.
        rows: What somebody wants.
        saw_private: Whether they saw what is private: else addresses that they could not see stay
            beside those that they name.
    """
    planned = [await _plan(session, document, row) for row in rows]
    unseen = [] if saw_private else [each.model_dump(mode="json") for each in list_unseen(document)]
    return [*planned, *unseen]


def plan_identifiers(document: OrganisationDocument, rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return the numbers that rows of a form make, as JSON; those that were there keep their link.

    The order is the document's, new ones last.
    """
    known = {(each.scheme, each.identifier): each.url for each in document.identifiers}
    wanted = list(dict.fromkeys((row["scheme"], row["identifier"]) for row in rows))
    order = list(known)
    wanted.sort(key=lambda pair: order.index(pair) if pair in known else len(order))
    return [
        {"scheme": scheme, "identifier": number, "url": known.get((scheme, number), "")}
        for scheme, number in wanted
    ]


async def _plan(session: AsyncSession, document: OrganisationDocument, row: Row) -> dict[str, Any]:
    planned: dict[str, Any] = {
        **{name: row[name] for name in ("role", "address", "postcode")},
        "visibility": row["visibility"],
        "location": None,
    }
    if known := _find_same(document, row):
        planned["location"] = known.model_dump(mode="json")["location"]
    elif row["postcode"]:
        try:
            at = (await read_postcode(session, row["postcode"])).location
        except NotFoundError:
            return planned
        planned["location"] = {"lon": at.lon, "lat": at.lat}
    return planned


def _find_same(document: OrganisationDocument, row: Row) -> Address | None:
    """Return the address that a row was before: the same words, else the same postcode."""
    said = (row["address"], normalise_postcode(row["postcode"]))
    pairs = [
        ((tidy(each.address), normalise_postcode(each.postcode)), each)
        for each in document.addresses
    ]
    same = [each for pair, each in pairs if pair == said]
    near = [each for pair, each in pairs if said[1] and pair[1] == said[1]]
    found = same or near
    return found[0] if found else None
