"""Who may give roles to whom, and requests that come with or without a session."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from app.accounts import service
from app.accounts.dependencies import ActorDep, needs
from app.accounts.permissions import Actor, AreaRef, Permission, Role
from app.core.database import Database
from app.core.errors import ConflictError
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.settings import Settings
from app.main import create_app
from tests.accounts.conftest import HTML, add_person
from tests.core.mail_server import Letterbox

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]

TOWN = AreaRef("authority", "X07000001")
WARD = {"area_type": "ward", "area_code": "X05000002"}
ASHA = "asha@example.org"
BEN = "ben@example.org"


async def give(
    client: httpx.AsyncClient, role: str, area: dict[str, str] | None = None, email: str = BEN
) -> httpx.Response:
    """Ask for a role for somebody."""
    wanted = {"email": email, "role": role, **(area or {})}
    return await client.post("/api/v1/role-grants", json=wanted)


async def test_a_coordinator_gives_roles_within_the_own_area(
    sign_in: SignIn, demo_database: Database
) -> None:
    coordinator = await sign_in(ASHA, Role.COORDINATOR, TOWN)
    given = await give(coordinator, "organiser", WARD)
    assert given.status_code == 201, given.text
    read = given.json()
    assert (read["role"], read["area_code"], read["email"]) == ("organiser", "X05000002", BEN)
    assert read["granted_by"] == ""
    ben = await sign_in(BEN)
    [grant] = (await ben.get("/api/v1/people/me")).json()["grants"]
    assert grant == {"role": "organiser", **WARD}
    async with demo_database.sessions() as session:
        person = await service.find_person(session, BEN)
        assert len(await service.list_grants(session, person)) == 1


@pytest.mark.parametrize(
    ("role", "area"),
    [
        ("moderator", WARD),
        ("coordinator", WARD),
        ("administrator", WARD),
        ("analyst", WARD),
        ("organiser", None),
    ],
    ids=["moderator", "coordinator", "administrator", "analyst", "everywhere"],
)
async def test_a_coordinator_gives_no_more(
    sign_in: SignIn, role: str, area: dict[str, str] | None
) -> None:
    coordinator = await sign_in(ASHA, Role.COORDINATOR, TOWN)
    refused = await give(coordinator, role, area)
    assert refused.status_code == 403
    assert "administrator all" in refused.json()["detail"]


async def test_a_coordinator_of_a_ward_gives_nothing_next_door_or_above(sign_in: SignIn) -> None:
    coordinator = await sign_in(ASHA, Role.COORDINATOR, AreaRef("ward", "X05000002"))
    next_door = {"area_type": "ward", "area_code": "X05000001"}
    assert (await give(coordinator, "organiser", next_door)).status_code == 403
    above = {"area_type": "authority", "area_code": "X07000001"}
    assert (await give(coordinator, "organiser", above)).status_code == 403
    assert (await give(coordinator, "organiser", WARD)).status_code == 201


async def test_an_administrator_gives_every_role_everywhere(sign_in: SignIn) -> None:
    administrator = await sign_in(ASHA, Role.ADMINISTRATOR)
    for role in Role:
        assert (await give(administrator, role)).status_code == 201
    again = await give(administrator, "analyst")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        ({"area_type": "ward", "area_code": "W99"}, "There is no ward 'W99'"),
        ({"area_type": "parish", "area_code": "W99"}, "There is no kind of area called 'parish'"),
        ({"area_type": "ward"}, "together"),
    ],
    ids=["code", "kind", "half"],
)
async def test_an_area_that_is_not_loaded_is_told(
    sign_in: SignIn, area: dict[str, str], sentence: str
) -> None:
    refused = await give(await sign_in(ASHA, Role.ADMINISTRATOR), "organiser", area)
    assert refused.status_code == 400
    assert sentence in refused.json()["detail"]


@pytest.mark.usefixtures("worker")
async def test_whoever_is_new_is_invited_by_mail(sign_in: SignIn, letterbox: Letterbox) -> None:
    administrator = await sign_in(ASHA, Role.ADMINISTRATOR)
    await give(administrator, "organiser", WARD)
    await give(administrator, "analyst")
    [mail] = await letterbox.wait_for(1)
    assert (mail["To"], mail["Subject"]) == (BEN, "Your invitation to Hereabouts")


async def test_a_role_that_is_taken_away_is_gone_at_once(sign_in: SignIn) -> None:
    coordinator = await sign_in(ASHA, Role.COORDINATOR, TOWN)
    ben = await sign_in(BEN, Role.ORGANISER, AreaRef("ward", "X05000002"))
    listed = (await coordinator.get("/api/v1/role-grants")).json()["items"]
    [grant] = [each for each in listed if each["email"] == BEN]
    assert (await coordinator.delete(f"/api/v1/role-grants/{grant['id']}")).status_code == 204
    assert (await ben.get("/api/v1/people/me")).json()["grants"] == []
    assert (await coordinator.delete(f"/api/v1/role-grants/{grant['id']}")).status_code == 404
    assert (await give(coordinator, "organiser", WARD)).status_code == 201


async def test_a_coordinator_cannot_take_what_is_not_theirs_to_give(sign_in: SignIn) -> None:
    administrator = await sign_in("root@example.org", Role.ADMINISTRATOR)
    coordinator = await sign_in(ASHA, Role.COORDINATOR, TOWN)
    listed = (await administrator.get("/api/v1/role-grants")).json()["items"]
    assert len(listed) == 2
    for grant in listed:
        refused = await coordinator.delete(f"/api/v1/role-grants/{grant['id']}")
        assert refused.status_code == 403


async def list_grants(client: httpx.AsyncClient) -> dict[str, int]:
    """Return the numbers of grants by the first part of the address of who holds them."""
    items = (await client.get("/api/v1/role-grants")).json()["items"]
    return {each["email"].partition("@")[0]: each["id"] for each in items}


async def test_the_last_administrator_everywhere_stays(sign_in: SignIn) -> None:
    asha = await sign_in(ASHA, Role.ADMINISTRATOR)
    await sign_in("town@example.org", Role.ADMINISTRATOR, TOWN)
    await sign_in("analyst@example.org", Role.ANALYST)
    grants = await list_grants(asha)
    refused = await asha.delete(f"/api/v1/role-grants/{grants['asha']}")
    assert refused.status_code == 409
    assert "Make somebody else administrator everywhere first" in refused.json()["detail"]
    assert (await asha.get("/api/v1/people/me")).json()["grants"]
    for other in ("town", "analyst"):
        assert (await asha.delete(f"/api/v1/role-grants/{grants[other]}")).status_code == 204
    assert (await give(asha, "administrator")).status_code == 201
    assert (await asha.delete(f"/api/v1/role-grants/{grants['asha']}")).status_code == 204
    assert (await asha.get("/api/v1/people/me")).json()["grants"] == []


async def test_an_administrator_who_is_switched_off_does_not_count(
    sign_in: SignIn, demo_database: Database
) -> None:
    asha = await sign_in(ASHA, Role.ADMINISTRATOR)
    await sign_in(BEN, Role.ADMINISTRATOR)
    async with demo_database.sessions.begin() as session:
        await service.deactivate_person(session, await service.find_person(session, BEN))
    grants = await list_grants(asha)
    assert (await asha.delete(f"/api/v1/role-grants/{grants['asha']}")).status_code == 409
    assert (await asha.delete(f"/api/v1/role-grants/{grants['ben']}")).status_code == 204


async def test_of_two_who_take_the_last_two_away_the_second_waits_and_is_refused(
    demo_database: Database, sign_in: SignIn
) -> None:
    clients = [await sign_in(each, Role.ADMINISTRATOR) for each in (ASHA, BEN)]
    grants = await list_grants(clients[0])
    async with demo_database.sessions.begin() as first, demo_database.sessions.begin() as second:
        await service.end_grants(first, [grants["asha"]])
        later = asyncio.create_task(service.end_grants(second, [grants["ben"]]))
        await asyncio.sleep(0.3)
        assert not later.done()
        await first.commit()
        with pytest.raises(ConflictError, match="last administrator everywhere"):
            await later


async def test_a_list_holds_what_lies_in_the_own_area_page_by_page(sign_in: SignIn) -> None:
    await sign_in("a@example.org", Role.ORGANISER, AreaRef("ward", "X05000001"))
    await sign_in("b@example.org", Role.ORGANISER, AreaRef("ward", "X05000002"))
    await sign_in("c@example.org", Role.ORGANISER, TOWN)
    await sign_in("d@example.org", Role.ORGANISER)
    await sign_in("e@example.org", Role.ORGANISER, AreaRef("ward", "gone"))
    ward = await sign_in("w@example.org", Role.COORDINATOR, AreaRef("ward", "X05000002"))
    town = await sign_in("t@example.org", Role.COORDINATOR, TOWN)

    async def read(client: httpx.AsyncClient, limit: int) -> list[str]:
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            params = {"limit": str(limit), **cursor}
            page = (await client.get("/api/v1/role-grants", params=params)).json()
            found += [each["email"][0] for each in page["items"]]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    assert await read(ward, 1) == ["b", "w"]
    assert await read(town, 2) == ["a", "b", "c", "w", "t"]
    administrator = await sign_in("x@example.org", Role.ADMINISTRATOR)
    assert await read(administrator, 100) == ["a", "b", "c", "d", "e", "w", "t", "x"]
    broken = await town.get("/api/v1/role-grants", params={"cursor": "bm90"})
    assert broken.status_code == 400


async def test_strangers_are_asked_to_sign_in_and_others_told_what_is_missing(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    stranger = await client.get("/api/v1/role-grants")
    assert stranger.status_code == 401
    assert stranger.headers["www-authenticate"] == "Bearer"
    assert stranger.headers["content-type"] == "application/problem+json"
    organiser = await sign_in(BEN, Role.ORGANISER)
    refused = await organiser.get("/api/v1/role-grants")
    assert refused.status_code == 403
    assert "coordinator, administrator" in refused.json()["detail"]


@pytest.fixture
def app(demo_database: Database, settings: Settings) -> FastAPI:
    """The application with three routes that ask who is there."""
    made = create_app(settings, database=demo_database)

    @made.get("/api/v1/who")
    async def who(request: Request, actor: ActorDep) -> Response:
        etag = etag_for(request, "1")
        if is_unchanged(request, etag):
            return answer_unchanged(etag)
        return answer_revalidated(actor.name.encode(), etag, "text/plain")

    @made.post("/api/v1/who")
    async def change(actor: ActorDep) -> str:
        return actor.name

    @made.get("/only-importers")
    async def page(actor: Annotated[Actor, needs(Permission.IMPORT)]) -> str:
        return actor.name

    return made


def visit(app: FastAPI) -> httpx.AsyncClient:
    """Return a browser."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://hereabouts.test")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://hereabouts.test"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"referer": "https://evil.example/page"}, 403),
    ],
    ids=["program", "own", "same origin", "foreign", "null", "cross", "sibling", "referer"],
)
async def test_another_site_cannot_use_a_visitors_cookie(
    app: FastAPI, demo_database: Database, headers: dict[str, str], status: int
) -> None:
    token = await add_person(demo_database, ASHA, name="Asha")
    async with visit(app) as browser:
        await browser.post("/api/v1/sessions", json={"token": token})
        assert (await browser.post("/api/v1/who", headers=headers)).status_code == status
        assert (await browser.get("/api/v1/who", headers=headers)).text == "Asha"
        session = browser.cookies["session"]
    async with visit(app) as program:
        bearer = {"authorization": f"Bearer {session}"}
        answer = await program.post("/api/v1/who", headers={**headers, **bearer})
        assert answer.json() == "Asha"


async def test_another_site_cannot_sign_a_visitor_in(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    token = await add_person(demo_database, ASHA)
    foreign = {"origin": "https://evil.example"}
    refused = await client.post("/api/v1/sessions", json={"token": token}, headers=foreign)
    assert refused.status_code == 403
    assert "session" not in client.cookies
    assert (await client.post("/api/v1/sessions", json={"token": token})).status_code == 201


async def test_what_is_made_for_one_visitor_is_shown_to_no_other(
    app: FastAPI, demo_database: Database
) -> None:
    token = await add_person(demo_database, ASHA, name="Asha")
    async with visit(app) as browser:
        as_stranger = await browser.get("/api/v1/who")
        assert as_stranger.headers["cache-control"] == "public, no-cache"
        assert as_stranger.headers["vary"] == "Authorization, Cookie"
        await browser.post("/api/v1/sessions", json={"token": token})
        held = {"if-none-match": as_stranger.headers["etag"]}
        signed_in = await browser.get("/api/v1/who", headers=held)
        assert (signed_in.status_code, signed_in.text) == (200, "Asha")
        assert signed_in.headers["cache-control"] == "private, no-cache"


@pytest.mark.reads
@pytest.mark.parametrize(
    "header", ["Bearer x", "Bearer", "Basic eDp5", "bearer " + "a" * 43, "Bearer é"]
)
async def test_a_token_that_is_none_is_a_strangers(app: FastAPI, header: str) -> None:
    async with visit(app) as program:
        answer = await program.get("/api/v1/who", headers=[(b"authorization", header.encode())])
        assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.reads
async def test_a_page_that_takes_signing_in_leads_there_and_back(app: FastAPI) -> None:
    async with visit(app) as browser:
        answer = await browser.get("/only-importers?a=b%26c", headers=HTML)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?next_path=%2Fonly-importers%3Fa%3Db%2526c"
        page = await browser.get(answer.headers["location"], headers=HTML)
        assert 'name="next_path" value="/only-importers?a=b%26c"' in page.text
