"""Finding organisations for strangers: public views only, by a role with no other right."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.core.public_reads import Reader, Record

Rows = Sequence[Record]

ALIKE = 0.5
"""How alike words must be to a part of a name to be taken for a slip, from 0 to 1."""

_WORDS = "regexp_replace(translate(plain_words({}), '''’‘', ''), '[^[:alnum:]]+', ' ', 'g')"
"""Small letters without accents, apostrophes or marks, a blank between words."""

_STATED = """
    SELECT w.organisation_id FROM public_organisation_works_in AS w
    WHERE (w.area_type, w.area_code) IN (SELECT * FROM unnest({types}::text[], {codes}::text[]))
"""
_WORKS = f"""{_STATED}
    UNION
    SELECT a.organisation_id FROM public_assets AS a
    WHERE a.id IN (
        SELECT asset_id FROM site_areas WHERE area_id = {{area}}
        UNION ALL
        SELECT v.asset_id FROM public_site_served_areas AS v
        WHERE (v.area_type, v.area_code)
            IN (SELECT * FROM unnest({{types}}::text[], {{codes}}::text[])))
"""  # noqa: S608 - a query of ours
_REGISTERED = "SELECT organisation_id FROM organisation_places WHERE area_id = {area}"

_RELATIONS = {
    "works_in": _WORKS,
    "registered_in": _REGISTERED,
    "any": f"{_WORKS} UNION {_REGISTERED}",
}


class _Values:
    """Values of a statement in the order of its parameters."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    def add(self, value: object) -> str:
        """Return how the statement names this value."""
        self.given.append(value)
        return f"${len(self.given)}"


class Around(NamedTuple):
    """An area with all that it belongs to and all that belongs to it.

    Attributes:
        area_id: The area, in its newest year.
        types: Kinds of it and the others, without a boundary year.
        codes: Their codes, in the same order.
    """

    area_id: int
    types: Sequence[str]
    codes: Sequence[str]


class Wanted(NamedTuple):
    """Which organisations a list holds; None of anything is any.

    Attributes:
        kind: Of this kind.
        is_social: Listed as social enterprises, or not.
        words: Named so.
        identifier: With this scheme and number.
        around: With something to do with this area.
        relation: What: "works_in", "registered_in" or "any".
    """

    kind: str | None = None
    is_social: bool | None = None
    words: str | None = None
    identifier: tuple[str, str] | None = None
    around: Around | None = None
    relation: str = "any"


class Position(NamedTuple):
    """What a page continues after: how well it matched, its name as sorted, its public id."""

    tier: int
    name: str
    public_id: UUID


async def fetch_area(reader: Reader, area_type: str, code: str) -> Record | None:
    """Return id, type, code, name and boundary_year of an area in its newest year, or None."""
    return await reader.fetchrow(
        "SELECT a.id, s.area_type AS type, a.code, a.name, s.boundary_year FROM areas AS a"
        " JOIN boundary_sets AS s ON s.id = a.boundary_set_id"
        " WHERE s.area_type = $1 AND a.code = $2 AND a.in_study_area"
        " ORDER BY s.boundary_year DESC LIMIT 1",
        area_type,
        code,
    )


async def fetch_related(reader: Reader, area_id: int) -> Rows:
    """Return type and code of an area, of all that it belongs to, and of all that belong to it."""
    rows: Rows = await reader.fetch(
        """
        WITH RECURSIVE around(id) AS (
            SELECT $1::bigint UNION
            SELECT l.to_area_id FROM around JOIN area_lookups AS l ON l.from_area_id = around.id
            WHERE l.kind IN ('within', 'best fit')),
        inside(id) AS (
            SELECT $1::bigint UNION
            SELECT l.from_area_id FROM inside JOIN area_lookups AS l ON l.to_area_id = inside.id
            WHERE l.kind IN ('within', 'best fit'))
        SELECT DISTINCT s.area_type AS type, a.code
        FROM (SELECT id FROM around UNION SELECT id FROM inside) AS related
        JOIN areas AS a USING (id) JOIN boundary_sets AS s ON s.id = a.boundary_set_id
        ORDER BY 1, 2
        """,
        area_id,
    )
    return rows


async def fetch_page(
    reader: Reader, wanted: Wanted, after: Position | None, limit: int
) -> tuple[int, Rows]:
    """Return how many organisations match, and one page of them, one more than `limit` if any.

    Rows have the columns of `public_organisations`, `tier` and `sorted`.
    """
    values = _Values()
    asked = None if wanted.words is None else _ask(values.add(wanted.words))
    conditions = " AND ".join(f"({each})" for each in _write_conditions(wanted, asked, values))
    on = "true"
    if after:
        on = f"({', '.join(map(values.add, after))})"
        on = f"(tier, sorted, public_id) > {on}"
    rows = await reader.fetch(
        f"""
        WITH matched AS MATERIALIZED (
            SELECT o.*, plain_words(o.name) COLLATE "C" AS sorted, {_write_tier(asked)} AS tier
            FROM public_organisations AS o WHERE {conditions})
        SELECT counted.total, page.* FROM (SELECT count(*) AS total FROM matched) AS counted
        LEFT JOIN LATERAL (
            SELECT * FROM matched WHERE {on}
            ORDER BY tier, sorted, public_id LIMIT {values.add(limit + 1)}) AS page ON true
        ORDER BY page.tier, page.sorted, page.public_id
        """,  # noqa: S608 - conditions are ours, values are parameters
        *values.given,
    )
    return rows[0]["total"], [row for row in rows if row["id"] is not None]


def _write_conditions(wanted: Wanted, asked: str | None, values: _Values) -> list[str]:
    conditions = ["true"]
    if wanted.kind is not None:
        conditions.append(f"o.kind = {values.add(wanted.kind)}")
    if wanted.is_social is not None:
        is_not = "NOT " if wanted.is_social else ""
        conditions.append(f"o.social_enterprise_reason IS {is_not}NULL")
    if asked is not None:
        names = _names("o")
        conditions.append(
            f"{asked} <> '' AND ({_each_begins(asked, names)} OR length({asked}) > 2"
            f" AND word_similarity({asked}, {names}) >= {ALIKE})"
        )
    if wanted.identifier:
        scheme, number = map(values.add, wanted.identifier)
        conditions.append(
            "o.id IN (SELECT organisation_id FROM public_organisation_identifiers"  # noqa: S608
            f" WHERE scheme = {scheme} AND identifier = {number})"
        )
    if wanted.around:
        area = values.add(wanted.around.area_id)
        related = _RELATIONS[wanted.relation]
        if "{types}" in related:
            types, codes = values.add(wanted.around.types), values.add(wanted.around.codes)
            related = related.format(area=area, types=types, codes=codes)
        conditions.append(f"o.id IN ({related.format(area=area)})")
    return conditions


def _ask(parameter: str) -> str:
    """Return SQL for the words that somebody asks for, spelt as names are compared."""
    return "btrim(" + _WORDS.format(f"{parameter}::text") + ")"


def _names(table: str) -> str:
    """Return SQL for all names of an organisation as words, a blank before the first."""
    names = (
        f"concat_ws(' ', {table}.name, (SELECT string_agg(value ->> 'name', ' ')"  # noqa: S608
        f" FROM jsonb_each({table}.translations)))"
    )
    return f"(' ' || {_WORDS.format(names)})"


def _each_begins(asked: str, names: str) -> str:
    """Return SQL for whether each word asked for is the beginning of one of the names."""
    return (
        f"(SELECT bool_and(strpos({names}, ' ' || word) > 0)"  # noqa: S608
        f" FROM regexp_split_to_table({asked}, ' ') AS word)"
    )


def _write_tier(asked: str | None) -> str:
    """Return SQL for how well a name matches: 0 begins so, 1 has words that do, 2 is alike."""
    if asked is None:
        return "0"
    names = _names("o")
    starts = f"starts_with({names}, ' ' || {asked})"
    return f"CASE WHEN {starts} THEN 0 WHEN {_each_begins(asked, names)} THEN 1 ELSE 2 END"


async def fetch_findable(reader: Reader, words: str, around: Around) -> Rows:
    """Return id and name of those that are hidden, want to be found, and work in these areas."""
    values = _Values()
    types, codes = values.add(around.types), values.add(around.codes)
    asked = _ask(values.add(words))
    names = f"(' ' || {_WORDS.format('f.name')})"
    rows: Rows = await reader.fetch(
        f"""
        SELECT f.id, f.name FROM findable_organisations AS f
        WHERE length({asked}) > 2 AND {_each_begins(asked, names)}
            AND f.id IN ({_STATED.format(types=types, codes=codes)})
        ORDER BY plain_words(f.name) COLLATE "C", f.public_id LIMIT 20
        """,  # noqa: S608 - expressions of ours, values are parameters
        *values.given,
    )
    return rows


async def count_in_area(reader: Reader, around: Around) -> Rows:
    """Return relation, kind, how many and how many social enterprises of those of an area."""
    works = _WORKS.format(types="$1", codes="$2", area="$3")
    rows: Rows = await reader.fetch(
        f"""
        WITH works AS ({works}), registered AS ({_REGISTERED.format(area="$3")})
        SELECT r.relation, o.kind, count(*) AS total, count(o.social_enterprise_reason) AS social
        FROM (SELECT 'works_in' AS relation, organisation_id FROM works
              UNION ALL SELECT 'registered_in', organisation_id FROM registered) AS r
        JOIN public_organisations AS o ON o.id = r.organisation_id
        GROUP BY r.relation, o.kind ORDER BY r.relation, o.kind
        """,  # noqa: S608 - a query of ours
        around.types,
        around.codes,
        around.area_id,
    )
    return rows
