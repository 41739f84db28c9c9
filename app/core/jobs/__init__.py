"""Long work: a queue in PostgreSQL, the worker that empties it, and how far each job is."""

from app.core.jobs.progress import JobProgress, JobState, fetch_progress
from app.core.jobs.queue import (
    LaterError,
    RunningJob,
    Task,
    create_queue,
    defer,
    register_tasks,
)
from app.core.jobs.schema import drop_schema, install_schema, upgrade_schema
from app.core.jobs.worker import WorkerTimes, rescue_jobs, run_worker, run_worker_process

__all__ = [
    "JobProgress",
    "JobState",
    "LaterError",
    "RunningJob",
    "Task",
    "WorkerTimes",
    "create_queue",
    "defer",
    "drop_schema",
    "fetch_progress",
    "install_schema",
    "register_tasks",
    "rescue_jobs",
    "run_worker",
    "run_worker_process",
    "upgrade_schema",
]
