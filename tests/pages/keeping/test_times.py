"""Hours in the form of an edit: by day where that says all, else as they are until changed."""

from typing import Any

import pytest

from app.accounts.permissions import Role
from tests.pages.keeping.conftest import HTML, Enter, Ground, read_fields, send
from tests.planting import at, edit_asset


async def _set_hours(ground: Ground, **fields: Any) -> None:  # noqa: ANN401 - of a site
    site = {"address": "1 Quay", "location": at(ground.district["points"][0]), **fields}
    await edit_asset(ground.database, ground.asset, {"sites": [site]})


async def _read_site(ground: Ground, enter: Enter) -> dict[str, Any]:
    stranger = await enter()
    told = (await stranger.get(f"/api/v1/assets/{ground.asset}")).json()
    site: dict[str, Any] = told["sites"][0]
    return site


async def test_a_week_is_asked_by_day_and_another_time_of_it_is_kept(
    ground: Ground, enter: Enter
) -> None:
    await _set_hours(ground, opening_hours="Mo-We 09:00-12:00,13:00-17:00; PH off")
    organiser = await enter(Role.ORGANISER)
    path = f"/assets/{ground.asset}/edit"
    fields = read_fields((await organiser.get(path, headers=HTML)).text)
    assert fields["hours_way"] == "weekly"
    assert (fields["from_tu"], fields["to_tu"]) == ("9 am", "12 noon")
    assert (fields["from2_tu"], fields["to2_tu"], fields["holidays"]) == ("1 pm", "5 pm", "closed")
    answer = await send(organiser, path, {"from2_tu": "", "to2_tu": "", "to_we": "11.30 am"})
    assert answer.status_code == 303, answer.text
    site = await _read_site(ground, enter)
    assert site["opening_hours"] == (
        "Mo 09:00-12:00,13:00-17:00; Tu 09:00-12:00; We 09:00-11:30,13:00-17:00; PH off"
    )


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ({"opening_hours": "Mo-We 09:00-17:00; PH off"}, ""),
        ({"opening_hours": "Mo[1] 14:00-16:00"}, "First Monday of the month, 2 pm–4 pm"),
        ({"opening_hours": 'Sa 10:00-12:00 unknown "monthly"'}, "10 am–12 noon (monthly)"),
        ({"recurrences": [
            {"rrule": "FREQ=WEEKLY;INTERVAL=2", "dtstart": "2026-01-05", "starts": "10:00"}
        ]}, "In a pattern that cannot be shown here"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", [Role.ORGANISER, None])
async def test_hours_that_nobody_touched_stay_as_they_are(
    ground: Ground, enter: Enter, site: dict[str, Any], said: str, role: Role | None
) -> None:
    await _set_hours(ground, **site)
    before = await _read_site(ground, enter)
    visitor = await enter(role)
    path = f"/assets/{ground.asset}/edit"
    page = (await visitor.get(path, headers=HTML)).text
    assert said in page
    assert ("As it is now" in page) == bool(said)
    await send(visitor, path, {"name": "Harbour Club"})
    if role is None:
        (row,) = await ground.fetch("SELECT answers FROM suggestions")
        assert row.answers == {"name": "Harbour Club"}
        return
    after = await _read_site(ground, enter)
    for name in ("opening_hours", "recurrences"):
        assert after[name] == before[name]


async def test_recurrences_give_way_to_other_hours_and_to_none(
    ground: Ground, enter: Enter
) -> None:
    every_other = {"rrule": "FREQ=WEEKLY;INTERVAL=2", "dtstart": "2026-01-05", "starts": "10:00"}
    organiser = await enter(Role.ORGANISER)
    path = f"/assets/{ground.asset}/edit"
    for changes, kept in (
        ({"hours_way": "weekly", "from_fr": "2 pm"}, "Fr 14:00+"),
        ({"hours_way": "always"}, "24/7"),
        (
            {"hours_way": "words", "hours": "first Friday of the month 2pm to 3pm"},
            "Fr[1] 14:00-15:00",
        ),
        ({"hours_way": "unknown"}, None),
    ):
        await _set_hours(ground, recurrences=[every_other])
        assert (await send(organiser, path, changes)).status_code == 303  # type: ignore[arg-type]
        site = await _read_site(ground, enter)
        assert (site["opening_hours"], site["recurrences"]) == (kept, [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from_mo": "2", "to_mo": "4 pm"}, "Say whether “2” on Monday is in the morning"),
        ({"from_mo": "", "to_mo": "4 pm"}, "Enter when it begins on Monday."),
        ({"from_mo": "", "to_mo": ""}, "Enter the times of at least one day"),
        ({"hours_way": "words"}, "Say when it happens"),
        ({"hours_way": "words", "hours": "when it suits"}, "We cannot read these hours."),
        ({"hours": "Tue 2pm to 4pm"}, "You also wrote “Tue 2pm to 4pm” in words."),
        ({"hours_way": "nonsense"}, "Choose how you want to say when it is."),
    ],
)
@pytest.mark.parametrize("role", [Role.ORGANISER, None])
async def test_slips_are_told_and_what_was_typed_stays(
    ground: Ground, enter: Enter, changes: dict[str, str], said: str, role: Role | None
) -> None:
    visitor = await enter(role)
    path = f"/assets/{ground.asset}/edit"
    answer = await send(visitor, path, {**changes, "description": "Mine, kept."})
    assert answer.status_code == 400
    assert said in answer.text
    fields = read_fields(answer.text)
    assert fields["description"] == "Mine, kept."
    typed = {name: text for name, text in changes.items() if name != "hours_way"}
    assert {name: fields[name] for name in typed} == typed
    assert (await _read_site(ground, enter))["opening_hours"] == "Mo 10:00-12:00"


async def test_a_moderator_reads_suggested_hours_in_words(ground: Ground, enter: Enter) -> None:
    stranger = await enter()
    await send(stranger, f"/assets/{ground.asset}/edit", {"from_we": "10 am", "to_we": "12.30 pm"})
    (row,) = await ground.fetch("SELECT public_id, answers FROM suggestions")
    assert row.answers == {"hours": "Mo 10:00-12:00; We 10:00-12:30"}
    moderator = await enter(Role.MODERATOR)
    page = (await moderator.get(f"/review/suggestion/{row.public_id}", headers=HTML)).text
    assert "Monday, 10 am–12 noon" in page
    assert "12.30 pm" in page
    assert "Mo 10:00" not in page
