"""What lies in the margin round the place is there for analyses, and in no list, count or tile.

Points, words and views tell it apart, so that what is asked of them often asks for nothing more.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_0023"
down_revision = "2026_11_30_0022"
branch_labels = None
depends_on = None

MARGIN = """
CREATE FUNCTION touches_areas(place geometry, inside boolean) RETURNS boolean STABLE LANGUAGE sql
AS $$
    SELECT EXISTS (SELECT FROM (
        SELECT p.part FROM area_parts AS p JOIN areas AS a ON a.id = p.area_id
        WHERE p.part && place AND a.in_study_area = inside OFFSET 0) AS near
        WHERE ST_Intersects(near.part, place)) $$;

CREATE FUNCTION lies_in_margin(place geometry) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT place IS NOT NULL AND touches_areas(place, false) AND NOT touches_areas(place, true) $$;

CREATE FUNCTION refresh_margin(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE asset_sites AS s SET public_in_margin = n.in_margin
    FROM (SELECT id, lies_in_margin(public_location) AS in_margin
          FROM asset_sites WHERE asset_id = ANY(ids)) AS n
    WHERE n.id = s.id AND n.in_margin <> s.public_in_margin;

    UPDATE assets AS a SET public_listed = n.listed
    FROM (SELECT a.id, coalesce(bool_or(s.role = 'delivery' AND NOT s.public_in_margin)
                                OR NOT bool_or(s.public_in_margin), true) AS listed
          FROM assets AS a
          LEFT JOIN asset_sites AS s ON s.asset_id = a.id AND s.public_level <> 'hidden'
          WHERE a.id = ANY(ids) GROUP BY a.id) AS n
    WHERE n.id = a.id AND n.listed <> a.public_listed;
END $$;
"""
"""A point in no area at all, on a pier perhaps, is not in the margin: it lies in none of its areas.

Only a site that strangers may see makes an asset listed, or the list would tell of a hidden one.
Boxes are compared first, and nearly all points are near areas of one side only.
"""

MARK = """
SELECT set_config('hereabouts.refreshing', 'on', true);

UPDATE asset_sites AS s SET public_in_margin = true
WHERE s.public_location IS NOT NULL
    AND NOT EXISTS (SELECT FROM site_areas AS x WHERE x.site_id = s.id)
    AND lies_in_margin(s.public_location);

SELECT refresh_margin(array_agg(DISTINCT asset_id)) FROM asset_sites WHERE public_in_margin;

DELETE FROM site_points AS p USING asset_sites AS s
WHERE s.id = p.site_id AND s.public_in_margin;

DELETE FROM asset_words AS w USING assets AS a WHERE a.id = w.asset_id AND NOT a.public_listed;

SELECT set_config('hereabouts.refreshing', 'off', true);

SELECT raise_version('assets', NULL) WHERE EXISTS (SELECT FROM asset_sites WHERE public_in_margin);
"""
"""Only what lies in the margin is touched: nothing is worked out anew of all other assets.

What strangers have kept of lists is told to be old, since lists are shorter now.
"""

UNMARK = """
SELECT refresh_finding(array_agg(DISTINCT asset_id)) FROM asset_sites WHERE public_in_margin;

SELECT raise_version('assets', NULL) WHERE EXISTS (SELECT FROM asset_sites WHERE public_in_margin);
"""

GRANTS = "GRANT SELECT ON public_assets, public_sites TO hereabouts_public"


def read_earlier(migration: str, name: str) -> str:
    """Return SQL that an earlier migration holds under a name."""
    found = next(Path(__file__).parent.glob(f"*_{migration}_*.py"))
    text: str = runpy.run_path(str(found))[name]
    return text


def change(text: str, *changes: tuple[str, str]) -> str:
    """Return SQL with parts of it put otherwise.

    Raises:
        RuntimeError: A part is not there once.
    """
    for before, after in changes:
        if text.count(before) != 1:
            raise RuntimeError(f"not there once: {before}")
        text = text.replace(before, after)
    return text


def let_replace(text: str) -> str:
    """Return SQL that makes functions and views whether they are there or not."""
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
        "CREATE VIEW", "CREATE OR REPLACE VIEW"
    )


def read_functions() -> tuple[str, str, str]:
    """Return what makes `hash_public_asset`, `refresh_public` and `refresh_finding` as before."""
    hashes = read_earlier("0015", "HASHES").partition("CREATE FUNCTION hash_public_asset")
    working_off = read_earlier("0015", "WORKING_OFF").partition("CREATE FUNCTION note_public_due")
    found = next(Path(__file__).parent.glob("*_0018_*.py"))
    finding = runpy.run_path(str(found))["write_refresh_finding"]()
    return hashes[1] + hashes[2], working_off[0], finding


def read_views() -> tuple[str, str]:
    """Return what makes the views `public_assets` and `public_sites` as before."""
    statements = read_earlier("0014", "ASSETS").split(";")
    assets, sites = (
        next(each for each in statements if f"VIEW {view} AS" in each)
        for view in ("public_assets", "public_sites")
    )
    return assets, sites


def write_functions() -> tuple[str, str, str]:
    """Return the same functions, minding the margin; hashes of what is not in it stay the same."""
    hashes, working_off, finding = read_functions()
    return (
        change(
            hashes,
            (
                "'{id,organisation_id,changed_at,hash}'::text[])::text",
                """'{id,organisation_id,changed_at,hash}'::text[]
                - CASE WHEN v.is_listed THEN 'is_listed' ELSE '' END)::text""",
            ),
            (
                "'{id,asset_id,schedule_id,position}'::text[]\n",
                """'{id,asset_id,schedule_id,position}'::text[]
                - CASE WHEN v.in_margin THEN '' ELSE 'in_margin' END
""",
            ),
        ),
        change(
            working_off,
            (
                "PERFORM refresh_locations(asset_ids);",
                "PERFORM refresh_locations(asset_ids);\n        PERFORM refresh_margin(asset_ids);",
            ),
        ),
        change(
            finding,
            (
                "AND s.public_location IS NOT NULL;",
                "AND s.public_location IS NOT NULL\n        AND NOT s.public_in_margin;",
            ),
            (
                "WHERE a.id = ANY(ids) AND a.status = 'published'\n",
                "WHERE a.id = ANY(ids) AND a.status = 'published' AND a.public_listed\n",
            ),
        ),
    )


def write_views() -> tuple[str, str]:
    """Return the same views with what tells the margin apart, behind all other columns."""
    assets, sites = read_views()
    return (
        change(assets, ("AS hash\n", "AS hash,\n       a.public_listed AS is_listed\n")),
        change(sites, ("s.valid_to\n", "s.valid_to, s.public_in_margin AS in_margin\n")),
    )


def upgrade() -> None:
    """Add the columns, let functions and views mind them, and take out what is in the margin."""
    op.add_column(
        "asset_sites",
        sa.Column(
            "public_in_margin",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="lies round the place: for analyses, in no list",
        ),
    )
    op.add_column(
        "assets",
        sa.Column(
            "public_listed",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="false: all that strangers may see of it lies in the margin",
        ),
    )
    op.execute("SET LOCAL check_function_bodies = off")
    for view in write_views():
        op.execute(let_replace(view))
    op.execute(MARGIN)
    for function in write_functions():
        op.execute(let_replace(function))
    for statement in MARK.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    """Let functions and views be as before, and list what is in the margin again."""
    op.execute("SET LOCAL check_function_bodies = off")
    for function in read_functions():
        op.execute(let_replace(function))
    for statement in UNMARK.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute("DROP POLICY of_public_sites ON schedules")
    op.execute("DROP VIEW public_sites")
    op.execute("DROP VIEW public_assets")
    for view in read_views():
        op.execute(view)
    op.execute(GRANTS)
    op.execute(read_earlier("0014", "HOURS").partition(";\n")[2])
    for function in (
        "refresh_margin(bigint[])", "lies_in_margin(geometry)", "touches_areas(geometry, boolean)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.drop_column("assets", "public_listed")
    op.drop_column("asset_sites", "public_in_margin")
