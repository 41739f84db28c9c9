"""Signing in: from asking for a link, through the mail, to a session and its end."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from app.accounts import service, sessions, signing_in
from app.accounts.permissions import STRANGER
from app.accounts.signing_in import Asking, SpentLinkError, ask_for_link, use_link
from app.core.database import Database
from app.core.errors import TooManyRequestsError
from app.core.logging import configure_logging
from app.core.settings import Settings
from tests.accounts.conftest import HTML, add_person, read_form, read_token
from tests.conftest import open_client
from tests.core.mail_server import Letterbox, read_body

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
ASHA = "asha@example.org"


async def count(database: Database, table: str) -> int:
    """Return the number of rows of a table."""
    async with database.sessions() as session:
        return int(await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608


@pytest.mark.usefixtures("worker")
async def test_from_the_address_through_the_mail_to_a_session(
    client: httpx.AsyncClient, demo_database: Database, letterbox: Letterbox
) -> None:
    await add_person(demo_database, ASHA, name="Asha Begum")
    log = io.StringIO()
    configure_logging("json", "INFO", log)
    fields = await read_form(client, "/sign-in?next_path=/sources")
    sent = await client.post("/sign-in", data={**fields, "email": " Asha@Example.ORG "})
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in/sent")
    token = await read_token(letterbox)
    assert letterbox.mails[0]["To"] == ASHA
    assert f"http://127.0.0.1:8000/sign-in/{token}" in read_body(letterbox.mails[0])

    # Mail scanners open every link, some of them twice.
    for _ in range(2):
        page = await client.get(f"/sign-in/{token}", headers=HTML)
        assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "strict-origin"
    assert token not in page.text
    assert await count(demo_database, "sessions") == 0

    fields = await read_form(client, f"/sign-in/{token}")
    used = await client.post(f"/sign-in/{token}", data=fields, headers=HTML)
    assert (used.status_code, used.headers["location"]) == (303, "/sources")
    cookie = used.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    me = (await client.get("/api/v1/people/me")).json()
    assert (me["email"], me["name"], me["grants"]) == (ASHA, "Asha Begum", [])

    again = await client.post(f"/sign-in/{token}", data=fields, headers=HTML)
    assert again.status_code == 404
    assert "does not work any more" in again.text
    configure_logging("json", "WARNING")
    assert token not in log.getvalue()
    assert ASHA not in log.getvalue()
    assert str(client.cookies["session"]) not in log.getvalue()


async def test_only_hashes_of_secrets_are_kept(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    token = await add_person(demo_database, ASHA)
    opened = (await client.post("/api/v1/sessions", json={"token": token})).json()["token"]
    async with demo_database.sessions() as session:
        query = "SELECT s::text || l::text FROM sessions AS s, sign_in_links AS l"
        kept = str(await session.scalar(text(query)))
    assert token not in kept
    assert opened not in kept
    assert token.encode().hex() not in kept


@pytest.mark.usefixtures("worker")
async def test_nobody_learns_who_has_an_account(
    client: httpx.AsyncClient, demo_database: Database, letterbox: Letterbox
) -> None:
    await add_person(demo_database, ASHA)
    await add_person(demo_database, "gone@example.org")
    async with demo_database.sessions.begin() as session:
        gone = await service.find_person(session, "gone@example.org")
        await service.deactivate_person(session, gone)
    answers = []
    for email in ("nobody@example.org", "gone@example.org", ASHA):
        answer = await client.post("/api/v1/sign-in-links", json={"email": email})
        answers.append((answer.status_code, answer.text))
    assert answers[0][0] == 202
    assert len(set(answers)) == 1
    await letterbox.wait_for(1)
    await asyncio.sleep(0.5)
    assert [mail["To"] for mail in letterbox.mails] == [ASHA]
    async with demo_database.sessions() as session:
        query = (
            "SELECT string_agg(task_name, ' ' ORDER BY task_name) FROM jobs.procrastinate_jobs"
            " WHERE task_name LIKE 'mail.%'"
        )
        assert await session.scalar(text(query)) == " ".join(["mail.link"] * 3 + ["mail.send"] * 3)
        assert (
            await session.scalar(text("SELECT string_agg(email, '') FROM sign_in_requests")) == ""
        )


async def test_asking_does_the_same_work_whoever_has_the_address(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    await add_person(demo_database, ASHA)
    for email in (ASHA, "nobody@example.org"):
        await client.post("/api/v1/sign-in-links", json={"email": email})
    assert await count(demo_database, "sign_in_requests") == 2
    assert await count(demo_database, "sign_in_links") == 1  # the one of add_person
    assert await count(demo_database, "outgoing_mail") == 0


@pytest.mark.reads
async def test_what_is_no_address_is_told(client: httpx.AsyncClient) -> None:
    for email in ("asha", "asha@", "a b@example.org", "asha@example.org\nBcc: x@example.org"):
        answer = await client.post("/api/v1/sign-in-links", json={"email": email})
        assert answer.status_code == 400
        assert "name@example.org" in answer.json()["detail"]


async def test_an_address_is_mailed_five_times_an_hour_at_most(demo_database: Database) -> None:
    async def ask(email: str, client: str) -> None:
        async with demo_database.sessions.begin() as session:
            await ask_for_link(session, Asking(email, "/", "", client), b"key")

    for number in range(5):
        await ask(ASHA, f"192.0.2.{number}")
    with pytest.raises(TooManyRequestsError, match="spam folder"):
        await ask("ASHA@example.org", "192.0.2.99")
    await ask("other@example.org", "192.0.2.1")
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE limited_acts SET at = at - interval '61 minutes'"))
    await ask(ASHA, "192.0.2.99")


async def test_a_client_asks_thirty_times_an_hour_at_most(demo_database: Database) -> None:
    async def ask(number: int, client: str) -> None:
        async with demo_database.sessions.begin() as session:
            asking = Asking(f"p{number}@example.org", "/", "", client)
            await ask_for_link(session, asking, b"key")

    for number in range(30):
        await ask(number, f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooManyRequestsError):
        await ask(31, "2001:db8:1:2:ffff::1")
    await ask(32, "2001:db8:1:3::1")


async def test_limits_hold_for_requests_at_the_same_time(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    asked = [client.post("/api/v1/sign-in-links", json={"email": ASHA}) for _ in range(8)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*asked))
    assert statuses == [202] * 5 + [429] * 3
    assert await count(demo_database, "sign_in_requests") == 5


async def test_of_two_uses_at_the_same_time_one_wins(
    demo_database: Database, settings: Settings
) -> None:
    token = await add_person(demo_database, ASHA)

    async def use() -> int:
        async with open_client(demo_database, settings) as visitor:
            return (await visitor.post("/api/v1/sessions", json={"token": token})).status_code

    statuses = sorted(await asyncio.gather(*(use() for _ in range(8))))
    assert statuses == [201] + [400] * 7
    assert await count(demo_database, "sessions") == 1


async def test_a_link_waits_for_the_one_who_uses_it_first(demo_database: Database) -> None:
    token = await add_person(demo_database, ASHA)
    async with demo_database.sessions.begin() as first, demo_database.sessions.begin() as second:
        await use_link(first, token)
        later = asyncio.create_task(use_link(second, token))
        await asyncio.sleep(0.3)
        assert not later.done()
        await first.commit()
        with pytest.raises(SpentLinkError):
            await later


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE sign_in_links SET used_at = now()",
        "UPDATE sign_in_links SET expires_at = now() - interval '1 second'",
        "UPDATE people SET is_active = false",
        "DELETE FROM sign_in_links",
    ],
    ids=["used", "too old", "switched off", "unknown"],
)
async def test_a_link_that_is_spent_gets_a_plain_page(
    client: httpx.AsyncClient, demo_database: Database, spoil: str
) -> None:
    token = await add_person(demo_database, ASHA)
    fields = await read_form(client, "/sign-in")
    async with demo_database.sessions.begin() as session:
        await session.execute(text(spoil))
    for answer in (
        await client.get(f"/sign-in/{token}", headers=HTML),
        await client.post(f"/sign-in/{token}", data=fields, headers=HTML),
    ):
        assert answer.status_code == 404
        assert "This link does not work any more" in answer.text
        assert 'href="/sign-in"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert await count(demo_database, "sessions") == 0


@pytest.mark.reads
@pytest.mark.parametrize("token", ["x", "a" * 43, "..", "%00", "é" * 43, "a" * 5000])
async def test_a_forged_link_gets_the_same_page(client: httpx.AsyncClient, token: str) -> None:
    if token == "..":  # noqa: S105 - a path
        token = "%2e%2e"  # noqa: S105 - a path
    answer = await client.get(f"/sign-in/{token}", headers=HTML)
    assert answer.status_code == 404


async def test_a_link_works_for_twenty_minutes(demo_database: Database) -> None:
    await add_person(demo_database, ASHA)
    async with demo_database.sessions.begin() as session:
        await ask_for_link(session, Asking(ASHA, "/", "", ""), b"key")
        request_id = await session.scalar(text("SELECT id FROM sign_in_requests"))
        link = await signing_in.issue_requested_link(session, int(request_id or 0))
        assert link
        assert await signing_in.issue_requested_link(session, int(request_id or 0)) is None
    left = link.expires_at - datetime.now(UTC)
    assert timedelta(minutes=19) < left <= timedelta(minutes=20)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:x",
    ],
)
async def test_nobody_is_led_to_another_site(
    client: httpx.AsyncClient, demo_database: Database, target: str
) -> None:
    await add_person(demo_database, ASHA)
    async with demo_database.sessions.begin() as session:
        await ask_for_link(session, Asking(ASHA, target, "", ""), b"key")
        request_id = await session.scalar(text("SELECT id FROM sign_in_requests"))
        link = await signing_in.issue_requested_link(session, int(request_id or 0))
        assert link
    fields = await read_form(client, f"/sign-in/{link.token}")
    used = await client.post(f"/sign-in/{link.token}", data=fields)
    assert used.headers["location"] == "/"
    client.cookies.clear()
    page = await client.get("/sign-in", params={"next_path": target})
    assert "evil" not in page.text.split("<form")[1].split("</form")[0]


async def test_a_forged_host_does_not_reach_the_mail(
    client: httpx.AsyncClient, demo_database: Database, worker: None, letterbox: Letterbox
) -> None:
    del worker
    await add_person(demo_database, ASHA)
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    await client.post("/api/v1/sign-in-links", json={"email": ASHA}, headers=headers)
    assert "evil" not in read_body((await letterbox.wait_for(1))[0])


async def test_signing_in_again_ends_the_session_before(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    first = await client.post(
        "/api/v1/sessions", json={"token": await add_person(demo_database, ASHA)}
    )
    second = await client.post(
        "/api/v1/sessions", json={"token": await add_person(demo_database, ASHA)}
    )
    client.cookies.clear()
    statuses = []
    for opened in (first, second):
        bearer = {"authorization": f"Bearer {opened.json()['token']}"}
        statuses.append((await client.get("/api/v1/people/me", headers=bearer)).status_code)
    assert statuses == [401, 200]


async def test_signing_out_ends_the_session_in_the_database(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    token = await add_person(demo_database, ASHA)
    opened = (await client.post("/api/v1/sessions", json={"token": token})).json()["token"]
    fields = await read_form(client, "/account")
    left = await client.post("/sign-out", data=fields)
    assert (left.status_code, left.headers["location"]) == (303, "/")
    assert "session" not in client.cookies
    bearer = {"authorization": f"Bearer {opened}"}
    assert (await client.get("/api/v1/people/me", headers=bearer)).status_code == 401


async def test_a_program_signs_out(sign_in: SignIn) -> None:
    program = await sign_in(ASHA)
    assert (await program.delete("/api/v1/sessions/current")).status_code == 204
    assert (await program.get("/api/v1/people/me")).status_code == 401


async def test_whoever_is_switched_off_is_out_at_once(
    sign_in: SignIn, demo_database: Database
) -> None:
    program = await sign_in(ASHA)
    async with demo_database.sessions.begin() as session:
        person = await service.find_person(session, ASHA)
        await service.deactivate_person(session, person)
    assert (await program.get("/api/v1/people/me")).status_code == 401
    async with demo_database.sessions.begin() as session:
        person = await service.find_person(session, ASHA)
        await service.activate_person(session, person)
    assert (await program.get("/api/v1/people/me")).status_code == 401


@pytest.mark.parametrize(
    ("created_days", "used_days", "days_left"),
    [(0, 0, 30), (20, 20, 30), (80, 29, 10), (89, 1, 1)],
    ids=["new", "used after 20 days", "ten days before the limit", "the day before"],
)
async def test_a_session_moves_with_use_up_to_a_limit(
    demo_database: Database, created_days: int, used_days: int, days_left: int
) -> None:
    async with demo_database.sessions.begin() as session:
        opened = await use_link(session, await add_person(demo_database, ASHA))
        shifted = text(
            "UPDATE sessions SET created_at = now() - make_interval(days => :created), "
            "last_used_at = now() - make_interval(days => :used), "
            "expires_at = now() - make_interval(days => :used) + interval '30 days'"
        )
        await session.execute(shifted, {"created": created_days, "used": used_days})
        assert (await sessions.find_actor(session, opened.token)).is_signed_in
        ends = await session.scalar(text("SELECT expires_at - now() FROM sessions"))
    assert ends is not None
    assert round(ends / timedelta(days=1), 3) == days_left


async def test_a_session_that_is_not_used_for_thirty_days_is_over(demo_database: Database) -> None:
    async with demo_database.sessions.begin() as session:
        opened = await use_link(session, await add_person(demo_database, ASHA))
        await session.execute(text("UPDATE sessions SET expires_at = now()"))
        assert await sessions.find_actor(session, opened.token) is STRANGER
        assert await sessions.find_actor(session, "no token") is STRANGER


async def test_what_is_old_is_forgotten(demo_database: Database) -> None:
    await add_person(demo_database, ASHA)
    async with demo_database.sessions.begin() as session:
        await ask_for_link(session, Asking(ASHA, "/", "", ""), b"key")
        for change in (
            "UPDATE sign_in_links SET expires_at = now() - interval '25 hours'",
            "UPDATE sign_in_requests SET asked_at = now() - interval '25 hours'",
        ):
            await session.execute(text(change))
        await signing_in.issue_requested_link(session, 0)
    assert await count(demo_database, "sign_in_links") == 0
    assert await count(demo_database, "sign_in_requests") == 0
