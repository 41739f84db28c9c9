"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

# A lock is waited for at most 5 seconds and a statement runs at most 10 minutes (env.py).
# On a large table: add columns without a default rewrite, create indexes CONCURRENTLY in a
# revision of their own, and validate constraints after adding them NOT VALID.


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undo the above."""
    ${downgrades if downgrades else "pass"}
