"""What tiles show of assets: points with a number and a category, and counts by cell."""

import runpy
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_0018"
down_revision = "2026_11_29_0017"
branch_labels = None
depends_on = None

NUMBERS = """
CREATE FUNCTION map_number(public_id uuid) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT ('x' || right(replace(public_id::text, '-', ''), 13))::bit(52)::bigint $$;
"""
"""The last 52 bits of a random id: exact in a browser, and tells nothing of other rows."""

CELLS = """
CREATE FUNCTION cell_column(lon double precision) RETURNS integer IMMUTABLE PARALLEL SAFE
LANGUAGE sql AS $$ SELECT least(floor((lon + 180) / 360 * 8192)::integer, 8191) $$;

CREATE FUNCTION cell_row(lat double precision) RETURNS integer IMMUTABLE PARALLEL SAFE
LANGUAGE sql AS $$
    SELECT greatest(0, least(8191, floor(
        (1 - asinh(tan(radians(greatest(-85.0511287798066, least(85.0511287798066, lat)))))
         / pi()) / 2 * 8192)::integer)) $$;

CREATE FUNCTION count_in_cells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Always in the same order, so that two changes at once wait for one another and never both.
    INSERT INTO asset_cells AS c (zoom, x, y, category_id, points, sum_lon, sum_lat, sum_asset)
    SELECT zoom, x >> (11 - zoom), y >> (11 - zoom), category_id,
           sum(points), sum(sum_lon), sum(sum_lat), sum(sum_asset)
    FROM (SELECT category_id, cell_column(ST_X(location)) AS x, cell_row(ST_Y(location)) AS y,
                 sum(TG_ARGV[0]::integer)::integer AS points,
                 sum(TG_ARGV[0]::integer * round(ST_X(location) * 1e7)::bigint)::bigint AS sum_lon,
                 sum(TG_ARGV[0]::integer * round(ST_Y(location) * 1e7)::bigint)::bigint AS sum_lat,
                 sum(TG_ARGV[0]::integer * asset_id)::bigint AS sum_asset
          FROM changed WHERE NOT is_area AND valid_from IS NULL AND valid_to IS NULL
          GROUP BY 1, 2, 3) AS closest
    CROSS JOIN generate_series(0, 11) AS zoom
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (zoom, x, y, category_id) DO UPDATE SET
        points = c.points + excluded.points, sum_lon = c.sum_lon + excluded.sum_lon,
        sum_lat = c.sum_lat + excluded.sum_lat, sum_asset = c.sum_asset + excluded.sum_asset;
    IF TG_ARGV[0] = '-1' THEN
        DELETE FROM asset_cells WHERE points = 0;
        IF EXISTS (SELECT FROM asset_cells WHERE points < 0) THEN
            RAISE EXCEPTION 'cells of assets had fewer points than were taken away';
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_in_cells AFTER INSERT ON site_points REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION count_in_cells('1');
CREATE TRIGGER count_out_of_cells AFTER DELETE ON site_points REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION count_in_cells('-1');

CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are removed and added anew';
END $$;
CREATE TRIGGER refuse_update BEFORE UPDATE ON site_points
FOR EACH STATEMENT EXECUTE FUNCTION refuse_update();
"""
"""Cells of 64 pixels at zoom 11 (a side of the world is 8192 of them), and of farther zooms.

The sums are of whole numbers (degrees times ten million), so that what is taken away leaves
exactly what was there before. Where a cell has one point, the sum of assets is that asset.
Points that come or go by day are counted when a tile is asked for, not here.
"""

TAKE_POINTS = """
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
SELECT p.*, map_number(a.public_id) AS map_number,
       coalesce((SELECT c.category_id FROM asset_categories AS c
                 WHERE c.asset_id = a.id ORDER BY c.position LIMIT 1), 0) AS main_category_id
FROM site_points AS p JOIN assets AS a ON a.id = p.asset_id;
TRUNCATE site_points;
"""
PUT_POINTS = "INSERT INTO site_points SELECT * FROM moved"
"""Points that were there before are put back once cells count them.

Changed in place, they would leave the indexes twice as large and half as fast.
"""


def read_refresh_finding() -> str:
    """Return the function that writes `site_points`, as it was made by the migration 0013."""
    earlier = Path(__file__).with_name("2026_11_24_0013_public_refresh.py")
    text: str = runpy.run_path(str(earlier))["FINDING"]
    return text.partition("CREATE FUNCTION local_today")[0].replace(
        "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
    )


def write_refresh_finding() -> str:
    """Return it with the number and the main category of each point's asset."""
    text = read_refresh_finding()
    for before, after in (
        (
            "location, valid_from,\n                             valid_to)",
            "location, valid_from,\n        valid_to, map_number, main_category_id)",
        ),
        (
            "s.public_location, s.valid_from, s.valid_to\n    FROM asset_sites AS s\n",
            """s.public_location, s.valid_from, s.valid_to, map_number(a.public_id),
        coalesce((SELECT m.category_id FROM asset_categories AS m
                  WHERE m.asset_id = a.id ORDER BY m.position LIMIT 1), 0)
    FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id
""",
        ),
    ):
        if text.count(before) != 1:
            raise RuntimeError(f"refresh_finding does not have: {before}")
        text = text.replace(before, after)
    return text


def upgrade() -> None:
    """Add the columns, and the table of cells with what keeps it."""
    op.execute(NUMBERS)
    op.execute(TAKE_POINTS)
    number = sa.Column("map_number", sa.BigInteger(), nullable=False, comment=NUMBER)
    main = sa.Column("main_category_id", sa.Integer(), nullable=False, comment=MAIN)
    op.add_column("site_points", number)
    op.add_column("site_points", main)
    op.create_index(
        "ix_site_points_map_number",
        "site_points",
        ["map_number"],
        postgresql_where="category_id = 0",
    )
    op.create_index(
        "ix_site_points_dated",
        "site_points",
        ["category_id", "location"],
        postgresql_using="gist",
        postgresql_where="valid_from IS NOT NULL OR valid_to IS NOT NULL",
    )
    op.execute("SET LOCAL check_function_bodies = off")
    op.execute(write_refresh_finding())
    create_asset_cells()
    op.execute(CELLS)
    op.execute(PUT_POINTS)


NUMBER = "by which a map's browser asks for the asset"
MAIN = "of its asset; 0: none"


def create_asset_cells() -> None:
    """Create the table `asset_cells`."""
    op.create_table(
        "asset_cells",
        sa.Column("zoom", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("x", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("y", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("sum_lon", sa.BigInteger(), nullable=False, comment="1e-7 degrees"),
        sa.Column("sum_lat", sa.BigInteger(), nullable=False, comment="1e-7 degrees"),
        sa.Column(
            "sum_asset", sa.BigInteger(), nullable=False, comment="where there is one, that asset"
        ),
        sa.PrimaryKeyConstraint("zoom", "x", "y", "category_id", name=op.f("pk_asset_cells")),
    )
    op.create_index(
        "ix_asset_cells_empty", "asset_cells", ["points"], postgresql_where="points <= 0"
    )
    op.execute("GRANT SELECT ON asset_cells TO hereabouts_public")


def downgrade() -> None:
    """Drop them, and let points be written as before."""
    for trigger in ("refuse_update", "count_out_of_cells", "count_in_cells"):
        op.execute(f"DROP TRIGGER {trigger} ON site_points")
    for function in (
        "refuse_update()", "count_in_cells()", "cell_row(double precision)",
        "cell_column(double precision)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.execute("SET LOCAL check_function_bodies = off")
    op.execute(read_refresh_finding())
    op.drop_table("asset_cells")
    op.drop_index("ix_site_points_dated", "site_points")
    op.drop_index("ix_site_points_map_number", "site_points")
    op.drop_column("site_points", "main_category_id")
    op.drop_column("site_points", "map_number")
    op.execute("DROP FUNCTION map_number(uuid)")
