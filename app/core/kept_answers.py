"""Answers that are kept in memory, sent before a request becomes a task.

An application is asked by way of a task and at least two messages, which take several times longer
than finding what is kept. So the server looks there first, as soon as it has read the headers.
What is not kept, or is asked for in any unusual way, is asked of the application as ever: this may
only ever answer what the application would answer in the same words.
"""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

FIND_KEPT = "find_kept"
"""Under this name the state of the application's lifespan may hold a `FindKept`."""

Wishes = Mapping[bytes, bytes]
"""The headers of a request by name in lower case; of several of one name, the last."""


class KeptAnswer(NamedTuple):
    """An answer as it is sent.

    Attributes:
        status: Its number.
        head: Its headers, each ended as HTTP/1.1 ends them, without `date`.
        body: As long as the headers say.
    """

    status: int
    head: bytes
    body: bytes


FindKept = Callable[[bytes, Wishes], KeptAnswer | None]
"""From the target of a GET request as it was sent, and its headers, to what is kept for it; None:
ask the application."""

_UNUSUAL = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade"})
"""A request with one of these has a body, or wants something else than an answer."""


class KeptFirst(HttpToolsProtocol):
    """uvicorn's connection, which looks among kept answers first."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._find_kept: FindKept | None = app_state.get(FIND_KEPT)
        self._answered = False

    def on_headers_complete(self) -> None:
        """The parser has read the headers of a request."""
        self._answered = self._find_kept is not None and self._answer_kept(self._find_kept)
        if not self._answered:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The parser has read the whole of a request."""
        if not self._answered:
            super().on_message_complete()

    def _answer_kept(self, find_kept: FindKept) -> bool:
        wishes = dict(self.headers)
        answer = find_kept(self.url, wishes) if self._is_plain(wishes) else None
        if answer is None:
            return False
        lines = [STATUS_LINE[answer.status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        lines += (answer.head, b"\r\n", answer.body)
        self.transport.write(b"".join(lines))
        self.on_response_complete()
        return True

    def _is_plain(self, wishes: Wishes) -> bool:
        """Whether it is a GET without a body, and nothing asked before it waits for an answer."""
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and _UNUSUAL.isdisjoint(wishes)
            # Without this header a connection is kept by HTTP/1.1 and closed by older ones.
            and (b"connection" not in wishes or parser.get_http_version() == "1.1")
            and parser.should_keep_alive()
            and (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
        )
