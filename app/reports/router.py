"""`/analyses/{analysis}.html`: an answer as one file with a map, to be handed on."""

from fastapi import APIRouter, Request, Response

from app.analysis.router import AnalysisId, DeskDep
from app.reports.service import write_report

router = APIRouter(tags=["analyses"])


@router.get("/analyses/{analysis}.html", response_class=Response)
async def download_report(request: Request, analysis: AnalysisId, desk: DeskDep) -> Response:
    """The answer as one HTML file: it opens from disk, without a network, and prints.

    It holds the finding, a map, the areas that fall short most, and how it was worked out.
    """
    made = await write_report(desk, request.app.state.settings, analysis)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Cache-Control": "no-cache",
    }
    return Response(made.body, media_type=made.media_type, headers=headers)
