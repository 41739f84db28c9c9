"""Answers of analyses that are kept, and large ones that are being worked out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_12_01_0026"
down_revision = "2026_12_01_0025"
branch_labels = None
depends_on = None

NAME = sa.Text(collation="C")
DOCUMENT = postgresql.JSONB(astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; the role of strangers gets no right to either."""
    op.create_table(
        "kept_analyses",
        sa.Column("id", NAME, nullable=False),
        sa.Column("hash", NAME, nullable=False, comment="of question and data"),
        sa.Column("asked", DOCUMENT, nullable=False, comment="the question as it was put"),
        sa.Column("method_version", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="of everything public when it was answered"
        ),
        sa.Column("answer", sa.LargeBinary(), nullable=False, comment="JSON, compressed by zlib"),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column(
            "sites",
            postgresql.ARRAY(sa.Uuid()),
            nullable=False,
            comment="that took part at their own points",
        ),
        sa.Column(
            "area_sites",
            postgresql.ARRAY(sa.Uuid()),
            nullable=False,
            comment="that took part at their areas' points",
        ),
        sa.Column("is_pinned", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("kept_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_analyses")),
    )
    op.create_index(op.f("ix_kept_analyses_kept_at"), "kept_analyses", ["kept_at"])
    op.create_table(
        "analysis_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question", NAME, nullable=False, comment="hash of what is asked"),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="of everything public when it was asked"
        ),
        sa.Column("asked", DOCUMENT, nullable=False, comment="the question as it was put"),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("analysis_id", NAME, nullable=True, comment="once answered"),
        sa.Column("begun_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_runs")),
    )
    op.create_index("ix_analysis_runs_question", "analysis_runs", ["question", "state"])
    for column in ("job_id", "begun_at"):
        op.create_index(op.f(f"ix_analysis_runs_{column}"), "analysis_runs", [column])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("analysis_runs")
    op.drop_table("kept_analyses")
