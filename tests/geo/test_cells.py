"""H3 cells: outlines in longitude and latitude, larger cells, and ids that are none."""

import pytest

from app.geo.cells import find_parent_cell, normalise_cell, outline_cell

CELL = "89a8100c603ffff"
"""A cell of resolution 9 in São Paulo, about 0.1 square kilometres."""


def test_a_cell_is_a_hexagon_where_its_id_says() -> None:
    outline = outline_cell(CELL.upper())
    assert len(outline.exterior.coords) == 7
    middle = outline.centroid
    assert (middle.x, middle.y) == pytest.approx((-46.608, -23.571), abs=0.001)


def test_a_larger_cell_holds_it() -> None:
    parent = find_parent_cell(CELL, 7)
    assert parent == "87a8100c6ffffff"
    assert outline_cell(parent).contains(outline_cell(CELL).centroid)


@pytest.mark.parametrize("text", ["", "E01000001", "89a8100c603fff", "ffffffffffffffff"])
def test_what_is_no_cell_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is not the id of an H3 cell"):
        normalise_cell(text)


def test_a_cell_has_no_parent_smaller_than_itself() -> None:
    with pytest.raises(ValueError, match="is of resolution 9, larger than cells of resolution 10"):
        find_parent_cell(CELL, 10)


def test_spellings_of_one_cell_are_one() -> None:
    assert normalise_cell(f"0x{CELL.upper()}") == normalise_cell(CELL) == CELL


def test_a_cell_across_the_date_line_is_told() -> None:
    """Its corners lie on both sides, so that a plain outline would go round the world."""
    with pytest.raises(ValueError, match="lies across the date line"):
        outline_cell("869b436d7ffffff")
