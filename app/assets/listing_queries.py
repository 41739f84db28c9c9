"""The SELECTs of lists in the order of names or of words; and what a search looks up first."""

from typing import Literal, NamedTuple
from uuid import UUID

from app.assets.cards import FINDABLE, STAMP, write_cards
from app.assets.conditions import (
    Statement,
    Values,
    Wanted,
    here_sql,
    list_category_conditions,
    list_own_conditions,
    list_site_conditions,
    list_words_conditions,
)
from app.geo import expressions as geo

Order = Literal["name", "relevance"]

STAMP_STATEMENT = f"SELECT {STAMP} AS stamp"

POSTCODE = f"""
SELECT display, {geo.longitude_sql("location")} AS lon, {geo.latitude_sql("location")} AS lat
FROM postcodes WHERE postcode = $1
"""

POSTCODES_LIKE = """
SELECT display FROM postcodes WHERE starts_with(postcode, $1)
ORDER BY length(postcode) <> $2::int4, postcode LIMIT 1
"""

CATEGORIES = "SELECT id, code FROM categories ORDER BY position"

SCHEDULES = "SELECT id FROM schedules"
"""Strangers see those of public sites only: hours that wait for review cost no search time."""

AREA = """
WITH RECURSIVE asked AS (
    SELECT a.id FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id
    WHERE b.area_type = $1 AND a.code = $2 AND a.in_study_area
        AND ($3::int2 IS NULL OR b.boundary_year = $3)
    ORDER BY b.boundary_year DESC LIMIT 1),
above AS (
    SELECT id FROM asked UNION SELECT l.to_area_id FROM above JOIN area_lookups AS l
        ON l.from_area_id = above.id AND l.kind IN ('within', 'best fit')),
below AS (
    SELECT id FROM asked UNION SELECT l.from_area_id FROM below JOIN area_lookups AS l
        ON l.to_area_id = below.id AND l.kind IN ('within', 'best fit'))
SELECT asked.id AS area_id, b.area_type, a.code, bool_or(r.is_own) AS is_own
FROM asked, (SELECT id, true AS is_own FROM above UNION ALL SELECT id, false FROM below) AS r
JOIN areas AS a ON a.id = r.id JOIN boundary_sets AS b ON b.id = a.boundary_set_id
GROUP BY asked.id, b.area_type, a.code ORDER BY b.area_type, a.code
"""
"""An area, what it lies in and what lies in it, whatever their boundary years."""

AREA_KINDS = """
SELECT area_type, array_agg(boundary_year ORDER BY boundary_year) AS years
FROM boundary_sets JOIN area_types ON area_types.code = area_type
GROUP BY area_type, position ORDER BY position
"""

WORDS = """
SELECT (websearch_to_tsquery('simple', plain) || websearch_to_tsquery(words_config(), plain)
    || CASE WHEN plain ~ '^[[:alnum:][:space:]'']*[[:alnum:]]{2}[[:space:]]*$'
        THEN plainto_tsquery(words_config(), regexp_replace(plain, '[[:alnum:]]+[[:space:]]*$', ''))
            && to_tsquery('simple', substring(plain FROM '([[:alnum:]]+)[[:space:]]*$') || ':*')
        ELSE ''::tsquery END)::text AS words, plain_words($1) AS plain
FROM (SELECT unaccent($1) AS plain) AS said
"""
"""Words as written and by their stems, or their beginning; the last word may be unfinished."""

IS_FOUND = """
SELECT EXISTS (SELECT FROM asset_words AS w JOIN public_assets AS a ON a.id = w.asset_id
    WHERE w.words @@ $1::text::tsquery) AS is_found
"""


class AfterListed(NamedTuple):
    """Where a list goes on: after this name, or this rank, and this asset."""

    key: str | float
    asset: UUID


def select_listed(wanted: Wanted, order: Order, after: AfterListed | None, limit: int) -> Statement:
    """Assets by name, or by how well the words fit, each once, at one of its sites that match.

    Returns:
        Rows of `sorted` (name or rank), `distance_m`, `asset`, `geometry`, `properties`.
    """
    values = Values()
    key, direction, compared = _order(wanted, order, values)
    asked = _list_conditions(wanted, values)
    if after is not None:
        kind = "text" if isinstance(after.key, str) else "float8"
        last, asset = values.put("after", after.key, kind), values.put("asset", after.asset, "uuid")
        own = f"coalesce((SELECT z.id FROM public_assets AS z WHERE z.public_id = {asset}), 0)"
        asked.append(f"({key} {compared} {last} OR ({key} = {last} AND a.id > {own}))")
    sites = " AND ".join(["s.asset_id = m.asset_id", *list_site_conditions(wanted, values)])
    distance, nearest = "NULL::float8", "s.role <> 'delivery'"
    if wanted.here is not None:
        measured = geo.distance_sql("s.location", here_sql(wanted, values))
        distance = f"CASE WHEN s.level = 'public' THEN {measured} END"
        nearest = f"{distance} NULLS LAST, {nearest}"
    return Statement(
        f"""
WITH m AS (
    SELECT w.asset_id, {key} AS sorted
    FROM asset_words AS w JOIN public_assets AS a ON a.id = w.asset_id
    WHERE {" AND ".join(asked)} ORDER BY {key} {direction}, a.id LIMIT {limit}),
page AS (
    SELECT m.asset_id, m.sorted, shown.site_id, shown.distance_m, shown.sites
    FROM m CROSS JOIN LATERAL (
        SELECT s.id AS site_id, {distance} AS distance_m, count(*) OVER () AS sites
        FROM public_sites AS s WHERE {sites}
        ORDER BY {nearest}, s.position LIMIT 1) AS shown)
SELECT page.sorted, page.distance_m,
       {write_cards("round(page.distance_m::numeric, 1)", "page.sites")}
ORDER BY page.sorted {direction}, page.asset_id""",
        values.listed,
    )


def count_listed(wanted: Wanted, *, without_hours: bool = False) -> Statement:
    """How many assets match in all, as `matched`.

    Args:
        wanted: The search.
        without_hours: Count those that might match, were it known when they are open.
    """
    values = Values()
    where = " AND ".join(_list_conditions(wanted, values, without_hours=without_hours))
    return Statement(
        f"SELECT count(*) AS matched FROM asset_words AS w"
        f" JOIN public_assets AS a ON a.id = w.asset_id WHERE {where}",
        values.listed,
    )


def select_findable(wanted: Wanted, after: AfterListed | None, limit: int) -> Statement:
    """Hidden assets whose owners let them be found by those they serve, by name.

    Returns:
        Rows of `sorted` (name), `asset`, `properties`.
    """
    values = Values()
    asked = _list_findable(wanted, values)
    if after is not None:
        last, asset = (
            values.put("after", after.key, "text"),
            values.put("asset", after.asset, "uuid"),
        )
        own = f"coalesce((SELECT z.id FROM findable_assets AS z WHERE z.public_id = {asset}), 0)"
        asked.append(f"(w.name, f.id) > ({last}, {own})")
    return Statement(
        f"SELECT w.name AS sorted, f.public_id AS asset, {FINDABLE}"
        f" FROM findable_assets AS f JOIN asset_words AS w ON w.asset_id = f.id"
        f" WHERE {' AND '.join(asked)} ORDER BY w.name, f.id LIMIT {limit}",
        values.listed,
    )


def count_findable(wanted: Wanted) -> Statement:
    """How many of `select_findable` there are in all, as `matched`."""
    values = Values()
    return Statement(
        f"SELECT count(*) AS matched FROM findable_assets AS f"
        f" JOIN asset_words AS w ON w.asset_id = f.id"
        f" WHERE {' AND '.join(_list_findable(wanted, values))}",
        values.listed,
    )


def _order(wanted: Wanted, order: Order, values: Values) -> tuple[str, str, str]:
    """Return SQL of what a list is sorted by, in which direction, and what comes after."""
    if order == "name":
        return "w.name", "", ">"
    if wanted.alike is not None:
        alike = values.put("alike", wanted.alike, "text")
        return f"word_similarity({alike}, w.name)::float8", "DESC", "<"
    words = values.put("words", wanted.words, "text")
    return f"ts_rank(w.words, {words}::tsquery)::float8", "DESC", "<"


def _list_conditions(wanted: Wanted, values: Values, *, without_hours: bool = False) -> list[str]:
    sites = list_site_conditions(wanted, values)
    if without_hours:
        sites.append("s.schedule_id IS NULL")
    where = " AND ".join(sites)
    return [
        *list_words_conditions(wanted, values),
        *list_own_conditions(wanted, values),
        *list_category_conditions(wanted, values, "a.id"),
        f"a.id IN (SELECT s.asset_id FROM public_sites AS s WHERE {where})",
    ]


def _list_findable(wanted: Wanted, values: Values) -> list[str]:
    assert wanted.area is not None  # noqa: S101 - they are found by whom they serve only
    types = values.put("own types", wanted.area.own[0], "text[]")
    codes = values.put("own codes", wanted.area.own[1], "text[]")
    serving = (
        f"SELECT v.asset_id FROM public_site_served_areas AS v"
        f" JOIN unnest({types}, {codes}) AS r (area_type, area_code)"
        f" ON r.area_type = v.area_type AND r.area_code = v.area_code"
    )
    return [
        *list_words_conditions(wanted, values),
        *list_category_conditions(wanted, values, "f.id"),
        f"f.id IN ({serving})",
    ]
