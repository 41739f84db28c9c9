"""From rows to records: documents made of them, and kept."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

from app.assets.schemas import AssetDocument, SiteDocument
from app.imports.formats import Format, References
from app.imports.rows import Draft, Rejected, RowProblem, origin_of
from app.organisations.schemas import OrganisationDocument
from app.records.documents import AreaName, Document
from app.records.entries import Entry, Joined
from app.records.identity import name_imported
from app.records.vocabulary import Subject
from app.taxonomy.terms import say_nearest

D = TypeVar("D", bound=Document)


class Known(NamedTuple):
    """What rows may name.

    Attributes:
        categories: Codes of categories.
        areas: Codes of areas of each kind, of whatever boundary year.
    """

    categories: frozenset[str]
    areas: Mapping[str, frozenset[str]]


class AssetRows(NamedTuple):
    """The row of an asset, with the rows of its sites that stand in tables of their own."""

    draft: Draft
    sites: Sequence[Draft]


class Made(NamedTuple):
    """What rows came to.

    Attributes:
        drafts: Those that were made into entries.
        rejected: Those that cannot be used, and why.
        ids: By what other rows call them, what stands for them.
    """

    drafts: list[Draft]
    rejected: list[Rejected]
    ids: dict[str, UUID]


def make_organisations(
    drafts: Sequence[Draft], form: Callable[[Draft], Format], known: Known
) -> tuple[list[Entry[OrganisationDocument]], Made]:
    """Return the entries of organisations, and what became of their rows.

    Args:
        drafts: Rows, joined already.
        form: The vocabulary of a row.
        known: What rows may name.
    """
    entries: list[Entry[OrganisationDocument]] = []
    made = Made([], [], {})
    for draft in drafts:
        try:
            document = form(draft).make_organisation(draft)
            _require_areas(document.works_in, known, draft)
            entries.append(_make_entry(draft, document, form(draft)))
        except RowProblem as problem:
            made.rejected.append(Rejected(draft, str(problem)))
        else:
            _note(made, draft, Subject.ORGANISATION, "organisation_id")
    return entries, made


def make_assets(
    rows: Sequence[AssetRows],
    form: Callable[[Draft], Format],
    known: Known,
    organisations: Mapping[str, UUID],
) -> tuple[list[Entry[AssetDocument]], Made]:
    """Return the entries of assets, and what became of their rows and those of their sites.

    Places are made first: another asset's site may be at one only if it can be used itself.

    Args:
        rows: Rows, joined already.
        form: The vocabulary of a row.
        known: What rows may name.
        organisations: By what rows call them, what stands for them.
    """
    entries: list[Entry[AssetDocument]] = []
    made = Made([], [], {})
    guests = [each for each in rows if _is_guest(each)]
    hosts = [each for each in rows if not _is_guest(each)]
    for group in (hosts, guests):
        references = References(organisations, dict(made.ids))
        for each in group:
            draft = each.draft
            try:
                sites = _make_sites(each, form, references, known, made.rejected)
                document = form(draft).make_asset(draft, sites, references)
                _require_categories(document, known)
                entries.append(_make_entry(draft, document, form(draft)))
            except RowProblem as problem:
                made.rejected.append(Rejected(draft, str(problem)))
            else:
                _note(made, draft, Subject.ASSET, "asset_id")
    return entries, made


def pair_sites(
    assets: Sequence[Draft], sites: Sequence[Draft]
) -> tuple[list[AssetRows], list[Rejected]]:
    """Return each asset's row with those of its sites, and the sites that belong to none."""
    groups: dict[str, list[Draft]] = defaultdict(list)
    for site in sites:
        groups[site.get("asset_id")].append(site)
    rows = [AssetRows(draft, groups.pop(name_row(draft, "asset_id"), [])) for draft in assets]
    strays = [
        Rejected(
            site,
            f"`asset_id` is {code!r}, which no asset that can be used is called; correct it"
            if code
            else "`asset_id` is empty; name the asset of this site",
        )
        for code, group in groups.items()
        for site in group
    ]
    return rows, strays


def name_row(draft: Draft, own: str) -> str:
    """Return by what other rows name this one: its own identifier, else the source's."""
    return draft.get(own) or draft.get("source_id")


def _note(made: Made, draft: Draft, subject: Subject, own: str) -> None:
    reference = name_imported(subject, draft.get("source"), draft.get("source_id"))
    made.ids.setdefault(name_row(draft, own), reference)
    made.drafts.append(draft)


def _is_guest(rows: AssetRows) -> bool:
    return any(each.get("place_asset_id") for each in (rows.draft, *rows.sites))


def _make_sites(
    rows: AssetRows,
    form: Callable[[Draft], Format],
    references: References,
    known: Known,
    rejected: list[Rejected],
) -> list[SiteDocument]:
    """Return an asset's sites; bad ones among several are left out.

    Raises:
        RowProblem: It has none that can be used.
    """
    sites = []
    own = [rows.draft] if form(rows.draft).has_site(rows.draft) else []
    for draft in rows.sites or own:
        try:
            site = form(draft).make_site(draft, references)
            _require_areas(site.served_areas, known, draft)
        except RowProblem as problem:
            if draft is rows.draft:
                raise
            rejected.append(Rejected(draft, str(problem)))
        else:
            sites.append(site)
    if not sites:
        raise RowProblem(
            "nothing says where it is to be had; give an address or a point, or a row of `sites`"
        )
    return sites


def _make_entry(draft: Draft, document: D, form: Format) -> Entry[D]:
    try:
        origin = origin_of(draft)
    except ValueError:
        raise RowProblem("`source`, `source_id` or `licence` is too long; shorten it") from None
    if not origin.source_id:
        raise RowProblem("`source_id` is empty; give the source's own identifier")
    key = (origin.source, origin.source_id)
    others: dict[tuple[str, str | None], Joined] = {}
    for joined in draft.joined:
        others.setdefault((joined.origin.source, joined.origin.source_id), joined)
    others.pop(key, None)
    return Entry(
        document,
        origin,
        form.read_confirmations(draft),
        tuple(others.values()),
        form.read_status(draft),
    )


def _require_categories(document: AssetDocument, known: Known) -> None:
    for code in document.categories:
        if code not in known.categories:
            raise RowProblem(
                f"`category_ids` is {code!r}, which is no category"
                f"{say_nearest(known.categories, code)}; correct it"
            )


def _require_areas(areas: Sequence[AreaName], known: Known, draft: Draft) -> None:
    for area in areas:
        if area.code not in known.areas.get(area.type, frozenset()):
            said = "a code" if draft.is_private else repr(area.code)
            raise RowProblem(f"{said} names no {area.type} of this place; correct it")
