"""Recurrences in the documents of assets."""

from alembic import op

revision = "2026_11_29_0017"
down_revision = "2026_11_24_0015"
branch_labels = None
depends_on = None

SITES = """
UPDATE revisions SET document = jsonb_set(document, '{{sites}}', (
    SELECT jsonb_agg({site} ORDER BY n)
    FROM jsonb_array_elements(document -> 'sites') WITH ORDINALITY AS s(site, n)))
WHERE subject = 'asset' AND jsonb_array_length(document -> 'sites') > 0
"""


def upgrade() -> None:
    """Say in every kept document that its sites have no recurrences, so that none seems to change.

    What a source said last (`record_sources.imported`) is filled up when it is compared.
    """
    op.execute(SITES.format(site="""'{"recurrences": []}' || site"""))


def downgrade() -> None:
    """Take the field out, which older versions refuse."""
    op.execute(SITES.format(site="site - 'recurrences'"))
    op.execute("""
        UPDATE record_sources SET imported = jsonb_set(imported, '{sites}', (
            SELECT jsonb_agg(site - 'recurrences' ORDER BY n)
            FROM jsonb_array_elements(imported -> 'sites') WITH ORDINALITY AS s(site, n)))
        WHERE subject = 'asset' AND jsonb_array_length(imported -> 'sites') > 0
    """)
