"""The page of layers asked for what there is not, and in odd places."""

import json
import re
from html import unescape

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.pages import layer_maps
from app.pages.layer_questions import LayerAddress
from tests.pages.reading_layers import (
    HTML,
    SCORE,
    read,
    read_refusal,
    read_rows,
    say_finding,
)

pytestmark = pytest.mark.reads


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"indicator": "luck"}, 404, "There is no indicator called “luck”."),
        ({"compare": "luck"}, 404, "There is no indicator called “luck”."),
        ({"area_type": "parish"}, 404, "There is no kind of area called “parish”. There are: neig"),
        ({"area_type": "lsoa", "boundary_year": "1901"}, 400, "The years are: 2011, 2021."),
        ({"boundary_year": "soon"}, 400, "There are no outlines of “soon”."),
        ({"period": "1066"}, 400, "No indicator has figures for the period “1066”."),
        ({"sex": "x"}, 400, "No indicator has figures for the sex “x”."),
        ({"age": "x"}, 400, "No indicator has figures for the age “x”."),
        ({"breaks": "jenks"}, 400, "There are: published, quantile, equal."),
        ({"view": "three"}, 400, "There are: one, beside, both."),
        ({"sort": "luck"}, 400, "“luck” is no order of the table."),
        ({"category": "luck"}, 404, "There is no kind of place called “luck”."),
        ({"organisations": "near"}, 400, "“near” is neither."),
        ({"kind": "club"}, 400, "There is no kind of organisation called “club”."),
        ({"page": "zero"}, 400, "“zero” is no page"),
        ({"page": "0"}, 400, "“0” is no page"),
        ({"page": "9" * 40}, 400, "is no page"),
        ({"page": "-1"}, 400, "“-1” is no page"),
        ({"page": "²"}, 400, "“²” is no page"),
        ({"indicator": "\x00"}, 200, "Deprivation"),
    ],
    ids=str,
)
async def test_what_cannot_be_shown_is_told_and_the_form_keeps_the_rest(
    client: httpx.AsyncClient, asked: dict[str, str], status: int, sentence: str
) -> None:
    rest = {"q": "quay", "indicator": SCORE, "sort": "high", "kind": "charity"}
    page = await read_refusal(client, status, {**rest, **asked})
    assert sentence in unescape(page)
    form = page.split("data-layers-form")[1].split("</form>", maxsplit=1)[0]
    assert 'value="quay"' in form
    if "indicator" not in asked:
        assert f'<option value="{SCORE}" selected>' in form
    if "sort" not in asked:
        assert '<option value="high" selected>' in form
    if "kind" not in asked:
        assert 'value="charity" checked' in form
    if status != 200:
        assert "data-ranking" not in page


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ({"indicator": SCORE, "period": "2019"}, "has no figures for “2019”: the newest are shown"),
        ({"indicator": SCORE, "area_type": "lsoa", "boundary_year": "2011"}, "other outlines"),
        ({"indicator": SCORE, "compare": SCORE}, "cannot be put beside it"),
        ({"indicator": SCORE, "area_type": "msoa", "breaks": "published"}, "No published tenths"),
        ({"indicator": SCORE, "area": "nowhere"}, "None of these areas has the code “nowhere”."),
    ],
    ids=str,
)
async def test_choices_that_do_not_go_together_are_replaced_and_said(
    client: httpx.AsyncClient, asked: dict[str, str], note: str
) -> None:
    page = unescape(await read(client, **asked))
    assert note in page
    assert "data-ranking" in page


@pytest.mark.writes
async def test_names_that_look_like_markup_stay_text(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    hostile = '<script>alert("1")</script>%(x)s'
    async with demo_database.sessions.begin() as session:
        for statement in (
            "UPDATE areas SET name = :name WHERE gid <= 3",
            "UPDATE indicators SET name = :name, unit = :name, topic = :name WHERE code = :code",
            "UPDATE indicators SET licence_url = 'javascript:alert(1)', source = :name",
            "UPDATE categories SET name = :name WHERE code = 'library'",
        ):
            await session.execute(text(statement), {"name": hostile, "code": SCORE} if
                                  ":code" in statement else {"name": hostile})  # fmt: skip
    page = await read(
        client, indicator=SCORE, area_type="msoa", q=hostile, category="library",
        compare="health_score_2025", organisations="works_in",
    )  # fmt: skip
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "javascript:" not in page
    assert len(read_rows(page)) == 3
    assert read_rows(page)[0]["name"] == hostile
    wrong = await read_refusal(client, 404, {"indicator": hostile})
    assert "<script>alert" not in wrong
    assert hostile in unescape(wrong)


async def test_a_place_of_too_many_areas_is_not_drawn(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_maps, "MOST_DRAWN", 100)
    page = await read(client, area_type="lsoa")
    assert "too many areas here to draw without JavaScript" in page
    assert "ha-still__shapes" not in page
    assert len(read_rows(page)) == 50


async def test_the_words_of_the_map_are_there(client: httpx.AsyncClient) -> None:
    page = await read(client)
    words = json.loads(unescape(re.findall(r'data-words="(.*?)"', page)[0]))
    assert words["areaNone"] == "{name}: no figure"
    assert all(words.values())


@pytest.mark.writes
async def test_before_any_indicator_the_page_says_so(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM indicators"))
    page = await read_refusal(client, 404, {})
    assert "No indicators have been loaded for this place yet." in page


async def test_before_any_place_the_page_says_that_one_is_awaited(
    empty_client: httpx.AsyncClient,
) -> None:
    answer = await empty_client.get("/layers", headers=HTML)
    assert answer.status_code == 503
    assert "being set up" in answer.text


@pytest.mark.writes
async def test_new_figures_are_shown_at_once(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    before = say_finding(await read(client, indicator=SCORE, area_type="msoa"))
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE indicator_values SET value = -value"))
    assert say_finding(await read(client, indicator=SCORE, area_type="msoa")) != before


def test_addresses_are_short_and_complete() -> None:
    address = LayerAddress(indicator="a b", category=["x", "y"], page="2").tidy()
    assert address.write() == "/layers?indicator=a+b&category=x&category=y&page=2"
    assert address.write(page="", category=[]) == "/layers?indicator=a+b"
