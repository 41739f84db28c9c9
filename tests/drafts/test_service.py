"""Drafts by themselves: whose they are, what is kept, what is forgotten, and what no log holds."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.accounts.permissions import STRANGER, Actor, Allowance
from app.core.database import Database
from app.core.errors import NotFoundError, TooManyRequestsError
from app.core.jobs import RunningJob, create_queue, register_tasks
from app.core.settings import Settings
from app.drafts import queries, service
from app.records.vocabulary import Subject
from app.tasks import TASKS, forget_drafts

DAYS = 30
MINE, THEIRS = service.name_visitor(STRANGER, "mine"), service.name_visitor(STRANGER, "theirs")
NOBODY = service.name_visitor(STRANGER, "")


async def test_answers_are_kept_as_typed_beside_those_there_are(database: Database) -> None:
    async with database.sessions.begin() as session:
        draft = await service.begin(session, STRANGER, MINE, {"name": [" A\x00 "], "cost": ["x"]})
    async with database.sessions.begin() as session:
        await service.keep(session, draft, MINE, DAYS, {"name": ["", "B"]})
    async with database.sessions() as session:
        kept = await service.find(session, draft, MINE, DAYS)
        assert kept.answers == {"name": ["", "B"], "cost": ["x"]}


@pytest.mark.parametrize("visitor", [THEIRS, NOBODY, service.name_visitor(Actor(1, "A"), "x")])
async def test_a_draft_is_nobody_elses(database: Database, visitor: service.Visitor) -> None:
    async with database.sessions.begin() as session:
        draft = await service.begin(session, STRANGER, MINE, {})
        with pytest.raises(NotFoundError):
            await service.find(session, draft, visitor, DAYS)
        with pytest.raises(NotFoundError):
            await service.keep(session, draft, visitor, DAYS, {"name": ["x"]})
        assert await service.list_own(session, visitor, DAYS) == []
        with pytest.raises(NotFoundError):
            await service.find(session, uuid4(), MINE, DAYS)


async def test_without_a_cookie_nobody_has_the_drafts_of_others_without_one(
    database: Database,
) -> None:
    async with database.sessions.begin() as session:
        draft = await service.begin(session, STRANGER, NOBODY, {})
        with pytest.raises(NotFoundError):
            await service.find(session, draft, NOBODY, DAYS)


async def test_many_drafts_from_one_address_are_too_many(database: Database) -> None:
    actor = Actor(None, "", allowance=Allowance(b"a" * 32, 30))
    async with database.sessions.begin() as session:
        for _ in range(service.MOST_BEGUN):
            await service.begin(session, actor, MINE, {})
        with pytest.raises(TooManyRequestsError, match="Carry on with one of yours"):
            await service.begin(session, actor, MINE, {})


async def test_the_daily_job_forgets_what_is_old_and_nothing_else(
    database: Database, settings: Settings
) -> None:
    settings.draft_days = 7
    async with database.sessions.begin() as session:
        old = await service.begin(session, STRANGER, MINE, {})
        new = await service.begin(session, STRANGER, MINE, {})
        await queries.insert_contact(session, Subject.ASSET, 1, "old@example.org")
        await queries.insert_contact(session, Subject.ASSET, 2, "new@example.org")
        await session.execute(
            text("UPDATE drafts SET updated_at = now() - interval '8 days' WHERE id = :id"),
            {"id": old},
        )
        query = "UPDATE submission_contacts SET created_at = now() - interval '181 days'"
        await session.execute(text(f"{query} WHERE subject_id = 1"))
    await forget_drafts(RunningJob(1, 1, database, settings), 0)
    async with database.sessions() as session:
        assert [each.id for each in await service.list_own(session, MINE, 99)] == [new]
        assert await service.find_contact(session, Subject.ASSET, 1) is None
        assert await service.find_contact(session, Subject.ASSET, 2) == "new@example.org"


async def test_the_job_comes_by_once_a_day(database: Database) -> None:
    queue = create_queue(database.address)
    register_tasks(queue, TASKS)
    periodic = queue.periodic_registry.periodic_tasks
    assert [(name, each.cron) for (name, _), each in periodic.items()] == [
        ("drafts.forget", "10 3 * * *")
    ]


async def test_an_address_is_found_changed_and_forgotten(database: Database) -> None:
    async with database.sessions.begin() as session:
        await queries.insert_contact(session, Subject.ASSET, 1, "a@example.org")
        await queries.insert_contact(session, Subject.ASSET, 1, "b@example.org")
        assert await service.find_contact(session, Subject.ASSET, 1) == "b@example.org"
        assert await service.find_contact(session, Subject.ORGANISATION, 1) is None
        await service.forget_contact(session, Subject.ASSET, 1)
        assert await service.find_contact(session, Subject.ASSET, 1) is None


async def test_personal_values_are_in_no_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = {"email": ["mina@example.org"], "name": ["Mina's kitchen"]}
    async with database.sessions.begin() as session:
        draft = await service.begin(session, STRANGER, MINE, answers)
        await service.keep(session, draft, MINE, DAYS, answers)
    assert "mina" not in caplog.text.lower()
    assert "kitchen" not in caplog.text.lower()


async def test_drafts_kept_for_no_time_are_gone(database: Database) -> None:
    async with database.sessions.begin() as session:
        await service.begin(session, STRANGER, MINE, {})
        assert await queries.delete_old(session, timedelta(0), timedelta(0)) == 1
