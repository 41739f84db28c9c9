"""`/api/v1/jobs`."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.jobs.progress import JobState, fetch_progress
from app.core.parameters import RowId

router = APIRouter(tags=["service"])


class JobRead(BaseModel):
    """How far a job is."""

    model_config = ConfigDict(from_attributes=True)

    job_id: int
    task: str = Field(description="what kind of work it is, such as packs.load")
    state: JobState
    attempt: int = Field(description="2 or more once it was interrupted and taken up again")
    step: str
    done: int
    total: int | None = Field(description="null while nobody knows")
    message: str = Field(description="a sentence: what is going on, or why it failed")
    deferred_at: datetime
    started_at: datetime | None
    updated_at: datetime
    finished_at: datetime | None


@router.get("/jobs/{job_id}")
async def get_job(session: SessionDep, job_id: RowId) -> JobRead:
    """How far a job is, as last reported; ask again every second or two."""
    found = await fetch_progress(session, job_id)
    # Whether mail goes out would tell a stranger who has an account.
    if found is None or found.task.startswith("mail."):
        raise NotFoundError(f"There is no job {job_id}.")
    return JobRead.model_validate(found)
