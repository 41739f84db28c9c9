"""`/api/v1/pack`."""

from fastapi import APIRouter

from app.core.database import SessionDep
from app.packs import service, status
from app.packs.schemas import LoadRead, PackRead

router = APIRouter(tags=["service"])


@router.get("/pack")
async def get_pack(session: SessionDep) -> PackRead:
    """The place that this service is about, with the sources of its data."""
    return await service.get_current_pack(session)


@router.get("/pack/load")
async def get_pack_load(session: SessionDep) -> LoadRead:
    """How far the load that runs is, or how the last one ended; ask again every second or two."""
    return await status.get_load(session)
