"""Gap analysis of the real place: nothing gets lost in sharing out, and all outputs agree."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import urlencode

import httpx
import numpy as np
import pytest

from app.analysis.memory import Memory
from app.analysis.preparing import prepare
from app.analysis.question import SHARED
from app.analysis.schemas import AnalysisAsked
from app.analysis.working import count_supply, measure_reach
from app.core.database import Database, DatabaseAddress
from app.core.settings import Settings
from app.pages.gaps.presets import PRESETS, Preset
from tests.conftest import open_client
from tests.findings import ask_as, check_finding
from tests.notebooks import read_numbers
from tests.packs import test_cheshire_merseyside as whole

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("cheshire-merseyside")]

region_template, region, own_region = whole.region_template, whole.region, whole.own_region

ALIKE = 1e-9
BEYOND = {"warm-spaces-65": 335_881, "libraries": 658_274, "pharmacies": 146_510}
"""People who are not reached, as the presets found on the files of 2026."""


@pytest.fixture
async def database(region: DatabaseAddress) -> AsyncIterator[Database]:
    """The region."""
    opened = Database(region, pool_size=2)
    yield opened
    await opened.close()


@pytest.fixture
async def client(
    own_region: DatabaseAddress, settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service with a region of its own: answers are kept in it."""
    database = Database(own_region, pool_size=2)
    async with open_client(database, settings) as opened:
        yield opened
    await database.close()


@pytest.mark.parametrize("category", ["library", "pharmacy", "warm-space"])
async def test_what_people_get_adds_up_to_what_there_is(database: Database, category: str) -> None:
    """Over all areas, the margin's too: sum A_i P_i is sum S_j of sites that anybody reaches."""
    memory = Memory()
    for method in SHARED:
        asked = AnalysisAsked(category=category, method=method, everyone=True)
        prepared = await prepare(database.public, database.sessions, memory, asked)
        areas, (supply, weights) = prepared.areas, prepared.weighed
        provision = measure_reach(areas, supply, weights, prepared.question).provision
        assert provision is not None
        assert len(areas.codes) > areas.study_count
        got = float((provision.access * areas.people).sum())
        amount = count_supply(supply, prepared.question)
        there = float(amount[provision.demand > 0].sum())
        assert there > 50
        if method == "m2sfca":
            assert 0 < got <= there * (1 + ALIKE)
        else:
            assert got == pytest.approx(there, rel=ALIKE), method
        assert np.isfinite(provision.access).all()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
async def test_page_files_notebook_and_api_agree(
    client: httpx.AsyncClient, region: DatabaseAddress, preset: Preset
) -> None:
    response = await client.post("/api/v1/analyses", json=ask_as(preset))
    assert response.status_code == 200, response.text
    answer = response.json()
    figures = answer["areas"]
    beyond = dict(
        zip(
            figures["codes"],
            np.array(figures["people"]) - np.array(figures["covered"]),
            strict=True,
        )
    )
    total = round(sum(beyond.values()))
    assert total == BEYOND[preset.code]
    assert answer["finding"].endswith(f"; {total:,} do not.")
    findings = await asyncio.to_thread(read_numbers, "03-three-findings", region.for_libpq)
    check_finding(findings[preset.code], answer)
    query = urlencode(preset.asked)
    page = (await client.get(f"/gaps?{query}", headers={"accept": "text/html"})).text
    found = re.findall(r'<p class="ha-finding[^"]*">(.*?)</p>', page, re.DOTALL)[0]
    sentence = " ".join(unescape(re.sub(r"<[^>]+>", "", found)).split())
    assert sentence.startswith(f"{total:,} of {round(answer['people']):,} ")
    table = await read_table(client, f"/gaps/table.csv?{query}")
    assert len(table) == len(beyond)
    kept = {
        row["code"]: row for row in await read_table(client, f"{response.headers['location']}.csv")
    }
    nearest = dict(zip(figures["codes"], figures["distance_m"], strict=True))
    for row in table[:10]:
        code = row["area_code"]
        assert row["falls_short"] == "True"
        assert int(row["not_reached"]) == round(beyond[code])
        assert int(row["nearest_straight_m"]) == round(nearest[code])
        assert float(kept[code]["distance_straight_m"]) == nearest[code]
        shown = page.split(f'data-code="{code}"')[1].split("</tr>")[0]
        assert f"<b>{round(beyond[code]):,}</b>" in shown


async def read_table(client: httpx.AsyncClient, path: str) -> list[dict[str, str]]:
    """Return the rows of a file."""
    response = await client.get(path)
    assert response.status_code == 200, response.text
    lines = [line for line in response.text.splitlines() if not line.startswith("# ")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))
