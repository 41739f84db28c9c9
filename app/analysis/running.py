"""Large questions are worked out in the background: joined, followed, cancelled."""

import hashlib
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.analysis import kept_queries as queries
from app.analysis.keeping import Answer, Desk, Limits, answer_question, read_answer
from app.analysis.kept_schemas import AnalysisRunRead, RunState
from app.analysis.memory import Memory
from app.analysis.models import AnalysisRun
from app.analysis.preparing import survey
from app.analysis.schemas import AnalysisAsked
from app.core.errors import ConflictError, NotFoundError, TooManyRequestsError
from app.core.jobs import JobProgress, RunningJob, defer
from app.core.settings import Settings

TASK = "analyses.work_out"

MOST_OPEN = 5
"""Large questions that may wait at a time; they are worked out one after the other."""

WAIT_S = 60

STEPS = (
    "Reading areas and people", "Reading sites", "Weighing how far people go", "Working it out",
    "Keeping the answer",
)  # fmt: skip

CANCELLED = "This analysis was cancelled."


def read_limits(settings: Settings) -> Limits:
    """Return what the operator allows."""
    return Limits(
        settings.analysis_keep_mb, settings.analysis_keep_days, settings.analysis_pairs_at_once
    )


async def ask(desk: Desk, asked: AnalysisAsked) -> Answer | AnalysisRunRead:
    """Return the answer to a question, or, of a large one, where it is being worked out.

    The same large question of the same data is worked out once however many ask it.

    Raises:
        NotFoundError: There is no such category, kind or year of areas, or indicator for them.
        BadRequestError: The parts of the question make no sense together.
        TooManyRequestsError: Too many large questions wait already.
        UnavailableError: The database is away.
    """
    found = await survey(desk.reads, desk.memory, asked)
    if found.areas * found.sites <= desk.limits.pairs_at_once:
        return await answer_question(desk, asked, found.state)
    question = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
    async with desk.sessions() as session:
        shared = await queries.fetch_shared_run(session, question, found.state)
    if shared is not None and shared.analysis_id is not None:
        try:
            return await read_answer(desk, shared.analysis_id)
        except NotFoundError:
            pass  # it has made room for others
    run_id = uuid4()
    async with desk.sessions.begin() as session:
        await queries.lock_question(session, question)
        job_id = await _find_job(session, asked, question, found.state)
        session.add(AnalysisRun(id=run_id, question=question, state=found.state, job_id=job_id,
                                asked=asked.model_dump(mode="json")))  # fmt: skip
    async with desk.sessions() as session:
        return await read_run(session, run_id)


async def read_run(session: AsyncSession, run_id: UUID) -> AnalysisRunRead:
    """Return how far a large question is.

    Raises:
        NotFoundError: There is none, or it is long past.
    """
    found = await queries.fetch_run(session, run_id)
    if found is None:
        raise NotFoundError(
            f"There is no analysis {run_id} under way. Ask the question again at /api/v1/analyses."
        )
    run, job = found
    state = _find_state(run, job)
    return AnalysisRunRead(
        run=run.id,
        state=state,
        step=job.step,
        done=job.done,
        total=job.total,
        message=CANCELLED if state == "cancelled" else job.message,
        look_at=f"/api/v1/analyses/runs/{run.id}",
        analysis=f"/api/v1/analyses/{run.analysis_id}" if state == "done" else None,
    )


async def cancel_run(session: AsyncSession, run_id: UUID) -> AnalysisRunRead:
    """Let a large question go. Where others asked it too, it goes on for them.

    Raises:
        NotFoundError: There is none.
        ConflictError: It has ended already.
    """
    now = await read_run(session, run_id)
    if now.state in {"done", "failed"}:
        raise ConflictError(f"This analysis is {now.state} already; there is nothing to cancel.")
    await queries.update_cancelled(session, run_id)
    return await read_run(session, run_id)


async def work_out_in_background(job: RunningJob, asked: dict[str, object]) -> None:
    """Work out a large question; done again from its start if it was interrupted."""
    sessions = job.database.sessions
    # Nothing is kept between jobs: a country's weights would stay for an evening.
    desk = Desk(job.database.public, sessions, Memory(0), read_limits(job.settings))

    async def report(step: str) -> None:
        async with sessions() as session:
            if not await queries.is_wanted(session, job.id):
                raise ConflictError(CANCELLED)
        await job.report_progress(step, STEPS.index(step), len(STEPS))

    question = AnalysisAsked.model_validate(asked)
    found = await survey(desk.reads, desk.memory, question)
    answer = await answer_question(desk, question, found.state, report)
    async with sessions.begin() as session:
        await queries.update_answered(session, job.id, answer.id)
    await job.report_progress("Done", len(STEPS), len(STEPS))


async def _find_job(session: AsyncSession, asked: AnalysisAsked, question: str, state: str) -> int:
    shared = await queries.fetch_shared_run(session, question, state)
    if shared is not None and shared.analysis_id is None:
        return shared.job_id
    if await queries.count_open_jobs(session) >= MOST_OPEN:
        raise TooManyRequestsError(
            f"{MOST_OPEN} large analyses wait already, and they are worked out one after the "
            "other. Ask again in a minute, or ask for larger areas or a narrower category.",
            WAIT_S,
        )
    return await defer(session, TASK, lock=TASK, asked=asked.model_dump(mode="json"))


def _find_state(run: AnalysisRun, job: JobProgress) -> RunState:
    if run.is_cancelled:
        return "cancelled"
    if run.analysis_id is not None:
        return "done"
    return job.state
