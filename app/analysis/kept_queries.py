"""Every statement about answers that are kept and runs that are under way."""

from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.analysis.models import AnalysisRun, KeptAnalysis
from app.core.jobs.progress import JobProgress

STILL_TOLD = """
SELECT count(*) FILTER (WHERE s.public_id = ANY($1::uuid[]) AND s.level = 'public')
       + count(*) FILTER (WHERE s.public_id = ANY($2::uuid[])) AS told
FROM public_sites AS s JOIN public_assets AS a ON a.id = s.asset_id
WHERE a.level <> 'hidden' AND s.public_id = ANY($1::uuid[] || $2::uuid[])
"""
"""How many of the sites are told to strangers at least as openly as they were.

Read with the right of strangers.
"""

_OVERFLOWING = text("""
WITH forgotten AS (
    DELETE FROM analysis_runs WHERE begun_at < now() - make_interval(days => :most_days))
DELETE FROM kept_analyses AS k USING (
    SELECT id, sum(size_bytes) OVER (ORDER BY is_pinned DESC, kept_at DESC, id) AS together
    FROM kept_analyses) AS s
WHERE s.id = k.id AND NOT k.is_pinned
    AND (s.together > :most_bytes OR k.kept_at < now() - make_interval(days => :most_days))
""")


async def fetch_kept(session: AsyncSession, analysis_id: str) -> KeptAnalysis | None:
    """Return an answer that is kept."""
    return await session.get(KeptAnalysis, analysis_id)


async def insert_kept(session: AsyncSession, kept: KeptAnalysis) -> None:
    """Keep an answer; one that is kept already stays as it is."""
    columns = KeptAnalysis.__table__.columns.keys()
    values = {name: value for name in columns if (value := getattr(kept, name)) is not None}
    # As parameters: in `values` each of thousands of sites would be looked at one by one.
    statement = insert(KeptAnalysis).on_conflict_do_nothing(index_elements=["id"])
    await session.execute(statement, values)


async def delete_kept(session: AsyncSession, analysis_id: str) -> None:
    """Forget an answer."""
    await session.execute(delete(KeptAnalysis).where(KeptAnalysis.id == analysis_id))


async def delete_overflowing(session: AsyncSession, most_bytes: int, most_days: int) -> None:
    """Forget answers that are too old, and the oldest of too many; pinned ones stay."""
    await session.execute(_OVERFLOWING, {"most_bytes": most_bytes, "most_days": most_days})


async def update_pin(session: AsyncSession, analysis_id: str, *, is_pinned: bool) -> bool:
    """Pin or unpin an answer; return whether there is one."""
    statement = (
        update(KeptAnalysis)
        .where(KeptAnalysis.id == analysis_id)
        .values(is_pinned=is_pinned)
        .returning(KeptAnalysis.id)
    )
    return (await session.execute(statement)).one_or_none() is not None


async def lock_question(session: AsyncSession, question: str) -> None:
    """Let nobody else begin a run of the same question until the transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('analysis ' || :question, 0))"),
        {"question": question},
    )


async def fetch_shared_run(session: AsyncSession, question: str, state: str) -> AnalysisRun | None:
    """Return a run of the question in this state of everything that is under way or answered."""
    query = (
        select(AnalysisRun)
        .join(JobProgress, JobProgress.job_id == AnalysisRun.job_id)
        .where(
            AnalysisRun.question == question,
            AnalysisRun.state == state,
            AnalysisRun.is_cancelled.is_(False),
            JobProgress.state != "failed",
        )
        .order_by(AnalysisRun.begun_at.desc(), AnalysisRun.id)
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def count_open_jobs(session: AsyncSession) -> int:
    """Return how many jobs of analyses wait or run."""
    query = select(func.count(func.distinct(AnalysisRun.job_id))).where(
        AnalysisRun.analysis_id.is_(None),
        AnalysisRun.is_cancelled.is_(False),
        AnalysisRun.job_id.in_(
            select(JobProgress.job_id).where(JobProgress.state.in_(("waiting", "running")))
        ),
    )
    return await session.scalar(query) or 0


async def fetch_run(session: AsyncSession, run_id: UUID) -> tuple[AnalysisRun, JobProgress] | None:
    """Return a run with how far its job is."""
    query = (
        select(AnalysisRun, JobProgress)
        .join(JobProgress, JobProgress.job_id == AnalysisRun.job_id)
        .where(AnalysisRun.id == run_id)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def update_cancelled(session: AsyncSession, run_id: UUID) -> None:
    """Let one asking go."""
    await session.execute(
        update(AnalysisRun).where(AnalysisRun.id == run_id).values(is_cancelled=True)
    )


async def is_wanted(session: AsyncSession, job_id: int) -> bool:
    """Return whether anybody still waits for the job."""
    query = select(func.bool_or(~AnalysisRun.is_cancelled)).where(AnalysisRun.job_id == job_id)
    return bool(await session.scalar(query))


async def update_answered(session: AsyncSession, job_id: int, analysis_id: str) -> None:
    """Note what a job came to."""
    await session.execute(
        update(AnalysisRun).where(AnalysisRun.job_id == job_id).values(analysis_id=analysis_id)
    )
