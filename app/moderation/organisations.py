"""What people are asked about an organisation, and the areas that they name in words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation import queries
from app.moderation.answers import Sheet
from app.moderation.organisation_parts import (
    plan_addresses,
    plan_identifiers,
    write_addresses,
    write_identifiers,
    write_public_addresses,
)
from app.moderation.texts import Answer, Answers, tidy
from app.organisations.public_schemas import OrganisationDetail
from app.organisations.schemas import OrganisationDocument
from app.records.vocabulary import Visibility

QUESTIONS = (
    "name", "organisation_kind", "legal_form", "description", "works_in", "addresses",
    "identifiers", "contacts", "visibility",
)  # fmt: skip
"""Every question, in the order in which they are asked."""

MOST_AREAS = 50
"""How many areas can be named on a page; whoever works in more is listed by a file."""

_LINE = re.compile(r"(?P<name>.+?)(?:\s*\((?P<kind>[^()]+)\))?")
_MOST_SHOWN = 5


class AreaWordsError(ValueError):
    """An area that somebody named cannot be told; the sentence says which, and what to write."""


async def open_organisation_sheet(session: AsyncSession, document: OrganisationDocument) -> Sheet:
    """Return all that is said of an organisation, private addresses and contacts included."""
    pairs = [(each.type, each.code) for each in document.works_in]
    contacts = [each.model_dump(mode="json") for each in document.contacts]
    answers = _write(document, contacts) | {
        "works_in": await _write_areas(session, pairs),
        "addresses": write_addresses(document.addresses),
        "visibility": str(document.visibility),
    }
    ordered = _order(answers)
    return Sheet(ordered, tuple(ordered))


async def open_public_organisation_sheet(session: AsyncSession, found: OrganisationDetail) -> Sheet:
    """Return what everybody may know of an organisation."""
    pairs = [(each.type, each.code) for each in found.works_in if each.basis == "stated"]
    contacts = [{**each.model_dump(mode="json"), "visibility": "public"} for each in found.contacts]
    answers = _write(found, contacts) | {
        "works_in": await _write_areas(session, pairs),
        "addresses": write_public_addresses(found.addresses),
        "visibility": found.level,
    }
    ordered = _order(answers)
    return Sheet(ordered, tuple(ordered))


async def read_areas(session: AsyncSession, text: str) -> list[dict[str, str]]:
    """Return the areas that lines of text name, by kind and code.

    Args:
        session: The transaction.
        text: A line for each: "Liverpool", "Liverpool (local authority)", or the code.

    Raises:
        AreaWordsError: One of them cannot be told.
    """
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(lines) > MOST_AREAS:
        raise AreaWordsError(f"Name at most {MOST_AREAS} areas. There are {len(lines)}.")
    parts = [_LINE.fullmatch(line) for line in lines]
    wanted = {name for line, part in zip(lines, parts, strict=True) for name in _names(line, part)}
    rows = await queries.fetch_areas_called(session, sorted(wanted))
    found = [_choose(line, part, rows) for line, part in zip(lines, parts, strict=True)]
    return [{"type": row.type, "code": row.code} for row in found]


async def settle_areas(session: AsyncSession, text: str) -> str:
    """Return the same lines as they are kept; raises what `read_areas` does."""
    areas = await read_areas(session, text)
    return await _write_areas(session, [(each["type"], each["code"]) for each in areas])


async def write_organisation_fields(
    session: AsyncSession,
    document: OrganisationDocument,
    changed: Mapping[str, Answer],
    *,
    saw_private: bool,
) -> dict[str, Any]:
    """Return the fields of the document that changed answers make anew, as JSON.

    Args:
        session: The transaction.
        document: The organisation as it is now.
        changed: The new answers, by question.
        saw_private: Whether whoever changed them saw what is private: else contacts and addresses
            that they could not see stay beside those that they name.

    Raises:
        AreaWordsError: An area cannot be told.
    """
    plain = ("name", "description", "legal_form", "visibility")
    fields: dict[str, Any] = {name: changed[name] for name in plain if name in changed}
    if "organisation_kind" in changed:
        fields["kind"] = changed["organisation_kind"]
    if "works_in" in changed:
        fields["works_in"] = await read_areas(session, changed["works_in"])
    if "addresses" in changed:
        fields["addresses"] = await plan_addresses(
            session, document, changed["addresses"], saw_private=saw_private
        )
    if "identifiers" in changed:
        fields["identifiers"] = plan_identifiers(document, changed["identifiers"])
    if "contacts" in changed:
        unseen = [
            each.model_dump(mode="json")
            for each in document.contacts
            if not saw_private and each.visibility is not Visibility.PUBLIC
        ]
        fields["contacts"] = [*changed["contacts"], *unseen]
    return fields


def _write(
    said: OrganisationDocument | OrganisationDetail, contacts: list[dict[str, Any]]
) -> Answers:
    return {
        "name": tidy(said.name),
        "organisation_kind": said.kind,
        "legal_form": tidy(said.legal_form),
        "description": tidy(said.description),
        "identifiers": write_identifiers(said.identifiers),
        "contacts": [
            {field: str(each[field]) for field in ("kind", "value", "label", "visibility")}
            for each in contacts
        ],
    }


async def _write_areas(session: AsyncSession, pairs: Sequence[tuple[str, str]]) -> str:
    """Return areas a line each; one that this place does not have any more by its code."""
    rows = {(row.type, row.code): row for row in await queries.fetch_area_names(session, pairs)}
    lines = [
        f"{rows[pair].name} ({rows[pair].kind})" if pair in rows else pair[1]
        for pair in dict.fromkeys(pairs)
    ]
    return "\n".join(lines)


def _names(line: str, part: re.Match[str] | None) -> set[str]:
    return {line.casefold()} | ({part["name"].casefold()} if part else set())


def _choose(
    line: str, part: re.Match[str] | None, rows: Sequence[queries.AnyRow]
) -> queries.AnyRow:
    whole = line.casefold()
    found = [row for row in rows if whole in {row.name.casefold(), row.code.casefold()}]
    if not found and part and part["kind"]:
        name, kind = part["name"].casefold(), part["kind"].strip().casefold()
        found = [
            row
            for row in rows
            if row.name.casefold() == name and kind in {row.kind.casefold(), row.type.casefold()}
        ]
    if not found:
        raise AreaWordsError(
            f"We know no area called “{line[:80]}” here. Write the name of a ward, a district or "
            "an authority, one a line."
        )
    if len(found) > 1:
        kinds = {row.kind for row in found}
        ways = [
            f"{row.name} ({row.kind})" if len(kinds) == len(found) else row.code for row in found
        ]
        listed = "; ".join(ways[:_MOST_SHOWN])
        raise AreaWordsError(f"Several areas are called “{line[:80]}”. Write one of: {listed}.")
    return found[0]


def _order(answers: Answers) -> Answers:
    return {name: answers[name] for name in QUESTIONS if name in answers}
