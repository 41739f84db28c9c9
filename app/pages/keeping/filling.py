"""The form by which a record is changed, filled; and the page where two editors meet."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from app.areas.service import read_postcode
from app.assets.place_finding import find_places
from app.core.errors import NotFoundError
from app.moderation import telling
from app.moderation.answers import QUESTIONS, Sheet
from app.moderation.looking import Look, find_place, name_subject
from app.moderation.organisation_parts import REGISTERS
from app.moderation.organisations import QUESTIONS as ORGANISATION_QUESTIONS
from app.moderation.texts import Answers
from app.organisations.public_schemas import OrganisationFilters
from app.organisations.reading import list_organisations
from app.pages.keeping.forms import SentForm, list_inputs, offer_rows, read_text, write_seen
from app.pages.keeping.naming import find_listed, find_runner, name_places
from app.pages.keeping.offers import find_offers
from app.pages.keeping.showing import show, write_page_path
from app.pages.keeping.times import ShownTimes, say_lines, show_times
from app.pages.keeping.visits import Visit
from app.pages.keeping.wording import compare
from app.pages.said import mark_sentence
from app.pages.served_areas import leave_out, list_chosen, search_areas
from app.pages.service import find_known_kind
from app.pages.weeks import FIELDS
from app.records.documents import Point
from app.records.vocabulary import Status
from app.taxonomy.schemas import CategoryRead
from app.taxonomy.service import list_categories

_LONGEST_WORDS = 100
_MOST_RUNNERS = 6
_WHICH = mark_sentence("Choose which of the two to keep.")


async def render_conflict(
    visit: Visit, sent: SentForm, conflicts: list[str], earlier: Sheet, *, asked: bool
) -> HTMLResponse:
    """Ask an editor which of two answers to keep, where somebody else saved one meanwhile.

    Args:
        visit: Who is at the page of what.
        sent: What they sent.
        conflicts: The questions that both answered.
        earlier: What was said before either.
        asked: Whether they were asked before, and left something open.
    """
    now = visit.look.sheet.answers
    words = await name_places(visit.finder, visit.words, now, earlier.answers, sent.answers)
    rows = [
        {
            "question": name,
            "was": compare(name, earlier.answers.get(name), now.get(name), words),
            "mine": compare(name, earlier.answers.get(name), sent.answers[name], words),
            "choice": sent.choices.get(name, ""),
        }
        for name in conflicts
    ]
    problems = {}
    if asked:
        problems = {
            f"keep_{name}": _WHICH
            for name in conflicts
            if sent.choices.get(name) not in {"mine", "theirs"}
        }
    last = await telling.tell_addition_decision(
        visit.session, name_subject(visit.look), visit.look.kept.id
    )
    context = {
        **_describe(visit, sent), "rows": rows, "problems": problems, "other": last,
        "conflict_from": sent.conflict_from or sent.revision,
        "inputs": list_inputs(
            {name: (now | sent.changed)[name] for name in visit.look.sheet.asked}
        ),
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.CONFLICT
    return await show(visit.request, visit.session, "conflict.html", context, status)


async def render_form(
    visit: Visit,
    answers: Answers,
    problems: dict[str, str],
    sent: SentForm | None = None,
    *,
    note: str = "",
    form: FormData | None = None,
) -> HTMLResponse:
    """Return the form.

    Args:
        visit: Who is at the page of what.
        answers: What the form holds.
        problems: What is to be put right, by field.
        sent: What was sent, where the form is shown again.
        note: What a moderator wrote before.
        form: What was sent to search for a listed place or for areas; else nothing is searched.
    """
    categories = await list_categories(visit.session)
    context = {
        **_describe(visit, sent),
        "answers": answers,
        "rows": offer_rows({name: answers[name] for name in visit.look.sheet.asked}),
        "times": _show_times(visit, answers, sent),
        **await _search(visit, answers, form),
        "kind_of_area": await find_known_kind(visit.session),
        "settings": visit.request.app.state.settings,
        "registers": REGISTERS,
        "groups": group_categories(categories),
        "note": sent.note if sent else note if visit.review else "",
        **await _find_offers(visit, answers),
        "problems": order_problems(problems),
    }
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK
    return await show(visit.request, visit.session, _choose_template(visit), context, status)


async def _search(visit: Visit, answers: Answers, form: FormData | None) -> dict[str, Any]:
    """Return what a form of an asset names, and what a search in it finds."""

    def typed(name: str) -> str:
        return read_text(form, name) if form is not None else ""

    if not isinstance(visit.look, Look):
        return {}
    if find_place(visit.look.sheet) is None:
        return await _search_runners(visit, answers["organisation"], typed("organisation_words"))
    chosen = await list_chosen(visit.session, answers["areas"])
    area_words, near = typed("area_words"), typed("place_near")
    point = await _find_point(visit, near) if near else None
    return {
        "listed": answers["listed"],
        "listed_place": await find_listed(visit.finder, answers["listed"]),
        "found_places": await find_places(visit.finder, typed("place_words"), point),
        "place_words": typed("place_words"), "place_near": near, "area_words": area_words,
        "chosen_areas": chosen,
        "found_areas": leave_out(await search_areas(visit.session, area_words), chosen),
    }  # fmt: skip


async def _search_runners(visit: Visit, chosen: str, words: str) -> dict[str, Any]:
    """Return who runs something, and the organisations that words find."""
    now = visit.look.sheet.answers["organisation"]
    known = {each: await find_runner(visit.finder, each) for each in (now, chosen) if each}
    found: dict[str, str | None] = {}
    if any(map(str.isalnum, words)):
        filters = OrganisationFilters(q=words[:_LONGEST_WORDS], limit=_MOST_RUNNERS)
        async with visit.reads.look() as reader:
            rows = (await list_organisations(reader, filters)).items
        found = {str(each.id): each.name for each in rows}
    return {"organisation_words": words, "runners": {**known, **found}, "has_found": bool(found)}


async def _find_point(visit: Visit, postcode: str) -> Point | None:
    try:
        at = (await read_postcode(visit.session, postcode)).location
    except NotFoundError:
        return None
    return Point(lon=at.lon, lat=at.lat)


def _choose_template(visit: Visit) -> str:
    if not isinstance(visit.look, Look):
        return "edit_organisation.html"
    return "edit.html" if find_place(visit.look.sheet) is None else "edit_place.html"


def _show_times(visit: Visit, answers: Answers, sent: SentForm | None) -> ShownTimes | None:
    if "hours" not in visit.look.sheet.asked:
        return None
    words = visit.words
    was = visit.look.sheet.answers["hours"]
    typed = sent.times if sent is not None else None
    return show_times(answers["hours"], was, typed, words.language, words.translate)


async def _find_offers(visit: Visit, answers: Answers) -> dict[str, Any]:
    """Return what a draft says otherwise, and its hours in words."""
    if not (visit.draft and isinstance(visit.look, Look)):
        return {"offers": {}}
    offers = await find_offers(visit.request, visit.session, visit.actor, visit.draft, answers)
    words = visit.words
    hours = say_lines(offers.get("hours", ""), words.language, words.translate)
    return {"offers": offers, "offered_hours": hours}


def _describe(visit: Visit, sent: SentForm | None) -> dict[str, Any]:
    look = visit.look
    return {
        "asset": str(look.kept.public_id),
        "path": visit.path,
        "page_path": write_page_path(
            name_subject(look), look.kept.public_id, look.sheet.answers["name"]
        ),
        "name": look.sheet.answers["name"],
        "may_edit": look.may_edit,
        "saw_private": look.saw_private,
        "is_waiting": look.kept.status is Status.WAITING,
        "form_path": visit.form_path,
        "asked": look.sheet.asked,
        "place": find_place(look.sheet),
        "places": _list_places(visit),
        # To strangers a number of revisions would tell that something private has changed.
        "revision": look.kept.revision if look.saw_private else 0,
        "conflict_from": sent.conflict_from if sent else 0,
        "seen": write_seen(look.sheet),
        "note": sent.note if sent else "",
        "email": sent.email if sent else "",
        "review": visit.review,
        "draft": visit.draft,
    }


def _list_places(visit: Visit) -> list[dict[str, Any]]:
    """Return the places of an asset with their hours in words, and which of them is asked about."""
    words = visit.words
    return [
        {
            **each._asdict(),
            "hours": say_lines(each.hours, words.language, words.translate),
            "is_here": each.id == visit.look.sheet.site,
            "path": f"{visit.path}/edit/{each.id}",
        }
        for each in visit.look.sheet.places
    ]


def group_categories(categories: list[CategoryRead]) -> list[tuple[str, list[CategoryRead]]]:
    """Return categories by the broadest that each is part of, in order of names."""
    groups: dict[str, list[CategoryRead]] = {}
    for each in categories:
        if not each.is_retired:
            groups.setdefault(each.path[0].name if each.path else each.name, []).append(each)
    return [(name, sorted(groups[name], key=lambda each: each.name)) for name in sorted(groups)]


def order_problems(problems: Mapping[str, str]) -> dict[str, str]:
    """Return problems in the order of the questions on the page."""
    hours = ["hours_way", *FIELDS, "hours"]
    asked = [name for name in QUESTIONS if name != "hours"]
    asked[asked.index("hours_words") : asked.index("hours_words")] = hours
    order = [*asked, *ORGANISATION_QUESTIONS, "note", "email"]
    return {name: problems[name] for name in sorted(problems, key=order.index)}
