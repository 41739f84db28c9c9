"""What is kept is sent before a request becomes a task, and nothing else changes by it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.core.kept_answers import FIND_KEPT, KeptAnswer, KeptFirst, Wishes

KEPT = b"kept " * 10
LARGE = b"x" * 10_000_000


async def answer_by_application(scope: Scope, receive: Receive, send: Send) -> None:
    """Say who answers, and what was asked."""
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
    await asyncio.sleep(0.01)
    said = b"application: " + scope["raw_path"] + b" " + body
    headers = [(b"content-length", str(len(said)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


def find_kept(target: bytes, wishes: Wishes) -> KeptAnswer | None:
    """Keep something under every address that begins with /kept, and something large."""
    if wishes.get(b"x-none"):
        return None
    if target == b"/large":
        return KeptAnswer(200, b"content-length: %d\r\n" % len(LARGE), LARGE)
    if target.startswith(b"/kept"):
        return KeptAnswer(200, b"content-length: %d\r\n" % len(KEPT), KEPT)
    return None


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connect(**state: object) -> AsyncIterator[tuple[Connection, ServerState]]:
    """Serve on a socket with a state of the lifespan, and connect to it."""
    config = uvicorn.Config(
        answer_by_application, http=KeptFirst, lifespan="off", timeout_keep_alive=1
    )
    config.load()
    server_state = ServerState()
    server_state.default_headers = [(b"date", b"today")]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: KeptFirst(config, server_state, dict(state), loop), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    yield (reader, writer), server_state
    writer.close()
    server.close()


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    """A connection to a server with something kept."""
    async with connect(**{FIND_KEPT: find_kept}) as (connection, _):
        yield connection


def ask(target: str, method: str = "GET", *headers: str, body: str = "") -> bytes:
    """Return a request as it is sent."""
    lines = [f"{method} {target} HTTP/1.1", "Host: h.test", *headers, "", body]
    return "\r\n".join(lines).encode()


async def read_answer(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Return head and body of the next answer."""
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode()
    if head.startswith("HTTP/1.1 100"):
        return await read_answer(reader)
    length = next(line for line in head.splitlines() if line.startswith("content-length"))
    return head, await asyncio.wait_for(reader.readexactly(int(length.split()[1])), 5)


async def test_what_is_kept_is_sent_with_the_headers_of_every_answer(
    connection: Connection,
) -> None:
    reader, writer = connection
    writer.write(ask("/kept"))
    head, body = await read_answer(reader)
    assert head == "HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 50\r\n\r\n"
    assert body == KEPT


async def test_answers_come_in_the_order_of_the_questions(connection: Connection) -> None:
    reader, writer = connection
    targets = ["/kept/1", "/other/2", "/kept/3", "/kept/4", "/other/5", "/kept/6"]
    writer.write(b"".join(ask(target) for target in targets))
    bodies = [(await read_answer(reader))[1] for _ in targets]
    said = b"application: "
    # While the application still answers, what comes after waits for it, and is asked of it too.
    assert bodies[:2] == [KEPT, said + b"/other/2 "]
    assert bodies[2:] == [said + target.encode() + b" " for target in targets[2:]]
    writer.write(ask("/kept/7"))
    assert (await read_answer(reader))[1] == KEPT


@pytest.mark.parametrize(
    "request_bytes",
    [
        ask("/other"),
        ask("/kept", "GET", "X-None: 1"),
        ask("/kept", "POST", "Content-Length: 0"),
        ask("/kept", "GET", "Connection: close"),
        ask("/kept", "GET", "Connection: Upgrade", "Upgrade: h2c"),
        ask("/kept", "GET", "Content-Length: 2", body="ab"),
        ask("/kept", "GET", "Transfer-Encoding: chunked", body="2\r\nab\r\n0\r\n\r\n"),
        ask("/kept", "GET", "Expect: 100-continue"),
        b"GET /kept HTTP/1.0\r\nHost: h.test\r\n\r\n",
        b"GET /kept HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ],
)
async def test_everything_else_is_asked_of_the_application(
    connection: Connection, request_bytes: bytes
) -> None:
    reader, writer = connection
    writer.write(ask("/kept") + request_bytes)
    assert (await read_answer(reader))[1] == KEPT
    _, body = await read_answer(reader)
    assert body.startswith(b"application: ")


async def test_without_anything_kept_the_application_answers() -> None:
    async with connect() as ((reader, writer), _):
        writer.write(ask("/kept"))
        assert (await read_answer(reader))[1] == b"application: /kept "


async def test_a_connection_that_is_idle_after_a_kept_answer_is_closed(
    connection: Connection,
) -> None:
    reader, writer = connection
    writer.write(ask("/kept"))
    await read_answer(reader)
    assert await asyncio.wait_for(reader.read(), 3) == b""


async def test_who_asks_and_does_not_read_fills_no_memory() -> None:
    async with connect(**{FIND_KEPT: find_kept}) as ((_, writer), server_state):
        writer.write(ask("/large") * 50)
        await asyncio.sleep(0.3)
        (connection,) = server_state.connections
        assert connection.transport.get_write_buffer_size() < 2 * len(LARGE)


async def test_kept_answers_are_counted() -> None:
    async with connect(**{FIND_KEPT: find_kept}) as ((reader, writer), server_state):
        writer.write(ask("/kept") * 3)
        for _ in range(3):
            await read_answer(reader)
        assert server_state.total_requests == 3
