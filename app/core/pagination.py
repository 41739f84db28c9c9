"""Cursors: where a list was left off, opaque to the caller."""

import base64

from app.core.errors import BadRequestError

LARGEST_PAGE = 1000


def write_cursor(key: str) -> str:
    """Return a cursor that continues after `key`."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> str | None:
    """Return the key that `cursor` continues after, or None at the beginning.

    Raises:
        BadRequestError: It was not made by `write_cursor`.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        if "\x00" in key:
            raise ValueError("no key of ours")  # noqa: TRY301 - told as any other forgery
    except ValueError:
        raise BadRequestError(
            "cursor is not one of ours. Take it from `next` in the page before, or leave it out."
        ) from None
    return key
