"""Areas that something comes to: found by name, chosen by ticking."""

from collections.abc import Sequence
from typing import NamedTuple

from app.areas.naming import find_named, name_areas
from app.areas.schemas import AreaMatch
from app.pages.adding.answers import Answers
from app.pages.adding.ground import Ground
from app.pages.said import Problems, Said, mark_sentence

MOST_FOUND = 10
MOST_AREAS = 40
"""How many areas are ticked by hand, in a form that has other fields too."""
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


async def search_areas(ground: Ground, answers: Answers) -> list[NamedArea]:
    """Return the areas that the words typed may mean, the likeliest first."""
    words = answers.one("area_words")[:_LONGEST_WORDS]
    found = await find_named(ground.session, words, MOST_FOUND, each_kind=True)
    return [_describe(each) for each in found]


async def list_chosen(ground: Ground, answers: Answers) -> list[NamedArea]:
    """Return the areas that were ticked, in that order; what is none of the place is left out."""
    named = [value[:_LONGEST_NAME].partition(":") for value in answers.every("areas")]
    wanted = list(dict.fromkeys((kind, code) for kind, _, code in named))
    found = {(each.type, each.code): each for each in await name_areas(ground.session, wanted)}
    return [_describe(found[each]) for each in wanted if each in found]


async def read_areas(ground: Ground, answers: Answers) -> tuple[tuple[NamedArea, ...], Problems]:
    """Return the areas chosen, and what is wrong with the choice."""
    chosen = await list_chosen(ground, answers)
    words = answers.one("area_words")
    found = await search_areas(ground, answers)
    if len(chosen) > MOST_AREAS:
        sentence = mark_sentence(
            "You chose %(count)s areas; %(most)s are the most. Choose larger ones that hold them."
        )
        return (), {"areas": Said(sentence, {"count": len(chosen), "most": MOST_AREAS})}
    if words and not found:
        sentence = mark_sentence(
            "We know no area called “%(words)s” in %(place)s. Try another name, or empty the box."
        )
        return (), {"area_words": Said(sentence, {"words": words[:80], "place": ground.title})}
    if words and not {each.value for each in found} & {each.value for each in chosen}:
        sentence = mark_sentence(
            "Tick which of the areas called “%(words)s” you mean, or empty the box."
        )
        return (), {"areas": Said(sentence, {"words": words[:80]})}
    if not chosen:
        return (), {
            "area_words": Said(mark_sentence("Enter the name of an area that it comes to."))
        }
    return tuple(chosen), {}


def leave_out(found: Sequence[NamedArea], chosen: Sequence[NamedArea]) -> list[NamedArea]:
    """Return what was found and is not among what was chosen."""
    known = {each.value for each in chosen}
    return [each for each in found if each.value not in known]


def _describe(area: AreaMatch) -> NamedArea:
    return NamedArea(area.type, area.code, area.name, area.kind, area.within or "")
