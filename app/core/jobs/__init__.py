"""Long work: a queue in PostgreSQL, the worker that empties it, and how far each job is."""

from app.core.jobs.progress import JobProgress, JobState
from app.core.jobs.schema import drop_schema, install_schema, upgrade_schema

__all__ = ["JobProgress", "JobState", "drop_schema", "install_schema", "upgrade_schema"]
