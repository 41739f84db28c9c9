"""A place of an asset at one that is listed, or that comes to areas: searched for and chosen."""

from typing import Any
from uuid import UUID

from app.accounts.permissions import Role
from app.records.vocabulary import Status
from tests.pages.keeping.conftest import (
    HTML,
    Enter,
    Form,
    Ground,
    decide,
    find_path,
    is_quiet,
    list_sites,
    read_fields,
    send,
)
from tests.planting import add_asset, at


async def _add_hall(ground: Ground, name: str, **more: Any) -> UUID:  # noqa: ANN401 - of a place
    site = {"address": "6 Mill Lane", "location": at(ground.district["points"][3])}
    said = {"name": name, "kind": "place", "categories": ["library"], "sites": [site], **more}
    return (await add_asset(ground.database, said, Status.PUBLISHED)).public_id


async def test_a_place_is_said_to_be_at_one_that_is_listed(several: Ground, enter: Enter) -> None:
    hall = await _add_hall(several, "Mission Hall of the Quay")
    organiser = await enter(Role.ORGANISER)
    path = await find_path(several, 1)
    typed: Form = {"mode": "place", "place_words": "mission hall", "hours_words": "Mine, kept."}
    answer = await send(organiser, path, typed)
    assert answer.status_code == 400
    assert "Search for the listed place that it is at, and choose it." in answer.text
    found = await send(organiser, path, {**typed, "action": "find"})
    assert found.status_code == 200
    assert str(hall) in found.text
    fields = read_fields(found.text)
    assert (fields["mode"], fields["hours_words"]) == ("place", "Mine, kept.")
    answer = await organiser.post(path, data={**fields, "listed": str(hall)}, headers=HTML)
    assert answer.status_code == 303, answer.text
    site = (await list_sites(several))[1]
    assert (site["mode"], site["place"], site["address"]) == ("place", str(hall), "")
    again = read_fields((await organiser.get(path, headers=HTML)).text)
    assert again["listed"] == str(hall)
    assert (await send(organiser, path, {"hours_words": ""})).status_code == 303


async def test_a_place_is_said_to_come_to_areas(several: Ground, enter: Enter) -> None:
    organiser = await enter(Role.ORGANISER)
    path = f"/assets/{several.asset}/edit/new"
    name, code = several.district["name"], several.district["code"]
    answer = await send(organiser, path, {"mode": "served areas"})
    assert "tick at least one" in answer.text
    found = await send(
        organiser, path, {"mode": "served areas", "area_words": name, "action": "find"}
    )
    assert f'value="msoa:{code}"' in found.text
    sent = {**read_fields(found.text), "areas": [f"msoa:{code}"]}
    answer = await organiser.post(path, data=sent, headers=HTML)
    assert answer.status_code == 303, answer.text
    site = (await list_sites(several))[3]
    assert site["mode"] == "served areas"
    assert site["served_areas"] == [{"type": "msoa", "code": code}]
    path = await find_path(several, 3)
    page = (await organiser.get(path, headers=HTML)).text
    assert read_fields(page)["areas"] == f"msoa:{code}", "what was chosen is ticked"


async def test_a_hidden_place_is_as_unknown_as_none_to_a_stranger(
    several: Ground, enter: Enter
) -> None:
    refuge = await _add_hall(several, "Refuge", visibility="hidden")
    stranger = await enter()
    path = await find_path(several, 1)
    answers = [
        await send(stranger, path, {"mode": "place", "listed": str(each)})
        for each in (refuge, UUID(int=1))
    ]
    assert [each.status_code for each in answers] == [400, 400]
    assert "Refuge" not in answers[0].text
    assert await is_quiet(several)
    found = await send(stranger, path, {"place_words": "Refuge", "action": "find"})
    assert str(refuge) not in found.text


async def test_a_suggested_listed_place_is_named_to_the_moderator(
    several: Ground, enter: Enter
) -> None:
    hall = await _add_hall(several, "Mission Hall of the Quay")
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    await send(stranger, await find_path(several, 1), {"mode": "place", "listed": str(hall)})
    (row,) = await several.fetch("SELECT public_id FROM suggestions")
    page = (await moderator.get(f"/review/suggestion/{row.public_id}", headers=HTML)).text
    assert "<ins>Mission Hall of the Quay</ins>" in page
    assert str(hall) not in page
    assert (await decide(moderator, several, decision="accept")).status_code == 303
    assert (await list_sites(several))[1]["place"] == str(hall)
