"""What is drawn and named from how far away."""

from dataclasses import replace

from app.tiles.layers import AreaLayer

COUNTRY = AreaLayer(
    set_id=1, area_type="board", boundary_year=2024, name="Board", plural="Boards", count=1,
    first_zoom=3, named_zoom=6, drawn_zooms=(14,), bbox=(-3.0, 53.0, -2.0, 54.0),
)  # fmt: skip
DISTRICTS = replace(
    COUNTRY, set_id=2, area_type="district", count=9, first_zoom=6, named_zoom=9, larger=(COUNTRY,)
)
BLOCKS = replace(
    COUNTRY, set_id=3, area_type="block", count=1601, first_zoom=9, named_zoom=14,
    larger=(DISTRICTS, COUNTRY),
)  # fmt: skip


def test_names_are_of_the_smallest_areas_with_room_for_them() -> None:
    assert BLOCKS.choose_named(14) is BLOCKS
    assert BLOCKS.choose_named(13) is DISTRICTS
    assert DISTRICTS.choose_named(9) is DISTRICTS


def test_the_one_area_around_everything_is_not_named_over_those_in_it() -> None:
    assert DISTRICTS.choose_named(8) is None
    two = replace(DISTRICTS, larger=(replace(COUNTRY, count=2),))
    assert two.choose_named(8) is two.larger[0]


def test_a_layer_of_one_area_is_named_itself() -> None:
    assert COUNTRY.choose_named(6) is COUNTRY
    assert COUNTRY.choose_named(5) is None


def test_larger_areas_are_drawn_from_afar() -> None:
    assert [(first, last, layer.area_type) for first, last, layer in BLOCKS.list_shown()] == [
        (0, 5, "board"), (6, 8, "district"), (9, 14, "block"),
    ]  # fmt: skip
