"""A server on this machine that plays the hosts of official data, their faults included."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.core.fetching import GuardedClient
from app.packs.downloading import Manners, Wanted, download


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What is sent: all of it, only the first `cut` bytes, or (`hangs`) nothing at all."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    hangs: bool = False


Play = Callable[[Asked], Answer]


class Host:
    """One running server; `asked` holds every request so far."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.port = 0
        self.asked: list[Asked] = []
        self.sent_bytes: list[int] = []
        self.at_once = 0
        self.most_at_once = 0
        self.waits: list[float] = []
        self.told: list[tuple[str, int, int | None]] = []

    def url(self, path: str) -> str:
        """Return the address of a path of this host."""
        return f"http://127.0.0.1:{self.port}{path}"

    def wanted(self, *paths: str, file: str = "towns.csv", **more: Any) -> Wanted:  # noqa: ANN401
        """Return the wish for a file at these paths, and whatever else is known of it."""
        return Wanted("towns", file, tuple(self.url(path) for path in paths), **more)

    async def fetch(self, wanted: Wanted, folder: Path) -> bytes:
        """Download and return what is in the file."""

        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        async def progress(step: str, done: int, total: int | None) -> None:
            self.told.append((step, done, total))

        manners = Manners(quiet_s=0.5, file_s=5, page_s=5, sleep=sleep)
        async with GuardedClient(allow=frozenset({("127.0.0.1", self.port)})) as client:
            path = await download(wanted, folder, progress, client, manners)
        assert path == folder / wanted.key / wanted.file
        assert not path.with_name(f"{path.name}.part").exists()
        return path.read_bytes()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._answer((await reader.readuntil(b"\r\n\r\n")).decode(), writer)
        finally:
            self.at_once -= 1
            writer.close()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.strip().split("\r\n")
        address = urlsplit(first.split(" ")[1])
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        asked = Asked(address.path, dict(parse_qsl(address.query)), headers)
        self.asked.append(asked)
        answer = self.play(asked)
        if answer.hangs:
            await asyncio.sleep(30)
        said = {"Content-Length": str(len(answer.body)), **answer.headers}
        start = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        body = answer.body[: answer.cut]
        self.sent_bytes.append(len(body))
        writer.write(f"HTTP/1.1 {answer.status} As played\r\n{start}\r\n".encode() + body)
        await writer.drain()


@asynccontextmanager
async def hosting(play: Play) -> AsyncIterator[Host]:
    """Serve what `play` answers."""
    host = Host(play)
    tasks: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(host._handle(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def as_json(value: object, **more: Any) -> Answer:  # noqa: ANN401 - as in Answer
    """Answer with JSON."""
    return Answer(json.dumps(value).encode(), headers={"Content-Type": "application/json"}, **more)


def play_file(body: bytes, etag: str = '"one"', cuts: list[int] | None = None) -> Play:
    """Play a file host that honours Range; each answer is cut as `cuts` says while it lasts."""
    left = cuts if cuts is not None else []

    def play(asked: Asked) -> Answer:
        cut = left.pop(0) if left else None
        wanted = asked.headers.get("range")
        said = {"ETag": etag, "Content-Type": "application/octet-stream"}
        if wanted and asked.headers.get("if-range") == etag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(body):
                return Answer(status=416, headers=said)
            said["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            return Answer(body[start:], 206, said, cut)
        return Answer(body, 200, said, cut)

    return play
