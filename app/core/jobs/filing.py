"""How a worker files an attempt that ended, when the database or another worker was quicker."""

from datetime import datetime

import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

log = structlog.get_logger(__name__)


class JobFiling(JobManager):
    """Files attempts like the library's own, but never lets a failure to do so escape.

    The library has nobody to hear it: the error would surface when the garbage collector finds
    it. An attempt that was not filed still counts as running, holds no lock, and is therefore
    given back by the next search for abandoned jobs.
    """

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001 - the library's signature
        """Set a job to its final state, if the database can be reached."""
        try:
            await super().finish_job(job, status, delete_job)
        except ConnectorException as error:
            _log_unfiled(job, error)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Give a job back, unless it was already and a later attempt may be running."""
        try:
            for current in await self.list_jobs_async(id=job.id):
                if current.attempts == job.attempts:
                    await super().retry_job(job, retry_at, priority, queue, lock)
        except ConnectorException as error:
            _log_unfiled(job, error)


def _log_unfiled(job: Job, error: ConnectorException) -> None:
    reason = type(error.__cause__ or error).__name__
    log.warning("job.unfiled", job_id=job.id, task=job.task_name, reason=reason)
