"""Areas that something comes to, as a draft names them."""

from app.pages.adding.answers import Answers
from app.pages.adding.ground import Ground
from app.pages.said import Problems, Said, mark_sentence
from app.pages.served_areas import NamedArea, list_chosen, search_areas

MOST_AREAS = 40
"""How many areas are ticked by hand, in a form that has other fields too."""


async def read_areas(ground: Ground, answers: Answers) -> tuple[tuple[NamedArea, ...], Problems]:
    """Return the areas chosen, and what is wrong with the choice."""
    chosen = await list_chosen(ground.session, answers.every("areas"))
    words = answers.one("area_words")
    found = await search_areas(ground.session, words)
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
