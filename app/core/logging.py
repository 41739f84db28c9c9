"""Structured logs, one event a line, each with the id of the request it belongs to."""

import logging
import re
import sys
import time
import uuid
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, Literal

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_request_id: ContextVar[str] = ContextVar("request_id", default="")

PRIVATE_KEYS = frozenset(
    {"postcode", "address", "email", "phone", "token", "password", "secret", "cookie", "lon", "lat"}
)
"""Event keys whose values never reach a log."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SECRET_PAIR = re.compile(r"(?i)\b(token|password|secret|postcode|key)=[^\s&'\"]+")
_URL_PASSWORD = re.compile(r"://([^\s:/@]+):[^\s@/]+@")
# PostgreSQL repeats values after what it says of them: whole rows, or the argument it refuses.
_DATABASE_SAYS = re.compile(
    r"(DETAIL|CONTEXT):.*?"
    r"(?=\n[ |+-]*(?:HINT:|DETAIL:|CONTEXT:|\[SQL|\(Background)"
    r"|\n[ |+-]*\n(?:The above|During handling)|\Z)",
    re.DOTALL,
)
_REFUSED_VALUE = re.compile(
    r"((?:invalid input|malformed \w+ literal|value out of range)[^:\n]*:) "
    r"(?:\"[^\"]*\")?.*"
)
_GIVEN_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")

log = structlog.get_logger(__name__)


def request_id() -> str:
    """Return the id of the request being answered, or an empty string outside of one."""
    return _request_id.get()


def scrub(text: str) -> str:
    """Return `text` without what may be private.

    That is e-mail addresses, passwords, tokens and postcodes in queries, and the values that
    PostgreSQL and its drivers repeat in their errors.
    """
    text = _DATABASE_SAYS.sub(r"\1: [hidden]", text)
    text = _REFUSED_VALUE.sub(r"\1 [hidden]", text)
    text = _EMAIL.sub("[email]", text)
    text = _URL_PASSWORD.sub(r"://\1:[hidden]@", text)
    return _SECRET_PAIR.sub(r"\1=[hidden]", text)


def _hide_private(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if key in PRIVATE_KEYS:
            event[key] = "[hidden]"
        elif isinstance(value, str):
            event[key] = scrub(value)
    return event


def _add_request_id(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if current := request_id():
        event["request_id"] = current
    return event


def configure_logging(
    log_format: Literal["text", "json"],
    level: str,
    stream: Any = None,  # noqa: ANN401
) -> None:
    """Send our own and every library's log lines to `stream` (standard error) in one form.

    Tracebacks are rendered to text before scrubbing, so a private value inside one is hidden
    like any other.
    """
    shared: list[Any] = [
        _add_request_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide_private,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These say at INFO, for every request or job, what our own lines say better.
    for noisy in (
        "httpx",
        "httpcore",
        "uvicorn.access",
        "uvicorn.error",
        "alembic",
        "procrastinate",
        "pyogrio",
    ):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


class RequestLogMiddleware:
    """Give each request an id, send it back as `X-Request-ID`, and log one line at its end.

    The line names the route (`/api/v1/postcodes/{postcode}`), never the path as typed nor the
    query, because either may hold a postcode or a token.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request inside its own request id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        current = given if _GIVEN_ID.match(given) else uuid.uuid4().hex
        reset = _request_id.set(current)
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", current.encode("latin-1")),
                ]
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            log.info(
                "request",
                method=scope["method"],
                route=_name_route(scope),
                status=status,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
            _request_id.reset(reset)


def _name_route(scope: Scope) -> str:
    """Return the template of the matched address, such as `/api/v1/postcodes/{postcode}`."""
    template = str(getattr(scope.get("route"), "path", "(none)"))
    try:
        matched = template.format(**scope.get("path_params", {}))
    except (KeyError, ValueError, IndexError):
        return template
    # A router's own template lacks the prefix under which it was included.
    path = str(scope["path"])
    return path.removesuffix(matched) + template if path.endswith(matched) else template
