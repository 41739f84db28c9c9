"""Rows that are the same thing: found by what they have in common, and joined with the reason.

In doubt both are kept: two entries of one hall are a nuisance, one entry of two is a mistake.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import shapely

from app.areas.service import normalise_postcode
from app.imports.placing import Ground
from app.imports.rows import Draft, origin_of
from app.records.alikeness import compare_names, is_part_of, simplify
from app.records.entries import Joined

NEAR_M = 60
"""Points of one building in two files lie within this, unless one is its postcode's."""

MOST_OF_A_POSTCODE = 200
"""Rows of one postcode that are compared two by two; more than this is not a postcode."""

LISTED_TWICE = "listed more than once, by one identifier"
"""Why rows of one list are joined whose identifiers are the same."""

_LISTS = ("category_ids", "identifier", "languages")
_NEVER_FILLED = frozenset(
    {
        "organisation_id", "asset_id", "site_id", "source", "source_id", "licence", "method",
        "status", "reference", "visibility", "site_visibility", "address_visibility", "findable",
        "role", "mode", "lon", "lat", "postcode", "address", "name", "opening_hours",
        "hours_words",
    }
)  # fmt: skip
"""What only the row's own file says of it: who it is, where it is, who may know, when it opens."""


class Table(NamedTuple):
    """How the rows of one table may be joined with others.

    Attributes:
        repeats: The file may hold one thing several times; else its rows are never joined together,
            since whoever keeps it tells them apart.
        joins: Its rows may be the same things as rows of other tables.
    """

    repeats: bool
    joins: bool


class Found(NamedTuple):
    """That two rows, by their positions, are the same thing."""

    kept: int
    joined: int
    reason: str


class Matched(NamedTuple):
    """Rows after joining, and what was joined with what.

    Attributes:
        kept: Each thing once.
        joined: A row that went, the one that it went into, and why.
    """

    kept: list[Draft]
    joined: list[tuple[Draft, Draft, str]]


def join_assets(drafts: Sequence[Draft], tables: Sequence[Table], ground: Ground) -> Matched:
    """Join rows of assets that are the same thing.

    Two rows can be only if they share a postcode or lie within `NEAR_M`, a table of theirs says
    that it holds what others may hold too, and neither is private. They are if their names are
    alike, if at one postcode the one name is part of the other, or if they share a telephone
    number or web address that no third row has.

    Args:
        drafts: Rows of all tables, the tables in the order in which they are believed.
        tables: By the drafts' `table`.
        ground: The place.
    """
    rows = [each for each in drafts if not each.is_private]
    shared = _count_contacts(rows)

    def judge(one: int, other: int) -> str | None:
        first, second = rows[one], rows[other]
        if not _may_join(first, second, tables):
            return None
        return _compare_assets(first, second, shared)

    pairs = sorted(_pair_postcodes(rows) | _pair_near(rows, ground))
    return _join(drafts, rows, pairs, judge)


def join_organisations(drafts: Sequence[Draft]) -> Matched:
    """Join rows of organisations with a register number, or name and postcode, in common.

    Args:
        drafts: Rows of all tables, the tables in the order in which they are believed.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, draft in enumerate(drafts):
        for number in draft.get("identifier").split(";"):
            if number.strip():
                groups["number", number.strip().upper()].append(index)
        if not draft.has_made_id:
            groups["id", f"{draft.get('source')}\x1f{draft.get('source_id')}"].append(index)
        postcode = normalise_postcode(draft.get("postcode"))
        if postcode:
            groups["name", f"{postcode} {_name_organisation(draft)}"].append(index)

    def judge(one: int, other: int) -> str | None:
        return _compare_organisations(drafts[one], drafts[other])

    pairs = sorted({pair for group in groups.values() for pair in _chain(group)})
    return _join(drafts, drafts, pairs, judge)


def _compare_organisations(one: Draft, other: Draft) -> str | None:
    """Return why two rows that have something in common are the same; None: they may not be."""
    if _is_same_row(one, other):
        return LISTED_TWICE
    numbers = [_read_numbers(one), _read_numbers(other)]
    if numbers[0] & numbers[1]:
        return "same register number"
    schemes = [{number.rsplit("-", 1)[0] for number in each} for each in numbers]
    is_contrary = bool(schemes[0] & schemes[1])  # two numbers of one register
    return None if is_contrary else "same name and postcode"


def _is_same_row(one: Draft, other: Draft) -> bool:
    """Whether the source itself gives both the same identifier."""
    keys = [(each.get("source"), each.get("source_id"), each.has_made_id) for each in (one, other)]
    return keys[0] == keys[1] and not one.has_made_id


def _chain(group: list[int]) -> Iterator[tuple[int, int]]:
    """Yield each of a group with the first, which all of them are the same as."""
    return ((group[0], other) for other in group[1:] if other != group[0])


_FORMS = frozenset({"ltd", "limited", "cic", "cio", "plc", "llp", "the", "company"})


def _name_organisation(draft: Draft) -> str:
    words = [word for word in simplify(draft.get("name")).split() if word not in _FORMS]
    return " ".join(words) or simplify(draft.get("name"))


def _read_numbers(draft: Draft) -> set[str]:
    return {part.strip().upper() for part in draft.get("identifier").split(";") if part.strip()}


def _may_join(one: Draft, other: Draft, tables: Sequence[Table]) -> bool:
    if one.table == other.table:
        return tables[one.table].repeats
    return tables[one.table].joins or tables[other.table].joins


def _compare_assets(one: Draft, other: Draft, shared: dict[tuple[str, str], int]) -> str | None:
    """Return why two rows that are near each other are the same thing; None: they may not be."""
    is_same_postcode = bool(normalise_postcode(one.get("postcode"))) and normalise_postcode(
        one.get("postcode")
    ) == normalise_postcode(other.get("postcode"))
    where = "postcode" if is_same_postcode else f"place (within {NEAR_M} m)"
    alike = compare_names(one.get("name"), other.get("name"))
    if alike:
        return f"{alike} and the same {where}" if alike == "names alike" else f"{alike} and {where}"
    if is_same_postcode and is_part_of(one.get("name"), other.get("name")):
        return "same postcode, and one name is part of the other"
    common = [each for each in _list_contacts(one) if each in _list_contacts(other)]
    if any(shared[each] == 2 for each in common):  # noqa: PLR2004 - these two and no third
        kind = "web address" if common[0][0] == "url" else "telephone number"
        return f"same {kind} and {where}"
    return None


def _list_contacts(draft: Draft) -> list[tuple[str, str]]:
    phones = ("".join(filter(str.isdigit, each)) for each in draft.get("phone").split(";"))
    sites = (
        each.strip().casefold().split("://")[-1].removeprefix("www.").rstrip("/")
        for each in draft.get("url").split(";")
    )
    return [("phone", each) for each in phones if each] + [("url", each) for each in sites if each]


def _count_contacts(drafts: Iterable[Draft]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for draft in drafts:
        for each in set(_list_contacts(draft)):
            counts[each] += 1
    return counts


def _pair_postcodes(drafts: Sequence[Draft]) -> set[tuple[int, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, draft in enumerate(drafts):
        if postcode := normalise_postcode(draft.get("postcode")):
            groups[postcode].append(index)
    return {
        pair
        for group in groups.values()
        if len(group) <= MOST_OF_A_POSTCODE
        for pair in combinations(group, 2)
    }


def _pair_near(drafts: Sequence[Draft], ground: Ground) -> set[tuple[int, int]]:
    """Return each two rows whose own points lie within `NEAR_M`; a postcode's point says less."""
    having = [
        index
        for index, draft in enumerate(drafts)
        if draft.place is not None and not draft.place.is_of_postcode
    ]
    if len(having) < 2:  # noqa: PLR2004 - a pair
        return set()
    places = [drafts[index].place for index in having]
    points = np.asarray(
        shapely.points(ground.project(np.array([(p.lon, p.lat) for p in places if p]))),
        dtype=object,
    )
    found = shapely.STRtree(points).query(points, predicate="dwithin", distance=NEAR_M)
    return {(having[one], having[other]) for one, other in found.T.tolist() if one < other}


def _join(
    drafts: Sequence[Draft],
    rows: Sequence[Draft],
    pairs: Iterable[tuple[int, int]],
    judge: Callable[[int, int], str | None],
) -> Matched:
    """Join the pairs that `judge` finds the same.

    What is the same as a row that went into another goes into that other too, unless `judge` says
    of these two that they cannot be the same: it is asked of both pairs.
    """
    gone: dict[int, int] = {}
    joined = []
    for one, other in pairs:
        if other in gone:
            continue
        into = gone.get(one, one)
        reason = judge(one, other)
        if reason and into != other and (into == one or judge(into, other)):
            gone = {row: into if at == other else at for row, at in gone.items()}
            gone[other] = into
            joined.append((other, reason))
    told = [(rows[row], rows[gone[row]], reason) for row, reason in joined]
    for row, into_row, reason in told:
        _fill(into_row, row)
        into_row.joined += [Joined(origin_of(row), reason), *row.joined]
    left = {id(row) for row, _, _ in told}
    return Matched([each for each in drafts if id(each) not in left], told)


def _fill(into: Draft, row: Draft) -> None:
    """Add what the other row says and this one does not; lists are put together."""
    for name, text in row.fields.items():
        if name in _LISTS and into.get(name):
            parts = [part.strip() for part in f"{into.get(name)};{text}".split(";")]
            into.fields[name] = ";".join(dict.fromkeys(filter(None, parts)))
        elif name not in into.fields and name not in _NEVER_FILLED and not name.startswith("hours"):
            into.fields[name] = text


def make_distinct(drafts: Sequence[Draft]) -> list[tuple[Draft, Draft]]:
    """See to it that no two rows have one identifier, and return those that repeat another's.

    Identifiers that were made here of a name alone get a number, in the order of the rows.

    Returns:
        Each row that repeats the identifier of the source, with the first that has it.
    """
    first: dict[tuple[str, str], Draft] = {}
    times: dict[tuple[str, str], int] = defaultdict(int)
    repeats = []
    for draft in drafts:
        key = (draft.get("source"), draft.get("source_id"))
        times[key] += 1
        if first.setdefault(key, draft) is draft:
            continue
        if draft.has_made_id:
            draft.fields["source_id"] = f"{draft.get('source_id')} {times[key]}"
        else:
            repeats.append((draft, first[key]))
    return repeats


def enrich(
    drafts: Sequence[Draft], rows: Sequence[Draft], keys: Sequence[Sequence[str]]
) -> list[tuple[Draft, Draft]]:
    """Add what the rows of another file say to the drafts that they are about.

    A row is about a draft if all fields of one key agree, no other row and no other draft has the
    same, and every earlier key said nothing. `name` agrees where names are alike; every other
    field where it is the same but for case, blanks and marks.

    Args:
        drafts: What is known; fields that are empty are filled in.
        rows: What another file says. It makes no record of its own.
        keys: Fields, in the order in which they are trusted: `[["reference"], ["postcode",
            "name"]]`.

    Returns:
        Each row that was about a draft, with that draft.
    """
    used: dict[int, Draft] = {}
    found: list[tuple[Draft, Draft]] = []
    for key in keys:
        exact = [name for name in key if name != "name"]
        here = _group([draft for draft in drafts if id(draft) not in used], exact)
        taken = {id(row) for row, _ in found}
        there = _group([row for row in rows if id(row) not in taken], exact)
        for value, candidates in there.items():
            for row, draft in _agree(candidates, here.get(value, []), by_name="name" in key):
                used[id(draft)] = draft
                found.append((row, draft))
    return found


def add_fields(row: Draft, draft: Draft) -> None:
    """Fill in what `draft` does not say and `row` does, hours included, and whose row it was."""
    for name, text in row.fields.items():
        if name not in draft.fields and name not in {"source", "source_id", "reference"}:
            draft.fields[name] = text
    draft.joined.append(Joined(origin_of(row), "adds to it"))


def _group(drafts: Sequence[Draft], names: Sequence[str]) -> dict[tuple[str, ...], list[Draft]]:
    groups: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        values = tuple(simplify(draft.get(name)).replace(" ", "") for name in names)
        if all(values):
            groups[values].append(draft)
    return groups


def _agree(
    rows: Sequence[Draft], drafts: Sequence[Draft], *, by_name: bool
) -> list[tuple[Draft, Draft]]:
    """Return rows and drafts of one key that belong together beyond doubt."""
    if not by_name:
        return [(rows[0], drafts[0])] if len(rows) == 1 and len(drafts) == 1 else []
    pairs = [
        (row, draft)
        for row in rows
        for draft in drafts
        if compare_names(row.get("name"), draft.get("name"))
        or is_part_of(row.get("name"), draft.get("name"))
    ]
    return [
        (row, draft)
        for row, draft in pairs
        if sum(each is row for each, _ in pairs) == 1
        and sum(each is draft for _, each in pairs) == 1
    ]
