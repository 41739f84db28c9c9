"""The still drawing: right place, right shape, no name over another."""

from typing import Any

from app.pages.outline_map import (
    DRAWING_WIDTH,
    NARROW_LABEL,
    WIDE_LABEL,
    Bounds,
    Label,
    Room,
    _choose_labels,
    _measure,
    draw_outlines,
    split_name,
)

NO_BACKDROP: dict[str, Any] = {"features": []}


def square(code: str, west: float, south: float, size: float, people: int | None) -> dict[str, Any]:
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    return {
        "properties": {"code": code, "name": f"Name {code}", "people": people},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }


def test_a_square_on_the_equator_is_drawn_square() -> None:
    drawing = draw_outlines({"features": [square("A", 10, -0.05, 0.1, 5)]}, NO_BACKDROP)
    assert drawing is not None
    assert (drawing.width, drawing.height) == (DRAWING_WIDTH, 10_000)
    assert drawing.shapes[0].path == "M0 10000l10000 0l0 -10000l-10000 0z"
    label = drawing.labels[0]
    assert (round(label.x, -2), round(label.y, -2)) == (5000, 5000)
    assert abs(label.lon - 10.05) < 0.001


def test_what_a_drawing_covers_can_be_said() -> None:
    areas = {"features": [square("A", 10, -0.05, 0.1, 5)]}
    drawing = draw_outlines(areas, NO_BACKDROP, bounds=Bounds(9.95, -0.1, 10.15, 0.1))
    assert drawing is not None
    assert drawing.height == DRAWING_WIDTH
    assert drawing.shapes[0].path == "M2500 7500l5000 0l0 -5000l-5000 0z"


def test_a_square_further_north_is_drawn_taller_as_the_moving_map_has_it() -> None:
    drawing = draw_outlines({"features": [square("A", 0, 60, 0.1, 5)]}, NO_BACKDROP)
    assert drawing is not None
    # Web Mercator stretches by 1 / cos(latitude), which is 2 at 60 degrees and grows.
    assert 20_000 < drawing.height < 20_100


def test_a_hole_is_a_ring_of_its_own() -> None:
    area = square("A", 0, -0.05, 0.1, 5)
    hole = [[0.04, -0.01], [0.06, -0.01], [0.06, 0.01], [0.04, 0.01], [0.04, -0.01]]
    area["geometry"]["coordinates"][0].append(hole)
    drawing = draw_outlines({"features": [area]}, NO_BACKDROP)
    assert drawing is not None
    assert drawing.shapes[0].path.count("M") == drawing.shapes[0].path.count("z") == 2


def test_water_lies_beneath_and_reaches_beyond_the_drawing() -> None:
    sea = {"properties": {"kind": "water"}, "geometry": square("", 9.9, -0.05, 0.1, 0)["geometry"]}
    areas = {"features": [square("A", 10, -0.05, 0.1, 5)]}
    drawing = draw_outlines(areas, {"features": [sea]})
    assert drawing is not None
    assert drawing.bounds.west == 10
    assert [scenery.kind for scenery in drawing.backdrop] == ["water"]
    assert drawing.backdrop[0].path.startswith("M-10000 10000l10000 0")


def test_nothing_to_draw_is_no_drawing() -> None:
    assert draw_outlines({"features": []}, NO_BACKDROP) is None


def test_areas_with_most_people_are_named_first() -> None:
    areas = [square("A", 0, 0, 0.1, 5), square("B", 0.1, 0, 0.1, 9), square("C", 0.2, 0, 0.1, None)]
    drawing = draw_outlines({"features": areas}, NO_BACKDROP)
    assert drawing is not None
    assert [label.lines for label in drawing.labels] == [("Name B",), ("Name A",), ("Name C",)]


def test_long_names_are_set_in_two_lines_of_like_length() -> None:
    assert split_name("Marlpit") == ("Marlpit",)
    assert split_name("Kettlewell Park") == ("Kettlewell", "Park")
    assert split_name("Market Ashwold and the Staithe") == ("Market Ashwold", "and the Staithe")
    assert split_name("Llanfairpwllgwyngyll") == ("Llanfairpwllgwyngyll",)


def test_names_never_lie_over_each_other() -> None:
    labels = [Label((f"Name {n}",), 300 + n * 97 % 9400, n * 613 % 9000, 0, 0) for n in range(60)]
    chosen = _choose_labels(labels)
    assert len(chosen) == 60
    for size, rooms in (
        (WIDE_LABEL, {Room.WIDE, Room.EVERYWHERE}),
        (NARROW_LABEL, {Room.EVERYWHERE}),
    ):
        shown = [label for label in chosen if label.room in rooms]
        assert shown
        for number, one in enumerate(shown):
            half_width, half_height = _measure(one, size)
            assert one.x - half_width >= 0
            assert one.x + half_width <= DRAWING_WIDTH
            for other in shown[:number]:
                apart_x = abs(one.x - other.x) >= half_width + _measure(other, size)[0]
                apart_y = abs(one.y - other.y) >= half_height + _measure(other, size)[1]
                assert apart_x or apart_y


def test_larger_areas_are_named_first_and_only_they_without_scripts() -> None:
    districts = [square(code, west, 0, 0.1, 5) for code, west in (("A", 0), ("B", 0.1))]
    region = square("R", 0, 0, 0.2, 10)
    drawing = draw_outlines({"features": districts}, NO_BACKDROP, {"features": [region]})
    assert drawing is not None
    assert [shape.code for shape in drawing.edges] == ["R"]
    assert [label.is_larger for label in drawing.labels] == [True, False, False]
    assert [label.room for label in drawing.labels[1:]] == [Room.NOWHERE, Room.NOWHERE]
    assert drawing.labels[0].room is not Room.NOWHERE
