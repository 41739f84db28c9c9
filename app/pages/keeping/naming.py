"""Names of the listed places and areas that answers refer to."""

from collections.abc import Mapping
from uuid import UUID

from app.assets.place_finding import Finder, ListedPlace, find_place
from app.moderation.texts import Answer
from app.pages.keeping.wording import Words
from app.pages.served_areas import list_chosen


async def name_places(finder: Finder, words: Words, *said: Mapping[str, Answer]) -> Words:
    """Return words that know the places and areas which answers name, as far as they may be known.

    Args:
        finder: Who reads them.
        words: Theirs.
        said: The answers.
    """
    ids = {each.get("listed") for each in said} - {"", None}
    areas = [value for each in said for value in each.get("areas") or ()]
    names = {each.value: each.name for each in await list_chosen(finder.session, areas)}
    for each in ids:
        place = await find_listed(finder, str(each))
        if place is not None:
            names[str(each)] = place.name
    return words._replace(places=names)


async def find_listed(finder: Finder, text: str) -> ListedPlace | None:
    """Return the listed place with an id as a form has it; None: none, or none for them to know."""
    try:
        return await find_place(finder, UUID(text))
    except ValueError:
        return None
