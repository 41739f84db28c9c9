"""Sources by publisher, how to name them, and what was loaded of them, in plain words."""

import re

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.packs import queries
from app.packs.models import Pack, PackLoad
from app.packs.report import FileReport, Finding, LoadReport, Rejection
from app.packs.schemas import PackDescription, SourceRead
from app.pages.provenance import group_by_publisher, list_namings

HTML = {"accept": "text/html"}

OGL = {"licence": "OGL-UK-3.0", "licence_url": "https://example.org/ogl"}
SOURCES = [
    SourceRead(title="Wards", publisher="Office", vintage="2025-05", attribution="Crown.", **OGL),
    SourceRead(title="People", publisher="Office", vintage="2021", attribution="Crown.", **OGL),
    SourceRead(title="Names", publisher="Library", vintage="2026", attribution="Crown.", **OGL),
    SourceRead(title="Walks", publisher="A walker", licence="none stated", vintage="2020"),
]


def test_sources_are_grouped_by_publisher_most_of_them_first() -> None:
    groups = group_by_publisher(SOURCES)
    assert [group.name for group in groups] == ["Office", "A walker", "Library"]
    assert [source.title for source in groups[0].sources] == ["Wards", "People"]
    assert groups[0].licence is not None


def test_a_publisher_of_several_licences_has_none_for_all() -> None:
    other = SOURCES[0].model_copy(update={"licence": "CC0-1.0"})
    assert group_by_publisher([*SOURCES, other])[0].licence is None


def test_a_sentence_that_licences_ask_for_stands_once() -> None:
    namings = list_namings(SOURCES)
    assert [(each.sentence, list(each.publishers)) for each in namings] == [
        ("Crown.", ["Office", "Library"])
    ]


@pytest.fixture
async def described(client: httpx.AsyncClient, demo_database: Database) -> httpx.AsyncClient:
    """The demonstration place with sources and a report like those of a real one."""
    report = LoadReport(
        pack="demo",
        counts={"postcodes": 1234, "rare things": 2, "areas": 56},
        files=[
            FileReport(file="wards.csv", read=100, accepted=85, rejected=12, outside=3),
            FileReport(file="fine.csv", read=7, accepted=7),
        ],
        findings=[
            Finding(sentence="Areas without a population:", count=30, examples=["W1 <i>", "W2"])
        ],
    )
    report.files[0].rejections = [Rejection(row=row, reason="no") for row in range(12)]
    async with demo_database.sessions.begin() as session:
        pack = await session.get_one(Pack, True)
        told = PackDescription.model_validate(pack.described)
        pack.described = told.model_copy(update={"sources": SOURCES}).model_dump(mode="json")
        pack.report = report.model_dump(mode="json")
    return client


def spell(page: str) -> str:
    """Return the words of a page without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_a_source_without_a_licence_is_marked(described: httpx.AsyncClient) -> None:
    page = (await described.get("/sources", headers=HTML)).text
    assert page.count("No licence is stated") == 1
    assert "none stated" not in page
    assert "May 2025" in page


async def test_licence_and_naming_stand_once_for_a_publisher(
    described: httpx.AsyncClient,
) -> None:
    main = (await described.get("/sources", headers=HTML)).text.split("<footer")[0]
    assert main.count("Open Government Licence v3.0") == 2  # once for each of two publishers
    assert main.count("Crown.") == 1
    assert "Office; Library" in main


async def test_the_footer_names_each_attribution_once_and_with_one_full_stop(
    described: httpx.AsyncClient,
) -> None:
    footer = (await described.get("/", headers=HTML)).text.split("<footer")[1]
    assert footer.count("Crown") == 1
    assert "Crown. Licence: Open Government Licence v3.0." in footer


async def test_what_was_loaded_is_told_in_words(described: httpx.AsyncClient) -> None:
    page = (await described.get("/sources", headers=HTML)).text
    said = spell(page.split('id="loaded"')[1])
    assert re.search(r"Loaded on \d+ \w+ \d{4}, \d\d:\d\d\. Data version 1\.", said)
    assert "areas, of all kinds and boundary years 56 postcodes 1,234 rare things 2" in said
    assert "92 of 104 rows about the place were used. 12 were left out." in said
    assert "wards.csv 12 left out" in said
    assert "Row 9: no and 2 more" in said
    assert "Areas without a population 30 W1 &lt;i&gt; W2" in said
    assert "fine.csv" not in said


async def test_a_place_that_loaded_without_a_fault_says_so(client: httpx.AsyncClient) -> None:
    said = spell((await client.get("/sources", headers=HTML)).text)
    assert "None was left out for a fault." in said


async def write_load(database: Database, outcome: str) -> None:
    async with database.sessions.begin() as session:
        load_id = await queries.insert_load(session, "demo")
        row = await session.get_one(PackLoad, load_id)
        row.step, row.done, row.total = "Reading people.csv", 3, 12
        await session.execute(
            text("UPDATE pack_loads SET outcome = :outcome WHERE id = :id"),
            {"outcome": outcome, "id": load_id},
        )


async def test_a_load_beside_a_loaded_place_is_said_on_the_page_of_sources_only(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    await write_load(demo_database, "running")
    async with demo_database.engine.connect() as connection:
        assert await queries.take_load_lock(connection)
        sources = await client.get("/sources", headers=HTML)
        home = await client.get("/", headers=HTML)
    assert sources.status_code == home.status_code == 200
    assert "Newer data is being loaded just now" in sources.text
    assert "Reading people.csv" in sources.text
    assert "loaded just now" not in home.text


@pytest.mark.parametrize("outcome", ["failed", "running"])
async def test_a_load_that_was_not_completed_is_said_quietly(
    client: httpx.AsyncClient, demo_database: Database, outcome: str
) -> None:
    # Nobody holds the lock: one that says `running` was killed.
    await write_load(demo_database, outcome)
    page = (await client.get("/sources", headers=HTML)).text
    assert "was not completed" in page
    assert "What is shown is what was there before." in page


@pytest.mark.parametrize("path", ["/", "/sources"])
async def test_before_any_place_it_tells_how_far_the_load_is(
    empty_client: httpx.AsyncClient, database: Database, path: str
) -> None:
    await write_load(database, "running")
    async with database.engine.connect() as connection:
        assert await queries.take_load_lock(connection)
        answer = await empty_client.get(path, headers=HTML)
        stays = await empty_client.get(f"{path}?still=1", headers=HTML)
        program = await empty_client.get(path, headers={"accept": "application/json"})
    assert answer.status_code == stays.status_code == program.status_code == 503
    assert "Reading people.csv" in answer.text
    assert 'max="12" value="3"' in answer.text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in answer.text
    assert f'href="{path}?still=1"' in answer.text
    assert "http-equiv" not in stays.text
    assert f'href="{path}"' in stays.text
    assert program.headers["content-type"].startswith("application/problem+json")


async def test_before_any_place_it_says_that_the_last_attempt_was_not_completed(
    empty_client: httpx.AsyncClient, database: Database
) -> None:
    await write_load(database, "failed")
    page = (await empty_client.get("/", headers=HTML)).text
    assert "was not completed" in page
    assert "http-equiv" not in page
    assert "<progress" not in page
