"""What every domain stands on: versions of topics, the queue, and the progress of jobs."""

import sqlalchemy as sa
from alembic import op

from app.core.jobs import drop_schema, install_schema

revision = "2026_11_23_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of core."""
    op.create_table(
        "versions",
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column(
            "raised_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.CheckConstraint("octet_length(topic) <= 200", name=op.f("ck_versions_topic_short")),
    )
    op.create_table(
        "job_progress",
        sa.Column("job_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("state", sa.Text, server_default="waiting", nullable=False),
        sa.Column("attempt", sa.Integer, server_default="0", nullable=False),
        sa.Column("step", sa.Text, server_default="", nullable=False),
        sa.Column("done", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger),
        sa.Column("message", sa.Text, server_default="", nullable=False),
        sa.Column(
            "deferred_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')",
            name=op.f("ck_job_progress_state_known"),
        ),
    )
    install_schema(op.get_bind())


def downgrade() -> None:
    """Drop them, with every job that waits."""
    drop_schema(op.get_bind())
    op.drop_table("job_progress")
    op.drop_table("versions")
