"""`/analyses`: where provision falls short of need."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from app.accounts.dependencies import needs
from app.accounts.permissions import Permission
from app.analysis import keeping, running
from app.analysis.downloads import Form, write_download
from app.analysis.keeping import Answer, Desk
from app.analysis.kept_schemas import AnalysisRunRead, AnalysisState
from app.analysis.memory import Memory
from app.analysis.schemas import AnalysisAsked, AnalysisRead
from app.core.database import SessionDep, SessionsDep
from app.core.parameters import PlainText
from app.core.public_reads import PublicReadsDep

router = APIRouter(tags=["analyses"])

JSON = "application/json"


async def get_memory(request: Request) -> Memory:
    """Return what this application keeps between questions."""
    memory: Memory = request.app.state.analysis_memory
    return memory


MemoryDep = Annotated[Memory, Depends(get_memory)]


async def get_desk(
    request: Request, reads: PublicReadsDep, sessions: SessionsDep, memory: MemoryDep
) -> Desk:
    """Return where questions are answered."""
    return Desk(reads, sessions, memory, running.read_limits(request.app.state.settings))


DeskDep = Annotated[Desk, Depends(get_desk)]

AnalysisId = Annotated[PlainText, Path(description="`id` of an answer")]


@router.post(
    "/analyses",
    response_class=Response,
    responses={200: {"model": AnalysisRead}, 202: {"model": AnalysisRunRead}},
)
async def create_analysis(asked: AnalysisAsked, desk: DeskDep) -> Response:
    """Work out who is reached by a category, where it falls short of need, and for how many.

    The answer says everything that is needed to work it out again. The same question of the same
    data has the same answer, byte by byte; it is kept, and its address is in `Location`. A large
    question is worked out in the background: 202 says where to look.
    """
    made = await running.ask(desk, asked)
    if isinstance(made, AnalysisRunRead):
        headers = {"Location": made.look_at, "Retry-After": "1"}
        return Response(made.model_dump_json(), 202, headers, JSON)
    headers = {"Location": f"/api/v1/analyses/{made.id}"}
    return Response(made.body, 200, headers, JSON)


@router.get("/analyses/runs/{run}")
async def get_run(run: UUID, session: SessionDep) -> AnalysisRunRead:
    """How far a large question is; ask again every second or two."""
    return await running.read_run(session, run)


@router.delete("/analyses/runs/{run}")
async def cancel_run(run: UUID, session: SessionDep) -> AnalysisRunRead:
    """Let a large question go; where others asked it too, it goes on for them."""
    return await running.cancel_run(session, run)


@router.get("/analyses/{analysis}.csv", response_class=Response)
async def get_csv(analysis: AnalysisId, desk: DeskDep) -> Response:
    """An answer as a table; lines that begin with # say where all of it is from."""
    return await _download(desk, analysis, "csv")


@router.get("/analyses/{analysis}.geojson", response_class=Response)
async def get_geojson(analysis: AnalysisId, desk: DeskDep) -> Response:
    """An answer with the outlines of its areas; `about` says where all of it is from."""
    return await _download(desk, analysis, "geojson")


@router.get("/analyses/{analysis}.gpkg", response_class=Response)
async def get_geopackage(analysis: AnalysisId, desk: DeskDep) -> Response:
    """An answer with the outlines of its areas; the layer `about` says where it is from."""
    return await _download(desk, analysis, "gpkg")


@router.get("/analyses/{analysis}/state")
async def get_state(analysis: AnalysisId, desk: DeskDep) -> AnalysisState:
    """Whether an answer that is kept still is what the data give, and how to ask anew."""
    return await keeping.read_state(desk, analysis)


@router.put("/analyses/{analysis}/pin", status_code=204, dependencies=[needs(Permission.ANALYSE)])
async def pin_analysis(analysis: AnalysisId, session: SessionDep) -> None:
    """Let an answer stay when others make room."""
    await keeping.pin(session, analysis, is_pinned=True)


@router.delete(
    "/analyses/{analysis}/pin", status_code=204, dependencies=[needs(Permission.ANALYSE)]
)
async def unpin_analysis(analysis: AnalysisId, session: SessionDep) -> None:
    """Let an answer make room for others again."""
    await keeping.pin(session, analysis, is_pinned=False)


@router.get(
    "/analyses/{analysis}", response_class=Response, responses={200: {"model": AnalysisRead}}
)
async def get_analysis(analysis: AnalysisId, desk: DeskDep) -> Response:
    """An answer as it was given, byte by byte. `/state` says whether the data have changed."""
    found: Answer = await keeping.read_answer(desk, analysis)
    return Response(found.body, media_type=JSON, headers={"Cache-Control": "no-cache"})


async def _download(desk: Desk, analysis: str, form: Form) -> Response:
    made = await write_download(desk, analysis, form)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Cache-Control": "no-cache",
    }
    return Response(made.body, media_type=made.media_type, headers=headers)
