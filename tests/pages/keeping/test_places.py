"""The places of an asset, each with a form of its own: changed, added, taken off."""

from uuid import UUID

import pytest

from app.accounts.permissions import Role
from app.records.vocabulary import Status
from tests.pages.keeping.conftest import (
    HTML,
    SECRET,
    Enter,
    Ground,
    decide,
    find_path,
    is_quiet,
    list_sites,
    read_fields,
    send,
    write_document,
)
from tests.pages.nasty_words import NASTY
from tests.planting import add_asset, edit_asset


async def test_one_place_is_changed_and_the_others_stay(several: Ground, enter: Enter) -> None:
    organiser = await enter(Role.ORGANISER)
    before = await list_sites(several)
    path = await find_path(several, 1)
    fields = read_fields((await organiser.get(path, headers=HTML)).text)
    assert (fields["address"], fields["capacity"]) == ("2 Mill Lane", "25")
    answer = await send(
        organiser, path,
        {"capacity": "1,200", "capacity_unit": "seats", "hours_words": "Ring first.",
         "site_visibility": "area only", "contact_value_0": "0151 333 4444"},
    )  # fmt: skip
    assert answer.headers["location"].endswith("thanks?of=saved"), answer.text
    after = await list_sites(several)
    assert [after[0], after[2]] == [before[0], before[2]]
    changed = {name for name, said in after[1].items() if said != before[1][name]}
    assert changed == {"capacity", "capacity_unit", "hours_words", "visibility", "contacts"}
    assert (after[1]["capacity"], after[1]["opening_hours"]) == (1200, "Th[1] 14:00-16:00")


async def test_a_place_is_added_at_an_address_and_online(several: Ground, enter: Enter) -> None:
    organiser = await enter(Role.ORGANISER)
    path = f"/assets/{several.asset}/edit/new"
    lon, lat = several.district["points"][2]
    answer = await send(
        organiser, path,
        {"address": "3 Bridge End", "point": f"{lat}, {lon}", "hours_way": "weekly",
         "from_sa": "10 am", "to_sa": "1 pm"},
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    online = {"mode": "online", "contact_value_0": "club@example.org", "contact_kind_0": "email"}
    answer = await send(organiser, path, {**online, "address": "of no use"})
    assert answer.status_code == 303, answer.text
    told = (await organiser.get(f"/api/v1/assets/{several.asset}")).json()["sites"]
    assert [each["address"] for each in told] == ["1 Quay", "2 Mill Lane", "3 Bridge End", None]
    assert told[2]["opening_hours"] == "Sa 10:00-13:00"
    assert (told[2]["location"]["lon"], told[2]["location"]["lat"]) == pytest.approx((lon, lat))
    assert (told[3]["mode"], told[3]["contacts"][0]["value"]) == ("online", "club@example.org")


async def test_a_place_moves_online_and_loses_its_address(several: Ground, enter: Enter) -> None:
    organiser = await enter(Role.ORGANISER)
    assert (
        await send(organiser, await find_path(several, 1), {"mode": "phone"})
    ).status_code == 303
    site = (await list_sites(several))[1]
    assert (site["mode"], site["address"], site["location"]) == ("phone", "", None)
    assert site["opening_hours"] == "Th[1] 14:00-16:00"


async def test_a_place_is_taken_off_but_not_the_last(several: Ground, enter: Enter) -> None:
    organiser = await enter(Role.ORGANISER)
    path = await find_path(several, 1)
    answer = await send(organiser, path, {"standing": "gone", "address": "of no use"})
    assert answer.status_code == 303, answer.text
    assert [each["address"] for each in await list_sites(several)] == ["1 Quay", SECRET]
    assert (await organiser.get(path, headers=HTML)).status_code == 404
    await send(organiser, await find_path(several, 1), {"standing": "gone"})
    last = await find_path(several, 0)
    page = (await organiser.get(last, headers=HTML)).text
    assert "take this place off" not in page
    answer = await send(organiser, last, {"standing": "gone"})
    assert answer.status_code == 400
    assert "This is the only place of the listing" in answer.text
    assert len(await list_sites(several)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Say where the place is"),
        ({"point": "nowhere"}, "is not a point"),
        ({"point": "53.9, 2.5"}, "This point lies outside the place of this service"),
        ({"point": "-33.9, 151.2"}, "This point lies outside the place of this service"),
        ({"postcode": "ZZ99 9ZZ"}, "We do not know this postcode."),
        ({"address": "3 Bridge End", "capacity": "many"}, "Write how many it has room for"),
        ({"address": "3 Bridge End", "capacity": "2,5"}, "Write how many it has room for"),
        ({"address": "3 Bridge End", "capacity": "-1"}, "Write how many it has room for"),
        ({"address": "x" * 301}, "Write the address in one line"),
        ({"mode": "telepathy", "address": "x"}, "Choose how people get it there."),
    ],
)
@pytest.mark.parametrize("role", [Role.ORGANISER, None])
async def test_slips_about_a_new_place_are_told_and_nothing_is_kept(
    several: Ground, enter: Enter, changes: dict[str, str], said: str, role: Role | None
) -> None:
    visitor = await enter(role)
    typed = {"hours_words": "Ring first.", **changes}
    answer = await send(visitor, f"/assets/{several.asset}/edit/new", dict(typed))
    assert answer.status_code == 400
    assert said in answer.text
    fields = read_fields(answer.text)
    shown = {name: text for name, text in typed.items() if name != "mode"}
    assert {name: fields[name] for name in shown} == shown
    assert len(await list_sites(several)) == 3
    assert await is_quiet(several)


async def test_a_stranger_knows_nothing_of_a_hidden_place(several: Ground, enter: Enter) -> None:
    stranger = await enter()
    hidden = await find_path(several, 2)
    unknown = f"/assets/{several.asset}/edit/{UUID(int=1)}"
    new = f"/assets/{several.asset}/edit/new"
    seen = [await stranger.get(each, headers=HTML) for each in (hidden, unknown)]
    sent = [await send(stranger, each, {}, opened=new) for each in (hidden, unknown)]
    for one, other in (seen, sent):
        assert one.status_code == other.status_code
        assert SECRET not in one.text
    page = (await stranger.get(f"/assets/{several.asset}/edit", headers=HTML)).text
    assert "Its 2 places" in page
    assert SECRET not in page
    organiser = await enter(Role.ORGANISER)
    page = (await organiser.get(f"/assets/{several.asset}/edit", headers=HTML)).text
    assert "Its 3 places" in page
    assert SECRET in page


async def test_a_suggested_place_is_reviewed_and_published(several: Ground, enter: Enter) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    lon, lat = several.district["points"][2]
    await send(
        stranger, f"/assets/{several.asset}/edit/new",
        {"address": "3 Bridge End", "point": f"{lat}, {lon}", "hours_way": "always"},
    )  # fmt: skip
    assert len(await list_sites(several)) == 3
    (row,) = await several.fetch("SELECT public_id FROM suggestions")
    page = (await moderator.get(f"/review/suggestion/{row.public_id}", headers=HTML)).text
    assert "Is added to the listing" in page
    assert "Everybody will newly see this place, with the address and the point" in page
    assert "At any time, day and night" in page
    answer = await decide(moderator, several, decision="accept")
    assert answer.status_code == 303, answer.text
    sites = await list_sites(several)
    assert (sites[3]["address"], sites[3]["opening_hours"]) == ("3 Bridge End", "24/7")
    assert sites[:3] == (await list_sites(several))[:3]


async def test_a_suggested_place_is_accepted_with_changes(several: Ground, enter: Enter) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    await send(
        stranger,
        f"/assets/{several.asset}/edit/new",
        {"address": "3 Bridge", "hours_way": "always"},
    )
    answer = await decide(moderator, several, decision="edit")
    form = answer.headers["location"]
    assert form.startswith(f"/assets/{several.asset}/edit/new?")
    fields = read_fields((await moderator.get(form, headers=HTML)).text)
    assert (fields["address"], fields["hours_way"]) == ("3 Bridge", "always")
    answer = await send(moderator, form.partition("?")[0], {"address": "3 Bridge End"}, opened=form)
    assert answer.status_code == 303, answer.text
    assert [each["address"] for each in await list_sites(several)][3:] == ["3 Bridge End"]
    (row,) = await several.fetch("SELECT status FROM suggestions")
    assert row.status == "accepted"


async def test_a_place_that_goes_online_is_said_to_lose_its_address(
    several: Ground, enter: Enter
) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    await send(stranger, await find_path(several, 1), {"mode": "online"})
    (row,) = await several.fetch("SELECT public_id, answers FROM suggestions")
    assert row.answers == {"mode": "online"}
    page = (await moderator.get(f"/review/suggestion/{row.public_id}", headers=HTML)).text
    assert "Everybody will no longer see: 2 Mill Lane" in page
    assert "<del>2 Mill Lane</del>" in page


async def test_all_places_of_something_new_stand_before_the_moderator(
    ground: Ground, enter: Enter
) -> None:
    document = write_document(ground.district)
    second = {"mode": "online", "opening_hours": "Tu[2] 10:00-11:00"}
    sites = [*document["sites"], second, {"address": "5 Mill Lane"}]
    kept = await add_asset(ground.database, {**document, "sites": sites}, Status.WAITING)
    moderator = await enter(Role.MODERATOR)
    page = (await moderator.get(f"/review/asset/{kept.public_id}", headers=HTML)).text
    assert "2 further places" in page
    assert "Second Tuesday of the month, 10 am–11 am" in page
    assert "5 Mill Lane" in page
    assert "This place" not in page, "what goes without saying is not said"


async def test_what_a_stranger_says_of_their_first_place_is_not_put_into_a_hidden_first(
    ground: Ground, enter: Enter
) -> None:
    document = write_document(ground.district)
    sites = [{"address": SECRET, "visibility": "hidden"}, *document["sites"]]
    kept = await add_asset(ground.database, {**document, "sites": sites}, Status.PUBLISHED)
    path = f"/assets/{kept.public_id}/edit"
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    await send(stranger, path, {"name": "Harbour Club", "address": "7 Quay"})
    answer = await decide(moderator, ground, decision="edit")
    fields = read_fields((await moderator.get(answer.headers["location"], headers=HTML)).text)
    assert fields["address"] == SECRET
    assert "review" not in fields
    assert (await decide(moderator, ground, decision="accept")).status_code == 303
    (row,) = await ground.fetch("SELECT document FROM revisions ORDER BY id DESC LIMIT 1")
    assert [each["address"] for each in row.document["sites"]] == [SECRET, "7 Quay"]


async def test_a_suggested_removal_is_reviewed(several: Ground, enter: Enter) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    await send(stranger, await find_path(several, 1), {"standing": "gone"})
    (row,) = await several.fetch("SELECT public_id, answers FROM suggestions")
    assert row.answers == {"standing": "gone"}
    page = (await moderator.get(f"/review/suggestion/{row.public_id}", headers=HTML)).text
    assert "Is taken off the listing" in page
    assert "2 Mill Lane" in page
    assert "Nobody will see this place any more. The rest of the listing stays." in page
    assert (await decide(moderator, several, decision="accept")).status_code == 303
    assert [each["address"] for each in await list_sites(several)] == ["1 Quay", SECRET]


async def test_a_suggestion_about_a_place_that_is_gone_changes_no_other(
    several: Ground, enter: Enter
) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    await send(stranger, await find_path(several, 1), {"address": "4 Mill Lane"})
    await send(moderator, await find_path(several, 1), {"standing": "gone"})
    (row,) = await several.fetch("SELECT public_id FROM suggestions")
    page = (await moderator.get(f"/review/suggestion/{row.public_id}", headers=HTML)).text
    assert "The place that this is about was taken off the listing" in page
    answer = await decide(moderator, several, decision="accept", keep_address="suggested")
    assert answer.status_code == 409
    assert "This place was taken off the listing" in answer.text
    assert [each["address"] for each in await list_sites(several)] == ["1 Quay", SECRET]


async def test_what_was_typed_about_a_place_that_went_meanwhile_is_offered_anew(
    several: Ground, enter: Enter
) -> None:
    one, other = await enter(Role.ORGANISER), await enter(Role.MODERATOR)
    path = await find_path(several, 1)
    fields = read_fields((await one.get(path, headers=HTML)).text)
    await send(other, path, {"standing": "gone"})
    sent = {**fields, "hours_words": "Ring the bell twice."}
    answer = await one.post(path, data=sent, headers=HTML)
    assert "was taken off the listing while you were writing" in answer.text
    again = read_fields(answer.text)
    assert (again["hours_words"], again["address"]) == ("Ring the bell twice.", "2 Mill Lane")
    answer = await one.post(f"/assets/{several.asset}/edit/new", data=again, headers=HTML)
    assert answer.status_code == 303, answer.text
    sites = await list_sites(several)
    assert (sites[2]["address"], sites[2]["hours_words"]) == ("2 Mill Lane", "Ring the bell twice.")


async def test_two_editors_of_one_place_choose_and_lose_nothing(
    several: Ground, enter: Enter
) -> None:
    one, other = await enter(Role.ORGANISER), await enter(Role.MODERATOR)
    path = await find_path(several, 1)
    fields = read_fields((await one.get(path, headers=HTML)).text)
    await send(other, path, {"address": "2a Mill Lane", "hours_words": "Ring first."})
    mine = {**fields, "address": "2b Mill Lane", "hours_way": "weekly", "from_mo": "9 am"}
    answer = await one.post(path, data=mine, headers=HTML)
    assert answer.status_code == 409
    assert "<ins>2a</ins>" in answer.text
    chosen = {**read_fields(answer.text), "keep_address": "mine"}
    answer = await one.post(path, data=chosen, headers=HTML)
    assert answer.status_code == 303, answer.text
    site = (await list_sites(several))[1]
    assert (site["address"], site["hours_words"]) == ("2b Mill Lane", "Ring first.")
    assert site["opening_hours"] == "Mo 09:00+"


async def test_who_takes_off_a_place_that_was_just_changed_looks_again(
    several: Ground, enter: Enter
) -> None:
    one, other = await enter(Role.ORGANISER), await enter(Role.MODERATOR)
    path = await find_path(several, 1)
    fields = read_fields((await one.get(path, headers=HTML)).text)
    await send(other, path, {"hours_words": "Back since Monday."})
    answer = await one.post(path, data={**fields, "standing": "gone"}, headers=HTML)
    assert answer.status_code == 400
    assert "Somebody changed this place while you looked." in answer.text
    assert len(await list_sites(several)) == 3


async def test_a_slip_does_not_undo_what_somebody_else_saved(ground: Ground, enter: Enter) -> None:
    one, other = await enter(Role.ORGANISER), await enter(Role.MODERATOR)
    path = f"/assets/{ground.asset}/edit"
    fields = read_fields((await one.get(path, headers=HTML)).text)
    await send(other, path, {"description": "Theirs."})
    answer = await one.post(path, data={**fields, "name": ""}, headers=HTML)
    assert answer.status_code == 400
    again = {**read_fields(answer.text), "name": "Harbour Club"}
    assert (await one.post(path, data=again, headers=HTML)).status_code == 303
    told = (await one.get(f"/api/v1/assets/{ground.asset}")).json()
    assert (told["name"], told["description"]) == ("Harbour Club", "Theirs.")


async def test_a_notice_stands_until_its_last_day(ground: Ground, enter: Enter) -> None:
    organiser = await enter(Role.ORGANISER)
    path = f"/assets/{ground.asset}/edit"
    answer = await send(organiser, path, {"alert": "Closed for repairs.", "alert_until": "soon"})
    assert answer.status_code == 400
    assert "Write the last day of the notice as 12 December 2026" in answer.text
    answer = await send(
        organiser, path, {"alert": "Closed for repairs.", "alert_until": "31 December 2098"}
    )
    assert answer.status_code == 303, answer.text
    told = (await organiser.get(f"/api/v1/assets/{ground.asset}")).json()
    assert (told["alert"], told["alert_until"]) == ("Closed for repairs.", "2098-12-31")


async def test_the_first_place_alone_may_be_changed_too(ground: Ground, enter: Enter) -> None:
    stranger = await enter()
    await edit_asset(ground.database, ground.asset, {"visibility": "area only"})
    site = (await list_sites(ground))[0]["id"]
    page = (await stranger.get(f"/assets/{ground.asset}/edit/{site}", headers=HTML)).text
    assert "1 Quay" not in page
    assert "The address of this one is kept private" in page
    await send(stranger, f"/assets/{ground.asset}/edit/{site}", {"mode": "online"})
    (row,) = await ground.fetch("SELECT answers, site FROM suggestions")
    assert (row.answers, str(row.site)) == ({"mode": "online"}, site)


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
async def test_nothing_that_is_typed_about_a_place_does_harm(
    several: Ground, enter: Enter, nasty: str
) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    path = f"/assets/{several.asset}/edit/new"
    fields = read_fields((await stranger.get(path, headers=HTML)).text)
    boxes = [name for name, said in fields.items() if said == "" and "searched" not in name]
    assert len(boxes) > 20
    for name in boxes:
        answer = await stranger.post(
            path, data={**fields, "address": "x", name: nasty}, headers=HTML
        )
        assert answer.status_code in {303, 400, 429}, name
        assert "<script>alert" not in answer.text
    for row in await several.fetch("SELECT public_id FROM suggestions"):
        page = await moderator.get(f"/review/suggestion/{row.public_id}", headers=HTML)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
