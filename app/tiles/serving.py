"""The short way to a tile: before every other part of the service is asked.

What is not answered here (errors, methods other than GET and HEAD) goes on to the routes, which
know how to say it.
"""

import gzip
import re
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from app.assets.search_schemas import AssetConditions
from app.core.errors import HereaboutsError
from app.geo.tile_grid import Tile
from app.tiles.cache import Answer
from app.tiles.layers import ASSETS
from app.tiles.service import MEDIA_TYPE, Tiles

PREFIX = "/tiles/"

_NUMBER = r"(0|[1-9]\d{0,7})"
_AREAS = re.compile(rf"/tiles/([^/]+)/([^/]+)/{_NUMBER}/{_NUMBER}/{_NUMBER}\.mvt")
_ASSETS = re.compile(rf"/tiles/{ASSETS}/{_NUMBER}/{_NUMBER}/{_NUMBER}\.mvt")

_SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class TilesFirst:
    """Answer tiles; hand everything else on.

    The application's state must hold `tiles`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            answer = await self._find(scope)
            if answer is not None:
                await send_tile(answer, scope, send)
                return
        await self.app(scope, receive, send)

    async def _find(self, scope: Scope) -> Answer | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        tiles: Tiles = scope["app"].state.tiles
        key = name_tile(scope)
        kept = tiles.find_kept(key)
        if kept is not None:
            return kept
        try:
            return await _make(tiles, key, scope["path"], scope["query_string"])
        except (HereaboutsError, ValidationError):
            return None


def name_tile(scope: Scope) -> str:
    """Return under what a tile is kept: its address."""
    query = scope["query_string"]
    return f"{scope['path']}?{query.decode('latin-1')}" if query else str(scope["path"])


async def _make(tiles: Tiles, key: str, path: str, query: bytes) -> Answer | None:
    if found := _ASSETS.fullmatch(path):
        conditions = read_conditions(query)
        return await tiles.make_asset_tile(key, Tile(*map(int, found.groups())), conditions)
    if (found := _AREAS.fullmatch(path)) and not query:
        layer, version, *place = found.groups()
        return await tiles.make_area_tile(key, layer, version, Tile(*map(int, place)))
    return None


def read_conditions(query: bytes) -> AssetConditions:
    """Return what a query string asks of assets.

    Raises:
        ValidationError: It cannot be read.
    """
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    asked: dict[str, object] = {name: value for name, value in pairs if name != "category"}
    if categories := [value for name, value in pairs if name == "category"]:
        asked["category"] = categories
    return AssetConditions.model_validate(asked)


async def send_tile(answer: Answer, scope: Scope, send: Send) -> None:
    """Send a tile, or that the one held is still right (RFC 9110); compressed if that is wished."""
    wishes = dict(scope["headers"])
    headers = [(b"etag", answer.etag), *answer.headers, *_SAFE]
    held = wishes.get(b"if-none-match", b"")
    body = answer.body
    if held and answer.etag in held:
        status, body = 304, b""
    elif not body:
        status = 204
    else:
        status = 200
        headers.append((b"content-type", MEDIA_TYPE))
        if b"gzip" in wishes.get(b"accept-encoding", b""):
            headers.append((b"content-encoding", b"gzip"))
        else:
            body = gzip.decompress(body)
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    is_head = scope["method"] == "HEAD"
    await send({"type": "http.response.body", "body": b"" if is_head else body})
