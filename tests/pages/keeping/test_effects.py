"""What a moderator is told that accepting something changes: who sees what, and where it is."""

import re
from html import unescape

import httpx
import pytest

from app.accounts.permissions import Role
from app.geo.distances import measure_m
from app.pages.keeping.places import find_direction
from app.records.vocabulary import Status
from tests.pages.keeping.conftest import HTML, Enter, Ground, send, write_document
from tests.pages.keeping.test_reviewing import find_item, suggest
from tests.planting import add_asset, at, edit_asset, find_district


async def read_item(moderator: httpx.AsyncClient, item: str = "") -> str:
    """Return the words of an item's page, without its tags."""
    page = (await moderator.get(item or await find_item(moderator), headers=HTML)).text
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


@pytest.mark.parametrize(
    ("end", "direction"),
    [
        ((-2.9, 53.41), "north"),
        ((-2.88, 53.412), "north-east"),
        ((-2.88, 53.4), "east"),
        ((-2.9, 53.39), "south"),
        ((-2.92, 53.388), "south-west"),
        ((-2.92, 53.4), "west"),
    ],
)
def test_directions_are_those_of_a_map(end: tuple[float, float], direction: str) -> None:
    assert find_direction((-2.9, 53.4), end) == direction


def test_distances_are_in_metres() -> None:
    assert measure_m((-2.9, 53.4), (-2.9, 53.41)) == pytest.approx(1112, abs=1)


async def test_a_moved_point_is_marked_and_told_in_words(ground: Ground, enter: Enter) -> None:
    lon, lat = ground.district["points"][0]
    other = await find_district(ground.database, 1)
    there = other["points"][0]
    await suggest(ground, enter, point=f"{there[1]}, {there[0]}")
    moderator = await enter(Role.MODERATOR)
    page = (await moderator.get(await find_item(moderator), headers=HTML)).text
    assert page.count("ha-spot__mark") >= 1
    words = await read_item(moderator)
    apart = measure_m((lon, lat), there)
    assert re.search(r"Where it would be: [\d.]+ k?m to the (north|south|east|west)", words)
    assert (f"{apart / 1000:.1f} km" if apart >= 1000 else f"{round(apart, -1)} m") in words
    assert f"from {ground.district['name']} to {other['name']}" in words


async def test_what_strangers_newly_see_and_no_longer_see_is_told(
    ground: Ground, enter: Enter
) -> None:
    moderator = await enter(Role.MODERATOR)
    same = "Who may see it, and how much of it, stays the same."
    await suggest(ground, enter, name="Harbour Club")
    assert same in await read_item(moderator)
    await send(moderator, await find_item(moderator), {"decision": "accept"})
    await suggest(ground, enter, visibility="area only", contact_value_0="new@example.org")
    words = await read_item(moderator)
    assert "will see the address and the point on the map any more" in words
    assert f"Everybody will see only that it is in {ground.district['name']}." in words
    assert "Everybody will newly see: new@example.org" in words
    assert "Everybody will no longer see: club@example.org" in words
    await send(moderator, await find_item(moderator), {"decision": "accept"})
    await suggest(ground, enter, address="9 Quay")
    words = await read_item(moderator)
    assert "Nobody but those who look after the area sees the address, before or after." in words
    assert "Only those who look after the area see this point." in words
    await send(moderator, await find_item(moderator), {"decision": "accept"})
    await suggest(ground, enter, visibility="public")
    assert "Everybody will newly see the address and the point on the map." in await read_item(
        moderator
    )
    await send(moderator, await find_item(moderator), {"decision": "accept"})
    await suggest(ground, enter, visibility="hidden")
    assert "It will be on no map, in no list" in await read_item(moderator)


async def test_what_limits_a_listing_besides_its_own_visibility_counts(
    ground: Ground, enter: Enter
) -> None:
    site = {**write_document(ground.district)["sites"][0], "visibility": "area only"}
    await edit_asset(ground.database, ground.asset, {"sites": [site], "visibility": "area only"})
    await suggest(ground, enter, visibility="public")
    moderator = await enter(Role.MODERATOR)
    words = await read_item(moderator)
    assert "Everybody will newly see the address" not in words, "its site stays area only"


async def test_an_addition_tells_how_much_of_it_will_show(ground: Ground, enter: Enter) -> None:
    said = {**write_document(ground.district), "name": "Pier Choir", "visibility": "area only"}
    said["sites"][0]["location"] = at(ground.district["points"][1])
    kept = await add_asset(ground.database, said, Status.WAITING)
    moderator = await enter(Role.MODERATOR)
    words = await read_item(moderator, f"/review/asset/{kept.public_id}")
    name = ground.district["name"]
    assert f"Everybody will newly see this listing, said to be in {name}." in words
    assert "Only those who look after the area will see the address and the point" in words


async def test_who_may_not_review_sees_no_map(ground: Ground, enter: Enter) -> None:
    await suggest(ground, enter, visibility="area only")
    item = await find_item(await enter(Role.MODERATOR))
    for visitor in (await enter(), await enter(Role.ORGANISER), await enter(Role.CONTRIBUTOR)):
        answer = await visitor.get(item, headers=HTML)
        assert answer.status_code in {303, 403}
        assert "ha-spot__mark" not in answer.text
