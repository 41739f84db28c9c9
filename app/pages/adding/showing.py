"""The pages of the walk, put together for their templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale
from fastapi.responses import HTMLResponse

from app.drafts.service import Draft
from app.pages.adding import sites
from app.pages.adding.answers import FIRST, Answers
from app.pages.adding.assembling import assemble
from app.pages.adding.desks import Desk, Shown
from app.pages.adding.previews import preview
from app.pages.adding.reading import search_categories, search_organisations, suspect
from app.pages.adding.spots import find_spot, search_places
from app.pages.adding.summing import list_rows, list_rungs, list_sites
from app.pages.adding.walk import BY_SLUG, find_before, list_steps
from app.pages.hours_words import say_hours
from app.pages.said import mark_sentence
from app.pages.served_areas import leave_out, list_chosen, search_areas
from app.pages.service import find_known_kind
from app.pages.weeks import DAY_NAMES
from app.taxonomy.schemas import CategoryRead

_ELSEWHERE = mark_sentence("Can people get it anywhere else?")
_TITLES = {("places", "service"): _ELSEWHERE, ("places", "resource"): _ELSEWHERE}
"""Questions that are asked otherwise of some kinds of things."""


async def show_step(
    desk: Desk, slug: str, answers: Answers, draft: Draft | None, shown: Shown
) -> HTMLResponse:
    """Return the page of a question, or the part of it that a script asked for."""
    step, steps = BY_SLUG[slug], list_steps(answers)
    before = find_before(answers, slug)
    begun = f"/add/{draft.id}" if draft else "/add"
    context = {
        "title": find_title(slug, answers), "slug": slug,
        "number": steps.index(step) + 1 if step in steps else len(steps), "total": len(steps),
        "path": f"{begun}/{slug}" if draft else begun,
        "back": (f"{begun}/{before}" if draft else begun) if before else "",
        **(await _gather(desk, slug, answers)), **shown.more,
    }  # fmt: skip
    return await show_question(desk, f"adding/{slug}.html", context, answers, draft, shown)


async def show_question(
    desk: Desk,
    template: str,
    context: Mapping[str, Any],
    answers: Answers,
    draft: Draft | None,
    shown: Shown,
) -> HTMLResponse:
    """Return a page with questions, or the part of it that a script asked for.

    Args:
        desk: What pages are made with.
        template: Of the whole page.
        context: What the template says of its own.
        answers: All answers of the draft; `context` may have others for the fields.
        draft: None before the first answer.
        shown: What is special about this answer.
    """
    whole = {
        "answers": answers,
        "problems": {name: desk.say(said) for name, said in shown.problems.items()},
        "draft_id": draft.id if draft else None,
        "saved": desk.say_saved(draft) if draft else "",
        "days": DAY_NAMES, "return_to": "/add", "drafts": [], "rungs": [],
        "suspects": [], "preview": None, "first": None,
        "is_fragment": shown.fragment is not None, **context,
    }  # fmt: skip
    if not shown.fragment:
        whole["rungs"] = await list_rungs(desk, answers, str(context["slug"]))
    return desk.render(shown.fragment or template, whole, shown.status)


def find_title(slug: str, answers: Answers) -> str:
    """Return a question as it is asked of such a thing."""
    kind = answers.one("kind")
    return _TITLES.get((slug, kind), BY_SLUG[slug].title)


async def _gather(desk: Desk, slug: str, answers: Answers) -> dict[str, Any]:
    """Return what the template of a question needs of its own."""
    ground = desk.ground
    found: dict[str, Any] = {}
    match slug:
        case "kind":
            found["categories"] = _group(ground.categories)
            found["matches"] = await search_categories(ground, answers)
        case "place":
            found = await gather_where(desk, answers, answers)
        case "places":
            found["sites"] = await list_sites(desk, answers)
            found["is_full"] = sites.is_full(answers)
        case "people":
            names = Locale.parse(desk.language.replace("-", "_")).languages
            found["spoken"] = [(tag, names.get(tag, tag)) for tag in ground.spoken]
        case "contact":
            found["organisations"] = await search_organisations(ground, answers)
        case "check":
            found = await _gather_check(desk, answers)
    return found


async def _gather_check(desk: Desk, answers: Answers) -> dict[str, Any]:
    document, wrong = await assemble(desk.ground, answers)
    return {
        "wrong": [{"path": page, "title": _name_page(page, answers)} for page in wrong],
        "rows": await list_rows(desk, answers),
        "sites": (await list_sites(desk, answers))[1:],
        "preview": await preview(desk, document),
    }


def _name_page(page: str, answers: Answers) -> str:
    """Return the question of a page, by its address below that of the draft."""
    _, _, rest = page.partition("places/")
    slug = rest.partition("/")[2]
    return sites.BY_SLUG[slug].title if slug else find_title(page, answers)


async def gather_where(desk: Desk, said: Answers, answers: Answers) -> dict[str, Any]:
    """Return what the questions where one place is need.

    Args:
        desk: What pages are made with.
        said: The answers about that place.
        answers: All answers of the draft.
    """
    ground = desk.ground
    spot, _ = await find_spot(ground, said)
    chosen = await list_chosen(ground.session, said.every("areas"))
    words = said.one("area_words")
    return {
        "spot": spot,
        "settings": desk.settings,
        "kind_of_area": await find_known_kind(ground.session),
        "is_place": answers.one("kind") == "place",
        "listed": said.one("listed"),
        "listed_place": spot.listed,
        "found_places": await search_places(ground, said),
        "place_words": said.one("place_words"),
        "place_near": said.one("place_near"),
        "area_words": words,
        "chosen_areas": chosen,
        "found_areas": leave_out(await search_areas(ground.session, words), chosen),
    }


async def show_suspects(desk: Desk, answers: Answers, number: str = FIRST) -> dict[str, Any]:
    """Return what the panel of likely duplicates says of one place."""
    found = await suspect(desk.ground, answers, number)
    return {
        "suspects": [
            {
                "id": str(each.id), "name": each.name, "reasons": each.reasons,
                "where": ", ".join(filter(None, (each.place or each.address, each.postcode))),
                "area": each.area, "words": each.hours_words, "standing": each.standing,
                "when": (
                    say_hours(
                        each.opening_hours, desk.language, desk.translate, is_brief=True
                    )
                    if each.opening_hours
                    else []
                ),
            }
            for each in found
        ],
        "day_names": {day.upper(): name for day, name in DAY_NAMES.items()},
    }  # fmt: skip


def _group(categories: Sequence[CategoryRead]) -> list[tuple[CategoryRead, list[CategoryRead]]]:
    """Return the broad categories, each with all that is under it."""
    broad = [each for each in categories if each.broader is None]
    return [
        (root, [each for each in categories if each.broader and each.path[0].code == root.code])
        for root in broad
    ]
