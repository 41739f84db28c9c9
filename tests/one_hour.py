"""Answers tell dates from the beginning of the hour: what is compared belongs to one."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")


async def ask_within_an_hour(ask: Callable[[], Awaitable[T]]) -> T:
    """Return what was asked, asked again where a new hour began meanwhile."""
    while True:
        began = datetime.now(UTC).hour
        told = await ask()
        if datetime.now(UTC).hour == began:
            return told
