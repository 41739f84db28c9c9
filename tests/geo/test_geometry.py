"""Mending and thinning outlines, and moving them between coordinate systems."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from app.geo.crs import UnknownCrsError, parse_crs, parse_projected_crs, reproject, wgs84
from app.geo.geometry import keep_valid, repair_boundary, simplify_coverage

BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

coordinates = st.tuples(
    st.floats(-1000, 1000, allow_nan=False), st.floats(-1000, 1000, allow_nan=False)
)


def test_a_sound_polygon_comes_back_as_it_is() -> None:
    mended = repair_boundary(box(0, 0, 4, 3))
    assert mended.repair is None
    assert mended.boundary.equals(box(0, 0, 4, 3))


def test_a_bow_tie_becomes_two_triangles_and_says_why() -> None:
    mended = repair_boundary(BOW_TIE)
    assert mended.repair is not None
    assert mended.repair.startswith("Self-intersection")
    assert mended.boundary.is_valid
    assert mended.boundary.area == pytest.approx(50)


def test_heights_are_dropped() -> None:
    assert not repair_boundary(Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)])).boundary.has_z


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (None, "has no boundary"),
        (Polygon(), "has no boundary"),
        (Point(1, 2), "is a point, not an area"),
        (LineString([(0, 0), (1, 1)]), "is a linestring, not an area"),
    ],
)
def test_what_holds_no_area_is_said_to(shape: BaseGeometry | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        repair_boundary(shape)


@given(st.lists(coordinates, min_size=3, max_size=12))
@example([(0, 1), (0, 0), (1, 0), (0, -1), (0, 0), (1, 0)])
def test_whatever_is_mended_is_valid(corners: list[tuple[float, float]]) -> None:
    try:
        mended = repair_boundary(Polygon(corners))
    except ValueError:
        return
    assert mended.boundary.is_valid
    assert isinstance(mended.boundary, MultiPolygon)
    assert mended.boundary.area > 0


def test_thinned_neighbours_still_meet() -> None:
    """Two fields with a wavy hedge between them: fewer corners, no gap, no overlap."""
    hedge = [(100 + 3 * np.sin(y / 7), y) for y in np.linspace(0, 200, 400)]
    west = Polygon([(0, 0), *hedge, (0, 200)])
    east = Polygon([(200, 0), (200, 200), *reversed(hedge)])
    thinned = simplify_coverage(np.array([west, east], dtype=object), 5.0)
    assert shapely.get_num_coordinates(thinned).sum() < 60
    assert shapely.union_all(thinned).area == pytest.approx(200 * 200, rel=1e-9)
    assert shapely.area(thinned).sum() == pytest.approx(200 * 200, rel=1e-9)


def test_reprojecting_keeps_longitude_first() -> None:
    """The Ordnance Survey's own example point: Caister Water Tower, E 651409.903 N 313177.270."""
    moved = reproject(
        np.array([Point(651409.903, 313177.270)], dtype=object), parse_crs("EPSG:27700"), wgs84()
    )
    assert moved[0].x == pytest.approx(1.716, abs=0.002)
    assert moved[0].y == pytest.approx(52.658, abs=0.002)


def test_coordinates_of_another_system_than_stated_are_noticed() -> None:
    nonsense = np.array([Point(1e9, 1e9)], dtype=object)
    with pytest.raises(UnknownCrsError, match="really is in"):
        reproject(nonsense, parse_crs("EPSG:27700"), wgs84())


@pytest.mark.parametrize("name", ["EPSG:4326", "EPSG:2263"])
def test_distances_are_never_taken_in_degrees_or_feet(name: str) -> None:
    with pytest.raises(UnknownCrsError, match="does not measure in metres"):
        parse_projected_crs(name)


def test_an_outline_that_crossed_itself_on_the_way_is_mended() -> None:
    bow = shapely.MultiPolygon([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])])
    mended = keep_valid(bow)
    assert mended.is_valid
    assert mended.area == pytest.approx(2)
    square = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
    assert keep_valid(square) is square
