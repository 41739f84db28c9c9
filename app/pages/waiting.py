"""What a visitor is told before any place is loaded: that one is being loaded, and how far."""

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import UnavailableError
from app.packs import service as packs
from app.packs import status
from app.packs.schemas import LoadRead, PackRead


async def require_pack(request: Request, session: AsyncSession) -> PackRead:
    """Return the pack that a page is about.

    Raises:
        UnavailableError: None is loaded. The page that says so will tell how far the load is.
    """
    try:
        return await packs.get_current_pack(session)
    except UnavailableError:
        # The page of an error asks nothing of the database: what it shows goes with the request.
        request.state.awaited_load = await status.find_load(session)
        raise


def find_awaited_load(request: Request) -> LoadRead | None:
    """Return the load that the visitor waits for, or the last one; None where it is not known."""
    load: LoadRead | None = getattr(request.state, "awaited_load", None)
    return load
