"""Every route asked by everybody: strangers, people without a role, each role here or elsewhere.

One table says what each must be answered. A route that it does not have fails the first test.
"""

import re
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from app.accounts import service
from app.accounts.permissions import AreaRef, Grant, Role
from app.api import ROUTERS
from app.core.database import Database
from app.core.settings import Settings
from app.records.keeping import Kept
from app.records.vocabulary import Status
from tests.accounts.conftest import add_person
from tests.conftest import open_client
from tests.permission_table import FOR_EVERYBODY, TABLE
from tests.planting import add_asset, add_organisation, at, find_district

ROLES = ("contributor", "organiser", "moderator", "coordinator", "analyst", "administrator")
COLUMNS = (
    "stranger", "nobody", *(f"{role} here" for role in ROLES),
    *(f"{role} elsewhere" for role in ROLES),
)  # fmt: skip
"""Who asks. "nobody" is signed in without a role; "here" is where the thing asked about is."""

QUERIES = {
    "/api/v1/areas": {"type": "msoa"},
    "/api/v1/areas/at": {"lon": "1.2", "lat": "53.9"},
    "/api/v1/areas/outlines": {"type": "authority"},
    "/api/v1/areas/names": {"type": "authority"},
    "/api/v1/areas/named": {"q": "h"},
    "/api/v1/postcodes": {"q": "HF9"},
    "/api/v1/indicators/{code}/values": {"area_type": "msoa"},
    "/api/v1/indicators/{code}/rows": {"area_type": "msoa"},
    "/api/v1/indicators/{code}/trend": {"area_type": "msoa", "code": "x"},
    "/api/v1/indicators/{code}/comparison": {"area_type": "msoa", "code": "x"},
    "/api/v1/organisations/counts": {"area_type": "msoa", "relation": "works_in"},
    "/api/v1/assets": {"limit": "1"},
}
"""What a path must be asked with."""

CONFIRMATION = {"aspect": "existence", "asserted_on": "2026-01-01"}
BODIES: dict[str, Any] = {
    "PATCH": {"description": "Better."},
    "reversions": {"revision": 1},
    "status": {"status": "taken down"},
    "confirmations": [CONFIRMATION],
    "analyses": {"category": "library"},
    "sign-in-links": {"email": "somebody@example.org"},
    "sessions": {"token": "x" * 43},
}
"""What to send, by method or by the end of the path."""


def read_table(written: str) -> dict[str, list[str]]:
    """Return the cells of each row by method and path."""
    rows = (line.replace("|", " ").split() for line in written.strip().splitlines())
    return {" ".join(row[:2]): row[2:] for row in rows if row[0] != "#"}


EXPECTED = read_table(TABLE) | {
    operation: cells * len(COLUMNS) for operation, cells in read_table(FOR_EVERYBODY).items()
}


class Place(NamedTuple):
    """Where things are, and the area of a role elsewhere."""

    district: dict[str, Any]
    elsewhere: AreaRef


def list_operations() -> set[str]:
    """Return every method and path that the service answers."""
    return {
        f"{method} {prefix}{route.path}"
        for router, prefix in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def test_the_table_has_every_route() -> None:
    assert list_operations() == EXPECTED.keys(), (
        "A route is missing in tests/permission_table.py, or is there no more. Say "
        "for every role what it must be answered."
    )
    assert all(len(cells) == len(COLUMNS) for cells in EXPECTED.values())


@pytest.fixture
async def place(demo_database: Database) -> Place:
    """A district, and an authority that it does not lie in."""
    district = await find_district(demo_database)
    query = """
        SELECT a.code FROM areas AS a JOIN boundary_sets AS s ON s.id = a.boundary_set_id
        WHERE s.area_type = 'authority' AND a.in_study_area AND a.code <> :code
        ORDER BY a.code LIMIT 1
    """
    async with demo_database.sessions() as session:
        code = await session.scalar(text(query), {"code": district["authority"]})
    return Place(district, AreaRef("authority", code or ""))


def write_documents(place: Place) -> dict[str, Any]:
    """Return an organisation and an asset in the district."""
    point = at(place.district["points"][0])
    address = {"address": "1 Quay", "role": "delivery", "location": point}
    site = {"address": "1 Quay", "location": point}
    kind = {"kind": "activity", "categories": ["library"]}
    return {
        "organisation": {"name": "Quay Trust", "addresses": [address]},
        "asset": {"name": "Quay Club", **kind, "sites": [site]},
    }


async def plant(database: Database, place: Place, subject: str) -> Kept:
    """Add something public in the district."""
    add = add_organisation if subject == "organisation" else add_asset
    return await add(database, write_documents(place)[subject], Status.PUBLISHED)


async def enter(
    database: Database, settings: Settings, place: Place, who: str
) -> httpx.AsyncClient:
    """Return a client of somebody as the columns name them."""
    client = open_client(database, settings)
    if who == "stranger":
        return client
    role, _, where = who.partition(" ")
    here = AreaRef("authority", place.district["authority"])
    grants = [] if role == "nobody" else [
        Grant(Role(role), here if where == "here" else place.elsewhere)
    ]  # fmt: skip
    token = await add_person(database, f"{who.replace(' ', '.')}@example.org", *grants)
    answer = await client.post("/api/v1/sessions", json={"token": token})
    client.cookies.clear()
    client.headers["authorization"] = f"Bearer {answer.json()['token']}"
    return client


class Asking:
    """Sends one request of each kind, about things of its own where it changes them."""

    def __init__(
        self, database: Database, place: Place, kept: dict[str, Kept], waiting: UUID
    ) -> None:
        self._database = database
        self._place = place
        self._kept = kept
        self._waiting = waiting

    async def ask(self, client: httpx.AsyncClient, operation: str) -> str:
        """Return what came back as the table writes it."""
        method, path = operation.split(" ")
        filled = await self._fill(path, fresh=method != "GET")
        page = "/api/" not in path
        answer = await client.request(
            method,
            filled,
            params=QUERIES.get(path, {}) if method == "GET" else None,
            json=None if method == "GET" or page else self._write_body(method, path),
            data={} if page and method == "POST" else None,
            headers={"if-match": '"1"', "accept": "text/html" if page else "application/json"},
        )
        if answer.status_code == 201 and "status" in answer.json():
            return {"waiting": "waiting", "published": "shown"}[answer.json()["status"]]
        return str(answer.status_code)

    def _write_body(self, method: str, path: str) -> Any:  # noqa: ANN401 - a document
        if path in {"/api/v1/organisations", "/api/v1/assets"}:
            return write_documents(self._place)[path.rsplit("/", 1)[1].removesuffix("s")]
        if path == "/api/v1/role-grants":
            area = {"area_type": "msoa", "area_code": self._place.district["code"]}
            return {"email": "new@example.org", "role": "contributor", **area}
        return BODIES.get(path.rsplit("/", 1)[1], BODIES.get(method))

    async def _fill(self, path: str, *, fresh: bool) -> str:
        values = {
            "area_type": "msoa", "code": self._place.district["code"], "job_id": "999999",
            "postcode": "HF9 9BL", "token": "x" * 43, "layer": "msoa-2021", "version": "x",
            "z": "9", "x": "0", "y": "0", "slug": "x", "kind": "x", "number": "1",
            "sort": "asset", "key": str(self._waiting),
            "draft": "x", "place": "new", "analysis": "x", "run": str(UUID(int=0)),
        }  # fmt: skip
        for subject in ("organisation", "asset"):
            # The pages on which either is kept right name it by one word.
            if f"{{{subject}}}" in path or path.startswith(f"/{subject}s/{{record}}"):
                kept = self._kept[subject]
                if fresh:
                    kept = await plant(self._database, self._place, subject)
                values[subject] = values["record"] = str(kept.public_id)
        if "{grant_id}" in path:
            values["grant_id"] = str(await self._give())
        return re.sub(r"{(\w+)}", lambda found: values[found[1]], path)

    async def _give(self) -> int:
        """Return the number of a role that somebody holds in the district."""
        async with self._database.sessions.begin() as session:
            person, _ = await service.ensure_person(session, "holder@example.org")
            grant = Grant(Role.CONTRIBUTOR, AreaRef("msoa", self._place.district["code"]))
            held = await service.list_grants(session, person)
            return (
                held[0][0] if held else await service.give_role(session, person, grant, None) or 0
            )


@pytest.mark.parametrize("who", COLUMNS)
async def test_everybody_is_answered_as_the_table_says(
    demo_database: Database, settings: Settings, place: Place, who: str
) -> None:
    kept = {each: await plant(demo_database, place, each) for each in ("organisation", "asset")}
    said = write_documents(place)["asset"]
    waiting = await add_asset(demo_database, said, Status.WAITING)
    asking = Asking(demo_database, place, kept, waiting.public_id)
    column = COLUMNS.index(who)
    client = await enter(demo_database, settings, place, who)
    got = {}
    for operation in EXPECTED:  # the last one signs out
        got[operation] = await asking.ask(client, operation)
        if operation == "POST /api/v1/role-grants":
            await forget_new_person(demo_database)
    await client.aclose()
    wanted = {operation: cells[column] for operation, cells in EXPECTED.items()}
    assert {op: told for op, told in got.items() if told != wanted[op]} == {}


async def forget_new_person(database: Database) -> None:
    """Take away what was granted, so that it can be granted again."""
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE role_grants SET revoked_at = now() WHERE revoked_at IS"
                                   " NULL AND person_id IN (SELECT id FROM people WHERE email ="
                                   " 'new@example.org')"))  # fmt: skip


async def test_whoever_offered_something_may_see_and_change_it_while_it_waits(
    demo_database: Database, settings: Settings, place: Place
) -> None:
    author = await enter(demo_database, settings, place, "nobody")
    other = await enter(demo_database, settings, place, "contributor here")
    created = await author.post("/api/v1/assets", json=write_documents(place)["asset"])
    path = created.headers["location"]
    change = {"json": {"description": "Better."}, "headers": {"if-match": '"1"'}}
    assert (await author.get(f"{path}/document")).status_code == 200
    assert (await other.get(f"{path}/document")).status_code == 404
    assert (await other.patch(path, **change)).status_code == 404  # type: ignore[arg-type]
    assert (await author.patch(path, **change)).status_code == 200  # type: ignore[arg-type]
    moderator = await enter(demo_database, settings, place, "moderator here")
    published = await moderator.put(f"{path}/status", json={"status": "published"})
    assert published.status_code == 200
    change["headers"] = {"if-match": '"3"'}
    assert (await author.patch(path, **change)).status_code == 403  # type: ignore[arg-type]
    for client in (author, other, moderator):
        await client.aclose()


async def test_nobody_moves_something_to_where_they_may_not_publish(
    demo_database: Database, settings: Settings, place: Place
) -> None:
    organiser = await enter(demo_database, settings, place, "organiser elsewhere")
    stranger = await enter(demo_database, settings, place, "stranger")
    works_in = [{"type": "authority", "code": place.elsewhere.code}]
    made = await organiser.post("/api/v1/organisations", json={"name": "X", "works_in": works_in})
    assert made.json()["status"] == "published"
    moved = {"works_in": [{"type": "authority", "code": place.district["authority"]}]}
    path = made.headers["location"]
    answer = await organiser.patch(path, json=moved, headers={"if-match": '"1"'})
    assert answer.status_code == 403
    assert (await stranger.get(path)).json()["works_in"][0]["code"] == place.elsewhere.code
    for client in (organiser, stranger):
        await client.aclose()
