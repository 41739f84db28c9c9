"""Who runs an asset: seen, searched for, changed, and reviewed by name."""

from uuid import UUID

from app.accounts.permissions import Role
from tests.pages.keeping.conftest import HTML, Enter, Ground, read_fields, send
from tests.planting import add_organisation


async def _add(ground: Ground, name: str, visibility: str = "public") -> str:
    works_in = [{"type": ground.here.area_type, "code": ground.here.code}]
    said = {"name": name, "works_in": works_in, "visibility": visibility}
    return str((await add_organisation(ground.database, said)).public_id)


async def _read_runner(ground: Ground, enter: Enter) -> str | None:
    stranger = await enter()
    told = (await stranger.get(f"/api/v1/assets/{ground.asset}")).json()["organisation"]
    return told["name"] if told else None


async def test_who_runs_it_is_searched_for_chosen_and_taken_away(
    ground: Ground, enter: Enter
) -> None:
    trust = await _add(ground, "Pier Trust")
    organiser = await enter(Role.ORGANISER)
    path = f"/assets/{ground.asset}/edit"
    assert read_fields((await organiser.get(path, headers=HTML)).text)["organisation"] == "none"
    found = await send(
        organiser, path,
        {"organisation_words": "pier", "description": "Mine, kept.", "action": "find"},
    )  # fmt: skip
    assert found.status_code == 200
    fields = read_fields(found.text)
    assert (fields["organisation"], fields["description"]) == ("none", "Mine, kept.")
    assert trust in found.text
    answer = await organiser.post(path, data={**fields, "organisation": trust}, headers=HTML)
    assert answer.status_code == 303, answer.text
    assert await _read_runner(ground, enter) == "Pier Trust"
    assert read_fields((await organiser.get(path, headers=HTML)).text)["organisation"] == trust
    assert (await send(organiser, path, {"organisation": "none"})).status_code == 303
    assert await _read_runner(ground, enter) is None


async def test_a_name_that_nobody_has_is_told(ground: Ground, enter: Enter) -> None:
    stranger = await enter()
    path = f"/assets/{ground.asset}/edit"
    found = await send(stranger, path, {"organisation_words": "Nobody & Sons", "action": "find"})
    assert "We know nobody called “Nobody &amp; Sons”." in found.text


async def test_choosing_one_that_is_hidden_tells_nothing(ground: Ground, enter: Enter) -> None:
    refuge = await _add(ground, "Refuge Trust", "hidden")
    stranger = await enter()
    path = f"/assets/{ground.asset}/edit"
    told = [
        await send(stranger, path, {"organisation": each}) for each in (refuge, str(UUID(int=1)))
    ]
    assert [each.status_code for each in told] == [400, 400]
    for each in told:
        assert "Search for the organisation that runs it and choose it" in each.text
        assert "Refuge Trust" not in each.text
    assert await ground.fetch("SELECT 1 FROM suggestions") == []


async def test_a_moderator_reads_the_name_and_accepts(ground: Ground, enter: Enter) -> None:
    trust = await _add(ground, "Pier Trust")
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    await send(stranger, f"/assets/{ground.asset}/edit", {"organisation": trust})
    (row,) = await ground.fetch("SELECT public_id FROM suggestions")
    path = f"/review/suggestion/{row.public_id}"
    page = (await moderator.get(path, headers=HTML)).text
    assert "<ins>Pier Trust</ins>" in page
    assert trust not in page
    assert (await send(moderator, path, {"decision": "accept"})).status_code == 303
    assert await _read_runner(ground, enter) == "Pier Trust"
