"""What waits for moderators, and what their decisions do."""

import re

import httpx

from app.accounts.permissions import AreaRef, Role
from app.records.vocabulary import Status
from tests.pages.keeping.conftest import (
    HTML,
    PRIVATE_PHONE,
    Enter,
    Ground,
    read_fields,
    send,
    write_document,
)
from tests.planting import add_asset, add_organisation, edit_asset


async def find_item(client: httpx.AsyncClient) -> str:
    """Return the address of the oldest thing that waits."""
    page = (await client.get("/review", headers=HTML)).text
    found = re.search(r'<h2 class="ha-subheading"><a href="([^"]+)"', page)
    assert found
    return found[1]


async def suggest(ground: Ground, enter: Enter, **changes: str) -> None:
    """Suggest something as a stranger."""
    sent = await send(await enter(), f"/assets/{ground.asset}/edit", {**changes})
    assert sent.status_code == 303


async def test_an_accepted_suggestion_shows_and_its_sender_is_told(
    ground: Ground, enter: Enter
) -> None:
    await suggest(ground, enter, name="Harbour Club", note="It moved.", email="sue@example.org")
    moderator = await enter(Role.MODERATOR, name="Maud")
    item = await find_item(moderator)
    page = (await moderator.get(item, headers=HTML)).text
    for words in ("<del>Quay</del>", "<ins>Harbour</ins>", "“It moved.”", "One change."):
        assert words in page
    assert "sue@example.org" not in page
    assert "checked" not in page[page.index("<main") : page.index("</main>")]
    undecided = await send(moderator, item, {})
    assert undecided.status_code == 400
    assert "Choose what to do with it." in undecided.text
    answer = await send(moderator, item, {"decision": "accept"})
    assert answer.headers["location"] == "/review?decided=accepted"
    after = (await moderator.get(answer.headers["location"], headers=HTML)).text
    assert "Accepted." in after
    assert "Nothing waits for you" in after
    told = (await moderator.get(f"/api/v1/assets/{ground.asset}")).json()
    assert told["name"] == "Harbour Club"
    (revision,) = await ground.fetch("SELECT * FROM revisions ORDER BY id DESC LIMIT 1")
    assert revision.author == "Maud"
    assert revision.note == "Suggested by somebody without an account. It moved."
    (mail,) = await ground.fetch("SELECT * FROM outgoing_mail")
    assert mail.recipient == "sue@example.org"
    assert "now shows on Hereabouts" in mail.body
    (row,) = await ground.fetch("SELECT status, email FROM suggestions")
    assert (row.status, row.email) == ("accepted", None), "the address is forgotten"


async def test_what_the_sender_could_not_see_stays(ground: Ground, enter: Enter) -> None:
    await suggest(ground, enter, contact_value_0="new@example.org")
    moderator = await enter(Role.MODERATOR)
    item = await find_item(moderator)
    assert PRIVATE_PHONE not in (await moderator.get(item, headers=HTML)).text
    assert (await send(moderator, item, {"decision": "accept"})).status_code == 303
    rows = await ground.fetch("SELECT value, visibility FROM site_contacts ORDER BY position")
    ours = [(row.value, row.visibility) for row in rows]
    assert ("new@example.org", "public") in ours
    assert (PRIVATE_PHONE, "hidden") in ours
    assert "club@example.org" not in {value for value, _ in ours}


async def test_a_moderator_elsewhere_learns_of_nothing(ground: Ground, enter: Enter) -> None:
    await suggest(ground, enter, name="Harbour Club")
    await add_asset(ground.database, write_document(ground.district), Status.WAITING)
    here, elsewhere = await enter(Role.MODERATOR), await enter(
        Role.MODERATOR, AreaRef("authority", "X07000099"), name="Far"
    )  # fmt: skip
    assert "2 things wait for you" in (await here.get("/review", headers=HTML)).text
    page = (await elsewhere.get("/review", headers=HTML)).text
    assert "Nothing waits for you" in page
    assert "Quay" not in page
    item = await find_item(here)
    seen = await elsewhere.get(item, headers=HTML)
    never = await elsewhere.get("/review/suggestion/" + "0" * 8 + item[-28:], headers=HTML)
    assert seen.status_code == never.status_code == 404
    key = item.rsplit("/", 1)[1]
    edit = await elsewhere.get(f"/assets/{ground.asset}/edit?review={key}", headers=HTML)
    assert "Harbour" not in edit.text


async def test_a_rejection_takes_a_reason_which_the_sender_reads(
    ground: Ground, enter: Enter
) -> None:
    sender = await enter(name="Sue")
    await send(sender, f"/assets/{ground.asset}/edit", {"name": "Rude words"})
    moderator = await enter(Role.MODERATOR)
    item = await find_item(moderator)
    answer = await send(moderator, item, {"decision": "reject"})
    assert answer.status_code == 400
    assert "Say why. The sender reads it." in answer.text
    assert re.search(r'value="reject"[^>]* checked', answer.text), "the choice is kept"
    reason = "That is not its name. <b>"
    await send(moderator, item, {"decision": "reject", "reason": reason})
    (mail,) = await ground.fetch("SELECT * FROM outgoing_mail ORDER BY id DESC LIMIT 1")
    assert mail.recipient == "sue@example.org"
    assert reason in mail.body
    page = (await sender.get("/account", headers=HTML)).text
    assert "rejected" in page
    assert "That is not its name. &lt;b&gt;" in page
    told = (await sender.get(f"/api/v1/assets/{ground.asset}")).json()
    assert told["name"] == "Quay Club"


async def test_the_second_of_two_moderators_is_told_what_the_first_did(
    ground: Ground, enter: Enter
) -> None:
    await suggest(ground, enter, name="Harbour Club")
    first, second = await enter(Role.MODERATOR, name="Maud"), await enter(
        Role.COORDINATOR, name="Cora"
    )  # fmt: skip
    item = await find_item(first)
    open_page = read_fields((await second.get(item, headers=HTML)).text)
    await send(first, item, {"decision": "reject", "reason": "Not so."})
    late = await second.post(item, data={**open_page, "decision": "accept"}, headers=HTML)
    assert late.status_code == 409
    for words in ("Maud has decided about this already.", "It was rejected.", "Not so."):
        assert words in late.text
    (row,) = await ground.fetch("SELECT status FROM suggestions")
    assert row.status == "rejected"


async def test_what_changed_since_the_sender_looked_is_chosen_one_by_one(
    ground: Ground, enter: Enter
) -> None:
    await suggest(ground, enter, name="Harbour Club", eligibility="Carers")
    await edit_asset(ground.database, ground.asset, {"name": "Dock Club"})
    moderator = await enter(Role.MODERATOR)
    item = await find_item(moderator)
    page = (await moderator.get(item, headers=HTML)).text
    assert "Changed since" in page
    answer = await send(moderator, item, {"decision": "accept"})
    assert answer.status_code == 400
    assert "Choose what to keep" in answer.text
    answer = await send(moderator, item, {"decision": "accept", "keep_name": "now"})
    assert answer.status_code == 303
    told = (await moderator.get(f"/api/v1/assets/{ground.asset}")).json()
    assert (told["name"], told["eligibility"]) == ("Dock Club", "Carers")


async def test_what_changed_while_the_moderator_looked_is_looked_at_again(
    ground: Ground, enter: Enter
) -> None:
    await suggest(ground, enter, name="Harbour Club")
    moderator = await enter(Role.MODERATOR)
    item = await find_item(moderator)
    fields = read_fields((await moderator.get(item, headers=HTML)).text)
    await edit_asset(ground.database, ground.asset, {"name": "Dock Club"})
    answer = await moderator.post(item, data={**fields, "decision": "accept"}, headers=HTML)
    assert answer.status_code == 400
    assert "It was changed while you looked." in answer.text
    assert "Dock" in answer.text


async def test_a_moderator_edits_then_accepts(ground: Ground, enter: Enter) -> None:
    await suggest(ground, enter, name="harbour club", note="New name.", email="sue@example.org")
    moderator = await enter(Role.MODERATOR)
    answer = await send(moderator, await find_item(moderator), {"decision": "edit"})
    edit = answer.headers["location"]
    page = (await moderator.get(edit, headers=HTML)).text
    assert 'value="harbour club"' in page
    saved = await send(
        moderator, f"/assets/{ground.asset}/edit", {"name": "Harbour Club"}, opened=edit
    )
    assert saved.headers["location"] == "/review?decided=accepted"
    told = (await moderator.get(f"/api/v1/assets/{ground.asset}")).json()
    assert told["name"] == "Harbour Club"
    (row,) = await ground.fetch("SELECT status FROM suggestions")
    assert row.status == "accepted"
    assert len(await ground.fetch("SELECT id FROM outgoing_mail")) == 1


async def test_additions_are_published_or_rejected_and_the_next_one_opens(
    ground: Ground, enter: Enter
) -> None:
    said = write_document(ground.district)
    kept = await add_asset(ground.database, {**said, "name": "Pier Choir"}, Status.WAITING)
    address = {"address": "2 Quay", "role": "delivery", "location": said["sites"][0]["location"]}
    trust = {"name": "Pier Trust", "addresses": [address]}
    other = await add_organisation(ground.database, trust, Status.WAITING)
    moderator, stranger = await enter(Role.MODERATOR), await enter()
    first = f"/review/asset/{kept.public_id}"
    page = (await moderator.get(first, headers=HTML)).text
    assert "Pier Choir" in page
    assert "Nearby and alike" in page
    answer = await send(moderator, first, {"decision": "accept"})
    following = f"/review/organisation/{other.public_id}"
    assert answer.headers["location"] == f"{following}?decided=accepted"
    assert (await stranger.get(f"/api/v1/assets/{kept.public_id}")).status_code == 200
    assert "2 Quay" in (await moderator.get(following, headers=HTML)).text
    await send(moderator, following, {"decision": "reject", "reason": "Not in this town."})
    assert (await stranger.get(f"/api/v1/organisations/{other.public_id}")).status_code == 404
    (row,) = await ground.fetch("SELECT status FROM organisations WHERE name = 'Pier Trust'")
    assert row.status == "rejected"


async def test_an_addition_is_edited_then_published(ground: Ground, enter: Enter) -> None:
    said = {**write_document(ground.district), "name": "pier choir"}
    kept = await add_asset(ground.database, said, Status.WAITING)
    moderator = await enter(Role.MODERATOR)
    item = f"/review/asset/{kept.public_id}"
    edit = (await send(moderator, item, {"decision": "edit"})).headers["location"]
    path = f"/assets/{kept.public_id}/edit"
    saved = await send(moderator, path, {"name": "Pier Choir"}, opened=edit)
    assert saved.status_code == 303
    told = (await moderator.get(f"/api/v1/assets/{kept.public_id}")).json()
    assert told["name"] == "Pier Choir"


async def test_reports_are_read_by_moderators_only_and_closed_with_a_word(
    ground: Ground, enter: Enter
) -> None:
    stranger, moderator = await enter(), await enter(Role.MODERATOR)
    path = f"/assets/{ground.asset}/report"
    empty = await send(stranger, path, {"note": ""})
    assert empty.status_code == 400
    assert "Say what is wrong, in your own words." in empty.text
    sent = await send(stranger, path, {"note": "It has closed.", "email": "sue@example.org"})
    assert sent.headers["location"].endswith("thanks?of=reported")
    page = (await moderator.get("/review?kind=reports", headers=HTML)).text
    assert "“It has closed.”" in page
    assert "It has closed" not in (await moderator.get("/review?kind=changes", headers=HTML)).text
    answer = await send(moderator, await find_item(moderator), {"decision": "accept"})
    assert answer.status_code == 303
    (mail,) = await ground.fetch("SELECT * FROM outgoing_mail")
    assert "Somebody has looked at what you told us." in mail.body


async def test_still_right_confirms_at_once_or_goes_to_the_moderators(
    ground: Ground, enter: Enter
) -> None:
    path = f"/assets/{ground.asset}/still-right"
    form = f"/assets/{ground.asset}/report"  # any page has the token
    confirmed = "SELECT aspect, author FROM assertions WHERE author = :who ORDER BY aspect"
    contributor = await enter(Role.CONTRIBUTOR, name="Kim")
    answer = await send(contributor, path, {}, opened=form)
    assert answer.headers["location"].endswith("thanks?of=confirmed")
    rows = await ground.fetch(confirmed, who="Kim")
    assert [row.aspect for row in rows] == ["existence", "hours"]
    answer = await send(await enter(), path, {}, opened=form)
    assert answer.headers["location"].endswith("thanks?of=still+right")
    moderator = await enter(Role.MODERATOR, name="Maud")
    await send(moderator, await find_item(moderator), {"decision": "accept"})
    assert len(await ground.fetch(confirmed, who="Maud")) == 2
