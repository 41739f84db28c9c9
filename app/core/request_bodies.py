"""How much a program may send in one request."""

from contextlib import suppress
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import respond_with_problem

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes: a document with all its sites many times over. Forms have limits of their own below it,
and uploads of files will have theirs."""

TOO_LARGE = (
    f"What was sent is larger than {LARGEST_BODY // 1024 // 1024} MB, more than anything here can "
    "be. Nothing was changed. Send less, or in several requests."
)


class _TooLargeError(Exception):
    """More arrives than was announced or is allowed."""


class BodyLimitMiddleware:
    """Refuse a body that is too large, before it is held in memory.

    What is announced is believed at once; what is not announced is counted while it arrives.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > self.largest:
            await self._refuse(scope, receive, send)
            return
        received = 0
        has_begun = False

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.largest:
                raise _TooLargeError
            return message

        async def send_unless_too_large(message: Message) -> None:
            # Whoever reads the body may take our refusal for a broken one, and say so.
            nonlocal has_begun
            if received <= self.largest or has_begun:
                has_begun = True
                await send(message)

        with suppress(_TooLargeError):
            await self.app(scope, receive_counted, send_unless_too_large)
        if received > self.largest and not has_begun:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        await respond_with_problem(status, TOO_LARGE)(scope, receive, send)
