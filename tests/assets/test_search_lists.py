"""Lists by name, words, area and what people need; and hidden ones that may be found."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.assets.small_place import Site, add_asset, add_organisation, name_asset

HERE = (1.191221, 53.875186)


@pytest.fixture(scope="session")
def origin(bare_template: str) -> str:
    """All these tests begin without the assets of the demonstration place."""
    return bare_template


@pytest.fixture
def place(demo_database: Database) -> Database:
    """The demonstration place without its own assets."""
    return demo_database


async def ask(client: httpx.AsyncClient, query: str) -> Any:  # noqa: ANN401 - JSON
    """Return a page of a search."""
    response = await client.get(f"/api/v1/assets?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def names(page: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the names on a page, in order."""
    return [feature["properties"]["name"] for feature in page["features"]]


async def find_areas(database: Database, point: tuple[float, float]) -> dict[str, str]:
    """Return the codes of the areas at a point, by kind, in the newest years."""
    query = text("""
        SELECT DISTINCT ON (b.area_type) b.area_type, a.code FROM area_parts AS p
        JOIN areas AS a ON a.id = p.area_id JOIN boundary_sets AS b ON b.id = a.boundary_set_id
        WHERE ST_Intersects(p.part, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
        ORDER BY b.area_type, b.boundary_year DESC
    """)
    async with database.sessions() as session:
        rows = await session.execute(query, {"lon": point[0], "lat": point[1]})
        return {row.area_type: row.code for row in rows}


async def test_without_a_point_everything_is_listed_by_name(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "école du soir", [Site(at=HERE)])
    await add_asset(place, "Zumba", [Site(mode="online")])
    await add_asset(place, "Advice line", [Site(mode="phone")])
    await add_asset(place, "Desk", [Site(at=HERE, role="registered", visibility="public")])
    page = await ask(client, "")
    assert names(page) == ["Advice line", "Desk", "école du soir", "Zumba"]
    assert page["number_matched"] == 4
    by_name = {feature["properties"]["name"]: feature for feature in page["features"]}
    assert by_name["Zumba"]["geometry"] is None
    assert by_name["Zumba"]["properties"]["mode"] == "online"
    assert by_name["école du soir"]["geometry"]["type"] == "Point"
    assert by_name["école du soir"]["properties"]["distance_m"] is None
    found = []
    query = "limit=1"
    for _ in range(4):
        page = await ask(client, query)
        found += names(page)
        query = page["links"][-1]["href"].partition("?")[2]
    assert found == ["Advice line", "Desk", "école du soir", "Zumba"]


async def test_only_places_of_delivery_are_near_anybody(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Desk", [Site(at=HERE, role="registered", visibility="public")])
    assert names(await ask(client, f"near={HERE[0]},{HERE[1]}")) == []


async def test_words_are_found_by_stem_beginning_and_synonym(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Quayside singers", [Site(at=HERE)], categories=("music-arts",))
    await add_asset(place, "Reading on Fridays", [Site(at=HERE)], categories=("shared-reading",))
    about = "We sing sometimes, and we mend bicycles."
    await add_asset(place, "Bike café", [Site(at=HERE)], categories=("repair",), description=about)
    assert names(await ask(client, "q=singing")) == ["Quayside singers", "Bike café"]
    assert names(await ask(client, "q=quays")) == ["Quayside singers"]
    assert names(await ask(client, "q=mending+bicy")) == ["Bike café"]
    assert names(await ask(client, "q=cafe")) == ["Bike café"]
    assert names(await ask(client, 'q="reading+on"')) == ["Reading on Fridays"]
    assert names(await ask(client, "q=sing+-bicycles")) == ["Quayside singers"]
    assert (await ask(client, "q=singing"))["note"] is None


async def test_a_slip_of_the_pen_finds_names_like_it_and_says_so(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Harbour Library", [Site(at=HERE)])
    await add_asset(place, "Swimming", [Site(at=HERE)], categories=("swimming",))
    page = await ask(client, "q=libary")
    assert names(page) == ["Harbour Library"]
    assert page["note"] == "Nothing has these words; these names are like them."
    near = await ask(client, f"q=harbor+libary&near={HERE[0]},{HERE[1]}")
    assert names(near) == ["Harbour Library"]
    assert near["features"][0]["properties"]["distance_m"] == 0.0
    assert names(await ask(client, "q=the")) == []


async def test_private_words_find_nothing(client: httpx.AsyncClient, place: Database) -> None:
    await add_organisation(place, "Wolverine Trust", visibility="hidden")
    site = Site(at=HERE, visibility="area only", address="12 Platypus Lane", postcode="QQ9 9QQ")
    await add_asset(place, "Club", [site], organisation=None)
    await add_asset(place, "Other", [Site(at=HERE)], organisation="Wolverine Trust")
    for word in ("platypus", "QQ9", "wolverine"):
        assert names(await ask(client, f"q={word}")) == []


async def test_a_category_holds_its_narrower_ones_and_several_are_any_of_them(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Baths", [Site(at=HERE)], categories=("swimming",))
    await add_asset(place, "Larder", [Site(at=HERE)], categories=("food-bank",))
    await add_asset(place, "Books", [Site(at=HERE)], categories=("library", "lunch-club"))
    for where in ("", f"&near={HERE[0]},{HERE[1]}"):
        assert names(await ask(client, f"category=move{where}")) == ["Baths"]
        assert sorted(names(await ask(client, f"category=food{where}"))) == ["Books", "Larder"]
        page = await ask(client, f"category=swimming&category=food{where}")
        assert sorted(names(page)) == ["Baths", "Books", "Larder"]
        assert page["number_matched"] == 3


async def test_people_find_what_they_need(client: httpx.AsyncClient, place: Database) -> None:
    charity = await add_organisation(place, "Helpers")
    await add_asset(
        place, "Everything", [Site(at=HERE)], organisation="Helpers", kind="activity", cost="free",
        step_free="yes", accessible_toilet="yes", hearing_loop="no", parking="yes",
        languages=["en", "zh-Hant"], min_age=11, max_age=18, term_time_only="yes",
    )  # fmt: skip
    await add_asset(place, "Nothing said", [Site(at=HERE)])
    for asked in (
        "kind=activity", "cost=free", "step_free=yes", "accessible_toilet=yes", "hearing_loop=no",
        "parking=yes", "language=zh", "language=zh-Hant", "term_time=yes",
        f"organisation={charity}",
    ):  # fmt: skip
        for where in ("", f"&near={HERE[0]},{HERE[1]}"):
            page = await ask(client, asked + where)
            assert (names(page), page["number_matched"]) == (["Everything"], 1), asked
    assert names(await ask(client, "language=zho")) == []
    for age, found in ((10, 1), (11, 2), (18, 2), (19, 1)):
        assert (await ask(client, f"age={age}"))["number_matched"] == found
    said = (await ask(client, "cost=free"))["features"][0]["properties"]
    assert said["organisation"] == {"id": str(charity), "name": "Helpers"}
    assert (said["min_age"], said["max_age"]) == (11, 18)


async def test_an_area_holds_what_is_in_it_and_what_serves_it_or_a_part_or_the_whole(
    client: httpx.AsyncClient, place: Database
) -> None:
    codes = await find_areas(place, HERE)
    await add_asset(place, "Here", [Site(at=HERE)])
    await add_asset(place, "Here about", [Site(at=HERE, visibility="area only")])
    for kind in ("lsoa", "msoa", "authority"):
        served = [(kind, codes[kind])]
        await add_asset(place, f"To the {kind}", [Site(mode="served areas", serves=served)])
    far = [("authority", "X99999999")]
    await add_asset(place, "To others", [Site(mode="served areas", serves=far)])
    serving = ["To the authority", "To the lsoa", "To the msoa"]
    district = await ask(client, f"area=msoa:{codes['msoa']}")
    assert names(district) == ["Here", "Here about", *serving]
    assert district["number_matched"] == 5
    whole = await ask(client, f"area=authority:{codes['authority']}")
    assert names(whole) == ["Here", "Here about", *serving]
    # The neighbourhood is finer than what is told of the second.
    assert names(await ask(client, f"area=lsoa:{codes['lsoa']}")) == ["Here", *serving]


async def test_hidden_ones_that_may_be_found_are_found_by_those_they_serve_only(
    client: httpx.AsyncClient, place: Database
) -> None:
    codes = await find_areas(place, HERE)
    serves = [("authority", codes["authority"])]
    contacts = [("phone", "0800 000 000", "public"), ("email", "secret@example.org", "hidden")]
    refuge = Site(at=HERE, serves=serves, contacts=contacts, address="4 Hidden Lane")
    await add_asset(
        place, "Safe house", [refuge], categories=("domestic-abuse",), visibility="hidden",
        findable=True, kind="service", cost="free", description="Behind the old mill.",
    )  # fmt: skip
    await add_asset(
        place, "Safer house", [refuge], categories=("domestic-abuse",), visibility="hidden"
    )
    here = f"area=authority:{codes['authority']}"
    page = await ask(client, f"{here}&category=domestic-abuse")
    assert page["features"] == [
        {
            "type": "Feature",
            "id": str(name_asset("Safe house")),
            "geometry": None,
            "properties": {
                "name": "Safe house",
                "categories": ["domestic-abuse"],
                "visibility": "hidden",
                "contacts": [{"kind": "phone", "value": "0800 000 000", "label": ""}],
            },
        }
    ]
    assert page["number_matched"] == 1
    assert names(await ask(client, f"area=lsoa:{codes['lsoa']}&q=safe")) == ["Safe house"]
    for asked in (
        here, "category=domestic-abuse", "q=safe", f"{here}&q=mill", f"{here}&q=lane",
        f"{here}&category=domestic-abuse&cost=free", f"{here}&q=safe&kind=service",
        f"{here}&q=safe&bbox=-180,-90,180,90", f"{here}&q=safe&near={HERE[0]},{HERE[1]}",
        f"{here}&category=library",
    ):  # fmt: skip
        assert names(await ask(client, asked)) == [], asked


async def test_a_box_may_cross_the_antimeridian(client: httpx.AsyncClient, place: Database) -> None:
    await add_asset(place, "Club", [Site(at=HERE)])
    assert names(await ask(client, "bbox=1,53,2,54")) == ["Club"]
    assert names(await ask(client, "bbox=2,53,1,54")) == []
    assert names(await ask(client, "bbox=170,53,2,54")) == ["Club"]
    assert names(await ask(client, f"bbox=1,53,1.1,54&near={HERE[0]},{HERE[1]}")) == []


async def test_a_site_at_a_place_has_its_address_and_point(
    client: httpx.AsyncClient, place: Database
) -> None:
    hall = Site(at=HERE, address="2 Hall Road", postcode="HF1 1AA")
    await add_asset(place, "Town Hall", [hall], kind="place")
    await add_asset(place, "Choir", [Site(mode="place", place="Town Hall")], kind="activity")
    said = (await ask(client, f"near={HERE[0]},{HERE[1]}&kind=activity"))["features"][0]
    assert said["properties"]["place"] == {"id": str(name_asset("Town Hall")), "name": "Town Hall"}
    assert (said["properties"]["address"], said["properties"]["postcode"]) == (
        "2 Hall Road",
        "HF1 1AA",
    )
    assert said["geometry"]["coordinates"] == pytest.approx(HERE, abs=1e-6)
