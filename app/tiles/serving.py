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
from app.core.kept_answers import KeptAnswer, Wishes
from app.geo.tile_grid import Tile
from app.tiles.cache import Answer
from app.tiles.layers import ASSETS
from app.tiles.service import MEDIA_TYPE, Tiles

PREFIX = "/tiles/"
_TARGET = PREFIX.encode()
OK, NO_CONTENT, NOT_MODIFIED = 200, 204, 304

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
    status, is_compressed = choose_form(answer, wishes)
    body = b"" if status != OK else answer.body if is_compressed else gzip.decompress(answer.body)
    headers = list_headers(answer, status, None if is_compressed else len(body))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    is_head = scope["method"] == "HEAD"
    await send({"type": "http.response.body", "body": b"" if is_head else body})


def choose_form(answer: Answer, wishes: Wishes) -> tuple[int, bool]:
    """Return the status that a tile is sent with, and whether compressed, by the wishes sent."""
    if answer.etag in wishes.get(b"if-none-match", b""):
        return NOT_MODIFIED, True
    if not answer.body:
        return NO_CONTENT, True
    return OK, b"gzip" in wishes.get(b"accept-encoding", b"")


def list_headers(
    answer: Answer, status: int, plain_length: int | None
) -> list[tuple[bytes, bytes]]:
    """Return all headers of a tile.

    Args:
        answer: The tile.
        status: That it is sent with.
        plain_length: In bytes, when it is sent without compression.
    """
    headers = [(b"etag", answer.etag), *answer.headers, *_SAFE]
    if status == OK:
        headers.append((b"content-type", MEDIA_TYPE))
        length = len(answer.body) if plain_length is None else plain_length
        if plain_length is None:
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(length).encode()))
    return headers


def find_kept_tile(tiles: Tiles, target: bytes, wishes: Wishes) -> KeptAnswer | None:
    """Return a tile that is kept, for the server to send before it asks the application.

    Args:
        tiles: Where it may be kept.
        target: What is asked for, as it was sent.
        wishes: The headers of the request.
    """
    if not target.startswith(_TARGET):
        return None
    answer = tiles.find_kept(target.decode("latin-1"))
    if answer is None:
        return None
    status, is_compressed = choose_form(answer, wishes)
    if not is_compressed:
        return None
    head = answer.heads.get(status)
    if head is None:
        lines = list_headers(answer, status, None)
        head = answer.heads[status] = b"".join(b"%s: %s\r\n" % line for line in lines)
    return KeptAnswer(status, head, answer.body if status == OK else b"")
