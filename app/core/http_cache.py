"""Answers that a browser or proxy may keep, and asks about again."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from app import __version__

REVALIDATED = "public, no-cache"
"""Keep it, but ask each time whether it still holds: a change is seen at once."""


def etag_for(request: Request, stamp: str) -> str:
    """Return the ETag of an answer that depends on its address, one topic, and this release.

    Args:
        request: Where it was asked for.
        stamp: The state of the topic, from `core.versions.read_stamp`.
    """
    named = f"{__version__} {stamp} {request.url.path}?{request.url.query}"
    return f'"{hashlib.sha256(named.encode()).hexdigest()[:24]}"'


def is_unchanged(request: Request, etag: str) -> bool:
    """Whether the caller already holds the answer with this ETag (RFC 9110, weak comparison)."""
    held = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
    return etag in tags or "*" in tags


def answer_unchanged(etag: str) -> Response:
    """Return 304: what the caller holds is still right."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": REVALIDATED})


def answer_revalidated(body: bytes, etag: str, media_type: str) -> Response:
    """Return `body` to be kept under `etag`."""
    headers = {"ETag": etag, "Cache-Control": REVALIDATED}
    return Response(body, media_type=media_type, headers=headers)
