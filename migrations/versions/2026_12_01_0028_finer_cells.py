"""Cells of assets to zoom 13, so that a crowded tile near by is read and not counted."""

import runpy
from pathlib import Path

from alembic import op

revision = "2026_12_01_0028"
down_revision = "2026_12_01_0027"
branch_labels = None
depends_on = None

FINER = (("8192", "65536"), ("8191", "65535"), ("11 - zoom", "14 - zoom"), ("(0, 11)", "(0, 13)"))
"""Columns and rows are those of zoom 14; the same places fall into the same cells as before."""

ADD_CELLS = """
INSERT INTO asset_cells (zoom, x, y, category_id, points, sum_lon, sum_lat, sum_asset)
SELECT zoom, x >> (14 - zoom), y >> (14 - zoom), category_id,
       sum(points), sum(sum_lon), sum(sum_lat), sum(sum_asset)
FROM (SELECT category_id, cell_column(ST_X(location)) AS x, cell_row(ST_Y(location)) AS y,
             count(*)::integer AS points,
             sum(round(ST_X(location) * 1e7)::bigint)::bigint AS sum_lon,
             sum(round(ST_Y(location) * 1e7)::bigint)::bigint AS sum_lat,
             sum(asset_id)::bigint AS sum_asset
      FROM site_points WHERE NOT is_area AND valid_from IS NULL AND valid_to IS NULL
      GROUP BY 1, 2, 3) AS closest
CROSS JOIN generate_series(12, 13) AS zoom
GROUP BY 1, 2, 3, 4;
"""


def read_functions() -> str:
    """Return what makes the functions of cells, as they were made by the migration 0018."""
    earlier = Path(__file__).with_name("2026_11_29_0018_asset_cells.py")
    text: str = runpy.run_path(str(earlier))["CELLS"]
    return text.partition("CREATE TRIGGER")[0].replace(
        "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
    )


def write_functions() -> str:
    """Return them for cells of two more zooms."""
    text = read_functions()
    for before, after in FINER:
        if before not in text:
            raise RuntimeError(f"the functions of cells do not have: {before}")
        text = text.replace(before, after)
    return text


def upgrade() -> None:
    """Count in finer cells, and add those of what is there."""
    op.execute(write_functions())
    op.execute(ADD_CELLS)


def downgrade() -> None:
    """Remove the finer cells."""
    op.execute("DELETE FROM asset_cells WHERE zoom > 11")
    op.execute(read_functions())
