"""The one way out: fetching an address that somebody else chose, without reaching our own network.

Whoever may name an address for us to fetch could name our database's machine, a cloud's metadata
service, or a printer. So each address is resolved once, everything it resolves to must be on the
public internet, and the connection goes to exactly what was checked.
"""

import asyncio
import re
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import httpx

from app.core.errors import BadGatewayError, BadRequestError, HereaboutsError
from app.core.public_addresses import is_public

USER_AGENT = "Hereabouts (community asset mapping)"
DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK_BYTES = 64 * 1024
SENDABLE = frozenset({"accept", "accept-encoding", "if-range", "range"})
"""Headers a caller may add: they say which part is wanted in which form, and tell nothing else."""

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Turns a host name and a port into every address it stands for."""

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


class FetchError(HereaboutsError):
    """An outside address could not be fetched; the sentence is for whoever named it."""


class FetchRefusedError(FetchError, BadRequestError):
    """The address is one that this service does not go to."""


class FetchFailedError(FetchError, BadGatewayError):
    """The other side did not answer, or with more than we take."""


class FetchUnreachableError(FetchFailedError):
    """The name stands for nothing, or nobody takes the connection: perhaps there is no network."""


class FetchInterruptedError(FetchFailedError):
    """The answer did not come, broke off or took too long; the next try may fare better."""


@dataclass(frozen=True)
class FetchLimits:
    """How much one fetch may take, all its redirects together.

    Attributes:
        size_bytes: Of the content, after decompression.
        total_s: Seconds for everything, the reading of the content by the caller included.
        quiet_s: Seconds for a connection, and between two pieces of an answer.
        redirects: How many are followed.
    """

    size_bytes: int = 50 * 1024 * 1024
    total_s: float = 60
    quiet_s: float = 10
    redirects: int = 5


@dataclass(frozen=True)
class FetchedDocument:
    """An answer, read whole.

    Attributes:
        url: Where it came from, after redirects.
        status: HTTP status; an error page is an answer too.
        headers: Of the last answer.
        content: Decompressed.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


class FetchedStream:
    """An answer whose content is still to be read; its attributes as in `FetchedDocument`."""

    def __init__(self, url: httpx.URL, response: httpx.Response, limits: FetchLimits) -> None:
        self.url = str(url)
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._host = url.host
        self._response = response
        self._limits = limits

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Yield the content decompressed, in pieces of at most `CHUNK_BYTES`.

        Raises:
            FetchInterruptedError: It breaks off.
            FetchFailedError: It is too large, or is compressed in an unknown way.
        """
        size = 0
        raw = self._response.aiter_raw(CHUNK_BYTES)
        pieces = _decode(raw, self.headers.get("content-encoding", ""), self._host)
        try:
            async for piece in pieces:
                size += len(piece)
                if size > self._limits.size_bytes:
                    raise FetchFailedError(_say_too_large(self._host, self._limits))
                yield piece
        except (httpx.HTTPError, httpx.StreamError, zlib.error, EOFError):
            raise FetchInterruptedError(
                f"The answer of {self._host} broke off or is damaged. Try again later."
            ) from None


async def resolve_host(host: str, port: int) -> list[str]:
    """Return every address the system knows for `host`.

    Raises:
        OSError: It knows none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedClient:
    """Fetches addresses that others chose, over http and https, never from our own network.

    It sends no cookies, no credentials and no Referer, follows redirects only after checking each
    like the first, and ignores proxies named in the environment, which would connect for us to
    wherever they like.

    Args:
        limits: How much a fetch may take.
        allow: Pairs of host and port, as an address spells them, that are fetched whatever they
            resolve to: for an intranet, and for tests.
        resolve: How names become addresses.
        trust: Which certificates are trusted; by default those that this machine trusts.
        transport: How requests are sent; only tests have another.
    """

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        allow: frozenset[tuple[str, int]] = frozenset(),
        resolve: Resolve = resolve_host,
        trust: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._allow = allow
        self._resolve = resolve
        self._client = httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            # Left to itself it would trust only the list that a package of ours brings along.
            verify=ssl.create_default_context() if trust is None else trust,
            transport=transport,
            timeout=self._limits.quiet_s,
            # A connection is known by the address it goes to, which several names may share; kept
            # open, it could serve one name under the certificate of another.
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        limits: FetchLimits | None = None,
    ) -> FetchedDocument:
        """Fetch `url` and read its content whole; arguments and errors as in `stream`."""
        async with self.stream(url, headers, limits) as answer:
            content = b"".join([piece async for piece in answer.aiter_bytes()])
            return FetchedDocument(answer.url, answer.status, answer.headers, content)

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        limits: FetchLimits | None = None,
    ) -> AsyncIterator[FetchedStream]:
        """Fetch `url` and yield the answer, its content still to be read within the block.

        Args:
            url: What to fetch.
            headers: Sent along, also after a redirect; only those in `SENDABLE`.
            limits: For this fetch, in place of the client's.

        Raises:
            FetchRefusedError: The address, or one it redirects to, is not gone to.
            FetchUnreachableError: Nobody takes the connection.
            FetchFailedError: No answer, or one beyond the limits.
        """
        if unknown := {name.lower() for name in headers or {}} - SENDABLE:
            raise ValueError(f"headers that are not sent: {sorted(unknown)}")
        taken = limits or self._limits
        try:
            async with asyncio.timeout(taken.total_s) as deadline:
                response, final = await self._follow(_parse(url), headers or {}, taken)
                try:
                    yield FetchedStream(final, response, taken)
                finally:
                    await response.aclose()
        except TimeoutError:
            if not deadline.expired():
                raise
            raise FetchInterruptedError(
                f"{_parse(url).host} took longer than {taken.total_s:g} seconds. Try again later."
            ) from None

    async def _follow(
        self, url: httpx.URL, headers: Mapping[str, str], limits: FetchLimits
    ) -> tuple[httpx.Response, httpx.URL]:
        """Return the first answer that is no redirect, and its address."""
        for _ in range(limits.redirects + 1):
            response = await self._send(url, headers, limits)
            target = response.headers.get("location")
            if response.status_code not in REDIRECTS or not target:
                return response, url
            await response.aclose()
            following = _parse(_join(url, target))
            if url.scheme == "https" and following.scheme != "https":
                raise FetchRefusedError(
                    f"{url.host} redirects from https to http, where anybody on the way could "
                    "change what is read. Use another address."
                )
            url = following
        raise FetchFailedError(
            f"{url.host} redirected more than {limits.redirects} times. "
            "Open the address in a browser and use the one it ends at."
        )

    async def _send(
        self, url: httpx.URL, headers: Mapping[str, str], limits: FetchLimits
    ) -> httpx.Response:
        """Send a request to an address that `url` was checked to stand for."""
        addresses = await self._check(url)
        kind: type[FetchFailedError] = FetchUnreachableError
        for address in addresses:
            request = self._client.build_request(
                "GET",
                url.copy_with(host=address, fragment=None),
                headers={**headers, "Host": url.netloc.decode("ascii")},
                timeout=limits.quiet_s,
                # The name that https asks for and checks the certificate against.
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            try:
                return await self._client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            except httpx.HTTPError:
                kind = FetchInterruptedError
                break
        raise kind(
            f"{url.host} does not answer as it should. Check the address, or try again later."
        )

    async def _check(self, url: httpx.URL) -> list[str]:
        """Return the addresses that `url` may be fetched from.

        Raises:
            FetchRefusedError: It is not gone to.
            FetchUnreachableError: Its name stands for nothing.
        """
        host = url.raw_host.decode("ascii")
        port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
        is_allowed = (host, port) in self._allow
        if not is_allowed:
            _check_spelling(host, port)
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise FetchUnreachableError(f"There is no site named {url.host}. Check it for a slip.")
        if not is_allowed and not all(is_public(address) for address in addresses):
            raise FetchRefusedError(_say_private(host))
        return addresses


def _parse(url: str) -> httpx.URL:
    """Return the parts of an address.

    Raises:
        FetchRefusedError: It is none, or not one of the web.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise FetchRefusedError("This is not a web address. Check it for a slip.") from None
    if parsed.scheme not in DEFAULT_PORTS or not parsed.raw_host:
        raise FetchRefusedError("Only addresses that begin with https:// or http:// are fetched.")
    if parsed.userinfo:
        raise FetchRefusedError(
            f"The address of {parsed.host} holds a user name or password. Remove it: "
            "only what is open to everybody is fetched."
        )
    return parsed


def _join(url: httpx.URL, target: str) -> str:
    try:
        return str(url.join(target))
    except (httpx.InvalidURL, ValueError):
        return ""


def _check_spelling(host: str, port: int) -> None:
    """Refuse ports and spellings that no public site needs.

    A host whose last label is a number is an IPv4 address to the system's resolver however it is
    spelled (2130706433, 0x7f.1, 0177.0.0.1); only the usual spelling is taken.
    """
    if port not in DEFAULT_PORTS.values():
        raise FetchRefusedError(f"{host} is asked on port {port}. Only ports 80 and 443 are used.")
    if is_public(host):
        return
    last = host.rpartition(".")[2]
    is_number = last.isdigit() or last.startswith("0x")
    is_name = _NAME.fullmatch(host) and not is_number
    if not is_name or host == "localhost" or host.endswith(".localhost"):
        raise FetchRefusedError(_say_private(host))


def _say_private(host: str) -> str:
    return (
        f"{host} is not the name of a site on the public internet, so it is not fetched. "
        "Check the address for a slip."
    )


def _say_too_large(host: str, limits: FetchLimits) -> str:
    size = f"{limits.size_bytes / 1_000_000:g} MB"
    return f"{host} sends more than {size}, which is the most that is read."


def _decode(raw: AsyncIterator[bytes], encoding: str, host: str) -> AsyncIterator[bytes]:
    match encoding.strip().lower():
        case "" | "identity":
            return raw
        case "gzip" | "x-gzip":
            return _unpack(raw)
        case _:
            raise FetchFailedError(
                f"{host} answers compressed in a way that was not asked for. Try another address."
            )


async def _unpack(raw: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Unpack gzip in pieces of at most `CHUNK_BYTES`: a small file may hold terabytes."""
    stream = None
    async for part in raw:
        rest = part
        while rest:
            if stream is None or stream.eof:  # several files one after the other are one file
                stream = zlib.decompressobj(wbits=31)  # 31: with the header of gzip
            piece = stream.decompress(rest, CHUNK_BYTES)
            rest = stream.unused_data if stream.eof else stream.unconsumed_tail
            yield piece
    if stream is not None and not stream.eof:
        raise EOFError
