"""What a pack's files come to: rows that may be worked on, and then loaded."""

from typing import NamedTuple

import shapely

POPULATION_WEIGHTED = "population weighted"


class NewAreaType(NamedTuple):
    """A kind of area to be loaded."""

    code: str
    name: str
    plural: str
    position: int
    is_publishing: bool


class NewArea(NamedTuple):
    """An area to be loaded; `boundary` is a valid multipolygon in the pack's projected system."""

    code: str
    name: str
    in_study_area: bool
    boundary: shapely.MultiPolygon
    repair: str | None


class Centroid(NamedTuple):
    """The middle of where an area's people live, in longitude and latitude, and how it was had."""

    point: shapely.Point
    method: str = POPULATION_WEIGHTED


class NewLookup(NamedTuple):
    """A lookup row to be loaded; kind is 'within', 'best fit' or 'change'.

    `method` says in words how a row was worked out; None for one as published.
    """

    from_type: str
    from_year: int
    from_code: str
    to_type: str
    to_year: int
    to_code: str
    kind: str
    weight: float
    change_code: str | None
    method: str | None = None


class NewPopulation(NamedTuple):
    """People of an age band to be loaded."""

    area_type: str
    boundary_year: int
    code: str
    age_from: int
    age_to: int | None
    people: int


class NewPostcode(NamedTuple):
    """A postcode to be loaded; `location` is a point in longitude and latitude."""

    postcode: str
    display: str
    location: shapely.Point


class NewBackdrop(NamedTuple):
    """Scenery to be loaded; `shape` is a multipolygon in longitude and latitude."""

    kind: str
    name: str
    shape: shapely.MultiPolygon
