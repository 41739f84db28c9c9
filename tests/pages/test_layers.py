"""The page of layers: sentence, classes, map, table and API say the same."""

import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.pages.reading_layers import (
    HTML,
    SCORE,
    count_shapes,
    find_need,
    read,
    read_classes,
    read_data,
    read_rows,
    read_values,
    say_finding,
)
from tests.planting import add_asset, add_organisation, at, find_district

pytestmark = pytest.mark.reads


@pytest.mark.parametrize("way", ["published", "quantile", "equal"])
@pytest.mark.parametrize("code", [SCORE, "deprivation_decile_2025", "deprivation_rank_2025"])
async def test_map_classes_and_api_count_the_same_areas(
    client: httpx.AsyncClient, way: str, code: str
) -> None:
    page = await read(client, indicator=code, area_type="lsoa", breaks=way)
    data = read_data(page)
    assert (data["layer"], data["indicator"], data["breaks"]) == ("lsoa-2021", code, way)
    values = await read_values(client, code, area_type="lsoa")
    needs = Counter(
        find_need(value, values["breaks"][way], gid)
        for gid, value in enumerate(values["values"], 1)
    )
    classes = read_classes(page)
    signs = {f"ha-need-{need}" if need else "ha-none": n for need, n in needs.items()}
    assert {sign: count for sign, count in classes if count} == signs
    assert count_shapes(page) == signs
    assert sum(count for _, count in classes) == len(values["values"])


async def test_a_missing_figure_is_hatched_and_named(client: httpx.AsyncClient) -> None:
    page = await read(client, indicator=SCORE, area_type="lsoa", sort="low", q="")
    missing = (await read_values(client, SCORE, area_type="lsoa"))["missing_count"]
    assert dict(read_classes(page))["ha-none"] == missing > 0
    assert count_shapes(page)["ha-none"] == missing
    last = await read(client, indicator=SCORE, area_type="lsoa", page=99)
    assert "no figure" in read_rows(last)[-1]["text"]
    assert 'class="ha-swatch ha-none"' in last.split("data-ranking>")[1]


async def test_pages_of_the_table_hold_every_area_once_most_need_first(
    client: httpx.AsyncClient,
) -> None:
    values = await read_values(client, SCORE, area_type="lsoa")
    gids: list[int] = []
    address = f"/layers?indicator={SCORE}&area_type=lsoa"
    while address:
        page = (await client.get(address, headers=HTML)).text
        gids += [int(row["gid"]) for row in read_rows(page)]
        following = re.findall(r'rel="next" href="(.*?)"', page)
        address = unescape(following[0]) if following else ""
    assert sorted(gids) == list(range(1, len(values["values"]) + 1))
    told = [values["values"][gid - 1] for gid in gids]
    known = [value for value in told if value is not None]
    assert told == sorted(known, reverse=True) + [None] * (len(told) - len(known))
    ranks = await read(client, indicator="deprivation_rank_2025", area_type="lsoa")
    numbers = [row["text"].split()[0] for row in read_rows(ranks)[:3]]
    assert numbers == ["1", "2", "3"]
    first = (await read_values(client, "deprivation_rank_2025", area_type="lsoa"))["values"]
    assert first[int(read_rows(ranks)[0]["gid"]) - 1] == min(filter(None, first))


async def test_the_table_is_sorted_and_searched(client: httpx.AsyncClient) -> None:
    names = [row["name"] for row in read_rows(await read(client, area_type="msoa", sort="name"))]
    assert names == sorted(names, key=str.casefold)
    low = read_rows(await read(client, area_type="msoa", sort="low"))
    high = read_rows(await read(client, area_type="msoa", sort="high"))
    assert low[0]["gid"] != high[0]["gid"]
    district = names[3]
    found = await read(client, area_type="lsoa", q=district.upper())
    rows = read_rows(found)
    assert rows
    assert all(district in row["text"] for row in rows)
    assert f"“{district.upper()}”" in found
    none = await read(client, area_type="lsoa", q="Atlantis")
    assert "0 of 120 neighbourhoods have “Atlantis” in their names" in none
    assert "data-ranking" not in none


async def test_the_sentence_counts_what_the_deciles_say(client: httpx.AsyncClient) -> None:
    values = await read_values(client, "deprivation_decile_2025", area_type="lsoa")
    deciles = values["values"]
    said = say_finding(await read(client, indicator=SCORE, area_type="lsoa"))
    known = sum(value is not None for value in deciles)
    assert said.startswith("Deprivation overall is highest in ")
    assert f"{deciles.count(1)} of {known} neighbourhoods (" in said
    assert "are among the most deprived 10 %" in said
    assert "%%" not in said


@pytest.mark.writes
async def test_the_sentence_says_the_other_direction(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    async with demo_database.sessions.begin() as session:
        for polarity, code in (("high is good", SCORE), ("neither", "health_score_2025")):
            await session.execute(
                text("UPDATE indicators SET polarity = :polarity WHERE code = :code"),
                {"polarity": polarity, "code": code},
            )
    good = await read(client, indicator=SCORE, area_type="msoa")
    values = (await read_values(client, SCORE, area_type="msoa"))["values"]
    rows = read_rows(good)
    assert values[int(rows[0]["gid"]) - 1] == min(v for v in values if v is not None)
    assert f"is lowest in {rows[0]['name']}" in say_finding(good)
    assert "Higher is better." in good
    neither = await read(client, indicator="health_score_2025", area_type="msoa")
    assert "is highest in" in say_finding(neither)
    assert "Neither higher nor lower is better." in neither
    assert "deprived" not in neither.split('<table class="ha-classes">')[1].split("</table>")[0]


async def test_two_indicators_beside_each_other(client: httpx.AsyncClient) -> None:
    page = await read(client, indicator=SCORE, area_type="lsoa", compare="health_score_2025")
    data = read_data(page)
    assert (data["view"], data["compare"], data["compare-period"]) == (
        "beside", "health_score_2025", "2025",
    )  # fmt: skip
    assert page.count('<table class="ha-classes">') == 2
    other = await read_values(client, "health_score_2025", area_type="lsoa")
    row = read_rows(page)[0]
    assert f"{other['values'][int(row['gid']) - 1]:,.3f}" in row["text"]


@pytest.mark.parametrize("way", ["published", "quantile"])
async def test_two_indicators_in_nine_classes(client: httpx.AsyncClient, way: str) -> None:
    page = await read(
        client, indicator=SCORE, area_type="lsoa", compare="health_score_2025", view="both",
        breaks=way,
    )  # fmt: skip
    first = await read_values(client, SCORE, area_type="lsoa")
    second = await read_values(client, "health_score_2025", area_type="lsoa")
    wanted: Counter[str] = Counter()
    for gid, pair in enumerate(zip(first["values"], second["values"], strict=True), 1):
        divisions = [
            (way == "published" and said["breaks"]["published_thirds"]) or said["breaks"]["thirds"]
            for said in (first, second)
        ]
        digits = [find_need(v, d, gid) for v, d in zip(pair, divisions, strict=True)]
        wanted["ha-b{}{}".format(*digits) if all(digits) else "ha-none"] += 1
    table = page.split('<table class="ha-both">')[1].split("</table>", maxsplit=1)[0]
    cells = {sign: int(n) for sign, n in re.findall(r'<td class="(ha-b\d\d)">(\d+)</td>', table)}
    assert len(cells) == 9
    assert {sign: n for sign, n in cells.items() if n} == {
        sign: n for sign, n in wanted.items() if sign != "ha-none"
    }
    assert count_shapes(page) == wanted
    data = read_data(page)
    shown = first["breaks"]["published_thirds"] if way == "published" else None
    division = shown or first["breaks"]["thirds"]
    assert [float(edge) for edge in data["cuts"].split(",")] == division["edges"]
    assert [int(need) for need in data["cut-needs"].split(",")] == division["needs"]
    assert f"{cells['ha-b33']} of" in say_finding(page)


async def test_an_area_can_be_chosen(client: httpx.AsyncClient) -> None:
    page = await read(client, indicator=SCORE, area_type="msoa")
    row = read_rows(page)[4]
    link = re.findall(rf'id="layers-row-{row["code"]}" href="(.*?)"', page)[0]
    chosen = (await client.get(unescape(link), headers=HTML)).text
    assert read_data(chosen)["chosen-gid"] == row["gid"]
    marked = re.findall(r'<tr id="area-([^"]+)"[^>]*aria-current="true"', chosen)
    assert marked == [row["code"]]
    panel = chosen.split("data-chosen ")[1].split("</section>", maxsplit=1)[0]
    assert row["name"] in unescape(panel)
    assert "5 of " in panel
    assert chosen.count('class="ha-still__chosen"') == 1


@pytest.mark.writes
async def test_places_and_organisations_are_counted_beside(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    for table in ("asset_sites", "assets", "organisations"):
        async with demo_database.sessions.begin() as session:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours
    here = await find_district(demo_database)
    for level in ("public", "area only", "hidden"):
        site = {"location": at(here["points"][0]), "address": "1 Quay", "visibility": level}
        said = {"kind": "activity", "name": "Club", "categories": ["library"], "sites": [site]}
        await add_asset(demo_database, said)
        office = {"address": "2 Quay", "location": at(here["points"][1]), "visibility": level}
        said = {"name": "Friends", "kind": "charity", "addresses": [office], "visibility": level}
        await add_organisation(demo_database, said)
    asked: dict[str, object] = {
        "category": ["library", "all"], "organisations": "registered_in", "kind": "charity",
    }  # fmt: skip
    page = await read(client, area_type="msoa", area=here["code"], category="library",
                      organisations="registered_in", kind=["charity", "business"])  # fmt: skip
    data = read_data(page)
    assert (data["categories"], data["organisations"]) == ("library", "registered_in")
    assert data["kinds"] == "charity|business"
    assert data["organisations-layer"] == "msoa-2021"
    (row,) = read_rows(await read(client, area_type="msoa", q=here["code"], **asked))
    assert row["text"].endswith(" 2 2"), "the hidden ones are not counted"
    smaller = await read(client, area_type="lsoa", **asked)
    counts = [row["text"].split()[-2:] for row in read_rows(smaller)]
    counts += [
        row["text"].split()[-2:]
        for page_number in (2, 3)
        for row in read_rows(await read(client, area_type="lsoa", page=page_number, **asked))
    ]
    assert sum(int(assets) for assets, _ in counts) == 1
    assert sum(int(charities) for _, charities in counts) == 1
    assert "1 more is told by a larger area only" in smaller
    assert "Count by district" in smaller


async def test_the_fragment_is_form_and_result_alone(client: httpx.AsyncClient) -> None:
    answer = await client.get("/layers", headers={**HTML, "x-fragment": "layers"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.lstrip().startswith("<form")
    assert answer.text.count("data-layers-result") == 1
    assert "ha-still" not in answer.text, "a map is there already"
    assert "x-fragment" in answer.headers["vary"].lower()
    whole = await read(client)
    assert say_finding(answer.text) == say_finding(whole)
    assert read_rows(answer.text) == read_rows(whole)


async def test_everything_works_as_a_form_and_links(client: httpx.AsyncClient) -> None:
    page = await read(client, indicator=SCORE, area_type="lsoa", breaks="equal", q="a", page=2)
    form = page.split("data-layers-form")[1].split("</form>", maxsplit=1)[0]
    names = set(re.findall(r'<(?:select|input)[^>]* name="(\w+)"', form))
    assert names >= {
        "indicator", "area_type", "boundary_year", "period", "breaks", "compare", "view",
        "category", "organisations", "kind", "q", "sort",
    }  # fmt: skip
    assert f'<option value="{SCORE}" selected>' in form
    assert '<option value="equal" selected>' in form
    assert 'name="q" type="search" value="a"' in form
    links = re.findall(r'<a id="([\w-]+)" [^>]*?href="(/[^"]*)"', page)
    assert len({name for name, _ in links}) == len(links), "the focus finds its way back"
    for name, link in links:
        if "-row-" in name or "sources" in name:
            continue
        answer = await client.get(unescape(link).split("#", maxsplit=1)[0], headers=HTML)
        assert answer.status_code == 200, link
        if name.startswith("layers-sort"):
            asked = parse_qs(urlsplit(unescape(link)).query)
            assert (asked["breaks"], asked["q"]) == (["equal"], ["a"])
            assert "page" not in asked
