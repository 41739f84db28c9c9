"""What if, on the page: sentence, list, map, table and download say what the API says."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.pages.gaps.test_gaps import QUESTION, analyse, read, read_csv, read_status
from tests.planting import add_asset, at, find_district

PLAIN = {key: value for key, value in QUESTION.items() if key != "need"}


async def find_point(database: Database) -> tuple[float, float]:
    """Return a point inside the place."""
    lon, lat = (await find_district(database))["points"][0]
    return round(lon, 5), round(lat, 5)


def say_outcome(page: str) -> str:
    """Return what would come of the changes, in words."""
    part = page.split("data-outcome>")[1].split("</p>", maxsplit=1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", part)).split())


def list_trials(page: str) -> list[str]:
    """Return what is tried, in words."""
    one = r'ha-gaps__number--\w+" aria-hidden="true">\d+</span>\s*<div>\s*<p>(.*?)</p>'
    found = re.findall(one, page, re.DOTALL)
    return [unescape(each).strip() for each in found]


def read_link(page: str, name: str) -> str:
    """Return where a link leads to."""
    return unescape(re.findall(rf'id="{name}"[^>]* href="(.*?)"', page)[0])


@pytest.mark.parametrize("measure", ["coverage", "e2sfca"])
async def test_page_table_and_download_say_what_the_api_says(
    client: httpx.AsyncClient, demo_database: Database, measure: str
) -> None:
    lon, lat = await find_point(demo_database)
    changes = [{"change": "add", "lon": lon, "lat": lat}]
    asked = {**PLAIN, "measure": measure, "changes": f"add_{lon}_{lat}"}
    answer = await analyse(client, method=measure, catchment_m=900, changes=changes)
    made = answer["what_if"]
    page = await read(client, **asked)
    if measure == "coverage":
        beyond = answer["people"] - made["covered"]
        told = [made["newly_reached"], made["no_longer_reached"], beyond]
    else:
        standard = (
            sum(
                a * p
                for a, p in zip(answer["areas"]["access"], answer["areas"]["people"], strict=True)
            )
            / answer["people"]
        )
        short = [
            [a < standard * (1 - 1e-9) for a in figures["access"]]
            for figures in (answer["areas"], made["areas"])
        ]
        people = answer["areas"]["people"]
        told = [
            sum(p for p, was, is_ in zip(people, *short, strict=True) if was and not is_),
            sum(p for p, was, is_ in zip(people, *short, strict=True) if is_ and not was),
            sum(p for p, is_ in zip(people, short[1], strict=True) if is_),
        ]
        assert f"to {made['shortfall']:,.1f} libraries" in say_outcome(page)
    for number in told:
        assert f"{round(number):,}" in say_outcome(page)
    table = {row["area_code"]: row for row in await read_csv(client, **asked)}
    for code, metres in zip(answer["areas"]["codes"], made["areas"]["distance_m"], strict=True):
        assert int(table[code]["nearest_straight_m_after_changes"]) == round(metres)
    assert sum(int(row["not_reached_after_changes"]) for row in table.values()) == pytest.approx(
        told[2], abs=len(table)
    )


async def test_the_map_shows_the_changes_or_what_there_is_now(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    lon, lat = await find_point(demo_database)
    asked = {**PLAIN, "changes": f"add_{lon}_{lat}"}
    plain, changed, now = [
        (await client.get("/gaps/figures", params=each)).json()["layers"]
        for each in (PLAIN, asked, {**asked, "shown": "now"})
    ]
    assert now == plain
    assert changed != plain
    better = [
        after <= before
        for before, after in zip(plain[0]["measure"], changed[0]["measure"], strict=True)
    ]
    assert all(better)
    page = await read(client, **asked)
    assert "with the changes that you try" in page
    assert "as it is now" in await read(client, **asked, shown="now")
    assert "shown=now" in read_link(page, "gaps-shown")


async def test_closing_moving_and_one_more_are_offered_where_they_are_explained(
    client: httpx.AsyncClient,
) -> None:
    page = await read(client, **QUESTION, sort="far")
    closing, moving = (read_link(page, f"gaps-{each}-1") for each in ("close", "move"))
    after = (await client.get(closing)).text
    name = unescape(re.findall(r'<li><a href="/assets/[^"]*">(.*?)</a>', page)[0])
    assert list_trials(after) == [f"{name} closes."]
    assert int(re.findall(r"and ([\d,]+) fewer", say_outcome(after))[0].replace(",", "")) >= 0
    assert 'id="gaps-close-1"' not in after, "the same is not offered twice"
    both = (await client.get(read_link(after, "gaps-one-more"))).text
    assert len(list_trials(both)) == 2
    moved = (await client.get(moving)).text
    assert f"{name} moves to" in list_trials(moved)[0]
    gained, lost = re.findall(r"([\d,]+) people more.*?([\d,]+) fewer", say_outcome(moved))[0]
    assert (gained, lost) == ("0", "0"), "it begins where it is"
    back = (await client.get(read_link(both, "gaps-drop-1"))).text
    assert list_trials(back) == [list_trials(both)[1]]


async def test_a_place_is_told_in_words(client: httpx.AsyncClient, demo_database: Database) -> None:
    async with demo_database.sessions() as session:
        postcode = await session.scalar(text("SELECT postcode FROM postcodes ORDER BY 1 LIMIT 1"))
    answer = await client.get("/gaps/try", params={**PLAIN, "where": postcode.lower()})
    assert answer.status_code == 303
    there = answer.headers["location"]
    assert there.endswith("#gaps-trial")
    changes = parse_qs(urlsplit(there).query)["changes"]
    page = await read(client, **PLAIN, changes=changes[0])
    assert list_trials(page)[0].startswith("A new one in ")
    again = {**PLAIN, "changes": changes[0], "number": "1", "where": "2.9,53.1"}
    moved = (await client.get("/gaps/try", params=again)).headers["location"]
    assert parse_qs(urlsplit(moved).query)["changes"] == ["add_2.90000_53.10000"]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("", "Write where: a postcode or the name of a neighbourhood."),
        ("<b>nowhere</b>", "We know no place here called “<b>nowhere</b>”."),
    ],
)
async def test_what_is_no_place_is_said_and_nothing_is_lost(
    client: httpx.AsyncClient, demo_database: Database, where: str, said: str
) -> None:
    lon, lat = await find_point(demo_database)
    asked = {**PLAIN, "changes": f"add_{lon}_{lat}", "where": where}
    answer = await client.get("/gaps/try", params=asked, headers={"accept": "text/html"})
    assert answer.status_code == 400
    assert "<title>Problem:" in answer.text
    assert "<b>nowhere" not in answer.text
    assert said in unescape(answer.text)
    assert len(list_trials(answer.text)) == 1
    assert "data-outcome" in answer.text or 'role="alert"' in answer.text


async def test_what_cannot_be_tried_is_left_out_and_said(client: httpx.AsyncClient) -> None:
    plain = await read(client, **PLAIN)
    page = await read_status(client, 400, **PLAIN, changes="add_-160_10")
    assert "lies in none of the neighbourhoods here" in page
    assert "so what you see is without it" in page
    sentence = r'<p class="ha-finding">(.*?)</p>'
    assert re.findall(sentence, page, re.DOTALL) == re.findall(sentence, plain, re.DOTALL)
    assert "changes=" not in read_link(page, "gaps-drop-1")
    nonsense = await read_status(client, 400, **PLAIN, changes="<script>")
    assert "is no list of changes" in nonsense
    assert "<script>&" not in nonsense


async def test_capacities_are_tried_in_their_unit(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    site = {"address": "1 Quay", "location": at(district["points"][0]), "capacity": 12,
            "capacity_unit": "beds"}  # fmt: skip
    await add_asset(demo_database, {
        "name": "Hostel", "kind": "place", "categories": ["toy-library"], "sites": [site],
    })  # fmt: skip
    asked = {"category": "toy-library", "people": "all", "measure": "e2sfca", "distance": "900"}
    page = await read(client, **asked, area="", sort="far")
    assert "Holding, in beds" in page
    lon, lat = district["points"][1]
    where = {"where": f"{lon},{lat}"}
    without = await client.get("/gaps/try", params={**asked, **where}, follow_redirects=True)
    assert "State it in beds." in without.text
    wrong = await client.get("/gaps/try", params={**asked, **where, "holds": "many"})
    assert wrong.status_code == 400
    assert "“many” is no amount" in wrong.text
    done = await client.get(
        "/gaps/try", params={**asked, **where, "holds": "20"}, follow_redirects=True
    )
    assert done.status_code == 200
    assert "It holds 20 beds." in done.text


async def test_a_link_to_a_result_says_when_the_data_have_changed(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    link = read_link(await read(client, **PLAIN), "gaps-link")
    assert "have changed since this link was made" not in (await client.get(link)).text
    lon, lat = await find_point(demo_database)
    await add_asset(demo_database, {
        "name": "New library", "kind": "place", "categories": ["library"],
        "sites": [{"address": "1 Quay", "location": {"lon": lon, "lat": lat}}],
    })  # fmt: skip
    page = (await client.get(link)).text
    assert "have changed since this link was made" in page
    kept = await client.get(read_link(page, "gaps-linked"))
    assert kept.status_code == 200
    gone = await read(client, **PLAIN, result="0" * 24)
    assert "is kept no more" in gone


async def test_a_large_question_is_worked_out_in_the_background(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    app = client._transport.app  # type: ignore[attr-defined]
    app.state.settings = app.state.settings.model_copy(update={"analysis_pairs_at_once": 1})
    page = await read(client, **PLAIN)
    assert "it is being worked out" in page
    assert '<meta http-equiv="refresh"' in page
    assert "data-ranking" not in page
    figures = await client.get("/gaps/figures", params=PLAIN)
    assert figures.status_code == 503
    async with demo_database.sessions() as session:
        runs = await session.scalar(text("SELECT count(DISTINCT job_id) FROM analysis_runs"))
    assert runs == 1
