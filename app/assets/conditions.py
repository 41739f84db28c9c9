"""What a search asks for, in numbers, and the conditions of SQL that say it."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from app.assets.search_schemas import LonLat, SearchBox
from app.geo import expressions as geo

EVERY_CATEGORY = 0
"""Under which `site_points` has every point once."""

_STEEPEST = 80.0  # degrees of latitude beyond which a flat map is of no use
_SPARE = 0.01  # of the radius: a sphere for an ellipsoid, and the flat map's own curvature


class Values:
    """The values of a statement; each has one number, however often the statement names it."""

    def __init__(self) -> None:
        self.listed: list[object] = []
        self._names: dict[str, str] = {}

    def put(self, name: str, value: object, kind: str) -> str:
        """Return SQL for a value of a PostgreSQL type, such as `$3::int4`.

        The type must be the column's own: another is compared without the index.
        """
        if name not in self._names:
            self.listed.append(value)
            self._names[name] = f"${len(self.listed)}::{kind}"
        return self._names[name]


class Statement(NamedTuple):
    """SQL and the values of its numbered places."""

    text: str
    values: list[object]


@dataclass(frozen=True)
class AskedArea:
    """An area that assets are asked for at.

    Attributes:
        area_id: Of the asked boundary year.
        related: Kinds and codes, side by side, of the area, what it lies in and what lies in it.
        own: The same of the area and what it lies in.
    """

    area_id: int
    related: tuple[list[str], list[str]]
    own: tuple[list[str], list[str]]


@dataclass(frozen=True)
class Wanted:
    """A search with everything looked up.

    Attributes:
        here: Where to measure from.
        radius_m: How far from there.
        box: Where points must lie.
        area: In or for which area.
        category_ids: Any of these, or of what is narrower.
        words: A query of text search, as PostgreSQL writes it.
        alike: Words that names must be like, in place of `words`.
        open_schedules: Ids of schedules that are open at the moment asked for.
        stated: Columns of `public_assets` and what they must hold.
        language: Tag of a language spoken there.
        age: An age it is for.
        organisation: Public id of who runs it.
        map_numbers: Numbers by which maps know them; any of these.
    """

    here: LonLat | None = None
    radius_m: float = 0.0
    box: SearchBox | None = None
    area: AskedArea | None = None
    category_ids: tuple[int, ...] = ()
    words: str | None = None
    alike: str | None = None
    open_schedules: list[int] | None = None
    stated: dict[str, str] = field(default_factory=dict)
    language: str | None = None
    age: int | None = None
    organisation: UUID | None = None
    map_numbers: tuple[int, ...] = ()

    @property
    def point_category(self) -> int:
        """The category whose rows of `site_points` are looked through."""
        return self.category_ids[0] if len(self.category_ids) == 1 else EVERY_CATEGORY

    @property
    def is_plain(self) -> bool:
        """Whether points need no more than their category and place."""
        return not (
            self.box
            or self.area
            or len(self.category_ids) > 1
            or self.words is not None
            or self.alike is not None
            or self.open_schedules is not None
            or self.asks_of_assets
        )

    @property
    def asks_of_assets(self) -> bool:
        """Whether anything is asked of the asset itself."""
        return bool(
            self.stated
            or self.language
            or self.organisation
            or self.age is not None
            or self.map_numbers
        )


def here_sql(wanted: Wanted, values: Values) -> str:
    """Return SQL for the point that is measured from."""
    assert wanted.here is not None  # noqa: S101 - only searches with a point come here
    return geo.here_sql(
        values.put("lon", wanted.here.lon, "float8"), values.put("lat", wanted.here.lat, "float8")
    )


def days_sql(alias: str) -> str:
    """Return SQL for a site that is there today, on the calendar of the place."""
    return (
        f"({alias}.valid_from IS NULL OR {alias}.valid_from <= (SELECT local_today()))"
        f" AND ({alias}.valid_to IS NULL OR {alias}.valid_to >= (SELECT local_today()))"
    )


def list_point_conditions(wanted: Wanted, values: Values, alias: str = "p") -> list[str]:
    """Return what rows of `site_points` must meet, all but distance and whose points they are."""
    category = values.put("category", wanted.point_category, "int4")
    conditions = [f"{alias}.category_id = {category}", days_sql(alias)]
    if wanted.box is not None:
        conditions.append(_box_sql(wanted.box, values, f"{alias}.location"))
    if len(wanted.category_ids) > 1:
        ids = values.put("categories", list(wanted.category_ids), "int4[]")
        conditions.append(
            f"EXISTS (SELECT FROM site_points AS k WHERE k.category_id = ANY({ids})"
            f" AND k.site_id = {alias}.site_id)"
        )
    return conditions + _list_site_filters(wanted, values, f"{alias}.site_id")


def list_asset_conditions(wanted: Wanted, values: Values, asset_id: str) -> list[str]:
    """Return what an asset must meet, for a statement that knows it by its id."""
    conditions = []
    if found := list_words_conditions(wanted, values):
        conditions.append(
            f"{asset_id} IN (SELECT w.asset_id FROM asset_words AS w WHERE {' AND '.join(found)})"
        )
    if wanted.asks_of_assets:
        asked = " AND ".join(list_own_conditions(wanted, values))
        conditions.append(f"{asset_id} IN (SELECT a.id FROM public_assets AS a WHERE {asked})")
    return conditions


def list_own_conditions(wanted: Wanted, values: Values) -> list[str]:
    """Return what a row `a` of `public_assets` must meet."""
    asked = [
        f"a.{column} = {values.put(column, value, 'text')}"
        for column, value in wanted.stated.items()
    ]
    if wanted.language:
        tag = values.put("language", wanted.language, "text")
        asked.append(
            f"EXISTS (SELECT FROM unnest(a.languages) AS spoken"
            f" WHERE spoken = {tag} OR starts_with(spoken, {tag} || '-'))"
        )
    if wanted.age is not None:
        age = values.put("age", wanted.age, "int2")
        asked.append(f"(a.min_age IS NULL OR a.min_age <= {age})")
        asked.append(f"(a.max_age IS NULL OR a.max_age >= {age})")
    if wanted.organisation is not None:
        asked.append(
            f"a.organisation_public_id = {values.put('organisation', wanted.organisation, 'uuid')}"
        )
    if wanted.map_numbers:
        numbers = values.put("map numbers", list(wanted.map_numbers), "int8[]")
        asked.append(
            f"a.id IN (SELECT n.asset_id FROM site_points AS n"
            f" WHERE n.category_id = {EVERY_CATEGORY} AND n.map_number = ANY({numbers})"
            f" AND NOT n.is_area)"
        )
    return asked


def list_category_conditions(wanted: Wanted, values: Values, asset_id: str) -> list[str]:
    """Return that an asset is in any of the categories, or of what is narrower."""
    if not wanted.category_ids:
        return []
    ids = values.put("categories", list(wanted.category_ids), "int4[]")
    within = (
        f"SELECT c.asset_id FROM public_asset_categories AS c"
        f" JOIN category_closure AS up ON up.narrower_id = c.category_id"
        f" WHERE up.broader_id = ANY({ids})"
    )
    return [f"{asset_id} IN ({within})"]


def list_site_conditions(wanted: Wanted, values: Values) -> list[str]:
    """Return what a row `s` of `public_sites` must meet, distance included."""
    conditions = ["NOT s.in_margin", days_sql("s"), *_list_site_filters(wanted, values, "s.id")]
    if wanted.here is not None:
        near = geo.within_sql(
            "p.location", here_sql(wanted, values), values.put("radius", wanted.radius_m, "float8")
        )
        conditions.append(_points_where(near))
    if wanted.box is not None:
        conditions.append(_points_where(_box_sql(wanted.box, values, "p.location")))
    return conditions


def nearby_sql(wanted: Wanted, values: Values) -> str:
    """Return SQL for whether a row `p` of `site_points` is within the radius; for counting many.

    Nearly all are told on a flat map; only those about as far away as the radius are measured.
    """
    assert wanted.here is not None  # noqa: S101 - only searches with a point come here
    lon, lat = wanted.here
    radius = values.put("radius", wanted.radius_m, "float8")
    exact = geo.within_sql("p.location", here_sql(wanted, values), radius)
    degrees = wanted.radius_m / geo.METRES_PER_DEGREE
    north = abs(lat) + degrees * (1 + _SPARE)
    across = degrees * (1 + _SPARE) / math.cos(math.radians(min(north, 89.0)))
    if north > _STEEPEST or abs(lon) + across > 180:  # noqa: PLR2004 - where longitudes end
        return exact
    spare = _SPARE + math.tan(math.radians(north)) * math.radians(degrees)
    reach = degrees * (1 + _SPARE)
    flat = geo.flat_distance_sql(
        "p.location",
        values.put("lon", lon, "float8"),
        values.put("lat", lat, "float8"),
        values.put("cosine", math.cos(math.radians(lat)), "float8"),
    )
    box = geo.in_box_sql(
        "p.location",
        (
            values.put("near west", lon - across, "float8"),
            values.put("near south", max(lat - reach, -90.0), "float8"),
            values.put("near east", lon + across, "float8"),
            values.put("near north", min(lat + reach, 90.0), "float8"),
        ),
    )
    inner = values.put("surely", (degrees * max(1 - spare, 0.0)) ** 2, "float8")
    outer = values.put("surely not", (degrees * (1 + spare)) ** 2, "float8")
    return (
        f"{box} AND CASE WHEN {flat} <= {inner} THEN true WHEN {flat} > {outer} THEN false"
        f" ELSE {exact} END"
    )


def _list_site_filters(wanted: Wanted, values: Values, site_id: str) -> list[str]:
    conditions = []
    if wanted.area is not None:
        conditions.append(f"{site_id} IN ({_area_sites_sql(wanted.area, values)})")
    if wanted.open_schedules is not None:
        ids = values.put("open", wanted.open_schedules, "int4[]")
        conditions.append(
            f"EXISTS (SELECT FROM public_sites AS h WHERE h.id = {site_id}"
            f" AND h.schedule_id = ANY({ids}))"
        )
    return conditions


def list_words_conditions(wanted: Wanted, values: Values) -> list[str]:
    """Return what a row `w` of `asset_words` must meet."""
    if wanted.alike is not None:
        return [f"{values.put('alike', wanted.alike, 'text')} <% w.name"]
    if wanted.words is not None:
        return [f"w.words @@ {values.put('words', wanted.words, 'text')}::tsquery"]
    return []


def _points_where(condition: str) -> str:
    return (
        f"s.id IN (SELECT p.site_id FROM site_points AS p"
        f" WHERE p.category_id = {EVERY_CATEGORY} AND {condition})"
    )


def _box_sql(box: SearchBox, values: Values, location: str) -> str:
    west, south, east, north = (
        values.put(f"box {side}", degrees, "float8")
        for side, degrees in zip(SearchBox._fields, box, strict=True)
    )
    if box.west <= box.east:
        return geo.in_box_sql(location, (west, south, east, north))
    before = geo.in_box_sql(location, (west, south, "180", north))
    after = geo.in_box_sql(location, ("-180", south, east, north))
    return f"({before} OR {after})"


def _area_sites_sql(area: AskedArea, values: Values) -> str:
    """Return SQL for the ids of sites in an area, and of those that serve its people."""
    types = values.put("area types", area.related[0], "text[]")
    codes = values.put("area codes", area.related[1], "text[]")
    area_id = values.put("area", area.area_id, "int8")
    return (
        f"SELECT x.site_id FROM site_areas AS x WHERE x.area_id = {area_id}"
        f" UNION ALL SELECT v.site_id FROM public_site_served_areas AS v"
        f" JOIN unnest({types}, {codes}) AS r (area_type, area_code)"
        f" ON r.area_type = v.area_type AND r.area_code = v.area_code"
    )
