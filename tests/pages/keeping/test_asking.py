"""Asking the sender: by mail, answered once by a link, and the mail server may be down."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.accounts.permissions import AreaRef, Role
from app.core import mail
from app.core.database import Database
from app.core.jobs import WorkerTimes, run_worker
from app.core.settings import Settings
from app.pages.keeping import mails
from app.records.vocabulary import Status
from app.tasks import open_queue
from tests.core.mail_server import Letterbox, find_port, read_body
from tests.pages.keeping.conftest import (
    HTML,
    Enter,
    Form,
    Ground,
    read_fields,
    send,
    write_document,
)
from tests.pages.keeping.test_reviewing import find_item
from tests.planting import add_asset

QUICK = WorkerTimes(poll_s=0.1, grace_s=5)
QUESTION = "Is it the door on the quay? <script>alert(1)</script>"


async def suggest(ground: Ground, enter: Enter, **more: str) -> None:
    """Suggest another name, and leave an address."""
    changes = {"name": "Harbour Club", "email": "sue@example.org", **more}
    sent = await send(await enter(), f"/assets/{ground.asset}/edit", {**changes})
    assert sent.status_code == 303


async def read_link(ground: Ground) -> str:
    """Return the path of the link in the latest mail."""
    row = (await ground.fetch("SELECT * FROM outgoing_mail ORDER BY id DESC LIMIT 1"))[0]
    found = re.search(r"http://[^/\s]+(/answers/\S+)", row.body)
    assert found, row.body
    return found[1]


async def ask(moderator: httpx.AsyncClient, item: str) -> httpx.Response:
    """Ask the sender of an item something."""
    return await send(moderator, item, {"decision": "ask", "reason": QUESTION})


async def test_a_sender_is_asked_and_answers_once_without_an_account(
    ground: Ground, enter: Enter
) -> None:
    await suggest(ground, enter)
    moderator = await enter(Role.MODERATOR, name="Maud")
    item = await find_item(moderator)
    empty = await send(moderator, item, {"decision": "ask"})
    assert empty.status_code == 400
    assert "Write your question. The sender reads it." in empty.text
    assert (await ask(moderator, item)).headers["location"] == "/review?decided=asked"
    line = (await moderator.get("/review", headers=HTML)).text
    assert "1 thing waits for you" in line
    assert re.search(r"Asked on \d+ \w+ \d{4}, waiting for an answer", line)
    page = (await moderator.get(item, headers=HTML)).text
    assert "Maud asked the sender on" in page
    assert 'value="ask"' not in page, "one question at a time"
    (sent,) = await ground.fetch("SELECT recipient, body FROM outgoing_mail")
    assert sent.recipient == "sue@example.org"
    assert QUESTION in sent.body
    sender, path = await enter(), await read_link(ground)
    form = await sender.get(path, headers=HTML)
    assert "Is it the door on the quay? &lt;script&gt;" in form.text
    assert form.headers["cache-control"] == "private, no-store"
    assert (await send(sender, path, {"note": " "})).status_code == 400
    fields = {**read_fields(form.text), "note": "Yes, the blue one. <b>"}
    answer = await sender.post(path, data=fields, headers=HTML)
    assert answer.status_code == 303
    assert "Thank you for your answer" in (await sender.get(path, headers=HTML)).text
    again = await sender.post(path, data={**fields, "note": "No."}, headers=HTML)
    assert again.status_code == 409
    page = (await moderator.get(item, headers=HTML)).text
    assert "“Yes, the blue one. &lt;b&gt;”" in page
    assert "“No.”" not in page
    assert "Answered on" in (await moderator.get("/review", headers=HTML)).text
    kept = (await ground.fetch("SELECT * FROM sender_questions"))[0]
    assert path.rsplit("/", 1)[1] not in str(kept), "only a hash of the link is kept"


async def test_a_link_that_is_too_old_or_of_no_use_takes_no_answer(
    ground: Ground, enter: Enter
) -> None:
    await suggest(ground, enter)
    moderator, sender = await enter(Role.MODERATOR), await enter()
    item = await find_item(moderator)
    await ask(moderator, item)
    path = await read_link(ground)
    fields = {**read_fields((await sender.get(path, headers=HTML)).text), "note": "Yes."}
    await ground.run("UPDATE sender_questions SET expires_at = now() - interval '1 minute'")
    assert "takes no answer any more" in (await sender.get(path, headers=HTML)).text
    assert (await sender.post(path, data=fields, headers=HTML)).status_code == 409
    assert "no answer came" in (await moderator.get("/review", headers=HTML)).text
    assert (await ask(moderator, item)).status_code == 303, "it can be asked again"
    path = await read_link(ground)
    await send(moderator, item, {"decision": "reject", "reason": "No."})
    assert "It was decided meanwhile." in (await sender.get(path, headers=HTML)).text
    fields = {**fields, "note": "Yes."}
    assert (await sender.post(path, data=fields, headers=HTML)).status_code == 409
    assert (await sender.get("/answers/" + "A" * 43, headers=HTML)).status_code == 404
    assert (await sender.get("/answers/x", headers=HTML)).status_code == 404


async def test_only_who_moderates_there_can_ask_and_only_who_left_an_address_is_asked(
    ground: Ground, enter: Enter
) -> None:
    await suggest(ground, enter, email="")
    moderator = await enter(Role.MODERATOR)
    item = await find_item(moderator)
    page = (await moderator.get(item, headers=HTML)).text
    assert "The sender left no address" in page
    assert 'value="ask"' not in page
    refused = await ask(moderator, item)
    assert refused.status_code == 400
    assert "The sender cannot be asked" in refused.text
    elsewhere = await enter(Role.MODERATOR, AreaRef("authority", "X07000099"), name="Far")
    fields = {**read_fields(page), "decision": "ask", "reason": QUESTION}
    fields |= {"csrf_token": read_fields((await elsewhere.get("/account")).text)["csrf_token"]}
    assert (await elsewhere.post(item, data=fields, headers=HTML)).status_code == 404
    assert await ground.fetch("SELECT id FROM sender_questions") == []


async def test_who_added_something_is_asked_as_well(ground: Ground, enter: Enter) -> None:
    said = {**write_document(ground.district), "name": "Pier Choir"}
    kept = await add_asset(ground.database, said, Status.WAITING)
    await ground.run(
        "INSERT INTO submission_contacts (subject, subject_id, email) "
        "VALUES ('asset', :number, 'al@example.org')",
        number=kept.id,
    )
    moderator, sender = await enter(Role.MODERATOR), await enter()
    item = f"/review/asset/{kept.public_id}"
    assert (await ask(moderator, item)).status_code == 303
    assert "waiting for an answer" in (await moderator.get("/review", headers=HTML)).text
    await send(sender, await read_link(ground), {"note": "By the pier."})
    assert "“By the pier.”" in (await moderator.get(item, headers=HTML)).text
    assert (await ground.fetch("SELECT email FROM submission_contacts"))[0].email


@asynccontextmanager
async def working(database: Database, settings: Settings) -> AsyncIterator[None]:
    """Do jobs while the block runs."""
    worker = asyncio.create_task(run_worker(open_queue(database, settings), database, QUICK))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def test_decisions_hold_while_the_mail_server_is_down_and_their_mails_go_out_later(
    ground: Ground, enter: Enter, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "WAITS_S", (0.2, 0.3))
    letterbox = Letterbox(find_port())
    settings.smtp_url = SecretStr(letterbox.url)
    settings.mail_from = "Hereabouts <noreply@example.org>"
    await suggest(ground, enter)
    await suggest(ground, enter, name="Rude words", email="al@example.org")
    moderator, stranger = await enter(Role.MODERATOR), await enter()
    async with working(ground.database, settings):
        first = await send(moderator, await find_item(moderator), {"decision": "accept"})
        assert first.status_code == 303
        second = await find_item(moderator)
        wanted: Form = {"decision": "reject", "reason": "Not its name.", "keep_name": "now"}
        assert (await send(moderator, second, wanted)).status_code == 303
        told = (await stranger.get(f"/api/v1/assets/{ground.asset}")).json()
        assert told["name"] == "Harbour Club", "the decision does not wait"
        assert "Nothing waits for you" in (await moderator.get("/review", headers=HTML)).text
        await _wait_for_attempts(ground)
        assert len(await ground.fetch("SELECT id FROM outgoing_mail WHERE sent_at IS NULL")) == 2
        with letterbox.open():
            arrived = await letterbox.wait_for(2)
            await asyncio.sleep(0.5)
    assert len(arrived) == 2, "each once"
    bodies = {each["To"]: read_body(each) for each in arrived}
    assert "now shows on Hereabouts" in bodies["sue@example.org"]
    assert "Not its name." in bodies["al@example.org"]


async def _wait_for_attempts(ground: Ground) -> None:
    """Return once the worker has tried to send both mails."""
    async with asyncio.timeout(20):
        while True:
            rows = await ground.fetch("SELECT 1 FROM job_progress WHERE attempt >= 1")
            if len(rows) >= 2:
                return
            await asyncio.sleep(0.05)


async def test_mails_are_in_the_language_that_the_sender_read(
    ground: Ground, enter: Enter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "hereabouts.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Thank you for writing to us. What you sent was not taken over."\n'
        'msgstr "Diolch am ysgrifennu atom."\n'
    )
    monkeypatch.setattr(mails, "FOLDER", tmp_path)
    await ground.run(
        "UPDATE packs SET described = jsonb_set(described, '{languages}', '[\"en-GB\", \"cy\"]')"
    )
    stranger = await enter()
    stranger.headers["accept-language"] = "cy, en;q=0.5"
    await send(stranger, f"/assets/{ground.asset}/edit", {"name": "A", "email": "a@example.org"})
    await suggest(ground, enter, name="B")
    moderator = await enter(Role.MODERATOR)
    for _ in range(2):
        await send(moderator, await find_item(moderator), {"decision": "reject", "reason": "No."})
    welsh, english = await ground.fetch("SELECT * FROM outgoing_mail ORDER BY id")
    assert "Diolch" in welsh.body
    assert "Thank you for writing to us." in english.body
