"""Hexagonal cells of the H3 grid, for places whose areas are such cells."""

import h3
import shapely

HALF_TURN = 180.0
"""Degrees; no cell is as wide."""


def normalise_cell(cell: str) -> str:
    """Return the id of an H3 cell in its usual spelling, lower case.

    Raises:
        ValueError: `cell` is not the id of one; the message is the sentence.
    """
    if not h3.is_valid_cell(cell):
        raise ValueError(f"{cell!r} is not the id of an H3 cell")
    return str(h3.int_to_str(h3.str_to_int(cell)))


def outline_cell(cell: str) -> shapely.Polygon:
    """Return the outline of an H3 cell in longitude and latitude.

    Raises:
        ValueError: `cell` is not the id of one, or lies across the date line; the message is the
            sentence.
    """
    corners = [(lon, lat) for lat, lon in h3.cell_to_boundary(normalise_cell(cell))]
    longitudes = [lon for lon, _ in corners]
    if max(longitudes) - min(longitudes) > HALF_TURN:
        raise ValueError(f"{cell!r} lies across the date line, where outlines cannot be drawn yet")
    return shapely.Polygon(corners)


def find_parent_cell(cell: str, resolution: int) -> str:
    """Return the id of the cell of `resolution` that holds `cell`.

    Raises:
        ValueError: `cell` is not the id of one, or is larger than that resolution.
    """
    cell = normalise_cell(cell)
    if h3.get_resolution(cell) < resolution:
        raise ValueError(
            f"{cell!r} is of resolution {h3.get_resolution(cell)}, larger than cells of "
            f"resolution {resolution}"
        )
    return str(h3.cell_to_parent(cell, resolution))
