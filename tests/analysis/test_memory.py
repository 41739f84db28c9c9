"""What is kept between questions: made once, bounded, forgotten in order."""

import asyncio

from app.analysis.memory import Memory


async def test_what_many_ask_for_at_once_is_made_once() -> None:
    memory, made = Memory(), []

    async def make() -> str:
        await asyncio.sleep(0.01)
        made.append(1)
        return "made"

    asked = [memory.find("key", make, len) for _ in range(10)]
    assert await asyncio.gather(*asked) == ["made"] * 10
    assert made == [1]
    assert await memory.find("key", make, len) == "made"
    assert made == [1]


async def test_what_was_asked_for_longest_ago_goes_first() -> None:
    memory, made = Memory(most_bytes=10), []

    async def ask(key: str) -> None:
        async def make() -> str:
            made.append(key)
            return key * 4

        await memory.find(key, make, len)

    for key in ("a", "b", "a", "c", "a", "b"):
        await ask(key)
    assert made == ["a", "b", "c", "b"]
    assert memory.bytes <= 10


async def test_what_is_too_large_is_answered_and_not_kept() -> None:
    memory, made = Memory(most_bytes=3), []

    async def make() -> str:
        made.append(1)
        return "large"

    assert await memory.find("key", make, len) == "large"
    assert await memory.find("key", make, len) == "large"
    assert made == [1, 1]
    assert memory.bytes == 0


async def test_what_fails_is_made_anew_by_whoever_asks_next() -> None:
    memory, tries = Memory(), []

    async def make() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("away")
        return "made"

    results = await asyncio.gather(
        *(memory.find("key", make, len) for _ in range(2)), return_exceptions=True
    )
    assert [str(each) for each in results] == ["away", "made"]
