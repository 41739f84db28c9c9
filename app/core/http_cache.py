"""Answers that a browser or proxy may keep, and asks about again."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app import __version__
from app.core.errors import NotFoundError

REVALIDATED = "public, no-cache"
"""Keep it, but ask each time whether it still holds: a change is seen at once."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""Keep it for good: another state of the data has another address."""

_VISITOR = "hereabouts.visitor"


def vary_by_visitor(request: Request, identity: object | None) -> None:
    """Note that the answer to this request depends on who asks; ETags do from here on.

    Args:
        request: The request.
        identity: What distinguishes a visitor whose answers are for nobody else, as far as answers
            depend on it; None for a stranger, whose answers anybody may share.
    """
    text = "" if identity is None else hashlib.sha256(repr(identity).encode()).hexdigest()[:24]
    request.scope[_VISITOR] = text


def find_visitor(scope: Scope) -> str | None:
    """Return who an answer is made for: empty for any stranger, None for everybody alike."""
    visitor: str | None = scope.get(_VISITOR)
    return visitor


def etag_for(request: Request, stamp: str) -> str:
    """Return the ETag of an answer that depends on its address, one topic, and this release.

    Args:
        request: Where it was asked for.
        stamp: The state of the topic, from `core.versions.read_stamp`.
    """
    visitor = find_visitor(request.scope) or ""
    named = f"{__version__} {stamp} {visitor} {request.url.path}?{request.url.query}"
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


def answer_immutable(body: bytes, media_type: str) -> Response:
    """Return `body`, which is all that its address will ever answer."""
    return Response(body, media_type=media_type, headers={"Cache-Control": IMMUTABLE})


def refuse_old_version(version: str | None, current: str) -> None:
    """Let pass an address that names the current version, or none.

    Raises:
        NotFoundError: It names another, which may be newer than what this process knows or older;
            the problem tells the one that is current.
    """
    if version not in (None, current):
        raise NotFoundError(
            f"version {version!r} is not the current one. Ask for {current!r}.",
            current_version=current,
        )
