"""Changing what is said of an organisation: at once by who may, else as a suggestion."""

from typing import Any
from uuid import UUID

import pytest

from app.accounts.permissions import AreaRef, Role
from app.records.vocabulary import Status
from tests.pages.keeping.conftest import HTML, PRIVATE_PHONE, Enter, Form, Ground, read_fields, send
from tests.pages.keeping.test_reviewing import find_item
from tests.planting import add_organisation

SCRIPT = "<script>alert(1)</script>"


def write_trust(ground: Ground) -> dict[str, Any]:
    """Return an organisation with a public and a private way to get in touch."""
    address = {"address": "2 Quay", "role": "delivery"}
    lon, lat = ground.district["points"][0]
    return {
        "name": "Pier Trust", "kind": "charity", "description": "Keeps the pier.",
        "addresses": [{**address, "location": {"lon": lon, "lat": lat}}],
        "contacts": [
            {"kind": "email", "value": "trust@example.org"},
            {"kind": "phone", "value": PRIVATE_PHONE, "visibility": "hidden"},
        ],
        "works_in": [{"type": "authority", "code": ground.district["authority"]}],
    }  # fmt: skip


@pytest.fixture
async def trust(ground: Ground) -> UUID:
    """A public organisation."""
    kept = await add_organisation(ground.database, write_trust(ground), Status.PUBLISHED)
    return kept.public_id


async def read_areas(ground: Ground, trust: UUID) -> list[str]:
    """Return the codes of the areas it is said to work in."""
    rows = await ground.fetch(
        "SELECT w.area_code FROM organisation_works_in AS w JOIN organisations AS o "
        "ON o.id = w.organisation_id WHERE o.public_id = :key ORDER BY 1",
        key=trust,
    )
    return [row.area_code for row in rows]


async def test_who_may_saves_at_once_and_the_history_has_it(
    ground: Ground, enter: Enter, trust: UUID
) -> None:
    organiser = await enter(Role.ORGANISER, name="Oleg")
    path = f"/organisations/{trust}/edit"
    page = (await organiser.get(path, headers=HTML)).text
    assert PRIVATE_PHONE in page
    fields = read_fields(page)
    assert fields["organisation_kind"] == "charity"
    wanted = f"{fields['works_in']}\n{ground.district['code']}"
    changes = {"name": "Harbour Trust", "works_in": wanted, "note": "They told me."}
    saved = await send(organiser, path, {**changes})
    assert saved.headers["location"] == f"/organisations/{trust}/thanks?of=saved"
    assert (
        "Your change shows now."
        in (await organiser.get(saved.headers["location"], headers=HTML)).text
    )
    told = (await organiser.get(f"/api/v1/organisations/{trust}")).json()
    assert told["name"] == "Harbour Trust"
    assert [each["value"] for each in told["contacts"]] == ["trust@example.org"]
    areas = [ground.district["authority"], ground.district["code"]]
    assert await read_areas(ground, trust) == sorted(areas)
    (revision,) = await ground.fetch("SELECT * FROM revisions ORDER BY id DESC LIMIT 1")
    assert (revision.author, revision.note) == ("Oleg", "They told me.")
    contacts = await ground.fetch("SELECT value, visibility FROM organisation_contacts")
    assert (PRIVATE_PHONE, "hidden") in {(row.value, row.visibility) for row in contacts}


async def test_others_suggest_and_see_nothing_private(
    ground: Ground, enter: Enter, trust: UUID
) -> None:
    path = f"/organisations/{trust}/edit"
    elsewhere = await enter(Role.ORGANISER, AreaRef("authority", "X07000099"), name="Far")
    for visitor in (await enter(), elsewhere):
        page = (await visitor.get(path, headers=HTML)).text
        assert "Suggest a change to" in page
        assert PRIVATE_PHONE not in page
    changes = {"name": "Harbour Trust", "contact_value_0": "new@example.org"}
    sent = await send(await enter(), path, {**changes, "email": "sue@example.org"})
    assert sent.headers["location"] == f"/organisations/{trust}/thanks?of=suggested"
    moderator = await enter(Role.MODERATOR, name="Maud")
    item = await find_item(moderator)
    page = (await moderator.get(item, headers=HTML)).text
    for words in ("<del>Pier</del>", "<ins>Harbour</ins>", "Everybody will newly see:"):
        assert words in page
    assert PRIVATE_PHONE not in page
    assert (await send(moderator, item, {"decision": "accept"})).status_code == 303
    told = (await moderator.get(f"/api/v1/organisations/{trust}")).json()
    assert told["name"] == "Harbour Trust"
    rows = await ground.fetch(
        "SELECT c.value FROM organisation_contacts AS c JOIN organisations AS o "
        "ON o.id = c.organisation_id WHERE o.public_id = :key",
        key=trust,
    )
    assert {row.value for row in rows} == {"new@example.org", PRIVATE_PHONE}
    (mail,) = await ground.fetch("SELECT recipient, body FROM outgoing_mail")
    assert mail.recipient == "sue@example.org"


async def test_a_moderator_edits_a_suggestion_then_accepts(
    ground: Ground, enter: Enter, trust: UUID
) -> None:
    path = f"/organisations/{trust}/edit"
    await send(await enter(), path, {"name": "harbour trust", "email": "sue@example.org"})
    moderator = await enter(Role.MODERATOR)
    wanted: Form = {"decision": "edit", "reason": "With capitals."}
    edit = (await send(moderator, await find_item(moderator), wanted)).headers["location"]
    assert edit.startswith(path)
    fields = read_fields((await moderator.get(edit, headers=HTML)).text)
    assert (fields["name"], fields["note"]) == ("harbour trust", "With capitals.")
    saved = await send(moderator, path, {"name": "Harbour Trust"}, opened=edit)
    assert saved.headers["location"] == "/review?decided=accepted"
    (mail,) = await ground.fetch("SELECT body FROM outgoing_mail")
    assert "with changes by the person" in mail.body
    assert "With capitals." in mail.body


async def test_two_editors_choose_and_nothing_typed_is_lost(
    ground: Ground, enter: Enter, trust: UUID
) -> None:
    path = f"/organisations/{trust}/edit"
    first, second = await enter(Role.ORGANISER, name="Ana"), await enter(Role.ORGANISER, name="Bo")
    opened = read_fields((await second.get(path, headers=HTML)).text)
    await send(first, path, {"name": "Harbour Trust"})
    sent = {**opened, "name": "Port Trust", "description": "Keeps the port."}
    met = await second.post(path, data=sent, headers=HTML)
    assert met.status_code == 409
    assert "Ana saved a change while you were writing." in met.text
    assert 'value="Keeps the port."' in met.text
    chosen = {**read_fields(met.text), "keep_name": "mine"}
    assert (await second.post(path, data=chosen, headers=HTML)).status_code == 303
    told = (await second.get(f"/api/v1/organisations/{trust}")).json()
    assert (told["name"], told["description"]) == ("Port Trust", "Keeps the port.")
    assert len(await ground.fetch("SELECT id FROM revisions WHERE subject = 'organisation'")) >= 3


async def test_bad_input_is_told_in_sentences_and_stays_on_the_page(
    ground: Ground, enter: Enter, trust: UUID
) -> None:
    organiser = await enter(Role.ORGANISER)
    changes = {
        "name": "", "works_in": f"Atlantis {SCRIPT}", "contact_kind_0": "email",
        "contact_value_0": "nobody",
    }  # fmt: skip
    answer = await send(organiser, f"/organisations/{trust}/edit", {**changes})
    assert answer.status_code == 400
    assert "<title>Problem:" in answer.text
    for sentence in (
        "Give it a name, in one line of at most 200 characters.",
        "We know no area called “Atlantis",
        "is not an e-mail address. Write it as name@example.org.",
    ):
        assert answer.text.count(sentence) == 2, sentence
    assert SCRIPT not in answer.text
    assert read_fields(answer.text)["works_in"] == changes["works_in"]
    assert await read_areas(ground, trust) == [ground.district["authority"]]
    kind = await send(organiser, f"/organisations/{trust}/edit", {"organisation_kind": "circus"})
    assert "Choose what kind of organisation it is from the list." in kind.text


async def test_what_is_wrong_or_right_goes_to_the_moderators(
    ground: Ground, enter: Enter, trust: UUID
) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR, name="Maud")
    page = await stranger.get(f"/organisations/{trust}/pier-trust", headers=HTML)
    assert f'href="/organisations/{trust}/edit"' in page.text
    report = f"/organisations/{trust}/report"
    sent = await send(stranger, report, {"note": "They are gone."})
    assert sent.headers["location"] == f"/organisations/{trust}/thanks?of=reported"
    still = f"/organisations/{trust}/still-right"
    sent = await send(stranger, still, {}, opened=report)
    assert sent.headers["location"].endswith("thanks?of=still+right")
    first = await find_item(moderator)
    assert "“They are gone.”" in (await moderator.get(first, headers=HTML)).text
    await send(moderator, first, {"decision": "accept"})
    await send(moderator, await find_item(moderator), {"decision": "accept"})
    rows = await ground.fetch("SELECT aspect FROM assertions WHERE author = 'Maud' ORDER BY 1")
    assert [row.aspect for row in rows] == ["contact", "existence"]


async def test_a_hidden_organisation_is_not_told_from_one_that_is_not_there(
    ground: Ground, enter: Enter
) -> None:
    said = {**write_trust(ground), "visibility": "hidden"}
    kept = await add_organisation(ground.database, said, Status.PUBLISHED)
    stranger = await enter()
    for leaf in ("edit", "report"):
        hidden = await stranger.get(f"/organisations/{kept.public_id}/{leaf}", headers=HTML)
        never = await stranger.get(f"/organisations/{'0' * 8}{str(kept.public_id)[8:]}/{leaf}")
        assert hidden.status_code == never.status_code == 404


HOME = {"role": "registered", "address": "5 Home Road", "postcode": "ZZ1 1ZZ"}


def write_home(ground: Ground) -> dict[str, Any]:
    """Return an address that is somebody's home, which a register has."""
    lon, lat = ground.district["points"][1]
    return {**HOME, "visibility": "area only", "location": {"lon": lon, "lat": lat}}


async def read_document(ground: Ground) -> dict[str, Any]:
    """Return what is said of the organisation that was changed last."""
    (row,) = await ground.fetch(
        "SELECT document FROM revisions WHERE subject = 'organisation' ORDER BY id DESC LIMIT 1"
    )
    found: dict[str, Any] = row.document
    return found


async def test_addresses_registers_legal_form_and_visibility_can_be_changed(
    ground: Ground, enter: Enter, trust: UUID
) -> None:
    organiser = await enter(Role.ORGANISER)
    path = f"/organisations/{trust}/edit"
    fields = read_fields((await organiser.get(path, headers=HTML)).text)
    assert (fields["address_role_0"], fields["address_address_0"]) == ("delivery", "2 Quay")
    changes = {
        "legal_form": "charitable incorporated organisation", "visibility": "area only",
        "identifier_scheme_0": "GB-CHC", "identifier_identifier_0": "1234567",
        "address_role_1": "registered", "address_address_1": "5 Home Road",
        "address_postcode_1": "ZZ1 1ZZ", "address_visibility_1": "area only",
    }  # fmt: skip
    saved = await send(organiser, path, {**changes})
    assert saved.status_code == 303
    said = await read_document(ground)
    assert said["legal_form"] == "charitable incorporated organisation"
    assert said["visibility"] == "area only"
    assert said["identifiers"] == [{"scheme": "GB-CHC", "identifier": "1234567", "url": ""}]
    pier, home = said["addresses"]
    assert pier["location"] == write_trust(ground)["addresses"][0]["location"]
    assert (home["address"], home["visibility"], home["location"]) == (
        "5 Home Road", "area only", None,
    )  # fmt: skip
    again = {"identifier_identifier_0": "", "address_address_0": "", "address_postcode_0": ""}
    assert (await send(organiser, path, {**again})).status_code == 303
    said = await read_document(ground)
    assert said["identifiers"] == []
    assert [each["address"] for each in said["addresses"]] == ["5 Home Road"]


async def test_strangers_see_no_home_and_what_they_suggest_keeps_it(
    ground: Ground, enter: Enter
) -> None:
    said = write_trust(ground)
    said["addresses"] += [write_home(ground)]
    kept = await add_organisation(ground.database, said, Status.PUBLISHED)
    path = f"/organisations/{kept.public_id}/edit"
    stranger = await enter()
    assert "5 Home Road" not in (await stranger.get(path, headers=HTML)).text
    await send(stranger, path, {"address_address_0": "3 Quay", "identifier_scheme_0": "GB-COH",
                                "identifier_identifier_0": "01234567"})  # fmt: skip
    moderator = await enter(Role.MODERATOR)
    item = await find_item(moderator)
    page = (await moderator.get(item, headers=HTML)).text
    assert "<ins>3</ins> Quay (a place to go to)" in page
    assert "Companies House:" in page
    assert "Everybody will newly see: 3 Quay" in page
    assert "Everybody will no longer see: 2 Quay" in page
    assert (await send(moderator, item, {"decision": "accept"})).status_code == 303
    found = await read_document(ground)
    assert [each["address"] for each in found["addresses"]] == ["3 Quay", "5 Home Road"]
    assert found["addresses"][1] == write_home(ground)
    assert found["identifiers"] == [{"scheme": "GB-COH", "identifier": "01234567", "url": ""}]


async def test_accepting_with_changes_keeps_the_home_that_the_sender_did_not_see(
    ground: Ground, enter: Enter
) -> None:
    said = write_trust(ground)
    said["addresses"] += [write_home(ground)]
    kept = await add_organisation(ground.database, said, Status.PUBLISHED)
    path = f"/organisations/{kept.public_id}/edit"
    await send(await enter(), path, {"address_address_0": "3 quay"})
    moderator = await enter(Role.MODERATOR)
    wanted: Form = {"decision": "edit"}
    edit = (await send(moderator, await find_item(moderator), wanted)).headers["location"]
    fields = read_fields((await moderator.get(edit, headers=HTML)).text)
    assert (fields["address_address_0"], fields["address_address_1"]) == ("3 quay", "5 Home Road")
    await send(moderator, path, {"address_address_0": "3 Quay"}, opened=edit)
    found = await read_document(ground)
    assert [each["address"] for each in found["addresses"]] == ["3 Quay", "5 Home Road"]


async def test_slips_in_addresses_and_numbers_are_told_and_stay(enter: Enter, trust: UUID) -> None:
    organiser = await enter(Role.ORGANISER)
    changes = {
        "identifier_identifier_0": f"12 {SCRIPT}", "address_address_0": "x" * 301,
        "legal_form": "y" * 301,
    }  # fmt: skip
    answer = await send(organiser, f"/organisations/{trust}/edit", {**changes})
    assert answer.status_code == 400
    for sentence in (
        "Write the legal form in one line of at most 300 characters.",
        "Write each address in one line of at most 300 characters, its postcode beside it.",
        "Choose a register for each number, and write the number without spaces",
    ):
        assert answer.text.count(sentence) == 2, sentence
    assert SCRIPT not in answer.text
    fields = read_fields(answer.text)
    assert {name: fields[name] for name in changes} == changes


async def test_an_added_organisation_is_reviewed_with_a_map_and_what_it_shows(
    ground: Ground, enter: Enter
) -> None:
    said = write_trust(ground)
    said["addresses"] += [write_home(ground)]
    kept = await add_organisation(ground.database, said, Status.WAITING)
    moderator = await enter(Role.MODERATOR)
    page = (await moderator.get(f"/review/organisation/{kept.public_id}", headers=HTML)).text
    assert page.count('class="ha-spot__mark"') == 2
    name = ground.district["name"]
    for words in (
        "Everybody will newly see this organisation.",
        "Everybody will newly see: 2 Quay, trust@example.org",
        f"Of an address everybody will newly see only the neighbourhood: {name}",
        "5 Home Road, ZZ1 1ZZ (registered address) (only its neighbourhood shows)",
        f"Everybody sees only that it is in {name}.",
        f"In {name}. Everybody sees the address.",
        f"{PRIVATE_PHONE} (not for everybody)",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("hidden", "It will be in no list and in no search any more"),
     ("area only", "Of it and of everything it runs, everybody will see only the neighbourhood")],
)  # fmt: skip
async def test_a_moderator_is_told_what_another_visibility_does(
    enter: Enter, trust: UUID, wanted: str, words: str
) -> None:
    await send(await enter(), f"/organisations/{trust}/edit", {"visibility": wanted})
    moderator = await enter(Role.MODERATOR)
    assert words in (await moderator.get(await find_item(moderator), headers=HTML)).text
