"""What is kept, for how long, and what a change takes with it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.versions import Box
from app.geo.tile_grid import Tile
from app.tiles.cache import OVERHEAD_BYTES, REMEMBERED_DROPS, Answer, TileCache
from tests.tiles.decoding import find_tile

LIVERPOOL = Box(-2.99, 53.40, -2.98, 53.41)
HERE = find_tile(12, -2.985, 53.405)
ELSEWHERE = Tile(12, 2100, 1300)


class Clock:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def answering(body: bytes, fresh_until: float | None = None) -> Callable[[], Awaitable[Answer]]:
    """Return what makes an answer at once."""

    async def make() -> Answer:
        return Answer(body, b'"x"', fresh_until=fresh_until)

    return make


class Slow:
    """Makes an answer when told, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.go = asyncio.Event()

    async def make(self) -> Answer:
        """Wait, and answer with the number of the call."""
        self.asked += 1
        number = self.asked
        await self.go.wait()
        return Answer(str(number).encode(), b'"x"')


@pytest.fixture
def cache() -> TileCache:
    return TileCache(1_000_000, Clock())


async def test_what_was_made_is_found_again(cache: TileCache) -> None:
    assert cache.find("a") is None
    await cache.fill("a", HERE, answering(b"tile"), changes=True)
    found = cache.find("a")
    assert found is not None
    assert found.body == b"tile"


async def test_many_who_ask_at_once_wait_for_one_answer(cache: TileCache) -> None:
    slow = Slow()
    asking = [
        asyncio.create_task(cache.fill("a", HERE, slow.make, changes=True)) for _ in range(20)
    ]
    await asyncio.sleep(0)
    asking[0].cancel()  # one goes away, and the others still get theirs
    slow.go.set()
    answers = await asyncio.gather(*asking[1:])
    assert slow.asked == 1
    assert {answer.body for answer in answers} == {b"1"}
    assert cache.find("a") is not None


async def test_an_error_is_told_to_all_and_kept_by_nobody(cache: TileCache) -> None:
    async def fail() -> Answer:
        await asyncio.sleep(0)
        raise ConnectionError("away")

    asking = [cache.fill("a", HERE, fail, changes=True) for _ in range(3)]
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(each) for each in results] == [ConnectionError] * 3
    await cache.fill("a", HERE, answering(b"back"), changes=True)
    assert cache.find("a") is not None


async def test_a_change_drops_the_tiles_that_it_touches_at_every_zoom(cache: TileCache) -> None:
    touched = {zoom: find_tile(zoom, -2.985, 53.405) for zoom in range(15)}
    for zoom, tile in touched.items():
        await cache.fill(f"here {zoom}", tile, answering(b"t"), changes=True)
    await cache.fill("elsewhere", ELSEWHERE, answering(b"t"), changes=True)
    await cache.fill("areas", HERE, answering(b"t"), changes=False)
    cache.drop(LIVERPOOL)
    assert [zoom for zoom in touched if cache.find(f"here {zoom}")] == []
    assert cache.find("elsewhere")
    assert cache.find("areas"), "what never changes was dropped"
    cache.drop(None)
    assert cache.find("elsewhere") is None
    cache.drop_unchanging()
    assert cache.find("areas") is None
    assert cache.bytes == 0


async def test_what_was_begun_before_a_change_is_not_kept_after_it(cache: TileCache) -> None:
    slow = Slow()
    early = asyncio.create_task(cache.fill("a", HERE, slow.make, changes=True))
    await asyncio.sleep(0)
    cache.drop(LIVERPOOL)
    late = asyncio.create_task(cache.fill("a", HERE, slow.make, changes=True))
    await asyncio.sleep(0)
    slow.go.set()
    assert (await early).body == b"1"
    assert (await late).body == b"2", "who asked after the change was given what was before it"
    kept = cache.find("a")
    assert kept is not None
    assert kept.body == b"2"


async def test_a_change_elsewhere_leaves_what_is_under_way(cache: TileCache) -> None:
    slow = Slow()
    asking = asyncio.create_task(cache.fill("a", ELSEWHERE, slow.make, changes=True))
    await asyncio.sleep(0)
    cache.drop(LIVERPOOL)
    slow.go.set()
    await asking
    assert cache.find("a")


async def test_after_more_changes_than_are_remembered_nothing_old_is_kept(
    cache: TileCache,
) -> None:
    slow = Slow()
    asking = asyncio.create_task(cache.fill("a", ELSEWHERE, slow.make, changes=True))
    await asyncio.sleep(0)
    for _ in range(REMEMBERED_DROPS + 1):
        cache.drop(LIVERPOOL)
    slow.go.set()
    await asking
    assert cache.find("a") is None


async def test_what_holds_until_midnight_ends_there() -> None:
    clock = Clock()
    cache = TileCache(1_000_000, clock)
    await cache.fill("a", HERE, answering(b"t", fresh_until=60), changes=True)
    clock.now = 59.9
    assert cache.find("a")
    clock.now = 60
    assert cache.find("a") is None


async def test_those_asked_for_longest_ago_go_first() -> None:
    cache = TileCache(3 * (OVERHEAD_BYTES + 100), Clock())
    for name in "abc":
        await cache.fill(name, HERE, answering(bytes(100)), changes=True)
    assert cache.find("a")
    await cache.fill("d", HERE, answering(bytes(100)), changes=True)
    assert [name for name in "abcd" if cache.find(name)] == ["a", "c", "d"]
    await cache.fill("huge", HERE, answering(bytes(10_000)), changes=True)
    assert cache.find("huge") is None
    assert cache.find("d"), "something too large drove the others out"


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3000), st.booleans()), max_size=60)
)
def test_it_never_takes_more_than_it_may(steps: list[tuple[str, int, bool]]) -> None:
    async def go() -> None:
        cache = TileCache(5000, Clock())
        for name, size, is_drop in steps:
            if is_drop:
                cache.drop(LIVERPOOL)
            else:
                tile = HERE if name < "d" else ELSEWHERE
                await cache.fill(name, tile, answering(bytes(size)), changes=True)
            kept = [answer for each in "abcdef" if (answer := cache.find(each))]
            assert cache.bytes == sum(len(each.body) + OVERHEAD_BYTES for each in kept) <= 5000

    asyncio.run(go())
