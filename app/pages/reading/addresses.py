"""Our own addresses in full, for machines that read a page without having asked for it."""

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import RedirectResponse

LONGEST_SUMMARY = 200
"""Letters that programs which show a link are given to describe it."""


def lead_to(request: Request, path: str) -> RedirectResponse:
    """Return the way to the address that a page has for good, with the same query."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}{query}", status_code=int(HTTPStatus.MOVED_PERMANENTLY))


def is_at(request: Request, path: str) -> bool:
    """Return whether the request asked for this very address, however its letters are escaped."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.split(b"?")[0].decode("ascii", "replace").lower() == path.lower()


def shorten(text: str) -> str:
    """Return text in one line, cut where programs that show a link would cut it."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_SUMMARY:
        return line
    return f"{line[: LONGEST_SUMMARY - 1]}\N{HORIZONTAL ELLIPSIS}"
