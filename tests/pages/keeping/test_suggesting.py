"""Changing what is listed: strangers suggest, those with a role save at once."""

import re

import pytest

from app.accounts.permissions import Role
from app.core.settings import Settings
from tests.pages.keeping.conftest import (
    HTML,
    PRIVATE_PHONE,
    Enter,
    Form,
    Ground,
    read_fields,
    send,
)
from tests.planting import edit_asset

SCRIPT = "<script>alert(1)</script>"


async def test_a_suggestion_waits_and_nothing_public_tells_of_it(
    ground: Ground, enter: Enter
) -> None:
    stranger = await enter()
    public = f"/api/v1/assets/{ground.asset}"
    before = [(await stranger.get(each)).content for each in (public, f"{public}/history")]
    answer = await send(
        stranger, f"/assets/{ground.asset}/edit",
        {"name": "Harbour Club", "note": "It moved.", "email": "Sue@Example.org"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/assets/{ground.asset}/thanks?of=suggested"
    thanks = await stranger.get(answer.headers["location"], headers=HTML)
    assert "A moderator of the area looks at it next." in thanks.text
    after = [(await stranger.get(each)).content for each in (public, f"{public}/history")]
    assert after == before
    (row,) = await ground.fetch("SELECT * FROM suggestions")
    assert row.answers == {"name": "Harbour Club"}, "only what was changed is kept"
    assert (row.note, row.email, row.status) == ("It moved.", "sue@example.org", "waiting")


async def test_a_form_sent_twice_counts_once(ground: Ground, enter: Enter) -> None:
    stranger = await enter()
    path = f"/assets/{ground.asset}/edit"
    fields = {**read_fields((await stranger.get(path, headers=HTML)).text), "name": "Harbour Club"}
    for _ in range(2):
        assert (await stranger.post(path, data=fields, headers=HTML)).status_code == 303
    await stranger.post(path, data={**fields, "name": "Port Club"}, headers=HTML)
    rows = await ground.fetch("SELECT answers FROM suggestions ORDER BY id")
    assert [row.answers["name"] for row in rows] == ["Harbour Club", "Port Club"]


async def test_too_many_suggestions_of_a_stranger_are_refused(
    ground: Ground, enter: Enter, settings: Settings
) -> None:
    settings.offers_per_hour_stranger = 1
    stranger = await enter()
    path = f"/assets/{ground.asset}/edit"
    assert (await send(stranger, path, {"name": "One"})).status_code == 303
    refused = await send(stranger, path, {"name": "Two"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert read_fields(refused.text)["name"] == "Two", "what was typed stays"
    refused = await send(stranger, f"/assets/{ground.asset}/report", {"note": "Closed."})
    assert refused.status_code == 429
    assert len(await ground.fetch("SELECT id FROM suggestions")) == 1


async def test_a_stranger_sees_nothing_private_in_the_form(ground: Ground, enter: Enter) -> None:
    stranger = await enter()
    path = f"/assets/{ground.asset}/edit"
    page = (await stranger.get(path, headers=HTML)).text
    assert "club@example.org" in page
    assert PRIVATE_PHONE not in page
    assert 'name="revision"' not in page, "a number of revisions tells of private changes"
    await edit_asset(ground.database, ground.asset, {"visibility": "area only"})
    page = (await stranger.get(path, headers=HTML)).text
    assert "1 Quay" not in page
    assert "The address of this one is kept private" in page
    await edit_asset(ground.database, ground.asset, {"visibility": "hidden"})
    for each in (path, f"/assets/{ground.asset}/report"):
        assert (await stranger.get(each, headers=HTML)).status_code == 404


async def test_who_may_edit_sees_all_and_saves_at_once(ground: Ground, enter: Enter) -> None:
    organiser = await enter(Role.ORGANISER, name="Oleg")
    path = f"/assets/{ground.asset}/edit"
    page = (await organiser.get(path, headers=HTML)).text
    assert PRIVATE_PHONE in page
    answer = await send(
        organiser,
        path,
        {
            "hours_way": "words",
            "hours": "Tue 2pm to 4pm",
            "min_age": "16",
            "note": "Rang them.",
        },
    )
    assert answer.headers["location"].endswith("thanks?of=saved")
    told = (await organiser.get(f"/api/v1/assets/{ground.asset}")).json()
    assert told["sites"][0]["opening_hours"] == "Tu 14:00-16:00"
    assert told["min_age"] == 16
    rows = await ground.fetch(
        "SELECT author, note, changed FROM revisions ORDER BY id DESC LIMIT 1"
    )
    assert tuple(rows[0]) == ("Oleg", "Rang them.", ["min_age", "sites"])
    (contact,) = await ground.fetch(
        "SELECT visibility FROM site_contacts WHERE value = :value", value=PRIVATE_PHONE
    )
    assert contact.visibility == "hidden", "what was not changed stays"


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        ("name", "", "Give it a name"),
        ("hours", "whenever", "We cannot read these hours."),
        ("point", "here", "&#39;here&#39; is not a point."),
        ("postcode", "ZZ99 9ZZ", "We do not know this postcode."),
        ("min_age", "old", "Write the youngest age as a whole number"),
        ("cost_amount", "3", "There is an amount, but the cost is not"),
        ("contact_value_0", "nobody", "is not an e-mail address."),
        ("languages", "English!", "Write languages by their short codes"),
        ("email", "sue", "This is not an e-mail address."),
        ("note", "x" * 2001, "Shorten what you wrote to 2,000 characters."),
    ],
)
async def test_a_slip_is_told_beside_its_field_and_nothing_typed_is_lost(
    ground: Ground, enter: Enter, question: str, typed: str, said: str
) -> None:
    stranger = await enter()
    changes = {"point": "", question: typed, "description": "Mine, kept."}
    if question == "hours":
        changes["hours_way"] = "words"
    answer = await send(stranger, f"/assets/{ground.asset}/edit", {**changes})
    assert answer.status_code == 400
    assert "<title>Problem: " in answer.text
    assert answer.text.count(said) >= 2, "in the summary and beside the field"
    summary = answer.text[answer.text.index("govuk-error-summary") :]
    target = re.search(r'<a href="#([^"]+)"', summary)
    assert target
    assert f'id="{target[1]}"' in answer.text
    fields = read_fields(answer.text)
    assert fields["description"] == "Mine, kept."
    assert fields.get(question, fields.get("contact_value_0")) == typed
    assert await ground.fetch("SELECT id FROM suggestions") == []


async def test_sending_the_form_as_it_is_says_that_nothing_was_changed(
    ground: Ground, enter: Enter
) -> None:
    stranger = await enter()
    answer = await send(stranger, f"/assets/{ground.asset}/edit", {})
    assert answer.status_code == 400
    assert "You have not changed anything yet." in answer.text


async def test_scripts_in_every_field_come_out_harmless(ground: Ground, enter: Enter) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    path = f"/assets/{ground.asset}/edit"
    fields = read_fields((await stranger.get(path, headers=HTML)).text)
    hostile: dict[str, str | list[str]] = {
        name: (said if name == "csrf_token" else f"{SCRIPT}\x00\"'")
        for name, said in fields.items()
    }
    answer = await stranger.post(path, data=hostile, headers=HTML)
    assert answer.status_code == 400
    assert SCRIPT not in answer.text
    words = dict.fromkeys(("name", "description", "address", "cost_words", "how_to_join"), SCRIPT)
    sent = await send(stranger, path, {**words, "note": SCRIPT})
    assert sent.status_code == 303
    await send(stranger, f"/assets/{ground.asset}/report", {"note": SCRIPT})
    pages = [(await moderator.get("/review", headers=HTML)).text]
    for link in re.findall(r'href="(/review/suggestion/[^"?]+)"', pages[0]):
        pages.append((await moderator.get(link, headers=HTML)).text)
        key = link.rsplit("/", 1)[1]
        edit = f"{path}?review={key}"
        pages.append((await moderator.get(edit, headers=HTML)).text)
    assert len(pages) == 5
    assert not any(SCRIPT in page for page in pages)
    shown = ["&lt;script&gt;" in page for page in pages]
    assert shown == [True, True, True, True, False], "a report fills no form in"


async def test_two_editors_meet_and_nothing_is_lost(ground: Ground, enter: Enter) -> None:
    first, second = (
        await enter(Role.ORGANISER, name="Oleg"),
        await enter(Role.MODERATOR, name="Maud"),
    )
    path = f"/assets/{ground.asset}/edit"
    fields = read_fields((await second.get(path, headers=HTML)).text)
    await send(first, path, {"name": "Harbour Club", "description": "Tea, talk and cake."})
    mine = {**fields, "name": "Port Club", "how_to_join": "Ring first.", "note": "I was there."}
    answer = await second.post(path, data=mine, headers=HTML)
    assert answer.status_code == 409
    for words in ("Oleg saved a change", "Quay Club", "Harbour", "Port"):
        assert words in answer.text
    assert "checked" not in answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    met = read_fields(answer.text)
    unsure = await second.post(path, data={**met, "keep_name": "?"}, headers=HTML)
    assert unsure.status_code == 400
    assert "Choose which of the two to keep." in unsure.text
    saved = await second.post(
        path, data={**read_fields(unsure.text), "keep_name": "mine"}, headers=HTML
    )
    assert saved.status_code == 303
    told = (await second.get(f"/api/v1/assets/{ground.asset}")).json()
    assert told["name"] == "Port Club"
    assert told["how_to_join"] == "Ring first."
    assert told["description"] == "Tea, talk and cake.", "the other's change stays"


async def test_the_second_of_two_editors_may_keep_what_the_first_wrote(
    ground: Ground, enter: Enter
) -> None:
    first, second = await enter(Role.ORGANISER), await enter(Role.MODERATOR)
    path = f"/assets/{ground.asset}/edit"
    fields = read_fields((await second.get(path, headers=HTML)).text)
    await send(first, path, {"name": "Harbour Club"})
    mine = {**fields, "name": "Port Club", "eligibility": "Carers"}
    met = read_fields((await second.post(path, data=mine, headers=HTML)).text)
    await send(first, path, {"name": "Dock Club"}, opened=path)
    again = await second.post(path, data={**met, "keep_name": "theirs"}, headers=HTML)
    assert again.status_code == 409, "the choice was about another text"
    assert "Dock" in again.text
    chosen = {**read_fields(again.text), "keep_name": "theirs"}
    assert (await second.post(path, data=chosen, headers=HTML)).status_code == 303
    told = (await second.get(f"/api/v1/assets/{ground.asset}")).json()
    assert (told["name"], told["eligibility"]) == ("Dock Club", "Carers")


async def test_changes_of_two_editors_to_different_fields_both_stay(
    ground: Ground, enter: Enter
) -> None:
    first, second = await enter(Role.ORGANISER), await enter(Role.MODERATOR)
    path = f"/assets/{ground.asset}/edit"
    fields = read_fields((await second.get(path, headers=HTML)).text)
    await send(first, path, {"name": "Harbour Club"})
    await second.post(path, data={**fields, "eligibility": "Carers"}, headers=HTML)
    told = (await second.get(f"/api/v1/assets/{ground.asset}")).json()
    assert (told["name"], told["eligibility"]) == ("Harbour Club", "Carers")


async def test_what_was_typed_into_a_draft_is_offered_and_taken_only_if_ticked(
    ground: Ground, enter: Enter
) -> None:
    stranger = await enter()
    begun = await send(stranger, "/add", {"kind": "activity", "category": "library"})
    draft = begun.headers["location"].split("/")[2]
    typed = {"name": f"Harbour Club {SCRIPT}", "address": "9 Quay", "postcode": "ZZ1 1AA"}
    await send(stranger, f"/add/{draft}/place", {**typed, "where": "postcode"})
    path = f"/assets/{ground.asset}/edit"
    page = (await stranger.get(f"{path}?draft={draft}", headers=HTML)).text
    fields = read_fields(page)
    assert fields["name"] == "Quay Club", "nothing is overwritten by itself"
    assert 'id="take_name"' in page
    assert SCRIPT not in page
    fields = {name: said for name, said in fields.items() if not name.startswith("take_")}
    taken = {**fields, "take_name": typed["name"]}
    assert (await stranger.post(path, data=taken, headers=HTML)).status_code == 303
    (row,) = await ground.fetch("SELECT answers FROM suggestions")
    assert row.answers == {"name": typed["name"]}
    other = (await (await enter()).get(f"{path}?draft={draft}", headers=HTML)).text
    assert "Harbour Club" not in other, "a draft is its holder's only"


async def test_hours_and_contacts_of_a_draft_are_offered_too(ground: Ground, enter: Enter) -> None:
    stranger = await enter()
    begun = await send(stranger, "/add", {"kind": "activity", "category": "library"})
    draft = begun.headers["location"].split("/")[2]
    await send(
        stranger, f"/add/{draft}/time", {"when": "weekly", "from_fr": "2 pm", "to_fr": "4 pm"}
    )
    reach = {"phone": "0151 333 4444", "web": "example.org", "private": ["web"]}
    await send(stranger, f"/add/{draft}/contact", reach)  # type: ignore[arg-type]
    path = f"/assets/{ground.asset}/edit"
    page = (await stranger.get(f"{path}?draft={draft}", headers=HTML)).text
    assert "Friday, 2 pm–4 pm" in page
    assert 'id="take_phone"' in page
    assert "example.org”" not in page, "what was not for everybody is not offered"
    fields = {name: said for name, said in read_fields(page).items() if "take_" not in name}
    taken = {**fields, "take_hours": "Fr 14:00-16:00", "take_phone": "0151 333 4444"}
    answer = await stranger.post(path, data=taken, headers=HTML)
    assert answer.status_code == 303, answer.text
    (row,) = await ground.fetch("SELECT answers FROM suggestions")
    assert row.answers["hours"] == "Fr 14:00-16:00"
    assert [each["value"] for each in row.answers["contacts"]] == [
        "club@example.org", "0151 333 4444"
    ]  # fmt: skip


@pytest.mark.parametrize("is_far", [True, False])
async def test_a_new_postcode_takes_a_point_along_that_is_far_from_it(
    ground: Ground, enter: Enter, *, is_far: bool
) -> None:
    organiser = await enter(Role.ORGANISER)
    sign = ">" if is_far else "<"
    (there,) = await ground.fetch(
        f"""SELECT p.display AS postcode, ST_X(p.location) AS lon, ST_Y(p.location) AS lat
             FROM postcodes AS p, asset_sites AS s JOIN assets AS a ON a.id = s.asset_id
            WHERE a.public_id = :asset
              AND ST_DistanceSphere(p.location, s.location) {sign} 500
              AND EXISTS (SELECT 1 FROM areas
                           WHERE code = :authority AND ST_Covers(boundary, p.location))
            ORDER BY p.postcode LIMIT 1""",  # noqa: S608 - a sign of ours
        asset=ground.asset, authority=ground.district["authority"],
    )  # fmt: skip
    path = f"/assets/{ground.asset}/edit"
    before = (await organiser.get(f"/api/v1/assets/{ground.asset}")).json()["sites"][0]["location"]
    answer = await send(organiser, path, {"postcode": there.postcode, "address": "9 Mill Lane"})
    assert answer.status_code == 303, answer.text
    told = (await organiser.get(f"/api/v1/assets/{ground.asset}")).json()["sites"][0]
    assert told["postcode"] == there.postcode
    wanted = {"lon": there.lon, "lat": there.lat} if is_far else before
    assert told["location"] == pytest.approx(wanted, abs=1e-4)


async def test_other_languages_the_kind_and_being_found_are_asked(
    ground: Ground, enter: Enter
) -> None:
    organiser = await enter(Role.ORGANISER)
    path = f"/assets/{ground.asset}/edit"
    welsh: Form = {"translation_language_0": "cy", "translation_name_0": "Clwb y Cei"}
    polish: Form = {"translation_language_1": "cy", "translation_name_1": "Klub"}
    answer = await send(organiser, path, {**welsh, **polish})
    assert answer.status_code == 400
    assert "each once" in answer.text
    assert read_fields(answer.text)["translation_name_1"] == "Klub"
    polish["translation_language_1"] = "pl"
    answer = await send(organiser, path, {**welsh, **polish, "kind": "service"})
    assert answer.status_code == 303, answer.text
    told = (await organiser.get(f"/api/v1/assets/{ground.asset}")).json()
    assert told["kind"] == "service"
    assert {tag: said["name"] for tag, said in told["translations"].items()} == {
        "cy": "Clwb y Cei", "pl": "Klub"
    }  # fmt: skip
    await send(organiser, path, {"translation_name_0": "", "translation_description_0": ""})
    told = (await organiser.get(f"/api/v1/assets/{ground.asset}")).json()
    assert list(told["translations"]) == ["pl"]
    await send(organiser, path, {"visibility": "hidden", "findable": "yes"})
    (row,) = await ground.fetch(
        "SELECT findable FROM assets WHERE public_id = :id", id=ground.asset
    )
    assert row.findable
    stranger = await enter()
    page = await stranger.get(path, headers=HTML)
    assert page.status_code == 404
