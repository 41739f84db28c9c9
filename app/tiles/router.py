"""`/api/v1/tile-layers`."""

from fastapi import APIRouter, Request, Response

from app.core.database import SessionDep
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.tiles.dependencies import TilesDep
from app.tiles.describing import describe_layers
from app.tiles.schemas import TileLayers

router = APIRouter(tags=["tiles"])


@router.get("/tile-layers", response_class=Response, responses={200: {"model": TileLayers}})
async def list_tile_layers(request: Request, session: SessionDep, tiles: TilesDep) -> Response:
    """Every layer of tiles with its address, zooms, and what it shows from how far away."""
    layers = await describe_layers(session, tiles)
    etag = etag_for(request, layers.model_dump_json())
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    return answer_revalidated(layers.model_dump_json().encode(), etag, "application/json")
