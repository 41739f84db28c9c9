"""Whether the process lives, and whether it can answer visitors."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.schema import is_migrated

log = structlog.get_logger(__name__)


class Check(BaseModel):
    """One thing the service needs, and a sentence on how it stands."""

    name: str
    is_ready: bool
    detail: str


class Health(BaseModel):
    """The process answers."""

    status: str = "alive"


class Readiness(BaseModel):
    """Everything the service needs before it can answer visitors."""

    status: str
    checks: list[Check]


RunCheck = Callable[[AsyncSession], Awaitable[Check]]

router = APIRouter(tags=["service"])


@router.get("/healthz")
async def get_health() -> Health:
    """The process is alive. Says nothing of the database."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness}})
async def get_readiness(request: Request, response: Response) -> Readiness:
    """Database, migrations, pack and data version; 503 until all are in place."""
    checks = await run_checks(request.app.state.database, request.app.state.readiness_checks)
    is_ready = all(check.is_ready for check in checks)
    if not is_ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Cache-Control"] = "no-store"
    return Readiness(status="ready" if is_ready else "not ready", checks=checks)


async def run_checks(database: Database, further: list[RunCheck]) -> list[Check]:
    """Return how the database and its schema stand, then the answers of `further` checks.

    Later checks rest on earlier ones, so the list ends at the first that is not ready.
    """
    checks: list[Check] = []
    try:
        async with database.sessions() as session:
            for run in [_check_database, _check_migrations, *further]:
                checks.append(await run(session))
                if not checks[-1].is_ready:
                    break
    except (OSError, SQLAlchemyError) as error:
        log.warning("not_ready", error=type(error).__name__)
        detail = "The database cannot be reached."
        checks.append(Check(name="database", is_ready=False, detail=detail))
    return checks


async def _check_database(session: AsyncSession) -> Check:
    await session.connection()
    return Check(name="database", is_ready=True, detail="The database answers.")


async def _check_migrations(session: AsyncSession) -> Check:
    if await is_migrated(session):
        return Check(name="migrations", is_ready=True, detail="The schema is current.")
    detail = "The schema is not current. Run: hereabouts db migrate"
    return Check(name="migrations", is_ready=False, detail=detail)
