"""What is kept between questions: areas with their people, and sites with their weights."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, NamedTuple, TypeVar

from scipy.sparse import csr_array

from app.analysis.ground import AreaGround, Edge, SupplyGround

MOST_BYTES = 256_000_000
"""For all that is kept in one process; what was asked for longest ago goes first."""

Made = TypeVar("Made")


class Weighed(NamedTuple):
    """Sites of a category and their weights for one kernel."""

    supply: SupplyGround
    weights: csr_array


class Memory:
    """Keeps what is made under keys that name its state; what is old is asked for no more.

    Args:
        most_bytes: How much it may take.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, asyncio.Lock] = {}
        self.bytes = 0

    async def find(
        self, key: Hashable, make: Callable[[], Awaitable[Made]], size: Callable[[Made], int]
    ) -> Made:
        """Return what is kept under a key, made once however many ask for it at a time."""
        lock = self._making.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    made: Made = self._kept[key][0]
                    return made
                made = await make()
                self._keep(key, made, size(made))
                return made
        finally:
            if not lock.locked():
                self._making.pop(key, None)

    def _keep(self, key: Hashable, made: object, size: int) -> None:
        if size > self._most_bytes:
            return
        self._kept[key] = (made, size)
        self.bytes += size
        while self.bytes > self._most_bytes:
            _, (_, freed) = self._kept.popitem(last=False)
            self.bytes -= freed


def measure_weighed(weighed: Weighed) -> int:
    """Return about how many bytes it takes."""
    weights = weighed.weights
    return int(
        weights.data.nbytes + weights.indices.nbytes + weights.indptr.nbytes
        + 400 * len(weighed.supply.ids)
    )  # fmt: skip


def measure_areas(areas: AreaGround) -> int:
    """Return about how many bytes it takes."""
    return 300 * len(areas.codes)


def measure_edge(edge: Edge) -> int:
    """Return about how many bytes it takes."""
    return edge.away_m.nbytes
