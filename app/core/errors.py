"""The family of errors the service raises, and the one table from class to HTTP status."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.logging import request_id

log = structlog.get_logger(__name__)


class HereaboutsError(Exception):
    """Something a caller should be told, in a sentence meant for them.

    Attributes:
        detail: The sentence: what happened and what to do about it.
        extra: Further members for the problem document, such as the version that is current.
    """

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class NotFoundError(HereaboutsError):
    """Nothing is kept under what was asked for."""


class BadRequestError(HereaboutsError):
    """The request can be read but asks for something that makes no sense."""


class UnauthorizedError(HereaboutsError):
    """Nobody is signed in, and this is not for strangers."""


class ForbiddenError(HereaboutsError):
    """The person may not do this to this object."""


class ConflictError(HereaboutsError):
    """Somebody or something else got there first."""


class PreconditionFailedError(HereaboutsError):
    """Somebody else changed the thing since the caller looked at it."""


class PreconditionRequiredError(HereaboutsError):
    """The caller must say which version of the thing they looked at."""


class TooManyRequestsError(HereaboutsError):
    """The same was asked too often; waiting helps.

    Args:
        detail: The sentence; it says when to try again.
        retry_after_s: The same in seconds, for the header Retry-After.
    """

    def __init__(self, detail: str, retry_after_s: int) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class BadGatewayError(HereaboutsError):
    """Somebody else's service, which we asked on the caller's behalf, did not do its part."""


class UnavailableError(HereaboutsError):
    """The service cannot answer yet; trying again later may work."""


STATUSES: dict[type[Exception], HTTPStatus] = {
    BadRequestError: HTTPStatus.BAD_REQUEST,
    UnauthorizedError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    PreconditionFailedError: HTTPStatus.PRECONDITION_FAILED,
    PreconditionRequiredError: HTTPStatus.PRECONDITION_REQUIRED,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    BadGatewayError: HTTPStatus.BAD_GATEWAY,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Every error class of the service and the status it becomes."""

PROBLEM_MEDIA_TYPE = "application/problem+json"

BUSY = "The service is too busy or cannot reach its data just now. Please try again in a minute."
_DATABASE_STATES = ("08", "53", "57")
"""Classes of SQLSTATE that say the database is away, full, or cut a statement short."""

FAULT = "Something went wrong on our side. It has been noted; please try again."

RenderPage = Callable[[Request, HTTPStatus, str], Awaitable[Response]]


def describe_problem(
    status: HTTPStatus, detail: str, extra: Mapping[str, object]
) -> dict[str, Any]:
    """Return an RFC 9457 problem document.

    `type` stays `about:blank`, so `title` is the status phrase; `detail` is the sentence for
    the caller and `request_id` finds the log lines of this request.
    """
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "request_id": request_id(),
        **extra,
    }


def respond_with_problem(
    status: HTTPStatus, detail: str, extra: Mapping[str, object] | None = None
) -> Response:
    """Return the problem document of `describe_problem` as a response."""
    return JSONResponse(
        jsonable_encoder(describe_problem(status, detail, extra or {})),
        status_code=int(status),
        media_type=PROBLEM_MEDIA_TYPE,
    )


def _describe_validation(error: RequestValidationError) -> list[dict[str, str]]:
    """Name each wrong field with its sentence; the value is not echoed, it may be private."""
    return [
        {"field": ".".join(str(part) for part in item["loc"]), "detail": item["msg"]}
        for item in error.errors()
    ]


def install_error_handlers(app: FastAPI, render_page: RenderPage) -> None:
    """Answer every error of `app`: as a page to a browser reading pages, else as a problem.

    Args:
        app: The application; its API lives under `/api/` and never answers with a page.
        render_page: Renders the page for a status and a sentence.
    """

    async def answer(
        request: Request, status: HTTPStatus, detail: str, extra: dict[str, object]
    ) -> Response:
        if _wants_page(request):
            return await render_page(request, status, detail)
        return respond_with_problem(status, detail, extra)

    async def on_own_error(request: Request, error: HereaboutsError) -> Response:
        status = _find_status(error)
        response = await answer(request, status, error.detail, error.extra)
        response.headers.update(_list_headers(error))
        return response

    async def on_http_error(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        response = await answer(request, status, _say(status, error.detail), {})
        response.headers.update(error.headers or {})
        return response

    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        fields = _describe_validation(error)
        detail = "; ".join(f"{field['field']}: {field['detail']}" for field in fields)
        return await answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, {"errors": fields})

    async def on_database_error(request: Request, error: Exception) -> Response:
        state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
        if isinstance(error, DBAPIError) and not state.startswith(_DATABASE_STATES):
            raise error
        log.warning("database_unavailable", error=type(error).__name__, state=state)
        return await answer(request, HTTPStatus.SERVICE_UNAVAILABLE, BUSY, {})

    handlers: dict[type[Exception], Any] = {
        **dict.fromkeys(STATUSES, on_own_error),
        HTTPException: on_http_error,
        RequestValidationError: on_invalid,
        DBAPIError: on_database_error,
        PoolTimeout: on_database_error,
        ConnectionError: on_database_error,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _list_headers(error: HereaboutsError) -> dict[str, str]:
    """Return what programs are told beside the sentence: how to sign in, when to come back."""
    if isinstance(error, UnauthorizedError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyRequestsError):
        return {"Retry-After": str(error.retry_after_s)}
    return {}


def _find_status(error: HereaboutsError) -> HTTPStatus:
    """Return the status of the nearest class in the table, so a subclass needs no line in it."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


class FaultMiddleware:
    """Answer what nobody foresaw, inside every other middleware of ours.

    The framework's own place for this lies outside of all middleware, so its answer would go out
    without security headers and without the request id that finds the traceback.
    """

    def __init__(self, app: ASGIApp, render_page: RenderPage) -> None:
        self.app = app
        self.render_page = render_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        has_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except Exception:
            if scope["type"] != "http" or has_begun:
                raise
            log.exception("fault")
            response = await self._answer(Request(scope))
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        if _wants_page(request):
            return await self.render_page(request, status, FAULT)
        return respond_with_problem(status, FAULT)


def _wants_page(request: Request) -> bool:
    is_api = request.url.path.startswith(("/api/", "/healthz", "/readyz", "/openapi.json"))
    return not is_api and "text/html" in request.headers.get("accept", "")


def _say(status: HTTPStatus, detail: str) -> str:
    if status is HTTPStatus.NOT_FOUND and detail == status.phrase:
        return "There is nothing at this address. Check it for a slip, or start from the home page."
    return detail
