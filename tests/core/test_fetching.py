"""Fetching what others named: which addresses are asked, and where they lead."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

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
    resolve_host,
)
from app.core.public_addresses import is_public

PUBLIC = "93.184.216.34"
LIMITS = FetchLimits(size_bytes=200_000, total_s=2, quiet_s=1, redirects=3)


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


async def test_a_part_may_be_asked_for_and_nothing_else_be_added() -> None:
    web = Web(httpx.Response(302, headers={"Location": "https://other.example/"}))
    resolve = answer_with([PUBLIC], [PUBLIC])
    async with GuardedClient(LIMITS, resolve=resolve, transport=web.transport) as client:
        await client.get("https://town.example/", {"Range": "bytes=5-", "If-Range": '"one"'})
        with pytest.raises(ValueError, match="headers that are not sent"):
            await client.get("https://town.example/", {"Cookie": "a=b"})
    assert [request.headers["range"] for request in web.requests] == ["bytes=5-"] * 2
    assert [request.headers["host"] for request in web.requests] == [
        "town.example",
        "other.example",
    ]


async def test_one_fetch_may_have_limits_of_its_own() -> None:
    async with GuardedClient(LIMITS, transport=Web().transport) as client:
        with pytest.raises(FetchFailedError, match=r"sends more than 4e-06 MB"):
            await client.get(f"http://{PUBLIC}/", limits=FetchLimits(size_bytes=4))
        assert (await client.get(f"http://{PUBLIC}/")).content == b"hello"
