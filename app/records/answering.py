"""Headers that tell which revision of a record somebody looked at."""

import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.responses import Response

from app.core.errors import BadRequestError, PreconditionRequiredError
from app.records.keeping import Kept
from app.records.schemas import KeptRead

_TAG = re.compile(r'"(\d{1,9})"')


def read_if_match(
    if_match: Annotated[
        str | None, Header(description='the revision that you looked at, in quotes: "3"')
    ] = None,
) -> int:
    """Return the number of the revision that the caller looked at.

    Raises:
        PreconditionRequiredError: They do not say.
        BadRequestError: What they say is no revision.
    """
    if if_match is None:
        raise PreconditionRequiredError(
            "Say which revision you looked at: send If-Match with the ETag of its document."
        )
    found = _TAG.fullmatch(if_match.strip())
    if not found:
        raise BadRequestError(f'If-Match is {if_match!r}; it should be a revision such as "3".')
    return int(found[1])


ExpectedRevision = Annotated[int, Depends(read_if_match)]
"""The revision that the caller looked at, from If-Match."""


def answer_kept(response: Response, kept: Kept) -> KeptRead:
    """Return how a record stands, its revision as ETag, for nobody's cache."""
    response.headers["ETag"] = f'"{kept.revision}"'
    response.headers["Cache-Control"] = "private, no-store"
    return KeptRead(id=kept.public_id, status=kept.status, revision=kept.revision)
