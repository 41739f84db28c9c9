"""Something held in the margin round the place: said to be in no list, and its page shown."""

import httpx
import pytest

from app.core.database import Database
from tests.assets.test_margin import HERE, ROUND, lay_out_margin
from tests.pages.adding.walking import CONTACT, PEOPLE, TIME, Walker
from tests.planting import add_asset, at

OUTSIDE = "This lies outside the place that this service lists"
ONE_OUTSIDE = "This one lies outside the place that this service lists"


async def add_hall(database: Database, name: str, point: tuple[float, float]) -> str:
    """Add a place that things may be held at, and return its id."""
    site = {"address": "1 Quay", "location": at(point)}
    said = {"kind": "place", "name": name, "categories": ["library"], "sites": [site]}
    return str((await add_asset(database, said)).public_id)


@pytest.mark.parametrize("is_both", [False, True], ids=["all of it", "one place of two"])
async def test_the_preview_says_what_lies_in_the_margin(
    client: httpx.AsyncClient, demo_database: Database, *, is_both: bool
) -> None:
    await lay_out_margin(demo_database)
    outer = await add_hall(demo_database, "Outer hall", ROUND)
    inner = await add_hall(demo_database, "Inner hall", HERE)
    walker = Walker(client)
    await walker.begin()
    halls = [inner, outer] if is_both else [outer]
    name = {"name": "Soup on Saturdays", "place_words": "hall", "where": "listed"}
    await walker.answer("place", {**name, "listed": halls[0]})
    await walker.answer("time", TIME)
    if is_both:
        await walker.answer("places", {"more": "yes"})
        await walker.answer("places/2/place", {**name, "listed": outer})
        await walker.answer("places/2/time", {"when": "same"})
        await walker.answer("places/2/contact", {"reach": "same"})
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", PEOPLE)
    await walker.answer("contact", CONTACT)
    assert walker.title == "Check your answers before you send them"
    seen = walker.page.text.partition('id="preview-title"')[2].partition("</section>")[0]
    assert "Outer hall" in seen
    assert "0151 496 0000" in seen
    assert ("In lists:" in seen) is is_both
    assert (ONE_OUTSIDE in seen) is is_both
    assert (OUTSIDE in seen) is not is_both
