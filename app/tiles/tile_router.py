"""`/tiles/...`, where the short way (serving.py) does not answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.types import Receive, Scope, Send

from app.assets.search_schemas import AssetConditions
from app.core.parameters import PlainText
from app.geo.tile_grid import Tile
from app.tiles.cache import Answer
from app.tiles.dependencies import TilesDep
from app.tiles.service import MEDIA_TYPE
from app.tiles.serving import name_tile, send_tile

router = APIRouter(tags=["tiles"])

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
    key = name_tile(request.scope)
    return TileResponse(await tiles.make_asset_tile(key, tile, conditions))


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
