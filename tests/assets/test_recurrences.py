"""Hours said as recurrences, from the document to the search and back."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.assets.test_editing_router import SITE, Headers, add, administrator

__all__ = ["administrator"]

FIRST_MONDAY: dict[str, Any] = {
    "rrule": "FREQ=MONTHLY;BYDAY=1MO",
    "dtstart": "2026-12-01",
    "starts": "14:00",
    "ends": "16:00",
    "except_dates": ["2026-12-25", "2027-01-04"],
}
FORTNIGHT: dict[str, Any] = {
    "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
    "dtstart": "2026-12-04",
    "starts": "22:00",
    "ends": "01:00",
    "except_dates": [],
}


def with_hours(*recurrences: dict[str, Any], **more: object) -> list[dict[str, Any]]:
    """Return the sites of a document with these recurrences."""
    return [{**SITE, "recurrences": list(recurrences), **more}]


async def read_site(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """Return what everybody may know of the only site."""
    site: dict[str, Any] = (await client.get(address)).json()["sites"][0]
    return site


async def test_a_recurrence_comes_back_as_it_was_said_and_as_opening_hours(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator, sites=with_hours(FIRST_MONDAY))
    document = (await client.get(f"{address}/document", headers=administrator)).json()
    assert document["sites"][0]["recurrences"] == [FIRST_MONDAY]
    assert document["sites"][0]["opening_hours"] == ""
    site = await read_site(client, address)
    assert site["recurrences"] == [FIRST_MONDAY]
    assert site["opening_hours"] == (
        "2026 Dec 01+ Mo[1] 14:00-16:00; 2026 Dec 25 off; 2027 Jan 04 off"
    )


async def test_what_openstreetmap_has_no_words_for_is_said_as_a_recurrence(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator, sites=with_hours(FORTNIGHT))
    site = await read_site(client, address)
    assert (site["opening_hours"], site["recurrences"]) == (None, [FORTNIGHT])


async def test_it_is_found_while_it_takes_place_and_not_on_dates_left_out(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator, sites=with_hours(FIRST_MONDAY, FORTNIGHT))
    asset = address.rpartition("/")[2]

    async def is_open(moment: str) -> bool:
        query = {"near": "1.184912,53.849518", "radius_m": "100", "open_at": moment}
        found = (await client.get("/api/v1/assets", params=query)).json()["features"]
        return asset in {each["id"] for each in found}

    told = {
        moment: await is_open(moment)
        for moment in (
            "2026-12-07T15:00", "2026-12-07T16:00", "2026-12-14T15:00", "2027-01-04T15:00",
            "2027-02-01T15:00", "2026-12-05T00:30", "2026-12-12T00:30", "2026-12-19T00:30",
        )
    }  # fmt: skip
    assert [moment for moment, is_told in told.items() if is_told] == [
        "2026-12-07T15:00", "2027-02-01T15:00", "2026-12-05T00:30", "2026-12-19T00:30",
    ]  # fmt: skip


async def test_the_next_dates_are_told(client: httpx.AsyncClient, administrator: Headers) -> None:
    ahead = {**FIRST_MONDAY, "dtstart": "2020-01-01", "except_dates": []}
    site = await read_site(client, await add(client, administrator, sites=with_hours(ahead)))
    days = [date.fromisoformat(each["start"][:10]) for each in site["next_dates"]]
    assert len(days) == 5
    assert all(day.weekday() == 0 and day.day <= 7 for day in days)
    assert {each["start"][11:16] for each in site["next_dates"]} == {"14:00"}


async def test_equal_recurrences_share_one_schedule(
    client: httpx.AsyncClient, administrator: Headers, demo_database: Database
) -> None:
    spelled = {**FIRST_MONDAY, "rrule": "rrule:byday=+1mo;freq=monthly"}
    for each in (FIRST_MONDAY, spelled):
        await add(client, administrator, sites=with_hours(each))
    query = """SELECT h.opening_hours, count(*), array_agg(DISTINCT r.byday)
        FROM asset_sites AS s JOIN schedules AS h ON h.id = s.schedule_id
        JOIN schedule_rules AS r ON r.schedule_id = h.id
        WHERE r.dtstart = '2026-12-01' GROUP BY h.id"""
    async with demo_database.sessions() as session:
        [row] = (await session.execute(text(query))).all()
    assert (row[1], row[2]) == (2, [["1MO"]])


async def test_going_back_brings_a_recurrence_back(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator, sites=with_hours(FIRST_MONDAY))
    site = (await client.get(f"{address}/document", headers=administrator)).json()["sites"][0]
    plain = {**site, "recurrences": [], "opening_hours": "Tu 10:00-12:00"}
    headers = {**administrator, "If-Match": '"1"'}
    await client.patch(address, json={"sites": [plain]}, headers=headers)
    changed = await read_site(client, address)
    assert (changed["opening_hours"], changed["recurrences"]) == ("Tu 10:00-12:00", [])
    headers = {**administrator, "If-Match": '"2"'}
    back = await client.post(f"{address}/reversions", json={"revision": 1}, headers=headers)
    assert back.status_code == 200, back.text
    assert (await read_site(client, address))["recurrences"] == [FIRST_MONDAY]
    document = (await client.get(f"{address}/document", headers=administrator)).json()
    assert document["sites"] == [site]


async def test_a_held_answer_is_sent_anew_when_only_a_date_is_left_out(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator, sites=with_hours(FORTNIGHT))
    held = {"If-None-Match": (await client.get(address)).headers["etag"]}
    assert (await client.get(address, headers=held)).status_code == 304
    sites = with_hours({**FORTNIGHT, "except_dates": ["2026-12-18"]})
    headers = {**administrator, "If-Match": '"1"'}
    await client.patch(address, json={"sites": sites}, headers=headers)
    assert (await client.get(address, headers=held)).status_code == 200


@pytest.mark.parametrize(
    ("site", "status", "sentence"),
    [
        ({"opening_hours": "Mo 10:00-12:00"}, 422, "give `opening_hours` or `recurrences`"),
        ({"rrule": "FREQ=HOURLY"}, 400, "Recurrence 2 of site 1, 'FREQ=HOURLY': freq is"),
        ({"rrule": "BYDAY=MO"}, 400, "RRULE lacks FREQ. Add FREQ=WEEKLY"),
        ({"rrule": ""}, 422, "sites.0.recurrences.1.rrule"),
        ({"starts": "2 pm"}, 422, "'2 pm' is no time of day on the local clock. Write it as"),
        ({"starts": "16:00"}, 422, "`starts` and `ends` are both 16:00"),
        ({"dtstart": "1066-10-14"}, 422, "sites.0.recurrences.1.dtstart"),
        ({"until": "2027-01-01"}, 422, "sites.0.recurrences.1.until"),
    ],
    ids=["both", "freq", "no freq", "empty", "time", "no length", "year", "unknown"],
)
async def test_bad_recurrences_are_told_by_field_value_and_remedy(
    client: httpx.AsyncClient,
    administrator: Headers,
    site: dict[str, Any],
    status: int,
    sentence: str,
) -> None:
    more = {"opening_hours": site.pop("opening_hours")} if "opening_hours" in site else {}
    sites = with_hours(FIRST_MONDAY, {**FORTNIGHT, "ends": "16:00", **site}, **more)
    address = await add(client, administrator)
    headers = {**administrator, "If-Match": '"1"'}
    answer = await client.patch(address, json={"sites": sites}, headers=headers)
    assert answer.status_code == status, answer.text
    assert sentence in answer.json()["detail"]


async def test_there_are_so_many_recurrences_and_dates_left_out_at_most(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    days = [str(date(2027, 1, 1) + timedelta(days=number)) for number in range(100)]
    told = {}
    for sites in (
        with_hours(*[FORTNIGHT] * 20) * 6,
        with_hours(*[{**FORTNIGHT, "except_dates": days}] * 3),
    ):
        document = {"kind": "activity", "name": "x", "categories": ["befriending"], "sites": sites}
        answer = await client.post("/api/v1/assets", json=document, headers=administrator)
        told[len(sites)] = (answer.status_code, answer.json()["detail"])
    assert (told[6][0], told[1][0]) == (422, 422)
    assert "its sites have 120 `recurrences`; 100 are the most" in told[6][1]
    assert "have 300 `except_dates`; 200 are the most" in told[1][1]
