"""Areas that something comes to: found by name, chosen by ticking."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.naming import find_named, name_areas
from app.areas.schemas import AreaMatch

MOST_FOUND = 10
_LONGEST_WORDS = 100
_LONGEST_NAME = 100


class NamedArea(NamedTuple):
    """An area with what people call it.

    Attributes:
        type: Its kind, by code.
        code: Its code.
        name: What it is called.
        kind: Its kind in words.
        within: The larger area that it lies in; empty where that tells nothing.
    """

    type: str
    code: str
    name: str
    kind: str
    within: str

    @property
    def value(self) -> str:
        """What stands for it in a form."""
        return f"{self.type}:{self.code}"


async def search_areas(session: AsyncSession, words: str) -> list[NamedArea]:
    """Return the areas that words may mean, the likeliest first."""
    found = await find_named(session, words[:_LONGEST_WORDS], MOST_FOUND, each_kind=True)
    return [_describe(each) for each in found]


async def list_chosen(session: AsyncSession, values: Sequence[str]) -> list[NamedArea]:
    """Return the areas that stand in a form, in that order; what is none here is left out.

    Args:
        session: The transaction.
        values: As `NamedArea.value` has them.
    """
    named = [value[:_LONGEST_NAME].partition(":") for value in values]
    wanted = list(dict.fromkeys((kind, code) for kind, _, code in named))
    found = {(each.type, each.code): each for each in await name_areas(session, wanted)}
    return [_describe(found[each]) for each in wanted if each in found]


def leave_out(found: Sequence[NamedArea], chosen: Sequence[NamedArea]) -> list[NamedArea]:
    """Return what was found and is not among what was chosen."""
    known = {each.value for each in chosen}
    return [each for each in found if each.value not in known]


def _describe(area: AreaMatch) -> NamedArea:
    return NamedArea(area.type, area.code, area.name, area.kind, area.within or "")
