"""Serving an application on one port: taken early, announced when it answers, left in order."""

import asyncio
import errno
import os
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
import uvloop
from starlette.types import ASGIApp

from app.core.kept_answers import KeptFirst
from app.core.lifeline import signals_held

LAST_ANSWERS_SECONDS = 3
_HIGHEST_SYSTEM_PORT = 1023
_TICKS_PER_SECOND = 10  # uvicorn's


class PortError(Exception):
    """The port cannot be had; the message says what to do."""


def take_port(host: str, port: int) -> socket.socket:
    """Return a socket bound to the port and not yet listening.

    Taken before a long set-up, it is refused at once if it is refused at all.

    Raises:
        PortError: Another program has it, the system refuses it, or the host is not of this
            machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise PortError(_say_why(error, host, port)) from None
    return taken


def _say_why(error: OSError, host: str, port: int) -> str:
    another = f"Choose another one: PORT={_suggest(port)}"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. {another}"
    if error.errno == errno.EACCES and port <= _HIGHEST_SYSTEM_PORT:
        return f"Port {port} is reserved for the system's administrator. {another}"
    return (
        f"The address {host} cannot be served from this machine ({error.strerror or error}). "
        "Set HOST to 127.0.0.1, or to an address of this machine."
    )


def _suggest(port: int) -> int:
    return port + 10 if _HIGHEST_SYSTEM_PORT < port < 65000 else 8010  # noqa: PLR2004


def describe_address(host: str, port: int) -> str:
    """Return the address to type into a browser on this machine."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - shown, not bound
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it answers, looks around, and ends in finite time."""

    def __init__(
        self,
        config: uvicorn.Config,
        announce: Callable[[], None],
        watch: Callable[[], None],
        stop_seconds: float,
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._watch = watch
        # A part that does not stop must not keep the whole: the process ends, and the private
        # database, tied to it, ends in its own order.
        self._deadline = threading.Timer(stop_seconds, _end_at_once)
        self._deadline.daemon = True
        self.trouble: Exception | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._announce()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_PER_SECOND == 0:
            try:
                self._watch()
            except Exception as error:  # noqa: BLE001 - told by `serve`, once all has stopped
                self.trouble = error
                self.should_exit = True
                self._deadline.start()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            _end_at_once()
        self._deadline.start()
        super().handle_exit(sig, frame)

    def stopped(self) -> None:
        """Everything ended in order."""
        self._deadline.cancel()


def _end_at_once() -> None:
    sys.stderr.write("\nNot everything stopped in time; ended at once. Nothing saved is lost.\n")
    sys.stderr.flush()
    os._exit(1)


def serve(
    app: ASGIApp,
    taken: socket.socket,
    announce: Callable[[], None],
    *,
    watch: Callable[[], None] = lambda: None,
    stop_seconds: float = 30,
) -> None:
    """Serve `app` until SIGINT or SIGTERM, then finish the last answers and return.

    Args:
        app: The application; its lifespan runs inside.
        taken: A socket from `take_port`.
        announce: Called once, when visitors are answered.
        watch: Called every second; what it raises ends the service.
        stop_seconds: After the signal, how long the application's parts may take to stop;
            after that, or at a second signal, the process ends at once.

    Raises:
        KeyboardInterrupt: A signal ended it, once everything of it has stopped.
        PortError: Another program took the port between `take_port` and now.
        SystemExit: The application did not start; the log says why.
    """
    server = _Server(uvicorn.Config(app, **server_options()), announce, watch, stop_seconds)
    host, port = taken.getsockname()[:2]
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            with signals_held():
                runner.get_loop()
            runner.run(server.serve(sockets=[taken]))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortError(_say_why(error, host, port)) from None
    finally:
        server.stopped()
    if server.trouble:
        raise server.trouble


def server_options() -> dict[str, Any]:
    """Return the options of uvicorn that every way of serving shares."""
    return {
        "http": KeptFirst,
        "log_config": None,
        "access_log": False,
        "lifespan": "on",
        "server_header": False,
        "timeout_graceful_shutdown": LAST_ANSWERS_SECONDS,
    }
