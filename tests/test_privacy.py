"""What must stay private stays private in every answer that the service gives to strangers.

Every endpoint is asked (`strangers.py`), about things planted at every level and in every way
(`private_things.py`). The last tests put a leak in and see that it is found.
"""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.core.database import Database, DatabaseAddress
from app.core.settings import Settings
from app.main import create_app
from tests.conftest import clone, drop
from tests.one_hour import ask_within_an_hour
from tests.planting import find_district
from tests.private_things import (
    COARSE,
    HIDING,
    Draft,
    Point,
    Secret,
    list_ids,
    named,
    plant_coarse,
    plant_hidden,
    plant_open,
    plant_tightened,
    secrets,
)
from tests.strangers import Answers, World, ask_everything
from tests.told_strangers import find_differences, find_secrets

FEW = settings(
    max_examples=1,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # an example takes half a minute, so none is made smaller
    suppress_health_check=list(HealthCheck),
)
"""One example, and a rich one: every way to hide something at once, asked about everywhere."""

_STILL = """
SET session_replication_role = replica;
UPDATE revisions AS r SET at = CASE WHEN at >= (
    SELECT public_since FROM (
        SELECT 'asset' AS subject, id, public_since FROM assets
        UNION ALL SELECT 'organisation', id, public_since FROM organisations) AS s
    WHERE s.subject = r.subject AND s.id = r.subject_id)
    THEN timestamptz '2026-01-02' ELSE '2026-01-01' END;
UPDATE assets SET created_at = '2026-01-01', updated_at = '2026-01-01',
    public_since = public_since - public_since + timestamptz '2026-01-02',
    public_changed_at = public_changed_at - public_changed_at + timestamptz '2026-01-02';
UPDATE organisations SET created_at = '2026-01-01', updated_at = '2026-01-01',
    public_since = public_since - public_since + timestamptz '2026-01-02',
    public_changed_at = public_changed_at - public_changed_at + timestamptz '2026-01-02';
UPDATE versions SET raised_at = '2026-01-02';
"""
"""Two worlds are made one after the other; the clock is no difference between them."""

Plant = Callable[[Database], Awaitable[None]]


class Ground:
    """Where worlds are made: a place with publishing areas, and a folder for the service."""

    def __init__(self, server: DatabaseAddress, template: str, folder: Path) -> None:
        self.server = server
        self.template = template
        self.settings = Settings(_env_file=None, var_dir=folder / "var", run_worker=False)
        self.district: dict[str, Any] = {}

    @property
    def points(self) -> list[Point]:
        """Places in one publishing area; at the first is what everybody may see."""
        return list(self.district["points"])

    @property
    def secret_points(self) -> list[Point]:
        """Those where nothing public is."""
        return self.points[1:]

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Made"]:
        """Yield a world of its own."""
        name = f"test_{uuid.uuid4().hex}"
        address = clone(self.server, self.template, name)
        database = Database(address, pool_size=3)
        app = create_app(self.settings, database=database)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://h.test") as client:
                yield Made(database, client, app)
        finally:
            await database.close()
            drop(self.server, name)

    def suspect(self, all_secrets: Sequence[Secret]) -> World:
        """Return what a stranger asks about who knows every secret and wants it confirmed."""
        labels = ("open", "hidden", "coarse")
        ids = [each for label in labels for each in list_ids(label, 6)]
        return World(
            district=self.district["code"],
            authority=self.district["authority"],
            points=list(dict.fromkeys(each.point for each in all_secrets))[:3],
            words=[word for each in all_secrets[:3] for word in (each.name, *each.words[1:4])],
            postcodes=[each.postcode for each in all_secrets[:2]],
            assets=ids,
            organisations=ids,
        )


class Made:
    """One world: its database and the service on it."""

    def __init__(self, database: Database, client: httpx.AsyncClient, app: Any) -> None:  # noqa: ANN401
        self.database = database
        self.client = client
        self.app = app

    async def ask(self, world: World, beneath: str = "/") -> Answers:
        """Return every answer to a stranger, or those of addresses that begin so."""
        return await ask_everything(self.client, self.app, world, beneath)

    def run(self, statement: str) -> None:
        """Run a statement as the owner of everything."""
        with psycopg.connect(self.database.address.for_libpq, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="module")
def ground(server: DatabaseAddress, demo_template: str) -> Iterator[Ground]:
    """The demonstration place without what it begins with, so that every answer is short."""
    folder = Path(tempfile.mkdtemp(prefix="hereabouts-privacy-"))
    name = f"template_{uuid.uuid4().hex}"
    address = clone(server, demo_template, name)
    with psycopg.connect(address.for_libpq, autocommit=True) as connection:
        connection.execute(
            "DELETE FROM asset_sites; DELETE FROM assets; DELETE FROM organisations;"
            "DELETE FROM revisions; DELETE FROM record_sources; DELETE FROM assertions"
        )
    made = Ground(server, name, folder)
    made.district = asyncio.run(_look_at(address))
    yield made
    drop(server, name)
    shutil.rmtree(folder)


async def _look_at(address: DatabaseAddress) -> dict[str, Any]:
    database = Database(address, pool_size=0)
    try:
        return await find_district(database)
    finally:
        await database.close()


hidden_drafts = st.lists(
    secrets(), min_size=len(HIDING), max_size=len(HIDING), unique_by=lambda each: each.name
)
coarse_drafts = st.lists(
    secrets(), min_size=len(COARSE), max_size=len(COARSE), unique_by=lambda each: each.name
)


def test_with_and_without_what_is_hidden_every_answer_is_the_same(ground: Ground) -> None:
    @FEW
    @given(drafts=hidden_drafts)
    def check(drafts: list[Draft]) -> None:
        asyncio.run(_compare_before_and_after(ground, drafts))

    check()


async def _compare_before_and_after(ground: Ground, drafts: Sequence[Draft]) -> None:
    planted = [each.place(ground.secret_points) for each in drafts]
    world = ground.suspect(planted)

    async def ask() -> tuple[Answers, Answers]:
        async with ground.open() as made:
            with named("open"):
                await plant_open(made.database, ground.points[0])
            before = await made.ask(world)
            with named("hidden"):
                for secret, hiding in zip(planted, HIDING, strict=True):
                    await plant_hidden(made.database, secret, hiding)
            return before, await made.ask(world)

    before, after = await ask_within_an_hour(ask)
    assert find_differences(before, after) == []
    words = [word for secret in planted for word in secret.words]
    assert find_secrets(after, words, [each.point for each in planted]) == []


def test_what_came_before_it_does_not_tell_of_what_is_hidden_either(ground: Ground) -> None:
    """Numbers of rows go on counting; none of them may come out, nor anything made of them."""

    @FEW
    @given(drafts=hidden_drafts)
    def check(drafts: list[Draft]) -> None:
        planted = [each.place(ground.secret_points) for each in drafts]

        async def plant_both(database: Database) -> None:
            with named("hidden"):
                for secret, hiding in zip(planted, HIDING, strict=True):
                    await plant_hidden(database, secret, hiding)
            await plant_only_open(database)

        async def plant_only_open(database: Database) -> None:
            with named("open"):
                await plant_open(database, ground.points[0])

        world = ground.suspect(planted)
        one, other = asyncio.run(_ask_two(ground, world, plant_both, plant_only_open))
        assert find_differences(one, other) == []

    check()


def test_of_what_is_area_only_nothing_depends_on_where_in_the_area(ground: Ground) -> None:
    @FEW
    @given(drafts=coarse_drafts, elsewhere=coarse_drafts)
    def check(drafts: list[Draft], elsewhere: list[Draft]) -> None:
        one, other, planted = asyncio.run(_compare_places(ground, drafts, elsewhere))
        assert find_differences(one, other) == []
        words = [word for secret in planted for word in secret.private_words]
        points = [each.point for each in planted]
        assert find_secrets(one | other, words, points) == []
        assert "Coarse itself" in str(one["GET /api/v1/organisations"].body)
        pages = [answer.body for asked, answer in one.items() if asked.startswith("GET /assets/")]
        assert any(b"ha-spot__chosen" in each for each in pages), "no map of an area was looked at"

    check()


async def _compare_places(
    ground: Ground,
    drafts: Sequence[Draft],
    elsewhere: Sequence[Draft],
    leak: str = "",
    beneath: str = "/",
) -> tuple[Answers, Answers, list[Secret]]:
    here = [each.place(ground.secret_points[:3]) for each in drafts]
    there = [each.place(ground.secret_points[3:]) for each in elsewhere]
    there = [_open_when(each, twin.hours) for each, twin in zip(there, here, strict=True)]

    def plant(placed: Sequence[Secret]) -> Plant:
        async def run(database: Database) -> None:
            with named("coarse"):
                for secret, coarse in zip(placed, COARSE, strict=True):
                    await plant_coarse(database, secret, coarse, f"Coarse {coarse}")
            with named("open"):
                await plant_open(database, ground.points[0])

        return run

    pairs = [each for pair in zip(here, there, strict=True) for each in pair]
    world = ground.suspect(pairs)
    one, other = await _ask_two(ground, world, plant(here), plant(there), leak, beneath)
    return one, other, pairs


def _open_when(secret: Secret, hours: str) -> Secret:
    return Secret(**{**vars(secret), "hours": hours})


async def _ask_two(
    ground: Ground,
    world: World,
    first: Plant,
    second: Plant,
    leak: str = "",
    beneath: str = "/",
) -> tuple[Answers, Answers]:
    async def ask_one(plant: Plant) -> Answers:
        async with ground.open() as made:
            await plant(made.database)
            made.run(leak + _STILL)
            return await made.ask(world, beneath)

    async def ask() -> tuple[Answers, Answers]:
        return await ask_one(first), await ask_one(second)

    return await ask_within_an_hour(ask)


def test_after_something_is_made_stricter_nothing_of_before_is_found(ground: Ground) -> None:
    @FEW
    @given(drafts=st.lists(secrets(), min_size=2, max_size=2, unique_by=lambda x: x.name))
    def check(drafts: list[Draft]) -> None:
        asyncio.run(_tighten(ground, drafts))

    check()


async def _tighten(ground: Ground, drafts: Sequence[Draft]) -> None:
    coarse, hidden = (each.place(ground.secret_points) for each in drafts)
    world = ground.suspect([coarse, hidden])

    async def ask() -> tuple[Answers, Answers, Answers]:
        async with ground.open() as made:
            with named("open"):
                await plant_open(made.database, ground.points[0])
            before = await made.ask(world)
            with named("hidden"):
                await plant_tightened(made.database, hidden, "hidden", hidden.name)
            after_hiding = await made.ask(world)
            with named("coarse"):
                await plant_tightened(made.database, coarse, "area only", "Coarse now")
            return before, after_hiding, await made.ask(world)

    before, after_hiding, at_last = await ask_within_an_hour(ask)
    # That something was there and is gone shows in the version, and in nothing else.
    assert find_differences(before, after_hiding, tags=False) == []
    words = hidden.words + coarse.private_words
    assert find_secrets(at_last, words, [hidden.point, coarse.point]) == []
    assert "Coarse now" in str(at_last["GET /api/v1/organisations"].body)


LEAKS = {
    "an address": """
        CREATE OR REPLACE VIEW public_organisation_addresses AS
        SELECT a.organisation_id, a.position, a.role, a.public_level AS level, a.address,
               CASE WHEN a.public_level = 'public' THEN a.postcode END AS postcode,
               CASE WHEN a.public_level = 'public' THEN a.public_location END AS location,
               a.public_area_id AS area_id
        FROM organisation_addresses AS a
        JOIN public_organisations AS o ON o.id = a.organisation_id
        WHERE a.public_level <> 'hidden';
    """,
    "true points in search": """
        ALTER TABLE site_points DISABLE TRIGGER refuse_update;
        UPDATE site_points AS p SET location = coalesce(s.location, p.location)
        FROM asset_sites AS s WHERE s.id = p.site_id;
    """,
    "words of private contacts": """
        UPDATE asset_words AS w SET words = words || to_tsvector('simple', s.address)
        FROM asset_sites AS s WHERE s.asset_id = w.asset_id;
    """,
    "a telephone number": """
        CREATE OR REPLACE VIEW public_organisation_contacts AS
        SELECT c.organisation_id, c.position, c.kind, c.value, c.label
        FROM organisation_contacts AS c;
    """,
}
"""What somebody could break, as SQL."""

LEAKING = {
    "an address": "/api/v1/organisations",
    "true points in search": "/api/v1/assets",
    "words of private contacts": "/api/v1/assets",
    "a telephone number": "/api/v1/organisations",
}
"""Where each comes out: asking everything takes half a minute, and finding it here is enough."""


def _draft(number: int) -> Draft:
    return Draft(
        f"Name{number}", f"{number}7 Oldbrickbat Row", f"QZ{number}1 4TT",
        f"0191 498 04{number}0", f"n{number}@private.example.org", number, "",
    )  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_that_is_put_in_is_found(ground: Ground, leak: str) -> None:
    drafts = [_draft(number) for number in range(1, 9)]
    one, other, planted = asyncio.run(
        _compare_places(ground, drafts[:4], drafts[4:], LEAKS[leak], LEAKING[leak])
    )
    words = [word for secret in planted for word in secret.private_words]
    assert find_differences(one, other)
    told = find_secrets(one | other, words, [])
    assert bool(told) == (leak in {"an address", "a telephone number"})


def test_a_version_raised_for_something_hidden_is_found(ground: Ground) -> None:
    """That anything happened is told to nobody."""

    async def run() -> tuple[Answers, Answers]:
        world = ground.suspect([_draft(1).place(ground.secret_points)])
        async with ground.open() as made:
            before = await made.ask(world, "/api/v1/organisations")
            made.run("SELECT raise_version('organisations', NULL)")
            return before, await made.ask(world, "/api/v1/organisations")

    before, after = asyncio.run(run())
    assert find_differences(before, after)
    assert find_differences(before, after, tags=False) == []
