"""Who may add and change assets, and what is kept of every change."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from app.accounts.permissions import STRANGER, Actor, Grant, Role
from app.core.database import Database
from app.core.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PreconditionFailedError,
    UnauthorizedError,
)
from app.records.keeping import Claim
from app.records.vocabulary import Aspect, Method, Status
from app.records.writing import Deed
from tests.assets.keeping_assets import (
    ADMINISTRATOR,
    HERE,
    add_asset,
    add_organisation,
    describe_asset,
    fetch,
    find_grantable,
    keeping,
    make_person,
)

DEED = Deed(ADMINISTRATOR, "changed", Method.PHONED, "they told me")


async def test_what_an_organiser_adds_in_their_area_shows_at_once(demo_database: Database) -> None:
    area = await find_grantable(demo_database, describe_asset(), "authority")
    organiser = await make_person(demo_database, "o@example.org", Grant(Role.ORGANISER, area))
    kept = await add_asset(demo_database, organiser)
    assert (kept.status, kept.revision) == (Status.PUBLISHED, 1)
    rows = await fetch(
        demo_database, "SELECT name FROM public_assets WHERE public_id = :id", id=kept.public_id
    )
    assert rows == [{"name": "Tea at three"}]


@pytest.mark.parametrize("role", [None, Role.CONTRIBUTOR, Role.ANALYST])
async def test_what_others_add_waits_and_is_seen_by_nobody(
    demo_database: Database, role: Role | None
) -> None:
    area = await find_grantable(demo_database, describe_asset(), "authority")
    grants = [Grant(role, area)] if role else []
    person = await make_person(demo_database, "c@example.org", *grants)
    kept = await add_asset(demo_database, person)
    assert kept.status is Status.WAITING
    query = "SELECT name FROM public_assets WHERE public_id = :id"
    assert await fetch(demo_database, query, id=kept.public_id) == []


async def test_a_role_for_another_area_does_not_help_here(demo_database: Database) -> None:
    area = await find_grantable(demo_database, describe_asset(), "authority")
    elsewhere = area._replace(code="X07000002" if area.code == "X07000001" else "X07000001")
    person = await make_person(demo_database, "e@example.org", Grant(Role.ORGANISER, elsewhere))
    kept = await add_asset(demo_database, person)
    assert kept.status is Status.WAITING
    published = await add_asset(demo_database)
    async with keeping(demo_database, person) as keeper:
        with pytest.raises(NotFoundError):
            await keeper.open(published.public_id)


async def test_whoever_added_something_may_change_it_while_it_waits(
    demo_database: Database,
) -> None:
    person = await make_person(demo_database, "a@example.org")
    kept = await add_asset(demo_database, person)
    async with keeping(demo_database, person) as keeper:
        changed = await keeper.edit(kept.public_id, {"name": "Tea at four"}, 1, DEED)
    assert changed.revision == 2
    async with keeping(demo_database) as keeper:
        await keeper.move(kept.public_id, Status.PUBLISHED, "")
    async with keeping(demo_database, person) as keeper:
        with pytest.raises(ForbiddenError, match="change what others added"):
            await keeper.edit(kept.public_id, {"name": "Tea at five"}, 3, DEED)


async def test_an_organiser_cannot_move_something_out_of_their_area(
    demo_database: Database,
) -> None:
    authority = await find_grantable(demo_database, describe_asset(), "authority")
    organiser = await make_person(demo_database, "m@example.org", Grant(Role.ORGANISER, authority))
    kept = await add_asset(demo_database, organiser)
    elsewhere = (
        await fetch(
            demo_database,
            """SELECT ST_X(a.centroid) AS lon, ST_Y(a.centroid) AS lat FROM areas AS a
               JOIN boundary_sets AS s ON s.id = a.boundary_set_id AND s.area_type = 'authority'
               WHERE a.code <> :code""",
            code=authority.code,
        )
    )[0]
    sites = [{"address": "Elsewhere", "location": elsewhere}]
    async with keeping(demo_database, organiser) as keeper:
        with pytest.raises(ForbiddenError, match="publish without review"):
            await keeper.edit(kept.public_id, {"sites": sites}, 1, DEED)


async def test_every_change_is_a_revision_with_a_difference_that_can_be_read(
    demo_database: Database,
) -> None:
    kept = await add_asset(demo_database)
    async with keeping(demo_database) as keeper:
        await keeper.edit(kept.public_id, {"cost": "free", "alert": "Moved upstairs"}, 1, DEED)
    async with keeping(demo_database) as keeper:
        second, first = await keeper.list_revisions(kept.public_id)
    assert (second.number, second.author, second.method, second.note) == (
        2, "Tester", "phoned", "they told me",
    )  # fmt: skip
    assert [tuple(change) for change in second.changes] == [
        ("cost", "not stated", "free"),
        ("alert", "", "Moved upstairs"),
    ]
    assert first.action == "added"


async def test_saying_the_same_again_is_no_revision(demo_database: Database) -> None:
    kept = await add_asset(demo_database)
    async with keeping(demo_database) as keeper:
        again = await keeper.edit(kept.public_id, {"name": "Tea at three"}, 1, DEED)
    assert again.revision == 1


async def test_the_second_of_two_editors_is_told_and_loses_nothing(
    demo_database: Database,
) -> None:
    kept = await add_asset(demo_database)
    async with keeping(demo_database) as keeper:
        await keeper.edit(kept.public_id, {"name": "First", "cost": "free"}, 1, DEED)
    mine = {"name": "Second", "alert": "Mind the step"}
    async with keeping(demo_database) as keeper:
        with pytest.raises(
            PreconditionFailedError, match="looked at revision 1, it is at 2"
        ) as told:
            await keeper.edit(kept.public_id, mine, 1, DEED)
    assert told.value.extra["in_conflict"] == ["name"]
    assert told.value.extra["not_saved"] == mine
    assert told.value.extra["changed_since"][0]["changed"] == ["name", "cost"]  # type: ignore[index]


async def test_of_two_at_the_same_moment_one_wins(demo_database: Database) -> None:
    kept = await add_asset(demo_database)

    async def edit(name: str) -> str:
        try:
            async with keeping(demo_database) as keeper:
                await keeper.edit(kept.public_id, {"name": name}, 1, DEED)
        except PreconditionFailedError:
            return "told"
        return "saved"

    assert sorted(await asyncio.gather(edit("One"), edit("Other"))) == ["saved", "told"]


async def test_going_back_restores_everything_and_keeps_the_history(
    demo_database: Database,
) -> None:
    kept = await add_asset(demo_database, categories=["befriending", "craft"], min_age=50)
    async with keeping(demo_database) as keeper:
        fields = {"name": "Spoilt", "categories": ["park"], "min_age": None, "sites": [
            {"mode": "online", "address": ""}]}  # fmt: skip
        await keeper.edit(kept.public_id, fields, 1, DEED)
    async with keeping(demo_database) as keeper:
        before = (await keeper.open(kept.public_id)).document
        assert before.name == "Spoilt"
        back = await keeper.revert(kept.public_id, 1, 2)
    assert back.revision == 3
    async with keeping(demo_database) as keeper:
        restored = (await keeper.open(kept.public_id)).document
        assert [each.number for each in await keeper.list_revisions(kept.public_id)] == [3, 2, 1]
    assert (restored.name, restored.categories, restored.min_age) == (
        "Tea at three", ["befriending", "craft"], 50,
    )  # fmt: skip
    assert restored.sites[0].address == "12 Oak Lane"
    rows = await fetch(
        demo_database,
        "SELECT address, ST_X(location) AS lon FROM public_sites WHERE asset_id = :id",
        id=kept.id,
    )
    assert rows == [{"address": "12 Oak Lane", "lon": HERE["lon"]}]


async def test_a_revision_that_never_was_is_named(demo_database: Database) -> None:
    kept = await add_asset(demo_database)
    async with keeping(demo_database) as keeper:
        with pytest.raises(NotFoundError, match=r"no revision 7\. The newest is 1"):
            await keeper.revert(kept.public_id, 7, 1)


async def test_sites_keep_their_ids_when_one_is_added_before_them(
    demo_database: Database,
) -> None:
    kept = await add_asset(demo_database)
    async with keeping(demo_database) as keeper:
        site = (await keeper.open(kept.public_id)).document.sites[0]
    new = {"mode": "online", "contacts": [{"kind": "web", "value": "https://example.org"}]}
    sites = [new, site.model_dump(mode="json")]
    async with keeping(demo_database) as keeper:
        await keeper.edit(kept.public_id, {"sites": sites}, 1, DEED)
        after = (await keeper.open(kept.public_id)).document.sites
    assert after[1].id == site.id
    assert after[0].id not in {None, site.id}
    query = "SELECT position, mode FROM asset_sites WHERE asset_id = :id ORDER BY position"
    assert await fetch(demo_database, query, id=kept.id) == [
        {"position": 0, "mode": "online"}, {"position": 1, "mode": "address"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"categories": ["librry"]}, "no category 'librry'. Did you mean 'library'"),
        ({"organisation": str(uuid4())}, "There is no organisation"),
        ({"sites": [{"mode": "place", "place": str(uuid4())}]}, "There is no place"),
        (
            {"sites": [{"mode": "served areas", "served_areas": [{"type": "msoa", "code": "E9"}]}]},
            "There is no area 'E9' of kind 'msoa'",
        ),
        ({"sites": [{"opening_hours": "Mo-Fr 25:00-26:00"}]}, "Opening hours of site 1"),
        ({"min_age": 60, "max_age": 50}, "`max_age` 50 is below `min_age` 60"),
        ({"sites": []}, "sites: "),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    demo_database: Database, fields: dict[str, object], sentence: str
) -> None:
    kept = await add_asset(demo_database)
    with pytest.raises(BadRequestError, match=sentence):
        async with keeping(demo_database) as keeper:
            await keeper.edit(kept.public_id, {"name": "Changed", **fields}, 1, DEED)
    async with keeping(demo_database) as keeper:
        assert (await keeper.open(kept.public_id)).document.name == "Tea at three"


async def test_what_is_hidden_cannot_be_found_out_by_referring_to_it(
    demo_database: Database,
) -> None:
    organisation = await add_organisation(demo_database, visibility="hidden")
    hall = await add_asset(demo_database, kind="place", visibility="hidden")
    answers = []
    for changes in (
        {"organisation": str(organisation.public_id)},
        {"sites": [{"mode": "place", "place": str(hall.public_id)}]},
    ):
        with pytest.raises(BadRequestError) as told:
            await add_asset(demo_database, STRANGER, **changes)
        answers.append(told.value.detail)
    assert answers[0].startswith(f"There is no organisation {organisation.public_id} here.")
    assert answers[1].startswith(f"There is no place {hall.public_id} here.")


async def test_a_stranger_learns_nothing_of_what_they_may_not_see(demo_database: Database) -> None:
    hidden = await add_asset(demo_database, visibility="hidden")
    async with keeping(demo_database, STRANGER) as keeper:
        sentences = set()
        for public_id in (hidden.public_id, uuid4()):
            with pytest.raises(NotFoundError) as told:
                await keeper.open(public_id)
            sentences.add(told.value.detail)
            with pytest.raises(NotFoundError) as told:
                await keeper.confirm(public_id, [])
            sentences.add(told.value.detail)
    assert len(sentences) == 1


async def test_what_is_confirmed_holds_as_long_as_its_category_says(
    demo_database: Database,
) -> None:
    kept = await add_asset(demo_database, categories=["library"], kind="place")
    months = (
        await fetch(demo_database, "SELECT confirm_months FROM categories WHERE code = 'library'")
    )[0]["confirm_months"]
    assert months > 12
    claims = [
        Claim(
            Aspect.EXISTENCE, is_right=True, asserted_on=date(2026, 1, 31), method=Method.VISITED
        ),
        Claim(Aspect.HOURS, is_right=True, asserted_on=date(2026, 1, 31), method=Method.PHONED),
        Claim(Aspect.CONTACT, is_right=False, asserted_on=date(2026, 1, 31), method=Method.PHONED),
    ]
    async with keeping(demo_database) as keeper:
        await keeper.confirm(kept.public_id, claims)
    rows = await fetch(
        demo_database,
        """SELECT aspect, is_right, holds_until FROM assertions
           WHERE subject_id = :id AND asserted_on = '2026-01-31' ORDER BY aspect""",
        id=kept.id,
    )
    year = 2026 + months // 12
    assert rows == [
        {"aspect": "contact", "is_right": False, "holds_until": date(2026, 1, 31)},
        {"aspect": "existence", "is_right": True, "holds_until": date(year, 1, 31)},
        {"aspect": "hours", "is_right": True, "holds_until": date(2027, 1, 31)},
    ]


async def test_nobody_can_confirm_what_has_not_come_yet(demo_database: Database) -> None:
    kept = await add_asset(demo_database)
    day = datetime.now(UTC).date() + timedelta(days=2)
    claim = Claim(Aspect.HOURS, is_right=True, asserted_on=day, method=Method.VISITED)
    async with keeping(demo_database) as keeper:
        with pytest.raises(BadRequestError, match="has not come yet"):
            await keeper.confirm(kept.public_id, [claim])


async def test_a_stranger_cannot_confirm_but_is_told_to_sign_in(demo_database: Database) -> None:
    kept = await add_asset(demo_database)
    claim = Claim(Aspect.HOURS, is_right=True, asserted_on=date(2026, 1, 1), method=Method.VISITED)
    async with keeping(demo_database, STRANGER) as keeper:
        with pytest.raises(UnauthorizedError):
            await keeper.confirm(kept.public_id, [claim])


async def test_what_is_taken_down_is_gone_and_can_be_brought_back(demo_database: Database) -> None:
    kept = await add_asset(demo_database)
    query = "SELECT count(*) AS found FROM public_sites WHERE asset_id = :id"
    async with keeping(demo_database) as keeper:
        await keeper.move(kept.public_id, Status.TAKEN_DOWN, "asked by the owner")
    assert await fetch(demo_database, query, id=kept.id) == [{"found": 0}]
    async with keeping(demo_database) as keeper:
        with pytest.raises(ConflictError, match="It is taken down and cannot be marked as closed"):
            await keeper.move(kept.public_id, Status.CLOSED, "")
    async with keeping(demo_database) as keeper:
        await keeper.move(kept.public_id, Status.PUBLISHED, "they changed their mind")
    assert await fetch(demo_database, query, id=kept.id) == [{"found": 1}]


async def test_who_may_take_down(demo_database: Database) -> None:
    area = await find_grantable(demo_database, describe_asset(), "authority")
    kept = await add_asset(demo_database)
    organiser: Actor = await make_person(
        demo_database, "x@example.org", Grant(Role.ORGANISER, area)
    )
    async with keeping(demo_database, organiser) as keeper:
        with pytest.raises(ForbiddenError, match="take something down"):
            await keeper.move(kept.public_id, Status.TAKEN_DOWN, "")
    moderator = await make_person(demo_database, "y@example.org", Grant(Role.MODERATOR, area))
    async with keeping(demo_database, moderator) as keeper:
        moved = await keeper.move(kept.public_id, Status.TAKEN_DOWN, "")
    assert moved.status is Status.TAKEN_DOWN
