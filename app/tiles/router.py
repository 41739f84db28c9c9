"""`/tiles/...`, where the short way does not answer, and `/api/v1/tile-layers`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.types import Receive, Scope, Send

from app.assets.search_schemas import AssetConditions
from app.core.database import SessionDep
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.parameters import PlainText
from app.geo.tile_grid import Tile
from app.tiles.cache import Answer
from app.tiles.describing import describe_layers
from app.tiles.schemas import TileLayers
from app.tiles.service import MEDIA_TYPE, Tiles
from app.tiles.serving import name_tile, send_tile

router = APIRouter(tags=["tiles"])
layers_router = APIRouter(tags=["tiles"])

Number = Annotated[int, Path(ge=0, lt=2**24)]
MVT: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE.decode(): {}}},
    204: {"description": "nothing is there"},
}


async def read_tile(z: Number, x: Number, y: Number) -> Tile:
    """Return which tile an address names."""
    return Tile(z, x, y)


TileDep = Annotated[Tile, Depends(read_tile)]


class TileResponse(Response):
    """A tile as the short way sends it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del receive
        await send_tile(self._answer, scope, send)


async def get_tiles(request: Request) -> Tiles:
    """Return the tiles of this process."""
    tiles: Tiles = request.app.state.tiles
    return tiles


TilesDep = Annotated[Tiles, Depends(get_tiles)]


@layers_router.get("/tile-layers", response_class=Response, responses={200: {"model": TileLayers}})
async def list_tile_layers(request: Request, session: SessionDep, tiles: TilesDep) -> Response:
    """Every layer of tiles with its address, zooms, and what it shows from how far away."""
    layers = await describe_layers(session, tiles)
    etag = etag_for(request, layers.model_dump_json())
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    return answer_revalidated(layers.model_dump_json().encode(), etag, "application/json")


@router.get("/tiles/assets/{z}/{x}/{y}.mvt", response_class=Response, responses=MVT)
async def get_asset_tile(
    request: Request,
    tiles: TilesDep,
    tile: TileDep,
    conditions: Annotated[AssetConditions, Query()],
) -> TileResponse:
    """A tile of assets: counts by cell, from zoom 12 on points with a number and a category.

    Of some assets only the area is told: they are counted at the area's own point, from zoom 12
    on. A tile has no margin: each point is in one tile.
    """
    return TileResponse(await tiles.make_asset_tile(name_tile(request.scope), tile, conditions))


@router.get("/tiles/{layer}/{version}/{z}/{x}/{y}.mvt", response_class=Response, responses=MVT)
async def get_area_tile(
    request: Request,
    tiles: TilesDep,
    layer: Annotated[PlainText, Path(description="as in /tile-layers")],
    version: Annotated[PlainText, Path(description="as in /tile-layers")],
    tile: TileDep,
) -> TileResponse:
    """A tile of areas, never to change: polygons whose ids are gids, and points for names."""
    answer = await tiles.make_area_tile(name_tile(request.scope), layer, version, tile)
    return TileResponse(answer)
