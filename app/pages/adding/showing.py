"""The pages of the walk, put together for their templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from fastapi import Request
from fastapi.responses import HTMLResponse

from app.areas.service import list_area_types
from app.assets.previewing import preview_card
from app.assets.schemas import AssetDocument
from app.core.errors import BadRequestError
from app.core.settings import Settings
from app.drafts.service import Draft
from app.packs.schemas import PackRead
from app.pages.adding import checks
from app.pages.adding.answers import Answers, Problems, Said
from app.pages.adding.clock import say_clock, say_hours
from app.pages.adding.reading import (
    Ground,
    assemble,
    find_spot,
    search_categories,
    search_organisations,
    suspect,
)
from app.pages.adding.times import DAY_NAMES, Times
from app.pages.adding.walk import BY_SLUG, STEPS, Rung, Standing, find_before, list_done
from app.pages.layout import Templates
from app.pages.signs import find_sign
from app.taxonomy.schemas import CategoryRead

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""Nothing keeps a page of a draft: not a proxy, not the next reader at a library's computer."""


@dataclass
class Shown:
    """What is special about one answer of the walk.

    Attributes:
        problems: What is to be put right.
        status: Of the response.
        fragment: Template of the part that a script asked for; None for the whole page.
        more: What the template says besides.
    """

    problems: Problems = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK
    fragment: str | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """What every page of the walk is made with."""

    request: Request
    pack: PackRead | None
    ground: Ground

    @property
    def templates(self) -> Templates:
        """The renderer."""
        return cast("Templates", self.request.app.state.templates)

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return cast("Settings", self.request.app.state.settings)

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.templates.choose_language(self.request, self.pack)

    def say(self, said: Said) -> str:
        """Return a sentence in the visitor's language, its values put in."""
        values = {
            name: self.translate(value) if isinstance(value, str) else value
            for name, value in said.values.items()
        }
        return self.translate(said.sentence) % values if values else self.translate(said.sentence)

    def translate(self, sentence: str) -> str:
        """Return a sentence of ours in the visitor's language."""
        return self.templates.translate({"it": sentence}, self.language)["it"]

    def say_saved(self, draft: Draft) -> str:
        """Return when a draft was saved, as the clocks of the place show it."""
        local = draft.updated_at.astimezone(ZoneInfo(self.ground.customs.time_zone))
        return say_clock(local.hour * 60 + local.minute, self.language)

    def say_kept_until(self, draft: Draft) -> str:
        """Return the last day on which a draft is kept if nobody touches it."""
        last = draft.updated_at + timedelta(days=self.settings.draft_days)
        local = last.astimezone(ZoneInfo(self.ground.customs.time_zone)).date()
        return format_date(local, "long", locale=self.language.replace("-", "_"))

    def render(self, template: str, context: Mapping[str, Any], status: HTTPStatus) -> HTMLResponse:
        """Return a page that nothing keeps."""
        page = self.templates.render(self.request, template, context, pack=self.pack, status=status)
        page.headers.update(PRIVATE)
        return page


async def show_step(
    desk: Desk, slug: str, answers: Answers, draft: Draft | None, shown: Shown
) -> HTMLResponse:
    """Return the page of a question, or the part of it that a script asked for."""
    step = BY_SLUG[slug]
    context = {
        "step": step, "number": STEPS.index(step) + 1, "total": len(STEPS), "answers": answers,
        "problems": {name: desk.say(said) for name, said in shown.problems.items()},
        "draft_id": draft.id if draft else None,
        "saved": desk.say_saved(draft) if draft else "",
        "before": find_before(slug), "days": DAY_NAMES, "return_to": "/add",
        "rungs": [] if shown.fragment else await list_rungs(desk, answers, slug),
        "suspects": [], "card": None, "has_card": False, "drafts": [],
        "is_fragment": shown.fragment is not None,
        **(await _gather(desk, slug, answers)), **shown.more,
    }  # fmt: skip
    template = shown.fragment or f"adding/{slug}.html"
    return desk.render(template, context, shown.status)


async def _gather(desk: Desk, slug: str, answers: Answers) -> dict[str, Any]:
    """Return what the template of a question needs of its own."""
    ground = desk.ground
    match slug:
        case "kind":
            return {
                "categories": _group(ground.categories),
                "matches": await search_categories(ground, answers),
            }
        case "place":
            spot, _ = await find_spot(ground, answers)
            kinds = await list_area_types(ground.session)
            publishing = [kind.code for kind in kinds if kind.is_publishing]
            return {
                "spot": spot,
                "settings": desk.settings,
                "kind_of_area": (publishing or [kinds[0].code if kinds else ""])[0],
            }
        case "people":
            names = Locale.parse(desk.language.replace("-", "_")).languages
            return {"spoken": [(tag, names.get(tag, tag)) for tag in ground.spoken]}
        case "contact":
            return {"organisations": await search_organisations(ground, answers)}
        case "check":
            return await _gather_check(desk, answers)
        case _:
            return {}


async def _gather_check(desk: Desk, answers: Answers) -> dict[str, Any]:
    document, wrong = await assemble(desk.ground, answers)
    return {
        "wrong": [step for step in STEPS if step.slug in wrong],
        "rows": await list_rows(desk, answers),
        **(await preview(desk, document)),
    }


async def preview(desk: Desk, document: AssetDocument | None) -> dict[str, Any]:
    """Return what the public will see, by the SQL of every list; `has_card` says whether any."""
    if document is None:
        return {"card": None, "has_card": False}
    try:
        card = await preview_card(desk.ground.session, document)
    except BadRequestError:
        return {"card": None, "has_card": False}
    if card is not None:
        category = desk.ground.by_code.get(card["categories"][0]) if card["categories"] else None
        card["sign"], card["category"] = find_sign(category), category.name if category else ""
        hours = card.get("opening_hours")
        card["when"] = say_hours(hours, desk.language) if hours else []
        contacts = [each for site in document.sites for each in site.contacts]
        card["contacts"] = [
            {"value": each.value} for each in contacts if each.visibility == "public"
        ]
    return {"card": card, "has_card": True, "level": str(document.visibility)}


async def show_suspects(desk: Desk, answers: Answers) -> dict[str, Any]:
    """Return what the panel of likely duplicates says."""
    found = await suspect(desk.ground, answers)
    return {
        "suspects": [
            {
                "id": str(each.id), "name": each.name, "reasons": each.reasons,
                "where": ", ".join(filter(None, (each.place or each.address, each.postcode))),
                "area": each.area, "words": each.hours_words,
                "when": say_hours(each.opening_hours, desk.language) if each.opening_hours else [],
            }
            for each in found
        ],
        "day_names": {day.upper(): name for day, name in DAY_NAMES.items()},
    }  # fmt: skip


async def list_rungs(desk: Desk, answers: Answers, now: str) -> list[Rung]:
    """Return every question with how it stands, and what was answered."""
    done = list_done(answers)
    rungs = []
    for step in STEPS:
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
        case "people":
            return answers.one("eligibility")[:80]
        case _:
            fields = (answers.one(name) for name in ("phone", "email", "web"))
            return next((value for value in fields if value), "")


def _say_times(desk: Desk, times: Times) -> list[str]:
    if times.opening_hours == "24/7":
        return []
    if times.opening_hours:
        return say_hours(times.opening_hours, desk.language)
    return [times.words] if times.words else []


@dataclass(frozen=True)
class Row:
    """A row of the answers to check.

    Attributes:
        name: Of the field; the template calls it by its words.
        lines: What was answered; none where nothing was.
        slug: Of the question.
    """

    name: str
    lines: list[str]
    slug: str


async def list_rows(desk: Desk, answers: Answers) -> list[Row]:
    """Return every answer in words, in the order of the questions."""
    ground = desk.ground
    spot, _ = await find_spot(ground, answers)
    times = Times(answers, ground.today)
    people, _ = checks.check_people(answers, ground.spoken)
    names = Locale.parse(desk.language.replace("-", "_")).languages
    category = ground.by_code.get(checks.choose_category(answers))
    address = [answers.one(field) for field in ("street", "address", "point_words")]
    organisations = await search_organisations(ground, answers)
    chosen = [each.name for each in organisations if str(each.id) == answers.one("organisation")]
    private = answers.every("private")
    return [
        Row("kind", [answers.one("kind")], "kind"),
        Row("category", [category.name] if category else [], "kind"),
        Row("name", [answers.one("name")], "place"),
        Row("where", [answers.one("where"), *filter(None, [*address, spot.postcode])], "place"),
        Row("neighbourhood", [spot.neighbourhood] if spot.neighbourhood else [], "place"),
        Row("when", [answers.one("when"), *_say_times(desk, times)], "time"),
        Row("hours_in_words", [times.words] if times.words else [], "time"),
        Row("term_time", [answers.one("term_time")] if answers.one("term_time") else [], "time"),
        Row("description", [people["description"]] if people["description"] else [], "people"),
        Row("eligibility", [people["eligibility"]] if people["eligibility"] else [], "people"),
        Row("ages", [answers.one("min_age"), answers.one("max_age")], "people"),
        Row("cost", [people["cost"], answers.one("cost_amount"), people["cost_words"]], "people"),
        Row("languages", [names.get(tag, tag) for tag in people["languages"]], "people"),
        *(Row(field, [people["access"][field]], "people") for field in checks.ACCESS),
        Row("how_to_join", [people["how_to_join"]] if people["how_to_join"] else [], "people"),
        *(
            Row(name, [answers.one(name), *(["private"] if name in private else [])], "contact")
            for name in ("phone", "email", "web")
            if answers.one(name)
        ),
        Row("organisation", chosen, "contact"),
        Row("visibility", [answers.one("visibility")], "contact"),
    ]


def _group(categories: Sequence[CategoryRead]) -> list[tuple[CategoryRead, list[CategoryRead]]]:
    """Return the broad categories, each with all that is under it."""
    broad = [each for each in categories if each.broader is None]
    return [
        (root, [each for each in categories if each.broader and each.path[0].code == root.code])
        for root in broad
    ]
