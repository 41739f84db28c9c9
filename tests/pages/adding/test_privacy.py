"""Nothing of a draft, nor of what was sent and waits, is in any answer to a stranger."""

from typing import Any

import httpx

from app.core.database import Database
from app.core.settings import Settings
from app.main import create_app
from tests.one_hour import ask_within_an_hour
from tests.pages.adding.walking import Walker, find_place
from tests.planting import find_district
from tests.strangers import UNKNOWN, Answers, World, ask_everything

NAME = "Zyxomma"


async def test_every_answer_is_the_same_with_and_without_a_draft(
    demo_database: Database, settings: Settings
) -> None:
    district: dict[str, Any] = await find_district(demo_database)
    world = World(
        district=district["code"], authority=district["authority"],
        points=[district["points"][0]], words=[NAME, "1 Secret Row"], postcodes=["HF1 1AA"],
        assets=[UNKNOWN], organisations=[UNKNOWN],
    )  # fmt: skip
    app = create_app(settings, database=demo_database)

    def open_browser() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://hereabouts.test")

    async def ask() -> tuple[Answers, Answers]:
        async with open_browser() as stranger, open_browser() as browser:
            before = await ask_everything(stranger, app, world)
            walker = Walker(browser)
            place = {**await find_place(demo_database), "name": NAME, "point_words": "1 Secret Row"}
            await walker.walk(place)
            assert NAME in walker.page.text  # the preview was worked out, and undone
            kept = Walker(browser)
            await kept.begin()
            await kept.answer("place", place, "save")
            await walker.answer("check", {"hear": "mina@example.org"}, "send")
            assert walker.title == "Thank you: somebody will look at it"
            return before, await ask_everything(stranger, app, world)

    before, after = await ask_within_an_hour(ask)
    assert after == before
    assert not any(b"mina@example.org" in each.body for each in after.values())
