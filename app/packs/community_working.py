"""Rows of a whole community worked into entries: enriched, joined, made, and told of."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.assets.schemas import AssetDocument
from app.imports import matching
from app.imports.formats import Format, find_format
from app.imports.placing import FAR_M, Ground
from app.imports.rows import Draft, Rejected
from app.imports.service import Known, make_assets, make_organisations, pair_sites
from app.organisations.schemas import OrganisationDocument
from app.packs.community_entries import Kind
from app.packs.community_reading import ReadTable, reject
from app.packs.opening import require_usable
from app.packs.progressing import Reporting
from app.records.entries import Entry
from app.records.vocabulary import Visibility


@dataclass
class Community:
    """What is ready to be imported.

    Attributes:
        organisations: Entries.
        assets: Entries; those that they refer to are among these.
    """

    organisations: list[Entry[OrganisationDocument]] = field(default_factory=list)
    assets: list[Entry[AssetDocument]] = field(default_factory=list)


class Working:
    """Works the tables of a manifest into entries; every row's fate is in a report.

    Reports and findings are shown to everybody. They name no row that is hidden, no address and no
    postcode of one that is private, and do not count those that nobody may find.
    """

    def __init__(self, ground: Ground, known: Known, reporting: Reporting) -> None:
        self._ground = ground
        self._known = known
        self._reporting = reporting
        self._added: list[str] = []

    def run(self, tables: Mapping[Kind, Sequence[ReadTable]]) -> Community:
        """Return what is to be imported.

        Raises:
            PackProblem: Too little of a file can be used.
        """
        organisations, ids = self._work_organisations(tables["organisations"])
        assets = self._work_assets(tables["assets"], tables["sites"], ids)
        for read in (each for group in tables.values() for each in group):
            _settle(read)
        self._tell_rows([each for group in tables.values() for each in group])
        self._tell_entries(assets)
        return Community(organisations, assets)

    def _work_organisations(
        self, tables: Sequence[ReadTable]
    ) -> tuple[list[Entry[OrganisationDocument]], dict[str, UUID]]:
        drafts = self._enrich(tables)
        matched = matching.join_organisations(drafts)
        kept = _drop_repeats(tables, matched.kept)
        entries, made = make_organisations(kept, _form_of(tables), self._known)
        _reject(tables, made.rejected)
        self._tell_joined("organisations", matched, tables)
        ids = dict(made.ids)
        for row, into, _ in matched.joined:
            if (reference := ids.get(_own(into, "organisation_id"))) is not None:
                ids.setdefault(_own(row, "organisation_id"), reference)
        self._tell_takedowns(made.drafts, tables)
        return entries, ids

    def _work_assets(
        self,
        tables: Sequence[ReadTable],
        sites: Sequence[ReadTable],
        organisations: Mapping[str, UUID],
    ) -> list[Entry[AssetDocument]]:
        drafts = self._enrich(tables)
        drafts = _drop_repeats(tables, drafts)
        rules = [matching.Table(read.entry.repeats, read.entry.joins) for read in tables]
        matched = matching.join_assets(drafts, rules, self._ground)
        rows, strays = pair_sites(matched.kept, [d for read in sites for d in read.drafts])
        _reject(sites, strays)
        entries, made = make_assets(rows, _form_of(tables), self._known, organisations)
        own = {id(draft) for draft in matched.kept}
        _reject(tables, [each for each in made.rejected if id(each.draft) in own])
        _reject(sites, [each for each in made.rejected if id(each.draft) not in own])
        self._tell_joined("assets", matched, tables)
        self._tell_takedowns(made.drafts, tables)
        return entries

    def _enrich(self, tables: Sequence[ReadTable]) -> list[Draft]:
        """Return the rows that make records, with what the other tables add to them."""
        drafts = [draft for read in tables if read.entry.authoritative for draft in read.drafts]
        for read in tables:
            if read.entry.authoritative:
                continue
            about = {
                position
                for position, each in enumerate(tables)
                if each.entry.authoritative and each.entry.category == read.entry.category
            }
            here = [draft for draft in drafts if draft.table in about]
            pairs = matching.enrich(here, read.drafts, read.entry.match)
            for row, draft in pairs:
                matching.add_fields(row, draft)
            read.report.outside += len(read.drafts) - len(pairs)
            read.drafts = [row for row, _ in pairs]
            self._added.append(f"{read.report.file}: {len(pairs):,}")
        return drafts

    def _tell_joined(
        self, what: str, matched: matching.Matched, tables: Sequence[ReadTable]
    ) -> None:
        told = [
            (row, into, reason)
            for row, into, reason in matched.joined
            if reason != matching.LISTED_TWICE
        ]
        examples = [
            f"{row.label} ({tables[row.table].report.file}) into {into.label} "
            f"({tables[into.table].report.file}): {reason}"
            for row, into, reason in told
            if not (row.is_hidden or into.is_hidden)
        ]
        self._reporting.find(
            f"Rows about the same thing, joined into one of the {what}:",
            list(dict.fromkeys(examples)),
            len(told),
        )
        again = Counter(
            tables[row.table].report.file
            for row, _, reason in matched.joined
            if reason == matching.LISTED_TWICE
        )
        self._reporting.find(
            f"Rows that name one of the {what} again:",
            [f"{file}: {count:,}" for file, count in again.items()],
            again.total(),
        )

    def _tell_takedowns(self, drafts: Sequence[Draft], tables: Sequence[ReadTable]) -> None:
        form = _form_of(tables)
        asked = [draft for draft in drafts if form(draft).is_takedown_asked(draft)]
        self._reporting.find(
            "Published, though the file says that somebody asks for it to be taken down; decide:",
            [draft.label for draft in asked if not draft.is_hidden],
        )

    def _tell_rows(self, tables: Sequence[ReadTable]) -> None:
        """Write down what was left out, what was worked out, and what looks wrong."""
        find = self._reporting.find
        left_out = [
            (f"{read.report.file}: {reason}: {count:,}", count)
            for read in tables
            for reason, count in read.left_out.most_common()
        ]
        find(
            "Rows of the place that the manifest leaves out:",
            [said for said, _ in left_out],
            sum(count for _, count in left_out),
        )
        find("Rows that add to what other files hold:", self._added)
        placed = [
            (read.report.file, count)
            for read in tables
            if read.entry.authoritative
            and (count := sum(d.place is not None and d.place.is_of_postcode for d in read.drafts))
        ]
        find(
            "Placed at the point of their postcode, having none of their own:",
            [f"{file}: {count:,}" for file, count in placed],
            sum(count for _, count in placed),
        )
        far = [
            f"{draft.label}, {metres / 1000:.1f} km ({read.report.file})"
            for read in tables
            for draft, metres in sorted(read.far, key=lambda pair: -pair[1])
            if not draft.is_private
        ]
        find(f"Points over {FAR_M / 1000:.0f} km from their own postcode:", far)

    def _tell_entries(self, assets: Sequence[Entry[AssetDocument]]) -> None:
        counted = Counter(
            f"{entry.document.categories[0]} from {entry.origin.source}"
            for entry in assets
            if entry.document.visibility is not Visibility.HIDDEN
        )
        self._reporting.find(
            "Assets by their main category and source, hidden ones left out:",
            [f"{name}: {count:,}" for name, count in sorted(counted.items())],
            counted.total(),
        )


def _form_of(tables: Sequence[ReadTable]) -> Callable[[Draft], Format]:
    forms = [find_format(read.entry.format) for read in tables]
    return lambda draft: forms[draft.table]


def _own(draft: Draft, name: str) -> str:
    return draft.get(name) or draft.get("source_id")


def _reject(tables: Sequence[ReadTable], rejected: Sequence[Rejected]) -> None:
    """Write into the reports which rows cannot be used, and let go of them."""
    for draft, reason in rejected:
        reject(tables[draft.table].report, draft, reason)
    gone = {id(draft) for draft, _ in rejected}
    for read in tables:
        read.drafts = [draft for draft in read.drafts if id(draft) not in gone]


def _drop_repeats(tables: Sequence[ReadTable], drafts: Sequence[Draft]) -> list[Draft]:
    """Return the rows whose identifier no row before has; the others are told."""
    repeats = matching.make_distinct(drafts)
    _reject(
        tables,
        [
            Rejected(row, f"`source_id` stands in row {first.number} already; keep one")
            for row, first in repeats
        ],
    )
    gone = {id(row) for row, _ in repeats}
    return [draft for draft in drafts if id(draft) not in gone]


def _settle(read: ReadTable) -> None:
    """Count the rows that were used, and tell what was left out of them.

    Raises:
        PackProblem: Too little of the file can be used.
    """
    report = read.report
    unfindable = [draft for draft in read.drafts if draft.is_unfindable]
    report.read -= len(unfindable)
    report.accepted = len(read.drafts) - len(unfindable)
    for draft in read.drafts:
        if draft.remarks and not draft.is_hidden:
            report.note_repair(draft.number, "; ".join(draft.remarks))
    if report.read:
        require_usable(report)
