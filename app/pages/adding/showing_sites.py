"""The pages about one place besides the first."""

from fastapi.responses import HTMLResponse

from app.drafts.service import Draft
from app.pages.adding import sites
from app.pages.adding.answers import FIRST, SITES, Answers
from app.pages.adding.desks import Desk, Shown
from app.pages.adding.showing import gather_where, show_question
from app.pages.adding.summing import sum_up_site


async def show_site_page(
    desk: Desk, number: str, slug: str, draft: Draft, shown: Shown
) -> HTMLResponse:
    """Return a page of questions about a place, or the part of it that a script asked for."""
    answers, page = Answers(draft.answers), sites.BY_SLUG[slug]
    said = answers.at(number)
    begun = f"/add/{draft.id}/places"
    before = sites.find_page_before(slug)
    site = await sum_up_site(desk, number, answers)
    first = await sum_up_site(desk, FIRST, answers)
    context = {
        "title": page.title, "slug": "places", "page": page, "site": site,
        "ordinal": _find_ordinal(answers, number), "name": answers.one("name"), "answers": said,
        "path": f"{begun}/{number}/{slug}",
        "back": f"{begun}/{number}/{before}" if before else begun,
        "first": first, **shown.more,
    }  # fmt: skip
    if slug == "place":
        context |= await gather_where(desk, said, answers)
    return await show_question(desk, f"adding/site_{slug}.html", context, answers, draft, shown)


async def show_removal(desk: Desk, number: str, draft: Draft) -> HTMLResponse:
    """Return the page that asks whether to remove a place."""
    answers = Answers(draft.answers)
    following = answers.every(SITES)[0] if number == FIRST else ""
    context = {
        "title": "", "slug": "places", "site": await sum_up_site(desk, number, answers),
        "following": await sum_up_site(desk, following, answers) if following else None,
        "ordinal": _find_ordinal(answers, number), "name": answers.one("name"),
        "path": f"/add/{draft.id}/places/{number}/remove", "back": f"/add/{draft.id}/places",
    }  # fmt: skip
    return await show_question(desk, "adding/site_remove.html", context, answers, draft, Shown())


def _find_ordinal(answers: Answers, number: str) -> int:
    """Return which place it is, counted from 1; one that is to be added is the last."""
    numbers = sites.list_numbers(answers)
    return numbers.index(number) + 1 if number in numbers else len(numbers) + 1
