"""Asking a host politely: one request at a time, again after a pause, as long as it may help."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from app.core.fetching import (
    FetchedDocument,
    FetchedStream,
    FetchError,
    FetchInterruptedError,
    FetchLimits,
    FetchUnreachableError,
    GuardedClient,
)
from app.packs.downloading.wanted import AddressProblem, Manners

T = TypeVar("T")

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which another attempt may fare better."""

_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()


class PassingProblem(Exception):  # noqa: N818 - a sentence about one attempt
    """An attempt failed in a way that may pass; the message says how.

    Attributes:
        wait_s: Seconds the host asked us to wait, if it did.
    """

    def __init__(self, sentence: str, wait_s: float | None = None) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


def name_host(address: str) -> str:
    """Return the host of an address for a sentence, or the address where it has none."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


class Asker:
    """Asks hosts for what one download needs.

    Args:
        client: What requests go through.
        manners: How patient and polite to be.
    """

    def __init__(self, client: GuardedClient, manners: Manners) -> None:
        self._client = client
        self._manners = manners
        self._unreachable: set[str] = set()

    async def patiently(self, address: str, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what `attempt` returns, made again after growing pauses while that may help.

        A host that takes no connection is asked twice, and then no more in this download.

        Raises:
            AddressProblem: It does not help, or not any more.
        """
        host = urlsplit(address).netloc
        if host in self._unreachable:
            raise AddressProblem("It did not answer before, so it was not asked again.")
        for number in range(len(self._manners.pauses_s) + 1):
            try:
                return await attempt()
            except (PassingProblem, FetchInterruptedError) as problem:
                await self._pause(number, problem)
            except FetchUnreachableError as problem:
                if number > 0:
                    self._unreachable.add(host)
                    raise AddressProblem(str(problem)) from None
                await self._pause(number, problem)
            except FetchError as problem:
                raise AddressProblem(str(problem)) from None
        raise AssertionError("the last attempt ends in one or the other")

    async def _pause(self, number: int, problem: Exception) -> None:
        """Wait before the next attempt, or give up after the last."""
        pauses = self._manners.pauses_s
        if number >= len(pauses):
            tries = f" ({number + 1} attempts)" if number else ""
            raise AddressProblem(f"{problem}{tries}") from None
        wait_s = problem.wait_s if isinstance(problem, PassingProblem) else None
        if wait_s is not None and wait_s > self._manners.longest_wait_s:
            raise AddressProblem(
                f"{problem} It asks to be left alone for {math.ceil(wait_s):,} seconds."
            ) from None
        await self._manners.sleep(max(wait_s or 0, pauses[number]))

    async def get_page(self, address: str, size_bytes: int) -> FetchedDocument:
        """Return the answer to one request, read whole.

        Must run within `patiently`.

        Raises:
            AddressProblem: The answer says that there is nothing there.
            PassingProblem: The answer says to come again.
            FetchError: There is no answer.
        """
        manners = self._manners
        limits = FetchLimits(size_bytes, manners.page_s, manners.quiet_s)
        async with queueing(address):
            document = await self._client.get(address, limits=limits)
        check_status(document)
        return document

    @asynccontextmanager
    async def stream(
        self, address: str, headers: Mapping[str, str], size_bytes: int
    ) -> AsyncIterator[FetchedStream]:
        """Yield the answer to one request, of any status; errors as in `get_page`."""
        manners = self._manners
        limits = FetchLimits(size_bytes, manners.file_s, manners.quiet_s)
        async with (
            queueing(address),
            self._client.stream(address, headers=headers, limits=limits) as answer,
        ):
            yield answer

    async def rest(self) -> None:
        """Wait as is polite between two pages."""
        await self._manners.sleep(self._manners.between_pages_s)


@asynccontextmanager
async def queueing(address: str) -> AsyncIterator[None]:
    """Hold the only place at the counter of this address's host."""
    locks = _queues.setdefault(asyncio.get_running_loop(), {})
    async with locks.setdefault(urlsplit(address).netloc, asyncio.Lock()):
        yield


def check_status(answer: FetchedDocument | FetchedStream) -> None:
    """Refuse an answer that is not the content asked for.

    Raises:
        AddressProblem: Asking again would not help.
        PassingProblem: It may.
    """
    status = answer.status
    if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return
    try:
        phrase = f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        phrase = str(status)
    if status in PASSING:
        wait_s = read_wait(answer.headers.get("retry-after", ""))
        raise PassingProblem(f"It answered with status {phrase}.", wait_s)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise AddressProblem(f"There is nothing at this address any more: status {phrase}.")
    raise AddressProblem(f"It answered with status {phrase}.")


def read_wait(stated: str) -> float | None:
    """Return the seconds of a Retry-After header, which states a number or a date."""
    text = stated.strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0)


def is_web_page(content_type: str, head: bytes) -> bool:
    """Whether an answer is a page for people, such as an error page sent as a success."""
    start = head[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "text/html" in content_type.lower() or start.startswith((b"<!doctype html", b"<html"))
