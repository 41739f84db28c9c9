"""`/api/v1/pack`."""

from fastapi import APIRouter

from app.core.database import SessionDep
from app.packs import service
from app.packs.schemas import PackRead

router = APIRouter(tags=["service"])


@router.get("/pack")
async def get_pack(session: SessionDep) -> PackRead:
    """The place that this service is about, with the sources of its data."""
    return await service.get_current_pack(session)
