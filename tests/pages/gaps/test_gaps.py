"""The page of gaps: sentence, classes, map, table, reasons and downloads say the same."""

import csv
import io
import re
from collections import Counter
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.planting import add_asset, at, find_district

HTML = {"accept": "text/html"}
NEED = "deprivation_score_2025"
QUESTION = {"category": "library", "people": "all", "distance": "900", "need": NEED}


async def read(client: httpx.AsyncClient, **asked: str) -> str:
    """Return the page."""
    return await read_status(client, 200, **asked)


async def read_status(client: httpx.AsyncClient, status: int, **asked: str) -> str:
    """Return the page that comes with a status."""
    answer = await client.get(f"/gaps?{urlencode(asked)}", headers=HTML)
    assert answer.status_code == status, answer.text
    return answer.text


async def analyse(client: httpx.AsyncClient, **asked: object) -> dict[str, Any]:
    """Return what the API answers to the same question."""
    document = {"category": "library", "method": "coverage", "everyone": True, **asked}
    response = await client.post("/api/v1/analyses", json=document)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def say(page: str) -> str:
    """Return the sentence."""
    found = re.findall(r'<p class="ha-finding[^"]*">(.*?)</p>', page, re.DOTALL)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found)).split())


def cut(page: str) -> str:
    """Return the main part, without what differs for everybody."""
    return page.split("<main")[1].split("</main>", maxsplit=1)[0]


def list_numbers(sentence: str) -> list[int]:
    """Return the numbers of a sentence."""
    return [int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", sentence)]


def read_rows(page: str) -> list[dict[str, str]]:
    """Return code and text of each row of the table."""
    body = page.split("data-ranking>")[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    rows = re.findall(r'<tr [^>]*data-code="(.*?)".*?>(.*?)</tr>', body, re.DOTALL)
    return [
        {"code": code, "text": " ".join(unescape(re.sub(r"<[^>]+>", " ", cells)).split())}
        for code, cells in rows
    ]


def count_shapes(page: str) -> Counter[str]:
    """Return how many areas the still map draws in each class."""
    drawing = page.split('class="ha-still__shapes"')[1].split("</g>", maxsplit=1)[0]
    return Counter(re.findall(r'<path class="ha-([\w-]+)"', drawing))


async def read_csv(client: httpx.AsyncClient, **asked: str) -> list[dict[str, str]]:
    """Return the rows of the download."""
    answer = await client.get(f"/gaps/table.csv?{urlencode(asked)}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="gaps_library_')
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_sentence_classes_map_table_and_api_agree(client: httpx.AsyncClient) -> None:
    page = await read(client, **QUESTION)
    answer = await analyse(client, catchment_m=900, need={"indicator": NEED})
    figures = answer["areas"]
    beyond = [
        people - covered
        for people, covered in zip(figures["people"], figures["covered"], strict=True)
    ]
    sentence = say(page)
    numbers = list_numbers(sentence)
    assert numbers[:3] == [
        round(sum(beyond)), round(answer["people"]), round(100 * sum(beyond) / answer["people"])
    ]  # fmt: skip
    cells = re.findall(r'<td class="ha-(b\d\d)">([\d,]+)</td>', page)
    classes = {name: int(count.replace(",", "")) for name, count in cells}
    drawn = count_shapes(page)
    assert {name: count for name, count in classes.items() if count} == {
        name: count for name, count in drawn.items() if name != "none"
    }
    assert sum(drawn.values()) == len(figures["codes"])
    short = sum(classes[f"b{need}3"] for need in (1, 2, 3)) + drawn["none"]
    assert short >= sum(each > 0 for each in beyond)
    assert f"the {classes['b33']} neighbourhoods" in sentence
    table = await read_csv(client, **QUESTION)
    assert [row["area_code"] for row in table[:25]] == [row["code"] for row in read_rows(page)]
    assert sum(int(row["not_reached"]) for row in table) == pytest.approx(sum(beyond), abs=60)
    worst = [row for row in table if row["falls_short"] == "True"][: classes["b33"]]
    assert (
        sum(int(row["not_reached"]) for row in worst) == numbers[-3 if "20 %" in sentence else -2]
    )


async def test_where_none_of_those_most_in_need_is_far_it_says_none(
    client: httpx.AsyncClient,
) -> None:
    sentence = say(await read(client, **{**QUESTION, "distance": "1609"}))
    assert "none of them in the" in sentence
    assert not re.search(r"\b0 of them", sentence)


async def test_where_every_area_is_at_the_edge_it_is_said_once(client: httpx.AsyncClient) -> None:
    page = await read(client, **{**QUESTION, "distance": "3000"})
    assert "All of these neighbourhoods lie near where our data stop" in page
    assert "at the edge of our data" not in page


async def test_the_map_is_coloured_by_the_same_answer(client: httpx.AsyncClient) -> None:
    page = await read(client, **QUESTION)
    address = unescape(re.findall(r'data-figures="(.*?)"', page)[0])
    layers = {each["layer"]: each for each in (await client.get(address)).json()["layers"]}
    own = layers["lsoa-2021"]
    names = ["none", *(f"need-{n}" for n in range(1, 6))]
    names += [f"b{first}{second}" for first in range(1, 4) for second in range(1, 4)]
    assert Counter(names[number] for number in own["classes"]) == count_shapes(page)
    larger = layers["msoa-2021"]
    assert sum(larger["people"]) == pytest.approx(sum(own["people"]), abs=len(own["people"]))
    assert sum(larger["beyond"]) == pytest.approx(sum(own["beyond"]), abs=len(own["people"]))


async def test_areas_that_fall_short_come_first_and_every_area_once(
    client: httpx.AsyncClient,
) -> None:
    table = await read_csv(client, **QUESTION)
    assert len({row["area_code"] for row in table}) == len(table) == 120
    assert [int(row["place"]) for row in table] == list(range(1, 121))
    short = [row["falls_short"] for row in table]
    assert short == sorted(short, reverse=True)
    far = await read_csv(client, **QUESTION, sort="far")
    metres = [float(row["nearest_straight_m"]) for row in far]
    assert metres == sorted(metres, reverse=True)
    found = await read_csv(client, **QUESTION, q=table[5]["area_code"])
    assert [row["area_code"] for row in found] == [table[5]["area_code"]]
    assert found[0]["place"] == "6"
    last = read_rows(await read(client, **QUESTION, page="99"))
    assert last[-1]["code"] == table[-1]["area_code"]


async def test_areas_where_the_data_stop_are_marked_and_counted(client: httpx.AsyncClient) -> None:
    asked = {**QUESTION, "distance": "900"}
    answer = await analyse(client, catchment_m=900, need={"indicator": NEED})
    count = answer["areas_edge_uncertain"]
    assert 0 < count < len(answer["areas"]["codes"])
    flags = dict(zip(answer["areas"]["codes"], answer["areas"]["edge_uncertain"], strict=True))
    table = await read_csv(client, **asked)
    assert {row["area_code"]: row["edge_uncertain"] == "True" for row in table} == flags
    page = await read(client, **asked)
    shown = sum(flags[row["code"]] for row in read_rows(page))
    assert page.count("at the edge of our data") == shown
    assert f"{count} of the neighbourhoods lie where our data stop" in page


async def test_the_answer_itself_is_kept_and_offered_with_outlines(
    client: httpx.AsyncClient,
) -> None:
    page = await read(client, **QUESTION)
    table = {row["area_code"]: row for row in await read_csv(client, **QUESTION)}
    address = re.findall(r'id="gaps-geojson" download href="(.*?)"', page)[0]
    features = (await client.get(address)).json()["features"]
    assert {each["id"] for each in features} == set(table)
    assert {each["geometry"]["type"] for each in features} <= {"Polygon", "MultiPolygon"}
    for each in features:
        metres = each["properties"]["distance_straight_m"]
        assert round(metres) == int(table[each["id"]]["nearest_straight_m"])
    assert (await client.get(address.replace(".geojson", ".gpkg"))).status_code == 200


async def test_supply_is_told_against_a_standard(client: httpx.AsyncClient) -> None:
    page = await read(client, **QUESTION, measure="e2sfca", standard="0.2")
    answer = await analyse(client, method="e2sfca", catchment_m=900, standard=0.2)
    figures = answer["areas"]
    less = sum(
        people
        for people, access in zip(figures["people"], figures["access"], strict=True)
        if access < 0.2
    )
    assert list_numbers(say(page))[0] == round(less)
    assert "0.20 libraries for each 1,000 people" in say(page)
    assert "Crowding:" in page


async def test_the_reasons_name_the_nearest_and_what_one_more_would_do(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    first = (await read_csv(client, **QUESTION))[0]
    page = await read(client, **QUESTION, area=first["area_code"])
    why = page.split('id="gaps-why"')[1].split("</section>", maxsplit=1)[0]
    assert f'id="gaps-why-name">{first["area"]}<' in why
    assert why.count('<li><a href="/assets/') == 3
    query = """
        SELECT sum(n.people) AS people
        FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id,
            areas AS n, customs AS c
        WHERE a.code = :code AND b.area_type = 'lsoa' AND b.boundary_year = 2021
            AND n.boundary_set_id = a.boundary_set_id AND n.in_study_area
            AND ST_Distance(
                ST_Transform(a.centroid, split_part(c.projected_crs, ':', 2)::int),
                ST_Transform(n.centroid, split_part(c.projected_crs, ':', 2)::int)) <= 900
            AND n.code = ANY(:short)
    """
    short = [
        r["area_code"] for r in await read_csv(client, **QUESTION) if r["falls_short"] == "True"
    ]
    async with demo_database.sessions() as session:
        people = await session.scalar(text(query), {"code": first["area_code"], "short": short})
    assert f"near enough for {people:,} people who have none now" in unescape(why)
    chosen = re.findall(r'<tr [^>]*class="is-chosen" aria-current="true"', page)
    assert len(chosen) == 1
    unknown = await read(client, **QUESTION, area="X9")
    assert "None of these areas has the code “X9”." in unknown


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    client: httpx.AsyncClient,
) -> None:
    page = await read_status(client, 400, category="library", distance="<b>far</b>", people="16-64")
    assert "<title>Problem:" in page
    assert 'href="#gap-distance"' in page
    assert 'id="gap-distance-error"' in page
    assert "<b>far" not in page
    assert 'value="&lt;b&gt;far&lt;/b&gt;"' in page
    assert '<option value="16-64" selected>' in page
    assert "data-ranking" not in page
    cut = await read_status(client, 400, category="library", people="7-12")
    assert 'id="gap-people-error"' in cut
    assert "bands" in cut
    refused = await client.get("/gaps/table.csv?category=library&distance=far")
    assert refused.status_code == 400
    assert "distance" in refused.json()["detail"]


async def test_presets_are_offered_and_answer(client: httpx.AsyncClient) -> None:
    page = await read(client)
    presets = re.findall(r'id="gaps-preset-[\w-]+" href="(.*?)"', page)
    assert presets
    for address in presets:
        answer = await client.get(unescape(address), headers=HTML)
        assert answer.status_code == 200
        assert "ha-finding" in answer.text


async def test_nothing_of_a_kind_is_said_as_a_gap_in_what_is_recorded(
    client: httpx.AsyncClient,
) -> None:
    page = await read(client, category="toy-library", people="all")
    assert "Nothing is listed here under “Toy libraries”" in page
    assert "gap in what is recorded" in page
    assert 'href="/add"' in page
    assert "data-ranking" not in page


async def test_what_is_hostile_comes_out_harmless_and_hidden_things_stay_out(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    before = cut(await read(client, category="toy-library", people="all", distance="99 km"))
    district = await find_district(demo_database)
    site = {"address": "1 Quay", "location": at(district["points"][0])}
    await add_asset(
        demo_database,
        {"name": "Hidden", "kind": "place", "categories": ["toy-library"], "visibility": "hidden",
         "sites": [site]},
    )  # fmt: skip
    after = await read(client, category="toy-library", people="all", distance="99 km")
    assert cut(after) == before
    await add_asset(
        demo_database,
        {"name": "<script>alert(1)</script>", "kind": "place", "categories": ["toy-library"],
         "sites": [site]},
    )  # fmt: skip
    page = await read(client, category="toy-library", people="all", distance="99 km", area="zz")
    code = await read(client, category="toy-library", people="all", distance="50", sort="far")
    assert "<script>alert" not in page + code
    assert "&lt;script&gt;alert" in code
    assert list_numbers(say(page))[0] == 0


async def test_a_slope_that_cannot_be_told_is_not_told(client: httpx.AsyncClient) -> None:
    # Two authorities make no interval.
    page = await read(client, **QUESTION, area_type="authority")
    assert "does not clearly go with need" in page or "95 % interval" in page
    assert not re.search(r"\bNone\b", cut(page))
