"""Fetching what others named, from real servers: names, certificates, sizes, times."""

import asyncio
import gzip
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.core.fetching import (
    FetchFailedError,
    FetchInterruptedError,
    FetchLimits,
    FetchRefusedError,
    FetchUnreachableError,
    GuardedClient,
)

LIMITS = FetchLimits(size_bytes=200_000, total_s=2, quiet_s=1, redirects=3)

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


async def resolve_here(_host: str, _port: int) -> list[str]:
    """Let every name stand for this machine."""
    return ["127.0.0.1"]


def http(body: bytes, headers: str = "", status: str = "200 OK") -> bytes:
    """Return the bytes of an answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@asynccontextmanager
async def serving(answer: Answer, trust: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve on this machine and yield the port; `answer` gets the request's head."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            await answer(await reader.readuntil(b"\r\n\r\n"), writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=trust)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)


def say(content: bytes) -> Answer:
    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(content)

    return answer


def allowing(*ports: int, host: str = "127.0.0.1", limits: FetchLimits = LIMITS) -> GuardedClient:
    return GuardedClient(limits, allow=frozenset((host, port) for port in ports))


async def test_an_allowed_host_is_reached_under_its_own_name() -> None:
    heads = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(http(b"hello", "X-Kind: test\r\n"))

    async with serving(answer) as port:
        allow = frozenset({("town.example", port)})
        async with GuardedClient(LIMITS, allow=allow, resolve=resolve_here) as client:
            document = await client.get(f"http://town.example:{port}/path")
            with pytest.raises(FetchRefusedError):
                await client.get(f"http://other.example:{port}/")
            with pytest.raises(FetchRefusedError):
                await client.get(f"http://127.0.0.1:{port}/")
    assert (document.status, document.content) == (200, b"hello")
    assert document.headers["x-kind"] == "test"
    assert len(heads) == 1
    assert heads[0].startswith(b"GET /path HTTP/1.1\r\n")
    assert f"\r\nHost: town.example:{port}\r\n".encode() in heads[0]


async def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def proxy(head: bytes, writer: asyncio.StreamWriter) -> None:
        asked.append(head)
        writer.write(http(b"from the proxy"))

    async with serving(proxy) as proxy_port, serving(say(http(b"direct"))) as port:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy_port}")
        async with allowing(port) as client:
            assert (await client.get(f"http://127.0.0.1:{port}/")).content == b"direct"
    assert asked == []


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with serving(say(http(b"hello"))) as port:

        async def resolve(_host: str, _port: int) -> list[str]:
            return ["::1", "127.0.0.1"]

        allow = frozenset({("town.example", port)})
        async with GuardedClient(LIMITS, allow=allow, resolve=resolve) as client:
            assert (await client.get(f"http://town.example:{port}/")).content == b"hello"


async def test_a_real_redirect_to_this_machine_is_refused() -> None:
    async with serving(say(http(b"secret"))) as inner:
        redirect = http(b"", f"Location: http://127.0.0.1:{inner}/\r\n", "302 Found")
        async with serving(say(redirect)) as port, allowing(port) as client:
            with pytest.raises(FetchRefusedError):
                await client.get(f"http://127.0.0.1:{port}/")


async def test_an_error_page_is_an_answer() -> None:
    async with serving(say(http(b"gone", status="410 Gone"))) as port, allowing(port) as client:
        document = await client.get(f"http://127.0.0.1:{port}/")
    assert (document.status, document.content) == (410, b"gone")


async def test_a_document_of_exactly_the_limit_is_read_and_one_more_byte_is_not() -> None:
    async with serving(say(http(b"x" * 200_000))) as port, allowing(port) as client:
        assert len((await client.get(f"http://127.0.0.1:{port}/")).content) == 200_000
    async with serving(say(http(b"x" * 200_001))) as port, allowing(port) as client:
        with pytest.raises(FetchFailedError, match=r"sends more than 0\.2 MB"):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_an_endless_answer_is_cut_off() -> None:
    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async with serving(answer) as port, allowing(port) as client:
        with pytest.raises(FetchFailedError, match="sends more than"):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_an_answer_that_drips_is_given_up() -> None:
    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await asyncio.sleep(0.05)

    limits = FetchLimits(total_s=0.3, quiet_s=0.2)
    async with serving(answer) as port, allowing(port, limits=limits) as client:
        with pytest.raises(FetchFailedError, match=r"took longer than 0\.3 seconds"):
            await client.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"])
async def test_an_answer_that_falls_silent_is_given_up(start: bytes) -> None:
    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await asyncio.sleep(5)

    limits = FetchLimits(total_s=5, quiet_s=0.1)
    async with serving(answer) as port, allowing(port, limits=limits) as client:
        with pytest.raises(FetchInterruptedError, match=r"ry again later"):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_reading_slowly_counts_too() -> None:
    limits = FetchLimits(total_s=0.1)
    async with serving(say(http(b"hello"))) as port, allowing(port, limits=limits) as client:
        with pytest.raises(FetchFailedError, match="took longer"):
            async with client.stream(f"http://127.0.0.1:{port}/"):
                await asyncio.sleep(5)


async def test_a_timeout_of_the_callers_own_stays_its_own() -> None:
    async with serving(say(http(b"hello"))) as port, allowing(port) as client:
        with pytest.raises(TimeoutError, match="mine"):
            async with client.stream(f"http://127.0.0.1:{port}/"):
                raise TimeoutError("mine")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", bytes(range(256)) * 700])
async def test_gzip_is_unpacked(content: bytes) -> None:
    packed = gzip.compress(content[:100]) + gzip.compress(content[100:])
    answer = http(packed, "Content-Encoding: gzip\r\n")
    async with serving(say(answer)) as port, allowing(port) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).content == content


async def take_pieces(answer: bytes, sizes: list[int]) -> None:
    """Fetch an answer and note the size of each piece as it comes."""
    async with (
        serving(say(answer)) as port,
        allowing(port) as client,
        client.stream(f"http://127.0.0.1:{port}/") as stream,
    ):
        async for piece in stream.aiter_bytes():
            sizes += [len(piece)]


async def test_what_compresses_extremely_well_still_arrives_whole() -> None:
    sizes: list[int] = []
    answer = http(gzip.compress(b"\0" * 200_000), "Content-Encoding: gzip\r\n")
    await take_pieces(answer, sizes)
    assert sum(sizes) == 200_000
    assert max(sizes) <= 65_536


async def test_a_gzip_bomb_is_cut_off_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < LIMITS.size_bytes
    sizes: list[int] = []
    with pytest.raises(FetchFailedError, match="sends more than"):
        await take_pieces(http(bomb, "Content-Encoding: gzip\r\n"), sizes)
    assert sum(sizes) <= LIMITS.size_bytes


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"x" * 1000)[:-12], "gzip"),
        (b"no gzip", "gzip"),
        (gzip.compress(gzip.compress(b"x")), "gzip, gzip"),
        (b"x", "br"),
    ],
    ids=["cut short", "not compressed", "compressed twice", "unknown"],
)
async def test_damaged_or_unknown_compression_is_refused(body: bytes, encoding: str) -> None:
    answer = http(body, f"Content-Encoding: {encoding}\r\n")
    async with serving(say(answer)) as port, allowing(port) as client:
        with pytest.raises(FetchFailedError):
            await client.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "answer",
    [b"", b"rubbish\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"],
)
async def test_an_answer_that_is_none_fails_with_a_sentence(answer: bytes) -> None:
    async with serving(say(answer)) as port, allowing(port) as client:
        with pytest.raises(FetchFailedError, match=r"127\.0\.0\.1"):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_nobody_at_the_door_fails_with_a_sentence() -> None:
    async with serving(say(b"")) as port:
        pass
    async with allowing(port) as client:
        with pytest.raises(FetchUnreachableError, match="does not answer as it should"):
            await client.get(f"http://127.0.0.1:{port}/")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for town.example that only our test trusts, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(  # noqa: S603 - our own command line
        [  # noqa: S607 - wherever the machine keeps it
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=town.example",
            "-addext", "subjectAltName=DNS:town.example",
            "-keyout", str(key), "-out", str(certificate),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate, key


def serve_as_town(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    serving_with = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving_with.load_cert_chain(*certificate)
    return serving_with


async def test_a_certificate_installed_on_this_machine_is_trusted(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # stands in for the machine's list
    async with serving(say(http(b"hello")), serve_as_town(certificate)) as port:
        allow = frozenset({("town.example", port)})
        async with GuardedClient(LIMITS, allow=allow, resolve=resolve_here) as client:
            assert (await client.get(f"https://town.example:{port}/")).content == b"hello"


@pytest.mark.parametrize(
    ("host", "is_trusted"), [("town.example", True), ("other.example", False), (None, False)]
)
async def test_https_checks_the_certificate_against_the_name(
    certificate: tuple[Path, Path], host: str | None, *, is_trusted: bool
) -> None:
    names: list[str | None] = []
    serving_with = serve_as_town(certificate)
    serving_with.sni_callback = lambda _socket, name, _context: names.append(name)
    trust = ssl.create_default_context(cafile=certificate[0])
    asked = host or "town.example"
    async with serving(say(http(b"hello")), serving_with) as port:
        client = GuardedClient(
            LIMITS,
            allow=frozenset({(asked, port)}),
            resolve=resolve_here,
            trust=trust if host else None,
        )
        async with client:
            if is_trusted:
                assert (await client.get(f"https://{asked}:{port}/")).content == b"hello"
            else:
                with pytest.raises(FetchFailedError):
                    await client.get(f"https://{asked}:{port}/")
    assert names == [asked]
