"""An answer as one file: whole, private, harmless, and the same as everywhere else."""

import csv
import io
import json
import re
import subprocess
import sys
from html import unescape
from typing import Any, get_args

import httpx
import pytest
from sqlalchemy import text

from app.analysis.question import Method
from app.core.database import Database
from app.core.settings import Settings
from app.reports import gathering, words
from tests.assets.test_margin import ROUND, lay_out_margin
from tests.planting import add_asset, at, edit_asset, find_district

PATH = "/api/v1/analyses"
NEED = "deprivation_score_2025"
ASKED = {
    "category": "library", "method": "coverage", "everyone": True, "catchment_m": 900,
    "need": {"indicator": NEED},
}  # fmt: skip
NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


async def ask(client: httpx.AsyncClient, **asked: object) -> dict[str, Any]:
    """Return the answer to a question."""
    response = await client.post(PATH, json={**ASKED, **asked})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def read(client: httpx.AsyncClient, **asked: object) -> str:
    """Return the report of the answer to a question."""
    answer = await ask(client, **asked)
    response = await client.get(f"{PATH}/{answer['id']}.html")
    assert response.status_code == 200, response.text
    return response.text


def read_rows(page: str) -> list[list[str]]:
    """Return the cells of the table."""
    body = (
        page.split('class="ha-report__table"')[1]
        .split("<tbody>")[1]
        .split("</tbody>", maxsplit=1)[0]
    )
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "  ", cell)).strip() for cell in row] for row in cells]


def read_layer(page: str, name: str) -> dict[str, Any]:
    """Return a layer of the map as GeoJSON."""
    added = f"geo_json_{name}_add("
    start = page.rindex(added) + len(added)
    layer: dict[str, Any] = json.JSONDecoder().raw_decode(page[start:])[0]
    return layer


def read_classes(page: str, name: str, codes: list[str]) -> list[str]:
    """Return the class that a layer of the map draws each area in."""
    styler = page.split(f"function geo_json_{name}_styler")[1].split("function ", maxsplit=1)[0]
    parts = re.findall(r'((?:case "[^"]+":\s*)*|default:\s*)return (\{.*?\});', styler, re.DOTALL)
    classes = {
        code: style for cases, style in parts for code in re.findall(r'case "([^"]+)"', cases)
    }
    usual = parts[-1][1]
    return [classes.get(code, usual) for code in codes]


def list_sites(page: str) -> list[str]:
    """Return what stands on the map, in words."""
    return [each["properties"]["name"] for each in read_layer(page, "sites")["features"]]


async def plant(database: Database, name: str, place: int = 0, **fields: object) -> Any:  # noqa: ANN401 - what was kept
    """Add a library."""
    point = (await find_district(database))["points"][place]
    said = {"name": name, "kind": "place", "categories": ["library"],
            "sites": [{"address": "1 Quay", "location": at(point)}], **fields}  # fmt: skip
    return await add_asset(database, said)


async def test_a_report_says_what_the_answer_and_the_page_say(client: httpx.AsyncClient) -> None:
    answer = await ask(client)
    got = await client.get(f"{PATH}/{answer['id']}.html")
    assert got.headers["content-type"].startswith("text/html")
    name = f"library-coverage-{answer['id'][:8]}.html"
    assert got.headers["content-disposition"] == f'attachment; filename="{name}"'
    page = unescape(got.text)
    assert answer["finding"] in page
    assert answer["hash"] in page
    assert f"/api/v1/analyses/{answer['id']}" in page
    for note in answer["notes"]:
        assert note in page
    assert "Who is far from libraries?" in page
    assert re.search(r"licence: \w+", page)
    gaps = await client.get(f"/gaps/table.csv?category=library&people=all&distance=900&need={NEED}")
    table = [row for row in csv.DictReader(io.StringIO(gaps.text)) if row["falls_short"] == "True"]
    expected = [
        (row["place"], row["area"], f"{int(row['not_reached']):,} of {int(row['people']):,}")
        for row in table
        if int(row["not_reached"])
    ]
    rows = [(place, area.split("  ")[0], " ".join(reached.split()))
            for place, area, reached, *_ in read_rows(got.text)]  # fmt: skip
    assert rows
    assert rows == expected[:25]


async def test_it_leads_nowhere_and_lets_no_other_script_run(client: httpx.AsyncClient) -> None:
    page = await read(client)
    assert re.findall(r"\b(?:src|srcset|action|poster|data)=", page.split("</style>")[1]) == []
    links = set(re.findall(r'href="([^"]*)"', page))
    assert len(links) == 1
    assert "/api/v1/analyses/" in links.pop()
    assert "<link" not in page
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[0]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in policy.split("script-src")[1]
    assert len(re.findall("sha256-", policy)) == page.count("<script>") == 2


async def test_the_same_answer_gives_the_same_file(client: httpx.AsyncClient) -> None:
    assert await read(client) == await read(client)


async def test_names_come_out_harmless(client: httpx.AsyncClient, demo_database: Database) -> None:
    await plant(demo_database, NASTY)
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE areas SET name = :name"), {"name": NASTY})
        await session.execute(text("UPDATE packs SET described = described || :more"),
                              {"more": json.dumps({"title": NASTY, "label": NASTY})})  # fmt: skip
    page = await read(client)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.lower().count("</script") == 2
    assert NASTY in unescape(page)


@pytest.mark.parametrize("visibility", ["hidden", "area only"])
async def test_it_goes_when_a_place_in_it_is_told_less_of(
    client: httpx.AsyncClient, demo_database: Database, visibility: str
) -> None:
    library = await plant(demo_database, "Quay Library")
    where = f"{PATH}/{(await ask(client))['id']}.html"
    assert "Quay Library" in (await client.get(where)).text
    await edit_asset(demo_database, library.public_id, {"visibility": visibility})
    gone = await client.get(where)
    assert gone.status_code == 404
    assert "Quay Library" not in gone.text


async def test_no_private_point_is_in_it(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    before = await read(client)
    await plant(demo_database, "Secret Library", 1, visibility="hidden")
    assert await read(client) == before
    await plant(demo_database, "Quiet Library", 2, visibility="area only")
    page = await read(client)
    assert "Secret Library" not in page
    sites = {each["properties"]["name"]: each for each in read_layer(page, "sites")["features"]}
    quiet = sites["Quiet Library"]
    assert quiet["geometry"]["coordinates"] == pytest.approx(list(district["centroid"]), abs=1e-6)
    assert quiet["properties"]["lines"] == ["Only its area is told: this is that area's own point"]
    # Outlines have five digits, these six.
    for degrees in (degree for point in district["points"][1:3] for degree in point):
        assert str(degrees) not in page


async def test_what_lies_in_the_margin_is_not_on_the_map(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    await lay_out_margin(demo_database)
    await plant(demo_database, "Far Library", sites=[{"address": "1 Quay", "location": at(ROUND)}])
    answer = await ask(client)
    page = (await client.get(f"{PATH}/{answer['id']}.html")).text
    assert "Far Library" not in page
    assert f"1 of the {answer['sites']} sites that take part are not on the map" in page


async def test_what_if_is_a_second_layer_to_the_same_standard(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    lon, lat = district["points"][0]
    answer = await ask(client, method="e2sfca", changes=[{"change": "add", "lon": lon, "lat": lat}])
    page = (await client.get(f"{PATH}/{answer['id']}.html")).text
    assert answer["what_if"]["finding"] in unescape(page)
    assert answer["what_if"]["changes"][0] in unescape(page)
    now, after = (
        {each["id"]: each["properties"]["lines"] for each in read_layer(page, name)["features"]}
        for name in ("now", "after")
    )
    areas, changed = answer["areas"], answer["what_if"]["areas"]
    is_other = {
        code: any(areas[name][n] != changed[name][n] for name in ("access", "distance_m"))
        for n, code in enumerate(areas["codes"])
    }
    assert {code for code in now if now[code] != after[code]} <= {c for c in now if is_other[c]}
    best = max(range(len(now)), key=lambda n: changed["access"][n] - areas["access"][n])
    told = after[areas["codes"][best]]
    assert f"{words.say_amount(changed['access'][best])} {answer['unit']}" in told
    assert told != now[areas["codes"][best]]
    # Were the standard worked out anew, areas that nothing changes would fall short otherwise.
    unchanged = [code for code in now if not is_other[code]]
    assert unchanged
    assert read_classes(page, "now", unchanged) == read_classes(page, "after", unchanged)


async def test_what_is_tried_is_on_the_map(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    (lon, lat), (to_lon, to_lat) = district["points"][:2]
    stays = await plant(demo_database, "Staying Library", 2)
    moves = await plant(demo_database, "Moving Library", 3)
    sites = [
        (await client.get(f"/api/v1/assets/{each.public_id}")).json()["sites"][0]
        for each in (stays, moves)
    ]
    changes = [
        {"change": "add", "lon": lon, "lat": lat},
        {"change": "close", "site": sites[0]["id"]},
        {"change": "move", "site": sites[1]["id"], "lon": to_lon, "lat": to_lat},
    ]
    answer = await ask(client, changes=changes)
    page = (await client.get(f"{PATH}/{answer['id']}.html")).text
    drawn = [
        (each["properties"]["name"], each["geometry"]["coordinates"], each["properties"]["lines"])
        for each in read_layer(page, "changes")["features"]
    ]
    said = answer["what_if"]["changes"]
    places = [
        [lon, lat],
        *([each["location"]["lon"], each["location"]["lat"]] for each in sites),
        [to_lon, to_lat],
    ]
    assert drawn == [
        ("Change 1", places[0], [said[0]]),
        ("Change 2", places[1], [said[1]]),
        ("Change 3", places[2], [said[2]]),
        ("Change 3", places[3], [said[2]]),
    ]
    assert "Tried: a new place" in page
    assert "Tried: closes here" in page
    assert "Tried: holds more or less" not in page
    without = await read(client)
    assert "Tried:" not in without
    assert "geo_json_changes" not in without


@pytest.mark.parametrize("method", get_args(Method))
async def test_every_method_has_a_report(client: httpx.AsyncClient, method: str) -> None:
    answer = await ask(client, method=method, area_type="msoa", need=None)
    page = (await client.get(f"{PATH}/{answer['id']}.html")).text
    assert len(read_layer(page, "now")["features"]) == len(answer["areas"]["codes"])
    assert list_sites(page)
    assert "<h1>Who is far from" in page or "<h1>Where are there too few" in page


async def test_nothing_listed_is_a_report_too(client: httpx.AsyncClient) -> None:
    page = await read(client, category="hospital")
    assert "so none of the" in page
    assert "geo_json_sites" not in page


async def test_need_that_has_changed_since_is_told_by_the_figures_of_then(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    answer = await ask(client)
    where = f"{PATH}/{answer['id']}.html"
    assert "most deprived 20\u00a0%" in (await client.get(where)).text
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE indicator_values SET value = value + 1"))
    page = (await client.get(where)).text
    assert "most deprived 20\u00a0%" not in page
    assert "The figures of need have changed since this was answered." in page


async def test_too_many_areas_are_refused_in_a_sentence(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_AREAS", 10)
    answer = await ask(client)
    refused = await client.get(f"{PATH}/{answer['id']}.html")
    assert refused.status_code == 400
    assert "a report draws at most 10." in refused.json()["detail"]


async def test_without_a_built_frontend_it_says_so(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    answer = await ask(client)
    (settings.frontend_dir / "report/leaflet.js").unlink()
    refused = await client.get(f"{PATH}/{answer['id']}.html")
    assert refused.status_code == 503
    assert "Reports need the built frontend" in refused.json()["detail"]


def test_folium_is_imported_when_a_report_is_drawn_and_not_before() -> None:
    said = "import sys, app.api, app.cli; print('folium' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert done.stdout.strip() == "False"


async def test_an_answer_that_is_not_kept_has_none(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{PATH}/{'0' * 24}.html")).status_code == 404
