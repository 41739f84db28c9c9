"""Near me: the SELECTs of the nearest assets, and of those of which only the area is told.

Points are walked in the order of an index. That order is one on a sphere, and distances are
measured on the ellipsoid: more points are read than a page holds, and `reach` says up to which
distance nothing can be missing from them.
"""

from typing import NamedTuple
from uuid import UUID

from app.assets.cards import STAMP, write_cards
from app.assets.conditions import (
    Statement,
    Values,
    Wanted,
    here_sql,
    list_asset_conditions,
    list_point_conditions,
    nearby_sql,
)
from app.geo import expressions as geo


class AfterMeasured(NamedTuple):
    """Where a page of measured ones goes on."""

    distance_m: float
    asset: UUID


class AfterNamed(NamedTuple):
    """Where a page in the order of names goes on."""

    name: str
    asset: UUID


def select_nearest(
    wanted: Wanted, after: AfterMeasured | None, limit: int, scanned: int
) -> Statement:
    """Assets by distance, each once, at its nearest site that matches.

    Args:
        wanted: The search; it has a point.
        after: The last one of the page before.
        limit: How many.
        scanned: How many points are read for them.

    Returns:
        At least one row: `stamp`, `matched` (assets that match in all, those told by area
        included), `reach` (metres up to which the page is sure), and where there is an asset
        `distance_m`, `asset`, `geometry`, `properties`.
    """
    values = Values()
    here = here_sql(wanted, values)
    radius = values.put("radius", wanted.radius_m, "float8")
    points = list_point_conditions(wanted, values)
    asked = [*points, "NOT p.is_area", *list_asset_conditions(wanted, values, "p.asset_id")]
    sphere = geo.sphere_distance_sql("p.location", here)
    if after is not None or not wanted.is_plain:
        asked.append(geo.within_sql("p.location", here, radius))
    going_on = "true"
    if after is not None:
        distance = values.put("after", after.distance_m, "float8")
        asked.append(f"({sphere}) >= {distance} / {geo.LONGER}")
        going_on = _go_on(wanted, values, distance, after.asset)
    cards = write_cards("round(page.distance_m::numeric, 1)", _count_sites(wanted, values))
    return Statement(
        f"""
WITH scanned AS MATERIALIZED (
    SELECT p.asset_id, p.site_id, {sphere} AS sphere_m,
           {geo.distance_sql("p.location", here)} AS distance_m
    FROM site_points AS p WHERE {" AND ".join(asked)}
    ORDER BY {sphere} LIMIT {scanned}),
nearest AS (
    SELECT DISTINCT ON (asset_id) asset_id, site_id, distance_m FROM scanned
    WHERE distance_m <= {radius} ORDER BY asset_id, distance_m, site_id),
page AS (
    SELECT n.* FROM nearest AS n WHERE {going_on}
    ORDER BY n.distance_m, n.asset_id LIMIT {limit})
SELECT head.*, row.* FROM (
    SELECT {STAMP} AS stamp, ({_count_matched(wanted, values)}) AS matched,
           (SELECT CASE WHEN count(*) < {scanned} THEN 'Infinity'
                   ELSE max(sphere_m) * {geo.SHORTER} END FROM scanned) AS reach) AS head
LEFT JOIN (SELECT page.distance_m, page.asset_id, {cards}) AS row ON true
ORDER BY row.distance_m, row.asset_id""",
        values.listed,
    )


def select_by_area(wanted: Wanted, after: AfterNamed | None, limit: int) -> Statement:
    """Assets of which only the area is told, found by its point, by name.

    Those that have a point of their own within the radius are among the nearest already.

    Returns:
        Rows of `name`, `asset`, `geometry` (null) and `properties`.
    """
    values = Values()
    radius = values.put("radius", wanted.radius_m, "float8")
    near = geo.within_sql("p.location", here_sql(wanted, values), radius)
    points = [*list_point_conditions(wanted, values), near]
    asked = [*points, "p.is_area", *list_asset_conditions(wanted, values, "p.asset_id")]
    going_on = "true"
    if after is not None:
        name, asset = values.put("name", after.name, "text"), _own_id(values, after.asset)
        going_on = f"(w.name, f.asset_id) > ({name}, {asset})"
    own = " AND ".join([*points, "NOT p.is_area", "p.asset_id = f.asset_id"])
    return Statement(
        f"""
WITH found AS (
    SELECT DISTINCT ON (p.asset_id) p.asset_id, p.site_id FROM site_points AS p
    WHERE {" AND ".join(asked)} ORDER BY p.asset_id, p.site_id),
page AS (
    SELECT f.*, w.name AS sorted FROM found AS f JOIN asset_words AS w USING (asset_id)
    WHERE {going_on} AND NOT EXISTS (SELECT FROM site_points AS p WHERE {own})
    ORDER BY w.name, f.asset_id LIMIT {limit})
SELECT page.sorted, {write_cards("NULL::numeric", _count_sites(wanted, values))}
ORDER BY page.sorted, page.asset_id""",
        values.listed,
    )


def count_without_hours(wanted: Wanted) -> Statement:
    """How many assets near a point would match, were it known when they are open: `matched`."""
    values = Values()
    asked = [
        *list_point_conditions(wanted, values),
        *list_asset_conditions(wanted, values, "p.asset_id"),
        nearby_sql(wanted, values),
        "EXISTS (SELECT FROM public_sites AS h WHERE h.id = p.site_id AND h.schedule_id IS NULL)",
    ]
    where = " AND ".join(asked)
    return Statement(
        f"SELECT count(DISTINCT p.asset_id) AS matched FROM site_points AS p WHERE {where}",
        values.listed,
    )


def _count_matched(wanted: Wanted, values: Values) -> str:
    asked = [
        *list_point_conditions(wanted, values),
        *list_asset_conditions(wanted, values, "p.asset_id"),
        nearby_sql(wanted, values),
    ]
    where = " AND ".join(asked)
    return f"SELECT count(DISTINCT p.asset_id) FROM site_points AS p WHERE {where}"


def _count_sites(wanted: Wanted, values: Values) -> str:
    radius = values.put("radius", wanted.radius_m, "float8")
    asked = [
        "p.asset_id = page.asset_id",
        *list_point_conditions(wanted, values),
        geo.within_sql("p.location", here_sql(wanted, values), radius),
    ]
    return f"(SELECT count(*) FROM site_points AS p WHERE {' AND '.join(asked)})"


def _go_on(wanted: Wanted, values: Values, distance: str, asset: UUID) -> str:
    """Return SQL for what comes after the page before: farther away, and not on it already."""
    here = here_sql(wanted, values)
    nearer = [
        *list_point_conditions(wanted, values),
        "NOT p.is_area",
        "p.asset_id = n.asset_id",
        f"{geo.distance_sql('p.location', here)} < n.distance_m",
    ]
    return (
        f"(n.distance_m, n.asset_id) > ({distance}, {_own_id(values, asset)})"
        f" AND NOT EXISTS (SELECT FROM site_points AS p WHERE {' AND '.join(nearer)})"
    )


def _own_id(values: Values, asset: UUID) -> str:
    """Return SQL for the number of an asset; 0 if strangers may not see it any more."""
    given = values.put("after asset", asset, "uuid")
    return f"coalesce((SELECT z.id FROM public_assets AS z WHERE z.public_id = {given}), 0)"
