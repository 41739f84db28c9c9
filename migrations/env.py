"""How Alembic meets the database: one transaction, with timeouts, and dated revision names."""

from collections.abc import Iterable
from datetime import UTC, datetime

import geoalchemy2.alembic_helpers as spatial
from alembic import context
from alembic.operations import MigrationScript
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import app.accounts.models
import app.analysis.models
import app.areas.models
import app.assets.models
import app.core.jobs
import app.core.mail
import app.core.versions
import app.drafts.models
import app.indicators.models
import app.moderation.models
import app.organisations.models
import app.packs.models
import app.records.models
import app.taxonomy.models
import app.tiles.models  # noqa: F401 - these fill the metadata
from app.core.database import Base
from app.core.schema import is_ours

LOCK_TIMEOUT = "5s"  # give up rather than queue in front of the service's own queries
STATEMENT_TIMEOUT = "10min"


def date_revision(
    _context: object, _revision: object, directives: Iterable[MigrationScript]
) -> None:
    """Name a new revision by its day and its number on that day: 2026_11_23_0001."""
    today = datetime.now(UTC).strftime("%Y_%m_%d")
    known = ScriptDirectory.from_config(context.config).walk_revisions()
    earlier = sum(script.revision.startswith(today) for script in known)
    for directive in directives:
        directive.rev_id = f"{today}_{earlier + 1:04d}"


def run(connection: Connection) -> None:
    """Run the migrations that Alembic was asked for on `connection`, in its transaction."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=is_ours,
        process_revision_directives=date_revision,
        render_item=spatial.render_item,
        transaction_per_migration=False,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
