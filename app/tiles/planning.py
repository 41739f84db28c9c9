"""The layers of areas, read from the database's rows."""

from collections.abc import Sequence

from app.core.public_reads import Record
from app.tiles.layers import AreaLayer, AreaPlan

FORMAT = "2"
"""Stands in the versions of areas; raise it when the same areas make other tiles."""


def read_plan(rows: Sequence[Record]) -> AreaPlan:
    """Return the plan that the rows of `queries.PLAN` describe."""
    layers: dict[int, AreaLayer] = {}
    for row in reversed(rows):  # larger kinds first, so that smaller ones can name them
        larger = [layers[set_id] for set_id in row["larger"] if set_id in layers]
        layers[row["id"]] = AreaLayer(
            set_id=row["id"],
            area_type=row["area_type"],
            boundary_year=row["boundary_year"],
            name=row["name"],
            plural=row["plural"],
            count=row["count"],
            first_zoom=row["first_zoom"],
            named_zoom=row["named_zoom"],
            drawn_zooms=tuple(row["drawn_zooms"]),
            bbox=tuple(row["bbox"]),
            larger=tuple(sorted(larger, key=lambda each: -each.first_zoom)),
        )
    version = f"{rows[0]['version']}{FORMAT}" if rows else "0"
    return AreaPlan(version, {each.layer: each for each in reversed(layers.values())})
