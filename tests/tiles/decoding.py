"""Tiles as GDAL reads them."""

import math
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import httpx
import pyogrio
from pyogrio.errors import DataSourceError

from app.geo.tile_grid import Tile

Layers = dict[str, gpd.GeoDataFrame]


def find_tile(zoom: int, lon: float, lat: float) -> Tile:
    """Return the tile of a zoom that a point in degrees is in, worked out here by itself."""
    side = 2**zoom
    y = (1 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / math.pi) / 2
    return Tile(zoom, int((lon + 180) / 360 * side), int(y * side))


def decode(body: bytes, tile: Tile) -> Layers:
    """Return the layers of a tile in Web Mercator; `mvt_id` is a feature's id."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / str(tile.zoom) / str(tile.x) / f"{tile.y}.mvt"
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
        try:
            names = [str(name) for name, _ in pyogrio.list_layers(file)]
        except DataSourceError:
            return {}
        return {name: pyogrio.read_dataframe(file, layer=name) for name in names}


async def get_tile(client: httpx.AsyncClient, address: str, tile: Tile, query: str = "") -> Layers:
    """Ask for a tile and return its layers; `address` has places for z, x and y."""
    path = address.format(z=tile.zoom, x=tile.x, y=tile.y)
    answer = await client.get(f"{path}{query}")
    assert answer.status_code in {200, 204}, answer.text
    return decode(answer.content, tile) if answer.content else {}


async def find_layer(client: httpx.AsyncClient, layer: str) -> dict[str, Any]:
    """Return what `/api/v1/tile-layers` says of a layer of areas."""
    layers = (await client.get("/api/v1/tile-layers")).json()["areas"]
    found: dict[str, Any] = next(each for each in layers if each["layer"] == layer)
    return found
