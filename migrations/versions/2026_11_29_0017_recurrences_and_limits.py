"""Recurrences in the documents of assets; one table for everything that is counted to limit it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_0017"
down_revision = "2026_11_29_0016"
branch_labels = None
depends_on = None

SITES = """
UPDATE revisions SET document = jsonb_set(document, '{{sites}}', (
    SELECT jsonb_agg({site} ORDER BY n)
    FROM jsonb_array_elements(document -> 'sites') WITH ORDINALITY AS s(site, n)))
WHERE subject = 'asset' AND jsonb_array_length(document -> 'sites') > 0
"""


def upgrade() -> None:
    """Fill up the documents, and count links that were asked for where everything is counted."""
    say_no_recurrences()
    create_limited_acts()
    op.execute("""
        INSERT INTO limited_acts (who, at)
        SELECT who, asked_at FROM sign_in_requests, unnest(ARRAY[email_hash, client_hash]) AS who
        WHERE who IS NOT NULL
    """)
    for columns in ("email_hash_asked_at", "client_hash_asked_at"):
        op.drop_index(f"ix_sign_in_requests_{columns}", "sign_in_requests")
    for column in ("email_hash", "client_hash"):
        op.drop_column("sign_in_requests", column)


def say_no_recurrences() -> None:
    """Say in every kept document that its sites have no recurrences, so that none seems to change.

    What a source said last (`record_sources.imported`) is filled up when it is compared.
    """
    op.execute(SITES.format(site="""'{"recurrences": []}' || site"""))


def create_limited_acts() -> None:
    """Create the table `limited_acts`."""
    op.create_table(
        "limited_acts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False, comment="HMAC-SHA-256 of what and who"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limited_acts")),
    )
    op.create_index(op.f("ix_limited_acts_who_at"), "limited_acts", ["who", "at"])
    op.create_index(op.f("ix_limited_acts_at"), "limited_acts", ["at"])


def downgrade() -> None:
    """Take the field out, which older versions refuse, and begin to count links anew."""
    op.drop_table("limited_acts")
    for kind in ("email", "client"):
        column = f"{kind}_hash"
        hashed = sa.Column(column, sa.LargeBinary(), nullable=True, comment="null: not limited")
        op.add_column("sign_in_requests", hashed)
        name = op.f(f"ix_sign_in_requests_{column}_asked_at")
        op.create_index(name, "sign_in_requests", [column, "asked_at"])
    op.execute(SITES.format(site="site - 'recurrences'"))
    op.execute("""
        UPDATE record_sources SET imported = jsonb_set(imported, '{sites}', (
            SELECT jsonb_agg(site - 'recurrences' ORDER BY n)
            FROM jsonb_array_elements(imported -> 'sites') WITH ORDINALITY AS s(site, n)))
        WHERE subject = 'asset' AND jsonb_array_length(imported -> 'sites') > 0
    """)
