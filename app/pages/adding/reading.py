"""What is wrong with the answers to a question, and what a search in one of them finds."""

from uuid import UUID

from app.assets.duplicates import Asked, Suspect, list_days
from app.assets.suspecting import find_suspects
from app.organisations.public_schemas import OrganisationFilters, OrganisationSummary
from app.organisations.reading import list_organisations
from app.pages.adding import checks, sites
from app.pages.adding.answers import FIRST, Answers
from app.pages.adding.ground import Ground
from app.pages.adding.spots import find_spot
from app.pages.adding.times import Times
from app.pages.said import Problems, Said, mark_sentence
from app.taxonomy.schemas import CategoryRead
from app.taxonomy.service import list_categories

NOBODY = "none"
"""The answer that nobody in particular runs it."""

DIFFERENT = "none"
"""The answer that it is none of those that look alike."""

MOST_ORGANISATIONS = 6
MOST_CATEGORIES = 8
_LONGEST_WORDS = 100


async def check_step(ground: Ground, slug: str, answers: Answers) -> Problems:
    """Return what is wrong with the answers of one question."""
    match slug:
        case "kind":
            return checks.check_kind(answers, ground.by_code)
        case "place":
            is_place = answers.one("kind") == "place"
            wrong = checks.check_name(answers) | checks.check_where(answers, is_place=is_place)
            return _add(wrong, (await find_spot(ground, answers))[1])
        case "time":
            return Times(answers, ground.today).problems
        case "people":
            return checks.check_people(answers, ground.spoken)[1]
        case "places":
            return checks.check_more(answers)
        case _:
            problems = checks.check_contact(answers)[1]
            last = {"visibility": problems.pop("visibility")} if "visibility" in problems else {}
            return {**problems, **(await _check_organisation(ground, answers)), **last}


def _add(wrong: Problems, more: Problems) -> Problems:
    """Return both, in their order; of a field the first sentence."""
    return wrong | {field: said for field, said in more.items() if field not in wrong}


async def check_site_page(ground: Ground, number: str, slug: str, answers: Answers) -> Problems:
    """Return what is wrong with the answers of one page about a further place.

    Args:
        ground: What they are read against.
        number: Of the place.
        slug: Of the page.
        answers: All of the draft: times and contacts may be those of the first place.
    """
    said = answers.at(number)
    match slug:
        case "place":
            wrong = checks.check_where(said, is_place=answers.one("kind") == "place")
            return _add(wrong, (await find_spot(ground, said))[1])
        case "time":
            return read_times(ground, number, answers).problems
        case _:
            return checks.check_reach(said)[1]


def read_times(ground: Ground, number: str, answers: Answers) -> Times:
    """Return when it happens at a place; "same" is as at the first."""
    said = answers.at(number)
    is_same = number != FIRST and said.one("when") == sites.SAME
    return Times(answers if is_same else said, ground.today)


async def suspect(ground: Ground, answers: Answers, number: str = FIRST) -> list[Suspect]:
    """Return what may be the same thing, the likeliest first.

    Args:
        ground: What answers are read against.
        answers: All of the draft.
        number: Of the place that is looked around. What was said to be a different thing at the
            first is not told of another once more.
    """
    if not answers.one("name"):
        return []
    said = answers.at(number)
    spot, _ = await find_spot(ground, said)
    is_typed = said.one("where") == "postcode"
    times = read_times(ground, number, answers)
    asked = Asked(
        answers.one("name")[:200],
        said.one("postcode")[:10] if is_typed else "",
        spot.point,
        list_days(times.opening_hours) if times.opening_hours else (),
        [checks.choose_category(answers)],
    )
    found = await find_suspects(ground.session, ground.reads, ground.actor, asked)
    if number == FIRST or answers.one("dup") != DIFFERENT:
        return found
    known = set(answers.one("dup_seen").split())
    return [each for each in found if str(each.id) not in known]


async def search_categories(ground: Ground, answers: Answers) -> list[CategoryRead]:
    """Return the categories that the words typed fit best."""
    words = answers.one("category_words")[:_LONGEST_WORDS]
    if not words:
        return []
    found = await list_categories(ground.session, words)
    if not found:  # "weekly lunch club": whatever any of its words finds
        each = [await list_categories(ground.session, word) for word in words.split()[:6]]
        found = list({row.code: row for rows in each for row in rows[:4]}.values())
    return found[:MOST_CATEGORIES]


async def search_organisations(ground: Ground, answers: Answers) -> list[OrganisationSummary]:
    """Return the organisations whose names the words typed fit; public ones only."""
    words = answers.one("organisation_words")[:_LONGEST_WORDS]
    if not any(map(str.isalnum, words)):
        return []
    filters = OrganisationFilters(q=words, limit=MOST_ORGANISATIONS)
    async with ground.reads.look() as reader:
        return list((await list_organisations(reader, filters)).items)


async def _check_organisation(ground: Ground, answers: Answers) -> Problems:
    words, chosen = answers.one("organisation_words"), answers.one("organisation")
    if chosen == NOBODY or not words:
        return {}
    found = await search_organisations(ground, answers)
    if chosen in {str(each.id) for each in found}:
        return {}
    if found:
        sentence = mark_sentence("Choose which of these runs it, or that none of them does.")
        return {"organisation": Said(sentence)}
    sentence = mark_sentence(
        "We know nobody called “%(words)s”. Try another word of the name, or leave this empty and "
        "name them in the description."
    )
    return {"organisation_words": Said(sentence, {"words": words[:80]})}


def read_organisation(answers: Answers) -> UUID | None:
    """Return who runs it; None: nobody that is known."""
    if not answers.one("organisation_words"):
        return None
    try:
        return UUID(answers.one("organisation"))
    except ValueError:
        return None
