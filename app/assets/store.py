"""How assets are kept, for the rules that they share with organisations."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, AreaRef, Permission
from app.areas.customs import fetch_customs
from app.assets import rows, tables
from app.assets.schedules.keeping import keep_schedules
from app.assets.schedules.model import Schedule
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.recurrences import join_recurrences
from app.assets.schemas import AssetDocument, Recurrence, SiteDocument
from app.core.errors import BadRequestError
from app.organisations.queries import fetch_public_ids as fetch_organisation_ids
from app.records.documents import Point
from app.records.keeping import Kept, NewRecord, read_kept
from app.records.places import check_areas, find_areas
from app.records.vocabulary import Aspect, Status, Subject
from app.taxonomy.service import fetch_categories, fetch_category_ids, suggest_category

LONGEST_MONTHS = {Aspect.HOURS: 12, Aspect.CONTACT: 12}
"""Hours and contacts go out of date sooner than halls and libraries do."""


_Hours = str | tuple[Recurrence, ...]
"""The hours of a site as its document says them; empty: not stated."""


class _Context(NamedTuple):
    """What the documents of one writing refer to, by what the database knows it by."""

    organisations: dict[UUID, int]
    categories: dict[str, int]
    places: dict[UUID, int]
    schedules: dict[_Hours, int]
    time_zone: str


class AssetStore:
    """The tables of assets, for one transaction."""

    def __init__(self) -> None:
        self._months: dict[str, int] = {}

    @property
    def subject(self) -> Subject:
        """Which kind of record."""
        return Subject.ASSET

    @property
    def document_type(self) -> type[AssetDocument]:
        """What their documents are made of."""
        return AssetDocument

    async def check(
        self, session: AsyncSession, actor: Actor, document: AssetDocument
    ) -> AssetDocument:
        """Return the document with its new sites named.

        Raises:
            BadRequestError: A category, organisation, place, area or opening hour is none.
        """
        await _check_categories(session, document.categories)
        await check_areas(session, [area for site in document.sites for area in site.served_areas])
        await _check_organisation(session, actor, document)
        await _check_places(session, actor, document)
        for position, site in enumerate(document.sites, 1):
            _check_hours(site, position)
        return _name_sites(document)

    async def find_areas(self, session: AsyncSession, document: AssetDocument) -> set[AreaRef]:
        """Return the areas of its sites, those of the places they are at, and those they serve."""
        points = [site.location for site in document.sites if site.location]
        at = {site.place for site in document.sites if site.place}
        places = (await tables.fetch_places(session, at)).values()
        points += [Point(lon=each.lon, lat=each.lat) for each in places if each.lon is not None]
        served = [area for site in document.sites for area in site.served_areas]
        return await find_areas(session, points, served)

    async def fetch_kept(
        self, session: AsyncSession, public_id: UUID, *, lock: bool = False
    ) -> Kept | None:
        """Return how an asset stands, or None."""
        row = await tables.fetch_kept(session, public_id, lock=lock)
        return read_kept(row) if row else None

    async def fetch_standing(self, session: AsyncSession, record_id: int) -> tuple[int, Status]:
        """Return the newest revision and how it stands, locked until the end."""
        revision, status = await tables.fetch_standing(session, record_id)
        return revision, Status(status)

    async def is_public(self, session: AsyncSession, record_id: int) -> bool:
        """Return whether strangers can see that it exists."""
        return await tables.is_public(session, record_id)

    async def insert(
        self, session: AsyncSession, records: Sequence[NewRecord[AssetDocument]]
    ) -> list[int]:
        """Add assets and return their numbers, in order; places before what is at them."""
        order = sorted(range(len(records)), key=lambda index: _is_at_place(records[index].document))
        ids: dict[int, int] = {}
        for at_place in (False, True):
            wave = [i for i in order if _is_at_place(records[i].document) == at_place]
            if wave:
                made = await self._insert_wave(session, [records[i] for i in wave])
                ids |= dict(zip(wave, made, strict=True))
        return [ids[index] for index in range(len(records))]

    async def replace(
        self, session: AsyncSession, record_id: int, document: AssetDocument, revision: int
    ) -> None:
        """Make the asset what the document says; sites that it still names keep their numbers."""
        context = await _look_up(session, [document])
        values = rows.write_asset(document, _organisation_id(document, context))
        await tables.update_asset(session, record_id, {**values, "revision": revision})
        await tables.delete_categories(session, record_id)
        await tables.insert_categories(
            session, rows.write_categories(record_id, document, context.categories)
        )
        known = await tables.fetch_site_ids(session, record_id)
        kept = {site.id for site in document.sites}
        await tables.delete_sites(session, [known[each] for each in known if each not in kept])
        await tables.delete_site_parts(session, list(known.values()))
        numbered = []
        for position, site in enumerate(document.sites):
            row = {**_write_site(site, context), "position": position}
            if site.id in known:
                await tables.update_site(session, known[site.id], row)
                numbered.append((known[site.id], site))
            else:
                made = await tables.insert_sites(session, [{**row, "asset_id": record_id}])
                numbered.append((made[0], site))
        await _insert_site_parts(session, numbered)

    async def set_status(
        self, session: AsyncSession, record_id: int, status: Status, revision: int
    ) -> None:
        """Change how it stands."""
        await tables.update_asset(session, record_id, {"status": status, "revision": revision})

    async def count_months(
        self, session: AsyncSession, document: AssetDocument, aspect: Aspect
    ) -> int:
        """Return for how many months a confirmation holds: as its main category says."""
        if not self._months:
            every = await fetch_categories(session, with_retired=True)
            self._months = {row.code: row.confirm_months for row in every}
        longest = LONGEST_MONTHS.get(aspect, 120)
        return min(self._months.get(document.categories[0], longest), longest)

    async def delete(self, session: AsyncSession, ids: Collection[int]) -> list[int]:
        """Remove assets, but not the places of what stays."""
        return await tables.delete_assets(session, ids)

    def translate(self, document: AssetDocument, names: Mapping[UUID, UUID]) -> AssetDocument:
        """Return a document to import whose references are the public ids they stand for."""
        sites = [
            site.model_copy(update={"place": _translate(site.place, names)})
            for site in document.sites
        ]
        organisation = _translate(document.organisation, names)
        return document.model_copy(update={"sites": sites, "organisation": organisation})

    def keep_parts(self, fresh: AssetDocument, current: AssetDocument) -> AssetDocument:
        """Return a document to import whose sites are named as those of the current one."""
        names = [site.id for site in current.sites]
        sites = [
            site.model_copy(update={"id": (names[i] if i < len(names) else None) or uuid4()})
            for i, site in enumerate(fresh.sites)
        ]
        return fresh.model_copy(update={"sites": sites})

    def list_references(self, document: AssetDocument) -> set[tuple[Subject, UUID]]:
        """Return the organisation and the places that a document to import refers to."""
        found = {(Subject.ASSET, site.place) for site in document.sites if site.place}
        if document.organisation:
            found.add((Subject.ORGANISATION, document.organisation))
        return found

    async def fetch_public_ids(
        self, session: AsyncSession, references: Collection[tuple[Subject, UUID]]
    ) -> dict[UUID, UUID]:
        """Return the public ids that references stand for."""
        organisations = [each for subject, each in references if subject is Subject.ORGANISATION]
        assets = [each for subject, each in references if subject is Subject.ASSET]
        found = await fetch_organisation_ids(session, organisations)
        return found | await tables.fetch_public_ids(session, assets)

    async def _insert_wave(
        self, session: AsyncSession, records: Sequence[NewRecord[AssetDocument]]
    ) -> list[int]:
        documents = [record.document for record in records]
        context = await _look_up(session, documents)
        ids = await tables.insert_assets(
            session,
            [
                {
                    **rows.write_asset(record.document, _organisation_id(record.document, context)),
                    "public_id": record.public_id,
                    "status": record.status,
                    "author_id": record.author_id,
                    "revision": 1,
                }
                for record in records
            ],
        )
        kept = list(zip(ids, documents, strict=True))
        await tables.insert_categories(
            session,
            [row for each in kept for row in rows.write_categories(*each, context.categories)],
        )
        sites = [
            (site, {**_write_site(site, context), "asset_id": asset_id, "position": position})
            for asset_id, document in kept
            for position, site in enumerate(document.sites)
        ]
        site_ids = await tables.insert_sites(session, [row for _, row in sites])
        numbered = zip(site_ids, (site for site, _ in sites), strict=True)
        await _insert_site_parts(session, list(numbered))
        return ids


async def _look_up(session: AsyncSession, documents: Sequence[AssetDocument]) -> _Context:
    """Find what documents refer to, once for all of them.

    Raises:
        BadRequestError: Something is not there; a document that was checked has it all.
    """
    sites = [site for document in documents for site in document.sites]
    wanted = {document.organisation for document in documents if document.organisation}
    organisations = await tables.fetch_organisations(session, wanted)
    codes = {code for document in documents for code in document.categories}
    places = await tables.fetch_places(session, {site.place for site in sites if site.place})
    hours = list(dict.fromkeys(_say_hours(site) for site in sites if _say_hours(site)))
    schedules = [_read_hours(each) for each in hours]
    schedule_ids = await keep_schedules(session, schedules) if schedules else []
    context = _Context(
        {public_id: row.id for public_id, row in organisations.items()},
        await fetch_category_ids(session, codes, with_retired=True),
        {public_id: row.id for public_id, row in places.items()},
        dict(zip(hours, schedule_ids, strict=True)),
        (await fetch_customs(session)).time_zone,
    )
    missing: list[Any] = [*(codes - set(context.categories)), *(wanted - set(organisations))]
    missing += [site.place for site in sites if site.place and site.place not in places]
    if missing:
        raise BadRequestError(f"There is no {missing[0]} here, which something to keep refers to.")
    return context


async def _check_categories(session: AsyncSession, codes: Sequence[str]) -> None:
    known = await fetch_category_ids(session, codes)
    unknown = [code for code in codes if code not in known]
    if unknown:
        every = [row.code for row in await fetch_categories(session)]
        nearest = suggest_category(every, unknown[0])
        hint = f" Did you mean {nearest!r}?" if nearest else ""
        raise BadRequestError(
            f"There is no category {unknown[0]!r}.{hint} GET /api/v1/categories lists them."
        )


async def _check_organisation(session: AsyncSession, actor: Actor, document: AssetDocument) -> None:
    if document.organisation is None:
        return
    found = await tables.fetch_organisations(session, [document.organisation])
    row = found.get(document.organisation)
    may_know = row and (row.public_level != "hidden" or actor.may_anywhere(Permission.SEE_PRIVATE))
    if not may_know:
        raise BadRequestError(
            f"There is no organisation {document.organisation} here. "
            "GET /api/v1/organisations lists them."
        )


async def _check_places(session: AsyncSession, actor: Actor, document: AssetDocument) -> None:
    wanted = [site.place for site in document.sites if site.place]
    found = await tables.fetch_places(session, wanted)
    for place in wanted:
        row = found.get(place)
        may_know = row and (
            row.public_level != "hidden" or actor.may_anywhere(Permission.SEE_PRIVATE)
        )
        if not row or not may_know or row.kind != "place":
            raise BadRequestError(
                f"There is no place {place} here. GET /api/v1/assets?kind=place lists them."
            )


def _check_hours(site: SiteDocument, position: int) -> None:
    try:
        if site.opening_hours:
            read_opening_hours(site.opening_hours)
    except ValueError as problem:
        raise BadRequestError(
            f"Opening hours of site {position}, {site.opening_hours!r}: {problem}"
        ) from None
    for number, recurrence in enumerate(site.recurrences, 1):
        try:
            recurrence.read()
        except ValueError as problem:
            raise BadRequestError(
                f"Recurrence {number} of site {position}, {recurrence.rrule!r}: {problem}"
            ) from None


def _say_hours(site: SiteDocument) -> _Hours:
    return site.opening_hours or site.recurrences


def _read_hours(said: _Hours) -> Schedule:
    if isinstance(said, str):
        return read_opening_hours(said)
    return join_recurrences([each.read() for each in said])


def _name_sites(document: AssetDocument) -> AssetDocument:
    """Return the document with an id for each site that has none, and none twice."""
    seen: set[UUID] = set()
    sites = []
    for site in document.sites:
        name = site.id if site.id and site.id not in seen else uuid4()
        seen.add(name)
        sites.append(site.model_copy(update={"id": name}))
    return document.model_copy(update={"sites": sites})


def _is_at_place(document: AssetDocument) -> bool:
    return any(site.place for site in document.sites)


def _organisation_id(document: AssetDocument, context: _Context) -> int | None:
    return context.organisations[document.organisation] if document.organisation else None


def _write_site(site: SiteDocument, context: _Context) -> rows.Row:
    schedule_id = context.schedules.get(_say_hours(site))
    return rows.write_site(site, context.places, schedule_id, context.time_zone)


async def _insert_site_parts(
    session: AsyncSession, numbered: Sequence[tuple[int, SiteDocument]]
) -> None:
    contacts = [row for each in numbered for row in rows.write_contacts(*each)]
    await tables.insert_contacts(session, contacts)
    served = [row for each in numbered for row in rows.write_served_areas(*each)]
    await tables.insert_served_areas(session, served)


def _translate(reference: UUID | None, names: Mapping[UUID, UUID]) -> UUID | None:
    """Return the public id that a reference stands for.

    Raises:
        BadRequestError: It stands for nothing that is kept or about to be.
    """
    if reference is None:
        return None
    if reference not in names:
        raise BadRequestError(f"A row to import refers to {reference}, which is not there.")
    return names[reference]
