"""Names on small maps: whole, and not beneath a sign."""

import math

import pytest

from app.pages.outline_map import Bounds, Drawing, Label, Room
from app.pages.signs import find_sign
from app.pages.spot_map import Mark, SpotMap, _frame

BOUNDS = Bounds(0, 0, 1, 1)
SIGN = find_sign(None)


def draw(*labels: Label, at: tuple[int, int] | None = None) -> SpotMap:
    """Return a map of 10,000 by 7,500 units, with a sign at a point or none."""
    drawing = Drawing(10_000, 7_500, BOUNDS, (), (), (), labels)
    marks = () if at is None else (Mark(*at, 0.5, 0.5, SIGN),)
    return SpotMap(drawing, marks, (), "Ashby")


def name(x: int, y: int, room: Room = Room.EVERYWHERE) -> Label:
    """Return a name in one line."""
    return Label(("Ashby",), x, y, 0.5, 0.5, room=room)


def test_a_name_beneath_a_sign_stands_below_it() -> None:
    (label,) = draw(name(5_000, 3_750), at=(5_000, 3_750)).labels
    assert label.x == 5_000
    # The sign reaches 15 of its units of 27 from its point, the letters half of 1.2 x 340.
    assert label.y == 3_750 + 15 * 27 + 204


def test_a_name_away_from_the_sign_stays_where_it_is() -> None:
    (label,) = draw(name(2_000, 1_000), at=(5_000, 3_750)).labels
    assert (label.x, label.y) == (2_000, 1_000)


def test_a_name_that_the_edge_would_cut_is_left_out() -> None:
    assert draw(name(5_000, 100), name(9_900, 3_000), at=(5_000, 3_750)).labels == []


def test_a_name_that_the_frame_of_the_page_cuts_off_is_left_out() -> None:
    square = Drawing(7_500, 7_500, BOUNDS, (), (), (), (name(3_000, 700), name(3_000, 1_400)))
    marks = (Mark(3_750, 3_750, 0.5, 0.5, SIGN),)
    assert [label.y for label in SpotMap(square, marks, (), "Ashby").labels] == [1_400]


@pytest.mark.parametrize("points", [[(0.0, 53.0)], [(0.0, 53.0), (0.0, 53.05)],
                                    [(0.0, 53.0), (0.1, 53.0)]])  # fmt: skip
def test_points_are_framed_as_the_page_does(points: list[tuple[float, float]]) -> None:
    west, south, east, north = _frame(points)
    broad = (east - west) * math.cos(math.radians((south + north) / 2))
    assert (north - south) / broad == pytest.approx(0.75, rel=1e-6)
    for lon, lat in points:
        assert west + 0.015 < lon < east - 0.015
        assert south + 0.01 < lat < north - 0.01


def test_a_name_without_room_is_left_out() -> None:
    assert draw(name(5_000, 3_000, Room.WIDE)).labels == []
