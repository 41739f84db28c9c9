"""What is the same for everybody, kept for as long as nothing that it says has changed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Made = TypeVar("Made")


class Memory:
    """Each application keeps its own, as each has its own database."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Any]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def recall(self, key: str, state: str, make: Callable[[], Awaitable[Made]]) -> Made:
        """Return what `make` made at this `state`; whoever comes meanwhile waits for it."""
        held = self._kept.get(key)
        if held is None or held[0] != state:
            async with self._locks.setdefault(key, asyncio.Lock()):
                held = self._kept.get(key)
                if held is None or held[0] != state:
                    held = self._kept[key] = (state, await make())
        made: Made = held[1]
        return made
