"""Loading a whole place's areas: fill, check, swap."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.areas import frame_queries, staging
from app.areas.drawing import DRAWN_TO_ZOOM, Zooms, choose_zooms, draw
from app.areas.frames import AgeBand, AreaFrame, Belonging, Ground, PlaceFrames, SetKey
from app.areas.rows import (
    POPULATION_WEIGHTED,
    Centroid,
    NewArea,
    NewAreaType,
    NewBackdrop,
    NewLookup,
    NewPopulation,
    NewPostcode,
)
from app.areas.service import TOPIC
from app.areas.staging import DuplicateRowsError
from app.core.versions import Box, raise_version
from app.geo.crs import fit_web_mercator, reproject, web_mercator, wgs84
from app.geo.geometry import simplify_coverage

__all__ = [
    "POPULATION_WEIGHTED",
    "AreaLoad",
    "Centroid",
    "DuplicateRowsError",
    "Ground",
    "NewArea",
    "NewAreaType",
    "NewBackdrop",
    "NewLookup",
    "NewPopulation",
    "NewPostcode",
    "open_area_load",
]

OUTLINE_STEPS = 2000
"""Outlines keep details down to this part of the place's width: under a pixel on any screen."""

HECTARE_M2 = 10_000
POINT_ON_SURFACE = "point on surface"


class AreaLoad:
    """One load of areas, on one connection, invisible to everybody until `swap`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_area_types(self, kinds: Iterable[NewAreaType]) -> None:
        """Stage the kinds of area."""
        await staging.copy_rows(self._connection, "staged_area_types", kinds)

    async def add_areas(
        self,
        area_type: str,
        boundary_year: int,
        source: str,
        areas: list[NewArea],
        crs: CRS,
        centroids: Mapping[str, Centroid],
    ) -> None:
        """Stage all areas of one boundary set.

        Args:
            area_type: Their kind.
            boundary_year: The year of their outlines.
            source: Key of the source in the pack's manifest.
            areas: The areas; boundaries in `crs`.
            crs: The pack's projected system, in metres.
            centroids: Centroids in longitude and latitude, by code; an area without one gets a
                point inside its boundary, and says so.
        """
        boundaries = np.array([area.boundary for area in areas], dtype=object)
        places = reproject(boundaries, crs, wgs84())
        outlines = shapely.to_wkb(reproject(_thin(boundaries), crs, wgs84()))
        inside = reproject(shapely.point_on_surface(boundaries), crs, wgs84())
        hectares = shapely.area(boundaries) / HECTARE_M2

        def write(index: int, area: NewArea) -> tuple[object, ...]:
            centroid = centroids.get(area.code) or Centroid(inside[index], POINT_ON_SURFACE)
            return (
                area_type, boundary_year, area.code, area.name, area.in_study_area,
                float(hectares[index]), shapely.to_wkb(places[index]), outlines[index],
                area.repair, shapely.to_wkb(centroid.point), centroid.method,
                shapely.to_wkb(inside[index]),
            )  # fmt: skip

        rows = [write(index, area) for index, area in enumerate(areas)]
        await staging.copy_rows(self._connection, "staged_areas", rows)
        shown = [index for index, area in enumerate(areas) if area.in_study_area]
        codes = [areas[index].code for index in shown]
        shapes = reproject(fit_web_mercator(places[shown]), wgs84(), web_mercator())
        zooms = await self._add_shapes((area_type, boundary_year), codes, shapes)
        sets = [(area_type, boundary_year, source, *zooms)]
        await staging.copy_rows(self._connection, "staged_boundary_sets", sets)

    async def _add_shapes(
        self, key: tuple[str, int], codes: list[str], boundaries: NDArray[np.object_]
    ) -> Zooms:
        """Stage how the areas are drawn, and return the zooms at which they are."""
        if not codes:
            return Zooms(0, DRAWN_TO_ZOOM)
        zooms = choose_zooms(boundaries)
        drawings = iter(draw(boundaries, zooms.first))
        while (drawing := await asyncio.to_thread(next, drawings, None)) is not None:
            rows = (
                (*key, code, drawing.to_zoom, shape)
                for code, shape in zip(codes, shapely.to_wkb(drawing.shapes), strict=True)
            )
            await staging.copy_rows(self._connection, "staged_shapes", rows)
        return zooms

    async def add_lookups(self, lookups: Iterable[NewLookup]) -> None:
        """Stage rows of a lookup file."""
        await staging.copy_rows(self._connection, "staged_lookups", lookups)

    async def add_populations(self, populations: Iterable[NewPopulation]) -> None:
        """Stage people by age band."""
        await staging.copy_rows(self._connection, "staged_populations", populations)

    async def add_postcodes(self, postcodes: Iterable[NewPostcode]) -> None:
        """Stage postcodes."""
        rows = ((row.postcode, row.display, shapely.to_wkb(row.location)) for row in postcodes)
        await staging.copy_rows(self._connection, "staged_postcodes", rows)

    async def add_backdrops(self, backdrops: Iterable[NewBackdrop]) -> None:
        """Stage what is drawn beneath the areas."""
        rows = ((row.kind, row.name, shapely.to_wkb(row.shape)) for row in backdrops)
        await staging.copy_rows(self._connection, "staged_backdrops", rows)

    async def check(self) -> dict[str, list[str]]:
        """Finish staging and return what does not add up, by the name of the check."""
        await staging.finish_staging(self._connection)
        return await staging.fetch_findings(self._connection)

    async def describe(self) -> PlaceFrames:
        """Return what is staged as arrays, people of larger areas included; after `check`.

        Lookup rows that lead out of the place are left out.
        """
        areas = await frame_queries.fetch_frame_areas(self._connection)
        sets = {
            SetKey(row["area_type"], row["boundary_year"]): AreaFrame(
                codes=tuple(row["codes"]), study_count=row["study_count"]
            )
            for row in areas
        }
        belongings = {
            (SetKey(row["from_type"], row["from_year"]), SetKey(row["to_type"], row["to_year"])):
            Belonging(
                from_index=np.array(row["from_index"], dtype=np.int64),
                to_index=np.array(row["to_index"], dtype=np.int64),
                weight=np.array(row["weight"], dtype=np.float64),
            )
            for row in await frame_queries.fetch_frame_belongings(self._connection)
        }  # fmt: skip
        bands: dict[SetKey, list[AgeBand]] = {}
        for row in await frame_queries.fetch_frame_bands(self._connection):
            key = SetKey(row["area_type"], row["boundary_year"])
            people = np.full(len(sets[key].codes), np.nan)
            people[row["index"]] = row["people"]
            bands.setdefault(key, []).append(AgeBand(row["age_from"], row["age_to"], people))
        return PlaceFrames(sets=sets, belongings=belongings, bands=bands)

    async def describe_ground(self) -> Ground:
        """Return where the place is and what postcodes are there; after `check`."""
        areas = await frame_queries.fetch_ground_areas(self._connection)
        postcodes = await frame_queries.fetch_ground_postcodes(self._connection)
        points = shapely.from_wkb([row["location"] for row in postcodes])
        return Ground(
            boundaries=np.array(shapely.from_wkb([row["boundary"] for row in areas]), dtype=object),
            in_study_area=np.array([row["in_study_area"] for row in areas], dtype=np.bool_),
            postcodes=[row["postcode"] for row in postcodes],
            lon_lat=np.asarray(shapely.get_coordinates(points)).reshape(-1, 2),
        )

    async def swap(self, session: AsyncSession, box: Box | None) -> None:
        """Make what was staged the areas of the service, in the transaction of `session`.

        Args:
            session: Must be bound to this load's connection.
            box: What the change touches, for whoever keeps tiles of it.
        """
        await staging.swap_staged(self._connection)
        await raise_version(session, TOPIC, box)


@asynccontextmanager
async def open_area_load(connection: AsyncConnection) -> AsyncIterator[AreaLoad]:
    """Open a load on `connection`; whatever was not swapped is gone when the block ends."""
    await staging.create_staging(connection)
    try:
        yield AreaLoad(connection)
    finally:
        try:
            await connection.rollback()
            await staging.drop_staging(connection)
        except BaseException:
            # Never back into the pool with somebody else's temporary tables.
            await connection.invalidate()
            raise


def _thin(boundaries: NDArray[np.object_]) -> NDArray[np.object_]:
    west, south, east, north = shapely.total_bounds(boundaries)
    return simplify_coverage(boundaries, max(east - west, north - south) / OUTLINE_STEPS)
