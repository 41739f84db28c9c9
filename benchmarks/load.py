"""A small load generator: keep-alive connections that ask one address after another."""

import asyncio
import random
import time
from collections.abc import Sequence
from typing import NamedTuple


class Load(NamedTuple):
    """How a server bore a load: requests a second, milliseconds and bytes an answer took."""

    per_second: float
    median_ms: float
    p95_ms: float
    mean_bytes: float = 0.0


async def wait_until_ready(port: int, seconds: float = 60) -> None:
    """Wait until something listens on `port`.

    Raises:
        TimeoutError: Nothing does by then.
    """
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


async def wait_until_silent(port: int, seconds: float = 20) -> None:
    """Wait until nothing listens on `port` any more.

    Raises:
        TimeoutError: Something still does.
    """
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.1)


async def put_load(
    port: int,
    paths: Sequence[str],
    connections: int,
    seconds: float,
    bodies: Sequence[bytes | None] = (None,),
    thinking_s: float = 0.0,
) -> Load:
    """Ask for `paths` in turn on each of `connections` for `seconds`.

    Args:
        port: Of the server on this machine.
        paths: What is asked for.
        connections: How many ask at a time.
        seconds: How long.
        bodies: JSON to send with the requests, in turn; None: nothing is sent.
        thinking_s: Between an answer and the next question, by chance up to twice as long.

    Raises:
        RuntimeError: An answer was not 200.
    """
    ends = time.perf_counter() + seconds
    taken: list[float] = []
    await asyncio.gather(
        *(
            _ask(
                port,
                paths[each::connections],
                ends,
                taken,
                bodies[each % len(bodies) :: connections],
                thinking_s,
            )
            for each in range(connections)
        )
    )
    taken.sort()
    return Load(
        len(taken) / seconds,
        1000 * taken[len(taken) // 2],
        1000 * taken[int(len(taken) * 0.95)],
    )


async def _ask(
    port: int,
    paths: Sequence[str],
    ends: float,
    taken: list[float],
    bodies: Sequence[bytes | None],
    thinking_s: float,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = 0
    while True:
        if thinking_s:
            await asyncio.sleep(random.uniform(0, 2 * thinking_s))  # noqa: S311 - no secret
        if (began := time.perf_counter()) >= ends:
            break
        path, body = paths[turn % len(paths)], bodies[turn % len(bodies)]
        turn += 1
        writer.write(_write_request(path, body))
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path} was answered with {head[:40]!r}")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        await reader.readexactly(length)
        taken.append(time.perf_counter() - began)
    writer.close()
    await writer.wait_closed()


def _write_request(path: str, body: bytes | None) -> bytes:
    if body is None:
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
