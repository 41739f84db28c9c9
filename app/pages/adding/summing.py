"""What was answered, in a few words: beside the questions, in lists of places, to be checked."""

from dataclasses import dataclass

from babel import Locale

from app.pages.adding import checks, sites
from app.pages.adding.answers import FIRST, Answers
from app.pages.adding.assembling import read_contacts, say_address, write_page
from app.pages.adding.desks import Desk
from app.pages.adding.reading import read_times, search_organisations
from app.pages.adding.spots import Spot, find_spot
from app.pages.adding.times import Times
from app.pages.adding.walk import Rung, Standing, list_done, list_steps
from app.pages.hours_words import say_hours
from app.pages.said import mark_sentence

_NO_MORE = mark_sentence("Nowhere else")


async def list_rungs(desk: Desk, answers: Answers, now: str) -> list[Rung]:
    """Return every question with how it stands, and what was answered."""
    done = list_done(answers)
    rungs = []
    for step in list_steps(answers):
        standing: Standing = (
            "now" if step.slug == now else "done" if step.slug in done else "to come"
        )
        summary = await _sum_up(desk, step.slug, answers) if step.slug in done else ""
        rungs.append(Rung(step, standing, summary))
    return rungs


async def _sum_up(desk: Desk, slug: str, answers: Answers) -> str:
    match slug:
        case "kind":
            category = desk.ground.by_code.get(checks.choose_category(answers))
            return category.name if category else ""
        case "place":
            return answers.one("name")
        case "time":
            times = Times(answers, desk.ground.today)
            return "; ".join(_say_times(desk, times))
        case "places":
            count = len(sites.list_numbers(answers)) - 1
            return str(count) if count else desk.translate(_NO_MORE)
        case "people":
            return answers.one("eligibility")[:80]
        case _:
            fields = (answers.one(name) for name in ("phone", "email", "web"))
            return next((value for value in fields if value), "")


def _say_times(desk: Desk, times: Times) -> list[str]:
    if times.opening_hours == "24/7":
        return []
    if times.opening_hours:
        return say_hours(times.opening_hours, desk.language, desk.translate)
    return [times.words] if times.words else []


@dataclass(frozen=True)
class Row:
    """A row of the answers to check.

    Attributes:
        name: Of the field; the template calls it by its words.
        lines: What was answered; none where nothing was.
        slug: Of the question's page, as in its address below that of the draft.
        private: Lines that are not for the public.
    """

    name: str
    lines: list[str]
    slug: str
    private: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Site:
    """A place as it is listed among others.

    Attributes:
        number: Its number.
        name: What tells it from the others; empty where nothing is known yet.
        rows: Where, when and how to get in touch.
        is_done: Whether all about it was answered well.
    """

    number: str
    name: str
    rows: list[Row]
    is_done: bool

    @property
    def when(self) -> list[str]:
        """When it happens, in lines; none where that is not said as times or words."""
        return next(row.lines[1:] for row in self.rows if row.name == "when")

    @property
    def contacts(self) -> list[str]:
        """How to get in touch."""
        return self.rows[-1].lines


async def list_sites(desk: Desk, answers: Answers) -> list[Site]:
    """Return every place with what was answered about it, the first first."""
    return [await sum_up_site(desk, number, answers) for number in sites.list_numbers(answers)]


async def sum_up_site(desk: Desk, number: str, answers: Answers) -> Site:
    """Return one place with what was answered about it."""
    said = answers.at(number)
    spot, _ = await find_spot(desk.ground, said)
    times = read_times(desk.ground, number, answers)
    where = said.one("where")
    lines = _say_where(said, spot)
    if spot.listed:
        lines = [spot.listed.name, *filter(None, [spot.listed.address, spot.listed.postcode])]
    when = [said.one("when"), *_say_times(desk, times)]
    rows = [
        Row("where", [where, *lines], write_page(number, "place")),
        Row("neighbourhood", [spot.neighbourhood] if spot.neighbourhood else [],
            write_page(number, "place")),
        Row("when", when, write_page(number, "time")),
        Row("hours_in_words", [times.words] if times.words else [], write_page(number, "time")),
        _list_contacts(answers, number),
    ]  # fmt: skip
    is_done = number == FIRST or sites.is_done(answers, number)
    return Site(number, next(iter(lines), ""), rows, is_done)


def _say_where(said: Answers, spot: Spot) -> list[str]:
    if spot.areas:
        return [each.name for each in spot.areas]
    return [line for line in (say_address(said), spot.postcode) if line]


def _list_contacts(answers: Answers, number: str) -> Row:
    page = write_page(number, "contact")
    if number != FIRST and answers.at(number).one("reach") == sites.SAME:
        return Row("contacts", [sites.SAME], page)
    contacts = read_contacts(answers, number)
    private = frozenset(each["value"] for each in contacts if each["visibility"] == "hidden")
    return Row("contacts", [each["value"] for each in contacts], page, private)


async def list_rows(desk: Desk, answers: Answers) -> list[Row]:
    """Return every answer in words, in the order of the questions."""
    ground = desk.ground
    first = await sum_up_site(desk, FIRST, answers)
    people, _ = checks.check_people(answers, ground.spoken)
    names = Locale.parse(desk.language.replace("-", "_")).languages
    category = ground.by_code.get(checks.choose_category(answers))
    organisations = await search_organisations(ground, answers)
    chosen = [each.name for each in organisations if str(each.id) == answers.one("organisation")]
    return [
        Row("kind", [answers.one("kind")], "kind"),
        Row("category", [category.name] if category else [], "kind"),
        Row("name", [answers.one("name")], "place"),
        *first.rows[:-1],
        Row("term_time", [answers.one("term_time")] if answers.one("term_time") else [], "time"),
        Row("description", [people["description"]] if people["description"] else [], "people"),
        Row("eligibility", [people["eligibility"]] if people["eligibility"] else [], "people"),
        Row("ages", [answers.one("min_age"), answers.one("max_age")], "people"),
        Row("cost", [people["cost"], answers.one("cost_amount"), people["cost_words"]], "people"),
        Row("languages", [names.get(tag, tag) for tag in people["languages"]], "people"),
        *(Row(field, [people["access"][field]], "people") for field in checks.ACCESS),
        Row("how_to_join", [people["how_to_join"]] if people["how_to_join"] else [], "people"),
        first.rows[-1],
        Row("organisation", chosen, "contact"),
        Row("visibility", [answers.one("visibility")], "contact"),
    ]
