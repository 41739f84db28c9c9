"""The tiles of this process, for routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.tiles.service import Tiles


async def get_tiles(request: Request) -> Tiles:
    """Return the tiles of this process."""
    tiles: Tiles = request.app.state.tiles
    return tiles


TilesDep = Annotated[Tiles, Depends(get_tiles)]
