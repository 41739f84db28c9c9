"""Names of the places, areas and organisations that answers refer to."""

from collections.abc import Mapping
from uuid import UUID

from app.assets.place_finding import Finder, ListedPlace, find_place
from app.core.errors import NotFoundError
from app.moderation.texts import Answer
from app.organisations.reading import read_organisation
from app.organisations.service import keep_organisations
from app.pages.keeping.wording import Words
from app.pages.served_areas import list_chosen


async def name_places(finder: Finder, words: Words, *said: Mapping[str, Answer]) -> Words:
    """Return words that know what answers name, as far as that may be known.

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
    for each in {each.get("organisation") for each in said} - {"", None}:
        name = await find_runner(finder, str(each))
        if name is not None:
            names[str(each)] = name
    return words._replace(names=names)


async def find_listed(finder: Finder, text: str) -> ListedPlace | None:
    """Return the listed place with an id as a form has it; None: none, or none for them to know."""
    try:
        return await find_place(finder, UUID(text))
    except ValueError:
        return None


async def find_runner(finder: Finder, text: str) -> str | None:
    """Return the name of the organisation with an id as a form has it; None as `find_listed`."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    try:
        return (await keep_organisations(finder.session, finder.actor).open(wanted)).document.name
    except NotFoundError:
        pass
    try:
        async with finder.reads.look() as reader:
            return (await read_organisation(reader, wanted)).name
    except NotFoundError:
        return None
