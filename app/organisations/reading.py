"""What everybody may read of organisations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson

from app.core.errors import BadRequestError, NotFoundError
from app.core.pagination import read_cursor, write_cursor
from app.core.public_reads import Reader, Record
from app.organisations import finding
from app.organisations import public_queries as queries
from app.organisations.finding import Around, Position, Wanted
from app.organisations.public_schemas import (
    AddressRead,
    AreaOrganisations,
    AssertionRead,
    AssetRef,
    ContactRead,
    FieldChange,
    FindableOrganisation,
    IdentifierRead,
    Link,
    NamedArea,
    OrganisationCounts,
    OrganisationDetail,
    OrganisationFilters,
    OrganisationPage,
    OrganisationSummary,
    PointRead,
    PublicRevision,
    SocialEnterprise,
    SourceRead,
    Standing,
    WorksInArea,
)
from app.records.changes import list_changes
from app.records.service import NOTHING_THERE

TOPICS = ("areas", "assets", "organisations")
"""The version topics that answers about organisations depend on."""

LIST = "/api/v1/organisations"
MOST_ASSETS = 200
_BAD_CURSOR = "cursor is not one of ours. Take it from `next` in the page before, or leave it out."


async def read_stamp(reader: Reader) -> str:
    """Return the text that changes whenever an answer here may, for ETags."""
    return await queries.fetch_stamp(reader, TOPICS)


async def list_organisations(reader: Reader, filters: OrganisationFilters) -> OrganisationPage:
    """Return one page of organisations: best match first with words, else by name.

    Raises:
        BadRequestError: A filter cannot be read.
        NotFoundError: There is no such area.
    """
    around = await _find_around(reader, filters.area) if filters.area else None
    wanted = Wanted(
        kind=filters.kind,
        is_social=None if filters.social_enterprise is None else filters.social_enterprise == "yes",
        words=filters.q,
        identifier=_read_identifier(filters.identifier),
        around=around,
        relation=filters.relation,
    )
    after = _read_position(filters.cursor)
    total, rows = await finding.fetch_page(reader, wanted, after, filters.limit)
    page = rows[: filters.limit]
    findable: list[FindableOrganisation] = []
    if filters.q and around and after is None and not _narrows(filters):
        findable = await _find_hidden(reader, filters.q, around)
    return OrganisationPage(
        items=await _summarise(reader, page),
        findable=findable,
        number_matched=total,
        links=_link(filters, page[-1] if len(rows) > filters.limit else None),
    )


async def read_organisation(reader: Reader, public_id: UUID) -> OrganisationDetail:
    """Return all that is public of one organisation.

    Raises:
        NotFoundError: There is none, or none for everybody to see: in the same words.
    """
    row = await _find(reader, public_id)
    (summary,) = await _summarise(reader, [row])
    number = row["id"]
    assets = await queries.fetch_assets(reader, number, MOST_ASSETS)
    sources = await queries.fetch_sources(reader, [number])
    return OrganisationDetail(
        **dict(summary),
        translations=orjson.loads(row["translations"]),
        description=row["description"],
        founded=row["founded"],
        identifiers=[
            IdentifierRead(**each) for each in await queries.fetch_identifiers(reader, number)
        ],
        addresses=[
            _describe_address(each) for each in await queries.fetch_addresses(reader, number)
        ],
        contacts=[
            _describe_contact(each) for each in await queries.fetch_contacts(reader, [number])
        ],
        assets=[
            AssetRef(
                id=each["public_id"], name=each["name"], kind=each["kind"], level=each["level"]
            )
            for each in assets
        ],
        number_of_assets=assets[0]["total"] if assets else 0,
        sources=[_describe_source(each) for each in sources],
        freshness=[
            _describe_assertion(each) for each in await queries.fetch_assertions(reader, number)
        ],
        changed_at=row["changed_at"],
    )


async def list_history(reader: Reader, public_id: UUID) -> list[PublicRevision]:
    """Return what changed of an organisation as far as everybody may know, newest first.

    Raises:
        NotFoundError: There is none, or none for everybody to see: in the same words.
    """
    row = await _find(reader, public_id)
    before: dict[str, Any] | None = None
    told = []
    for each in await queries.fetch_revisions(reader, row["id"]):
        document = orjson.loads(each["document"])
        told.append(
            PublicRevision(
                number=each["number"],
                at=each["at"],
                action=each["action"],
                method=each["method"],
                changes=[
                    FieldChange(field=change.field, before=change.before, after=change.after)
                    for change in list_changes(before, document)
                ],
            )
        )
        before = document
    return told[::-1]


async def count_organisations(reader: Reader, area_type: str, code: str) -> AreaOrganisations:
    """Return how many organisations work in an area, and how many are registered in it.

    Raises:
        NotFoundError: There is no such area.
    """
    area = await _find_area(reader, area_type, code)
    by_relation: dict[str, list[Record]] = defaultdict(list)
    for row in await finding.count_in_area(reader, await _look_around(reader, area)):
        by_relation[row["relation"]].append(row)
    return AreaOrganisations(
        area=NamedArea(type=area["type"], code=area["code"], name=area["name"]),
        boundary_year=area["boundary_year"],
        works_in=_sum_up(by_relation["works_in"]),
        registered_in=_sum_up(by_relation["registered_in"]),
    )


async def _find(reader: Reader, public_id: UUID) -> Record:
    row = await queries.fetch_organisation(reader, public_id)
    if row is None:
        raise NotFoundError(NOTHING_THERE)
    return row


async def _find_area(reader: Reader, area_type: str, code: str) -> Record:
    area = await finding.fetch_area(reader, area_type, code)
    if area is None:
        raise NotFoundError(
            f"There is no area {code!r} of kind {area_type!r} here. "
            "GET /api/v1/areas lists those there are."
        )
    return area


async def _find_around(reader: Reader, named: str) -> Around:
    area_type, colon, code = named.partition(":")
    if not (area_type and colon and code):
        raise BadRequestError(f"area is {named!r}; write it as type:code, such as ward:E05000001.")
    return await _look_around(reader, await _find_area(reader, area_type, code))


async def _look_around(reader: Reader, area: Record) -> Around:
    related = await finding.fetch_related(reader, area["id"])
    return Around(
        area["id"], [each["type"] for each in related], [each["code"] for each in related]
    )


def _read_identifier(written: str | None) -> tuple[str, str] | None:
    if written is None:
        return None
    scheme, colon, number = written.partition(":")
    if not (scheme.strip() and colon and number.strip()):
        raise BadRequestError(
            f"identifier is {written!r}; write it as SCHEME:NUMBER, such as GB-CHC:1234567."
        )
    return scheme.strip().upper(), number.strip()


def _narrows(filters: OrganisationFilters) -> bool:
    """Whether more is asked than a name and an area: hidden ones answer nothing else."""
    asked = (filters.kind, filters.social_enterprise, filters.identifier)
    return any(asked) or filters.relation == "registered_in"


async def _find_hidden(reader: Reader, words: str, around: Around) -> list[FindableOrganisation]:
    rows = await finding.fetch_findable(reader, words, around)
    contacts = _group(await queries.fetch_contacts(reader, [row["id"] for row in rows]))
    return [
        FindableOrganisation(
            name=row["name"], contacts=[_describe_contact(each) for each in contacts[row["id"]]]
        )
        for row in rows
    ]


def _read_position(cursor: str | None) -> Position | None:
    key = read_cursor(cursor)
    if key is None:
        return None
    try:
        tier, name, public_id = orjson.loads(key)
        if isinstance(tier, int) and 0 <= tier <= 2 and isinstance(name, str):  # noqa: PLR2004
            return Position(tier, name, UUID(public_id))
    except (ValueError, TypeError, AttributeError):
        pass
    raise BadRequestError(_BAD_CURSOR)


def _link(filters: OrganisationFilters, last: Record | None) -> list[Link]:
    """Return links to this page and, if there is one, to the next."""
    asked = filters.model_dump(exclude_unset=True, exclude_none=True)
    links = [Link(rel="self", href=_address(asked))]
    if last is not None:
        key = orjson.dumps([last["tier"], last["sorted"], str(last["public_id"])]).decode()
        links.append(Link(rel="next", href=_address({**asked, "cursor": write_cursor(key)})))
    return links


def _address(asked: Mapping[str, object]) -> str:
    return f"{LIST}?{urlencode(asked)}" if asked else LIST


async def _summarise(reader: Reader, rows: Iterable[Record]) -> list[OrganisationSummary]:
    listed = list(rows)
    ids = [row["id"] for row in listed]
    if not ids:
        return []
    works_in = _group(await queries.fetch_works_in(reader, ids))
    registered_in = _group(await queries.fetch_registered_in(reader, ids))
    sources = _group(await queries.fetch_sources(reader, ids), "subject_id")
    return [
        _describe(row, works_in[row["id"]], registered_in[row["id"]], sources[row["id"]])
        for row in listed
    ]


def _group(rows: Iterable[Record], key: str = "organisation_id") -> dict[int, list[Record]]:
    grouped: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        grouped[row[key]].append(row)
    return grouped


def _describe(
    row: Record, works_in: list[Record], registered_in: list[Record], sources: list[Record]
) -> OrganisationSummary:
    reason = row["social_enterprise_reason"]
    main = sources[0] if sources and sources[0]["is_main"] else None
    return OrganisationSummary(
        id=row["public_id"],
        name=row["name"],
        kind=row["kind"],
        legal_form=row["legal_form"],
        social_enterprise=SocialEnterprise(is_listed=reason is not None, reason=reason),
        level=row["level"],
        works_in=[
            WorksInArea(
                type=each["type"],
                code=each["code"],
                name=each["name"],
                basis="stated" if each["is_stated"] else "from what it runs",
            )
            for each in works_in
        ],
        registered_in=[
            NamedArea(type=each["type"], code=each["code"], name=each["name"])
            for each in registered_in
        ],
        source=main["source"] if main else None,
        licence=main["licence"] if main else None,
    )


def _describe_contact(row: Record) -> ContactRead:
    return ContactRead(kind=row["kind"], value=row["value"], label=row["label"])


def _describe_source(row: Record) -> SourceRead:
    return SourceRead(
        source=row["source"],
        source_id=row["source_id"],
        licence=row["licence"],
        method=row["method"],
        is_main=row["is_main"],
    )


def _describe_address(row: Record) -> AddressRead:
    point = area = None
    if row["lon"] is not None:
        point = PointRead(lon=row["lon"], lat=row["lat"])
    if row["code"] is not None:
        area = NamedArea(type=row["area_type"], code=row["code"], name=row["name"])
    return AddressRead(
        role=row["role"],
        level=row["level"],
        address=row["address"],
        postcode=row["postcode"],
        location=point,
        area=area,
    )


def _describe_assertion(row: Record) -> AssertionRead:
    standing: Standing = "confirmed"
    if not row["is_right"]:
        standing = "found wrong"
    elif row["is_over"]:
        standing = "unconfirmed"
    return AssertionRead(
        aspect=row["aspect"],
        standing=standing,
        asserted_on=row["asserted_on"],
        holds_until=row["holds_until"],
        method=row["method"],
    )


def _sum_up(rows: list[Record]) -> OrganisationCounts:
    return OrganisationCounts(
        total=sum(row["total"] for row in rows),
        by_kind={row["kind"]: row["total"] for row in rows},
        social_enterprises=sum(row["social"] for row in rows),
    )
