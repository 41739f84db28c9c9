"""Mail waits, arrives once, and is not readable for longer than needed."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.core import mail
from app.core.database import Database
from app.core.jobs import JobProgress, WorkerTimes, defer, fetch_progress, run_worker
from app.core.logging import configure_logging
from app.core.mail import MailMessage, find_base_url, post_mail
from app.core.settings import Settings
from app.tasks import open_queue
from tests.core.mail_server import Letterbox, find_port, read_body

QUICK = WorkerTimes(poll_s=0.1, grace_s=5)
SECRET = "https://hereabouts.example.org/sign-in/very-secret"  # noqa: S105 - the word to look for


@pytest.fixture
def letterbox() -> Letterbox:
    """A mail server that does not listen yet."""
    return Letterbox(find_port())


@pytest.fixture
def settings(settings: Settings, letterbox: Letterbox) -> Settings:
    """Settings that name the mail server."""
    settings.smtp_url = SecretStr(letterbox.url)
    settings.mail_from = "Hereabouts <noreply@example.org>"
    return settings


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


def write(*, minutes: int = 20) -> MailMessage:
    """Return a mail that is of use for a while."""
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    return MailMessage("asha@example.org", "Sign in – now", f"Open this:\n\n{SECRET}\n", until)


async def post(database: Database, message: MailMessage) -> int:
    """Post a mail and return the number of its job."""
    async with database.sessions.begin() as session:
        return await post_mail(session, message)


async def wait_for(database: Database, job_id: int, *states: str) -> JobProgress:
    """Return the progress of a job once it is in one of `states`, after the first attempt."""
    async with asyncio.timeout(20):
        while True:
            async with database.sessions() as session:
                found = await fetch_progress(session, job_id)
            if found and found.state in states and found.attempt:
                return found
            await asyncio.sleep(0.05)


async def read_everything(database: Database) -> str:
    """Return the kept mail and the whole queue as text."""
    async with database.sessions() as session:
        kept = await session.scalars(text("SELECT outgoing_mail::text FROM outgoing_mail"))
        jobs = await session.scalars(text("SELECT j::text FROM jobs.procrastinate_jobs AS j"))
        progress = await session.scalars(text("SELECT p::text FROM job_progress AS p"))
        return "\n".join([*kept, *jobs, *progress])


async def test_a_mail_arrives_and_its_text_is_kept_nowhere(
    database: Database, settings: Settings, letterbox: Letterbox
) -> None:
    log = io.StringIO()
    configure_logging("json", "INFO", log)
    with letterbox.open():
        async with working(database, settings):
            job_id = await post(database, write())
            await wait_for(database, job_id, "done")
    configure_logging("json", "WARNING")
    [arrived] = letterbox.mails
    assert arrived["To"] == "asha@example.org"
    assert arrived["From"] == "Hereabouts <noreply@example.org>"
    assert arrived["Subject"] == "Sign in – now"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert SECRET in read_body(arrived)
    assert "very-secret" not in await read_everything(database)
    assert "very-secret" not in log.getvalue()
    assert "asha@" not in log.getvalue()


async def test_mail_waits_for_its_server_and_arrives_once(
    database: Database, settings: Settings, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "WAITS_S", (0.2, 0.3))
    async with working(database, settings):
        job_id = await post(database, write())
        waiting = await wait_for(database, job_id, "waiting")
        assert "The mail waits." in waiting.message
        with letterbox.open():
            ended = await wait_for(database, job_id, "done")
            assert ended.attempt >= 2
            await asyncio.sleep(0.5)
    assert len(letterbox.mails) == 1


async def test_a_job_that_is_done_again_does_not_send_again(
    database: Database, settings: Settings, letterbox: Letterbox
) -> None:
    with letterbox.open():
        async with working(database, settings):
            await wait_for(database, await post(database, write()), "done")
            async with database.sessions.begin() as session:
                mail_id = await session.scalar(text("SELECT id FROM outgoing_mail"))
                again = await defer(session, mail.TASK, mail_id=mail_id)
            await wait_for(database, again, "done")
    assert len(letterbox.mails) == 1


async def test_a_mail_that_is_refused_for_good_is_given_up(
    database: Database, settings: Settings, letterbox: Letterbox
) -> None:
    letterbox.refusal = "550 no such person"
    with letterbox.open():
        async with working(database, settings):
            ended = await wait_for(database, await post(database, write()), "failed")
    assert ended.message == "The mail server refuses this mail (code 550)."
    assert "very-secret" not in await read_everything(database)


async def test_a_mail_that_is_of_no_use_any_more_is_not_sent(
    database: Database, settings: Settings, letterbox: Letterbox
) -> None:
    with letterbox.open():
        async with working(database, settings):
            await wait_for(database, await post(database, write(minutes=-1)), "failed")
    assert letterbox.mails == []
    assert "very-secret" not in await read_everything(database)


async def test_without_a_server_mail_is_a_private_file_and_its_link_is_shown(
    database: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.smtp_url = None
    async with working(database, settings):
        await wait_for(database, await post(database, write()), "done")
    [file] = (settings.var_dir / "mail").glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0
    assert "very-secret" in file.read_text()
    shown = capsys.readouterr()
    assert SECRET in shown.out.splitlines()
    assert str(file) in shown.out
    assert "very-secret" not in shown.err


async def test_without_a_server_nothing_secret_is_shown_where_visitors_come_from_elsewhere(
    database: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.smtp_url = None
    settings.base_url = "https://hereabouts.example.org"
    async with working(database, settings):
        await wait_for(database, await post(database, write()), "done")
    assert "very-secret" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("recipient", "subject"),
    [
        ("asha@example.org\r\nBcc: everybody@example.org", "Hello"),
        ("asha@example.org, everybody@example.org", "Hello"),
        ("asha@example.org", "Hello\nBcc: everybody@example.org"),
        ("asha@example.org", "Hello\x00"),
        ("nobody", "Hello"),
    ],
    ids=["header in recipient", "two recipients", "header in subject", "null", "no address"],
)
def test_headers_cannot_be_smuggled_in(recipient: str, subject: str) -> None:
    with pytest.raises(ValueError, match="of a mail is one"):
        MailMessage(recipient, subject, "Text", datetime.now(UTC))


def test_links_lead_to_the_service_whoever_asked(settings: Settings) -> None:
    assert find_base_url(settings) == "http://127.0.0.1:8000"
    settings.base_url = "https://hereabouts.example.org/"
    assert find_base_url(settings) == "https://hereabouts.example.org"


async def test_jobs_about_mail_are_not_shown(
    database: Database, empty_client: httpx.AsyncClient
) -> None:
    job_id = await post(database, write())
    response = await empty_client.get(f"/api/v1/jobs/{job_id}")
    assert response.status_code == 404
    assert response.json()["detail"] == f"There is no job {job_id}."
