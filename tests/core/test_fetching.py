"""Fetching what others named: never from our own network, never more than we take."""

import asyncio
import gzip
import ipaddress
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fetching import (
    FetchedDocument,
    FetchFailedError,
    FetchLimits,
    FetchRefusedError,
    GuardedClient,
    is_public,
    resolve_host,
)

PUBLIC = "93.184.216.34"
LIMITS = FetchLimits(size_bytes=200_000, total_s=2, quiet_s=1, redirects=3)

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Web:
    """Stands in for the internet: remembers every request that would have left."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = list(answers)
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        hello = httpx.Response(200, stream=httpx.ByteStream(b"hello"))
        return self._answers.pop(0) if self._answers else hello


def answer_with(*addresses: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """Return a resolver that answers differently each time."""
    left = list(addresses)

    async def resolve(_host: str, _port: int) -> list[str]:
        return left.pop(0)

    return resolve


async def fetch(web: Web, url: str, *addresses: list[str]) -> FetchedDocument:
    resolve = answer_with(*addresses) if addresses else resolve_host
    async with GuardedClient(LIMITS, resolve=resolve, transport=web.transport) as client:
        return await client.get(url)


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


async def test_a_public_site_is_asked_by_name_at_its_checked_address() -> None:
    web = Web()
    answer = await fetch(web, "https://bücher.example/a?b=1#c", [PUBLIC])
    (request,) = web.requests
    assert str(request.url) == f"https://{PUBLIC}/a?b=1"
    assert request.headers["host"] == "xn--bcher-kva.example"
    assert request.extensions["sni_hostname"] == "xn--bcher-kva.example"
    assert not {"cookie", "referer", "authorization"} & set(request.headers)
    assert (answer.status, answer.content) == (200, b"hello")
    assert answer.url == "https://xn--bcher-kva.example/a?b=1#c"


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - to be refused
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.251",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "64:ff9b::7f00:1",
        "64:ff9b::5db8:d822",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:5db8:d822::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%eth0",
        "fec0::1",
        "ff02::1",
        "not an address",
    ],
)
async def test_a_name_that_leads_anywhere_but_the_public_internet_is_refused(address: str) -> None:
    web = Web()
    assert not is_public(address)
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        with pytest.raises(FetchRefusedError, match=r"town\.example is not the name of a site"):
            await fetch(web, "https://town.example/", addresses)
    assert web.requests == []


@pytest.mark.parametrize("address", ["1.1.1.1", PUBLIC, "2606:4700::1111", "2a00:1450::200e"])
async def test_public_addresses_are_fetched_spelled_out_too(address: str) -> None:
    web = Web()
    host = f"[{address}]" if ":" in address else address
    await fetch(web, f"http://{host}/")
    assert web.requests[0].url.host == address
    assert web.requests[0].headers["host"] == host


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://town.example/", "begin with https:// or http://"),
        ("file:///etc/passwd", "begin with https:// or http://"),
        ("gopher://town.example/", "begin with https:// or http://"),
        ("//town.example/", "begin with https:// or http://"),
        ("", "begin with https:// or http://"),
        ("http://", "begin with https:// or http://"),
        ("https://user@town.example/", "holds a user name or password"),
        ("https://user:pass@town.example/", "holds a user name or password"),
        ("https://town.example\\@127.0.0.1/", "holds a user name or password"),
        ("https://town.example:8080/", "Only ports 80 and 443"),
        ("https://town.example:22/", "Only ports 80 and 443"),
        ("http://town.example:0/", "Only ports 80 and 443"),
        ("http://town.example:99999/", "Only ports 80 and 443"),
        ("http://town.example:x/", "not a web address"),
        ("http://exa\nmple/", "not a web address"),
        ("http://１２７.0.0.1/", "not a web address"),
        ("http://localhost/", "localhost is not the name of a site"),
        ("http://LOCALHOST/", "localhost is not the name of a site"),
        ("http://a.localhost/", "is not the name of a site"),
        ("http://town.example./", "is not the name of a site"),
        ("http://127.0.0.1./", "is not the name of a site"),
        ("http://a b/", "is not the name of a site"),
        ("http://%31%32%37.0.0.1/", "is not the name of a site"),
        ("http://[fe80::1%25eth0]/", "is not the name of a site"),
        ("http://..example/", "is not the name of a site"),
    ],
)
async def test_an_address_that_no_public_site_has_is_refused(url: str, sentence: str) -> None:
    web = Web()
    with pytest.raises(FetchRefusedError, match=sentence):
        await fetch(web, url, [PUBLIC])
    assert web.requests == []


def spell_ipv4(number: int) -> list[str]:
    """Return the ways in which resolvers and browsers take one IPv4 address."""
    a, b, c, d = (number >> shift & 255 for shift in (24, 16, 8, 0))
    return [
        f"{a}.{b}.{c}.{d}",
        f"{a}.{b}.{c}.{d}.",
        f"{a}.{b}.{c << 8 | d}",
        f"{a}.{b << 16 | c << 8 | d}",
        f"{number}",
        f"{number:#x}",
        f"{number:#X}".replace("X", "x"),
        f"0{number:o}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        f"{a:#x}.{b}.0{c:o}.{d}",
        f"{a:03}.{b:03}.{c:03}.{d:03}",
        f"[::ffff:{a}.{b}.{c}.{d}]",
        f"[::{a}.{b}.{c}.{d}]",
        f"[64:ff9b::{a}.{b}.{c}.{d}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
        f"[2001:0:{number >> 16:x}:{number & 0xFFFF:x}:0:0:ffff:ffff]",
        f"[2001:0:5db8:d822:0:0:{number >> 16 ^ 0xFFFF:x}:{number & 0xFFFF ^ 0xFFFF:x}]",
    ]


INNER = st.sampled_from(
    ["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "0.0.0.0/8"]
).flatmap(
    lambda network: st.integers(
        int(ipaddress.ip_network(network)[0]), int(ipaddress.ip_network(network)[-1])
    )
)


@given(INNER, st.integers(0, 17), st.sampled_from(["http", "https", "HTTP"]))
def test_no_spelling_of_an_inner_address_is_ever_asked(number: int, way: int, scheme: str) -> None:
    web = Web()
    with pytest.raises((FetchRefusedError, FetchFailedError)):
        asyncio.run(fetch(web, f"{scheme}://{spell_ipv4(number)[way]}/"))
    assert web.requests == []


@given(st.integers(0, 2**32 - 1), st.integers(0, 17))
def test_whatever_the_spelling_only_public_addresses_are_asked(number: int, way: int) -> None:
    web = Web()
    host = spell_ipv4(number)[way]
    try:
        asyncio.run(fetch(web, f"http://{host}/"))
    except (FetchRefusedError, FetchFailedError):
        assert web.requests == []
    else:
        assert [request.url.host for request in web.requests] == [host]
        assert ipaddress.IPv4Address(host).is_global


async def test_a_name_is_resolved_once_and_the_checked_address_is_used() -> None:
    """A name server that answers with a public address first and with ours after."""
    web = Web()
    resolve = answer_with([PUBLIC], ["127.0.0.1"])
    async with GuardedClient(LIMITS, resolve=resolve, transport=web.transport) as client:
        await client.get("http://rebind.example/")
        assert [request.url.host for request in web.requests] == [PUBLIC]
        with pytest.raises(FetchRefusedError):
            await client.get("http://rebind.example/")
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "//[::1]/",
        "http://2130706433/",
        "file:///etc/passwd",
        "http://town.example:22/",
        "http://user@town.example/",
    ],
)
async def test_a_redirect_is_checked_like_the_first_address(target: str) -> None:
    web = Web(httpx.Response(302, headers={"location": target}))
    with pytest.raises(FetchRefusedError):
        await fetch(web, "http://town.example/", [PUBLIC], ["127.0.0.1"])
    assert len(web.requests) == 1


async def test_a_redirect_to_a_name_that_changed_its_mind_is_refused() -> None:
    web = Web(httpx.Response(302, headers={"location": "/again"}))
    with pytest.raises(FetchRefusedError):
        await fetch(web, "http://rebind.example/", [PUBLIC], ["10.0.0.1"])
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_to_their_end(status: int) -> None:
    web = Web(
        httpx.Response(status, headers={"location": "../b?c=d"}),
        httpx.Response(status, headers={"location": "https://other.example/"}),
    )
    answer = await fetch(web, "http://town.example/x/a", [PUBLIC], [PUBLIC], ["1.1.1.1"])
    assert [str(request.url) for request in web.requests] == [
        f"http://{PUBLIC}/x/a",
        f"http://{PUBLIC}/b?c=d",
        "https://1.1.1.1/",
    ]
    assert answer.url == "https://other.example/"


async def test_redirects_from_https_to_http_are_refused() -> None:
    web = Web(httpx.Response(302, headers={"location": "http://town.example/"}))
    with pytest.raises(FetchRefusedError, match="from https to http"):
        await fetch(web, "https://town.example/", [PUBLIC], [PUBLIC])


async def test_redirects_end_some_time() -> None:
    web = Web(*(httpx.Response(302, headers={"location": "/"}) for _ in range(9)))
    with pytest.raises(FetchFailedError, match="redirected more than 3 times"):
        await fetch(web, "http://town.example/", *[[PUBLIC]] * 9)
    assert len(web.requests) == 4


async def test_cookies_of_one_answer_are_not_sent_with_the_next_request() -> None:
    redirect = {"location": "/", "set-cookie": "a=b; Path=/"}
    web = Web(httpx.Response(302, headers=redirect))
    await fetch(web, "http://town.example/", [PUBLIC], [PUBLIC])
    assert "cookie" not in web.requests[1].headers


async def test_a_name_that_does_not_exist_is_said() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    async with GuardedClient(resolve=resolve) as client:
        with pytest.raises(FetchFailedError, match=r"There is no site named town\.example"):
            await client.get("https://town.example/")


async def test_an_allowed_host_is_reached_under_its_own_name() -> None:
    heads = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(http(b"hello", "X-Kind: test\r\n"))

    async with serving(answer) as port:
        resolve = answer_with(["127.0.0.1"], ["127.0.0.1"])
        allow = frozenset({("town.example", port)})
        async with GuardedClient(LIMITS, allow=allow, resolve=resolve) as client:
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
        resolve = answer_with(["::1", "127.0.0.1"])
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
        with pytest.raises(FetchFailedError, match=r"ry again later"):
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
        with pytest.raises(FetchFailedError, match="does not answer as it should"):
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


@pytest.mark.parametrize(
    ("host", "is_trusted"), [("town.example", True), ("other.example", False), (None, False)]
)
async def test_https_checks_the_certificate_against_the_name(
    certificate: tuple[Path, Path], host: str | None, *, is_trusted: bool
) -> None:
    names: list[str | None] = []
    serving_with = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving_with.load_cert_chain(*certificate)
    serving_with.sni_callback = lambda _socket, name, _context: names.append(name)
    trust = ssl.create_default_context(cafile=certificate[0])
    asked = host or "town.example"
    async with serving(say(http(b"hello")), serving_with) as port:
        client = GuardedClient(
            LIMITS,
            allow=frozenset({(asked, port)}),
            resolve=answer_with(["127.0.0.1"]),
            trust=trust if host else None,
        )
        async with client:
            if is_trusted:
                assert (await client.get(f"https://{asked}:{port}/")).content == b"hello"
            else:
                with pytest.raises(FetchFailedError):
                    await client.get(f"https://{asked}:{port}/")
    assert names == [asked]
