"""How areas are drawn: which zooms, how many corners, and no gap between neighbours."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.areas.drawing import DRAWN_TO_ZOOM, Zooms, choose_zooms, draw
from app.geo.tile_grid import pixel_m


def make_grid(side: int, width_m: float, seed: int = 1) -> np.ndarray:
    """Return squares side by side whose common edges are wriggly."""
    chance = np.random.default_rng(seed)
    steps = 24

    def wriggle(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
        along = np.linspace(start, end, steps)
        off = chance.normal(0, width_m / 30, (steps, 2))
        off[0] = off[-1] = 0
        return [tuple(each) for each in along + off]

    corner = {(i, j): (i * width_m, j * width_m) for i in range(side + 1) for j in range(side + 1)}
    across = {
        (i, j): wriggle(corner[i, j], corner[i + 1, j])
        for i in range(side)
        for j in range(side + 1)
    }
    up = {
        (i, j): wriggle(corner[i, j], corner[i, j + 1])
        for i in range(side + 1)
        for j in range(side)
    }
    return np.array(
        [
            shapely.MultiPolygon([shapely.Polygon(
                across[i, j] + up[i + 1, j][1:] + across[i, j + 1][::-1][1:] + up[i, j][::-1][1:]
            )])
            for i in range(side) for j in range(side)
        ],
        dtype=object,
    )  # fmt: skip


def find_widest_fault(shapes: np.ndarray) -> float:
    """Return the width in metres of the widest gap or overlap between neighbours."""
    if shapely.coverage_is_valid(shapes):
        return 0.0
    whole = shapely.union_all(shapes)
    filled = shapely.union_all(
        [shapely.Polygon(part.exterior) for part in shapely.get_parts(whole)]
    )
    overlaps = [
        shapely.intersection(one, other)
        for index, one in enumerate(shapes)
        for other in shapes[index + 1 :]
    ]
    faults = [shapely.difference(filled, whole), *overlaps]
    widths = [2 * shapely.maximum_inscribed_circle(each).length for each in faults if each.area > 0]
    return max(widths, default=0.0)


def test_zooms_worked_by_hand() -> None:
    # A square of 1,100 m is 1.8 pixels wide at zoom 8 (611.5 m a pixel) and 0.9 at zoom 7; it is
    # 57.6 wide at zoom 13 and 115 at zoom 14.
    square = np.array([shapely.box(0, 0, 1100, 1100)], dtype=object)
    assert choose_zooms(square) == Zooms(first=8, named=14)
    huge = np.array([shapely.box(0, 0, 30_000_000, 30_000_000)], dtype=object)
    assert choose_zooms(huge) == Zooms(first=0, named=0)
    tiny = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    assert choose_zooms(tiny) == Zooms(first=DRAWN_TO_ZOOM, named=DRAWN_TO_ZOOM)


@given(st.floats(200, 50_000), st.integers(0, 1000))
def test_neighbours_keep_their_common_edges_at_every_zoom(width_m: float, seed: int) -> None:
    areas = make_grid(3, width_m, seed)
    if not (shapely.is_valid(areas).all() and shapely.coverage_is_valid(areas)):
        return  # edges that cross each other are no areas
    first = choose_zooms(areas).first
    drawings = list(draw(areas, first))
    assert drawings[0].to_zoom == DRAWN_TO_ZOOM
    assert [each.to_zoom for each in drawings] == sorted(
        (each.to_zoom for each in drawings), reverse=True
    )
    for drawing in drawings:
        assert len(drawing.shapes) == len(areas)
        assert find_widest_fault(drawing.shapes) <= pixel_m(drawing.to_zoom)
        assert not shapely.is_empty(drawing.shapes).any()
        moved = shapely.hausdorff_distance(
            shapely.boundary(shapely.union_all(areas)),
            shapely.boundary(shapely.union_all(drawing.shapes)),
        )
        assert moved <= 3 * pixel_m(drawing.to_zoom)


def test_farther_zooms_have_fewer_corners_or_none_of_their_own() -> None:
    drawings = list(draw(make_grid(6, 1100), 8))
    counts = [int(shapely.get_num_coordinates(each.shapes).sum()) for each in drawings]
    assert len(counts) > 2
    for more, fewer in pairwise(counts):
        assert fewer < 0.85 * more
    plain = np.array([shapely.MultiPolygon([shapely.box(0, 0, 5000, 5000)])], dtype=object)
    assert [each.to_zoom for each in draw(plain, 6)] == [DRAWN_TO_ZOOM]


@pytest.mark.parametrize("zoom", [8, 11, 14])
def test_every_zoom_has_a_drawing(zoom: int) -> None:
    kept = sorted(each.to_zoom for each in draw(make_grid(4, 1100), 8))
    assert next(each for each in kept if each >= zoom) >= zoom
