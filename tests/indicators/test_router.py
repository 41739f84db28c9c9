"""What the API says about indicators, on a place small enough to check by hand."""

import csv
import io

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.pagination import write_cursor
from app.core.versions import raise_version
from app.indicators.queries import select_packed
from app.indicators.service import TOPIC
from tests.indicators.small_place import load_everything


async def say(api: httpx.AsyncClient, path: str) -> str:
    """Return the sentence that a request for nothing is answered with."""
    response = await api.get(path)
    assert response.status_code == 404, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["detail"])


async def test_indicators_are_listed_in_the_order_of_the_pack(api: httpx.AsyncClient) -> None:
    page = (await api.get("/indicators")).json()
    assert [each["code"] for each in page["items"]] == [
        "score", "score_rank", "smoking", "homes", "mood",
    ]  # fmt: skip
    score = page["items"][0]
    assert score["direction"] == "higher is worse"
    assert (score["source"], score["licence"]) == ("Made-up numbers", "CC0-1.0")
    levels = {(level["area_type"], level["boundary_year"]): level for level in score["levels"]}
    assert levels["box", 2021]["periods"] == ["2025", "2024"]
    assert levels["box", 2021]["method"] is None
    assert levels["box", 2011]["value_count"] == 3
    assert "weighted by people" in levels["shelf", 2021]["method"]
    smoking = (await api.get("/indicators/smoking")).json()
    assert smoking["levels"][0]["suppressed_count"] == 1


async def test_pages_join_up_to_the_whole_list(api: httpx.AsyncClient) -> None:
    codes: list[str] = []
    cursor = ""
    while True:
        page = (await api.get(f"/indicators?limit=2{cursor}")).json()
        assert page["total"] == 5
        codes += [each["code"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert codes == ["score", "score_rank", "smoking", "homes", "mood"]


@pytest.mark.parametrize("key", ["score", "99999999999:score", "-1:score"])
@pytest.mark.parametrize("path", ["/indicators?", "/indicators/score/rows?area_type=box&"])
async def test_cursors_that_are_not_ours_are_refused(
    api: httpx.AsyncClient, path: str, key: str
) -> None:
    response = await api.get(f"{path}cursor={write_cursor(key)}")
    assert (response.status_code, "not one of ours" in response.text) == (400, True)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=SMOK", ["smoking"]),
        ("q=score", ["score", "score_rank"]),
        ("topic=Health", ["smoking"]),
        ("area_type=shelf", ["score", "score_rank", "smoking", "homes"]),
        ("boundary_year=2011", ["score"]),
        ("q=%25", []),
    ],
)
async def test_indicators_are_found(api: httpx.AsyncClient, query: str, codes: list[str]) -> None:
    page = (await api.get(f"/indicators?{query}")).json()
    assert [each["code"] for each in page["items"]] == codes
    assert page["total"] == len(codes)


async def test_values_come_in_gid_order_without_the_margin(api: httpx.AsyncClient) -> None:
    body = (await api.get("/indicators/score/values?area_type=box")).json()
    assert (body["boundary_year"], body["period"], body["first_gid"]) == (2021, "2025", 1)
    assert body["values"] == [10, 20, 30, 40]
    assert (body["minimum"], body["maximum"]) == (10, 40)
    assert body["indicator"]["direction"] == "higher is worse"
    earlier = (await api.get("/indicators/score/values?area_type=box&period=2024")).json()
    assert earlier["values"] == [8, 16, 32, None]
    assert (earlier["value_count"], earlier["missing_count"]) == (3, 1)


async def test_values_come_with_where_to_divide_them(api: httpx.AsyncClient) -> None:
    breaks = (await api.get("/indicators/score/values?area_type=box")).json()["breaks"]
    assert breaks["quantile"] == {"edges": [20, 30, 40], "needs": [1, 2, 4, 5]}
    assert breaks["equal"] == {"edges": [17.5, 25, 32.5], "needs": [1, 2, 4, 5]}
    assert breaks["thirds"] == {"edges": [30, 40], "needs": [1, 2, 3]}
    assert (breaks["published"], breaks["published_thirds"]) == (None, None)
    ranks = (await api.get("/indicators/score_rank/values?area_type=box")).json()["breaks"]
    assert ranks["quantile"]["needs"] == [5, 4, 2, 1], "rank 1 is the most deprived"


async def test_a_version_is_an_address_for_good(api: httpx.AsyncClient, database: Database) -> None:
    path = "/indicators/score/values?area_type=box"
    plain = await api.get(path)
    assert plain.headers["cache-control"] == "public, no-cache"
    version = plain.json()["version"]
    kept = await api.get(f"{path}&version={version}")
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.json() == plain.json()
    async with database.sessions.begin() as session:
        await raise_version(session, TOPIC)
    late = await api.get(f"{path}&version={version}")
    assert late.status_code == 404
    assert late.headers["content-type"] == "application/problem+json"
    assert "immutable" not in late.headers.get("cache-control", "")
    now = (await api.get(path)).json()["version"]
    assert late.json()["current_version"] == now != version
    assert (await api.get(f"{path}&version={now}")).status_code == 200
    assert (await api.get(f"{path}&version=")).status_code == 404


async def test_published_tenths_divide_the_score_they_are_of(client: httpx.AsyncClient) -> None:
    said = {}
    for measure in ("score", "rank", "decile"):
        path = f"/api/v1/indicators/deprivation_{measure}_2025/values"
        said[measure] = (await client.get(path, params={"area_type": "lsoa"})).json()
    deciles = said["decile"]["values"]
    for found in said.values():
        published = found["breaks"]["published"]
        needs = [
            value is not None
            and published["needs"][sum(edge <= value for edge in published["edges"])]
            for value in found["values"]
        ]
        for gid, need in published["exceptions"].items():
            needs[int(gid) - 1] = need
        assert needs == [decile is not None and 5 - (decile - 1) // 2 for decile in deciles]
    assert said["score"]["breaks"]["published"]["levels"][-1] == "most deprived 20 %"
    assert said["rank"]["breaks"]["published"]["levels"][0] == "most deprived 20 %"
    larger = await client.get(
        "/api/v1/indicators/deprivation_decile_2025/values", params={"area_type": "msoa"}
    )
    assert larger.json()["breaks"]["published"] is None, "made here, of this place alone"


async def test_suppressed_values_are_none_and_marked(api: httpx.AsyncClient) -> None:
    body = (await api.get("/indicators/smoking/values?area_type=box")).json()
    assert body["values"] == [10, 30, None, 40]
    assert body["statuses"] == {"3": "suppressed"}
    assert body["suppressed_count"] == 1


async def test_boundary_years_never_mix(api: httpx.AsyncClient) -> None:
    old = (await api.get("/indicators/score/values?area_type=box&boundary_year=2011")).json()
    assert (old["period"], old["values"]) == ("2019", [1, 2, 3])
    path = "/indicators/score/values?area_type=box&boundary_year=2021&period=2019"
    assert await say(api, path) == (
        "Score is not known for period '2019' (box of 2021). Held: 2025, 2024."
    )
    trend = (await api.get("/indicators/score/trend?area_type=box&code=B1")).json()
    assert [point["value"] for point in trend["points"]] == [8, 10]
    assert trend["other_boundary_years"] == [2011]


async def test_what_is_not_there_is_told_what_there_is(api: httpx.AsyncClient) -> None:
    assert await say(api, "/indicators/height") == (
        "There is no indicator 'height'. There are: score, score_rank, smoking, homes, mood."
    )
    assert "Known: box, shelf, room" in await say(api, "/indicators/score/values?area_type=parish")
    assert "Held: 2011, 2021" in await say(
        api, "/indicators/score/values?area_type=box&boundary_year=1991"
    )
    assert await say(api, "/indicators/mood/values?area_type=shelf") == (
        "Mood is not known for shelf. It is known for: box of 2021 (2025). Mood is not worked out "
        "for larger areas: its values can be neither added nor averaged."
    )
    assert "No lookup leads" in await say(
        api, "/indicators/homes/values?area_type=box&boundary_year=2011"
    )
    assert "There is no box 'B7' in boundary year 2021" in await say(
        api, "/indicators/score/comparison?area_type=box&code=B7"
    )
    assert await say(api, "/indicators/score/values?area_type=room&period=2024") == (
        "Score is not known for period '2024' (room of 2021). Held: 2025. Not one of the rooms of "
        "2021 would have a value for 2024. Only 66 % of people are in boxes of 2021 with a value."
    )
    assert "for sex 'Female' (box of 2021). Held: everybody" in await say(
        api, "/indicators/score/values?area_type=box&sex=Female&period=2025"
    )


async def test_values_are_asked_for_again_with_their_etag(
    api: httpx.AsyncClient, loaded: Database
) -> None:
    path = "/indicators/score/values?area_type=box"
    first = await api.get(path)
    assert first.headers["cache-control"] == "public, no-cache"
    held = {"If-None-Match": first.headers["etag"]}
    again = await api.get(path, headers=held)
    assert (again.status_code, again.content) == (304, b"")
    await load_everything(loaded)
    assert (await api.get(path, headers=held)).status_code == 200


async def test_a_whole_series_is_one_stretch_of_an_index(loaded: Database) -> None:
    async with loaded.sessions.begin() as session:
        await session.execute(
            text(
                "INSERT INTO indicator_values (series_id, gid, value, status) "
                "SELECT 1000 + n / 1000, 1 + n % 1000, 1, '' FROM generate_series(0, 99999) AS n"
            )
        )
        await session.execute(text("ANALYZE indicator_values"))
        query = select_packed().params(series_id=1005, last_gid=900)
        plain = query.compile(loaded.engine.sync_engine, compile_kwargs={"literal_binds": True})
        rows = (await session.execute(text(f"EXPLAIN {plain}".replace(":", r"\:")))).all()
    plan = str(rows)
    assert "pk_indicator_values" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


async def test_rows_have_names_and_all_that_is_published(api: httpx.AsyncClient) -> None:
    page = (await api.get("/indicators/smoking/rows?area_type=box&limit=3")).json()
    assert (page["total"], [row["code"] for row in page["items"]]) == (4, ["B1", "B2", "B3"])
    assert page["items"][0] == {
        "gid": 1, "code": "B1", "name": "=Left", "value": 10, "lower": 1, "upper": 99,
        "numerator": 10, "denominator": 100, "status": "", "note": None,
    }  # fmt: skip
    assert (page["items"][2]["status"], page["items"][2]["note"]) == ("suppressed", "under 5")
    rest = await api.get(f"/indicators/smoking/rows?area_type=box&limit=3&cursor={page['next']}")
    assert [row["code"] for row in rest.json()["items"]] == ["B4"]
    assert rest.json()["next"] is None


async def test_rows_list_areas_without_a_value_too(api: httpx.AsyncClient) -> None:
    page = (await api.get("/indicators/score/rows?area_type=box&period=2024")).json()
    assert [row["value"] for row in page["items"]] == [8, 16, 32, None]
    assert page["items"][3]["status"] == ""


async def test_the_file_for_spreadsheets_runs_no_formula(api: httpx.AsyncClient) -> None:
    response = await api.get("/indicators/smoking/rows?area_type=box&format=csv")
    assert response.headers["content-type"].startswith("text/csv")
    assert 'filename="smoking_box_2021_2025.csv"' in response.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["code"] for row in rows] == ["B1", "B2", "B3", "B4"]
    assert rows[0]["name"] == "'=Left"
    assert (rows[0]["value"], rows[2]["value"], rows[2]["status"]) == ("10.0", "", "suppressed")
    assert {row["licence"] for row in rows} == {"CC0-1.0"}
    assert {(row["boundary_year"], row["period"]) for row in rows} == {("2021", "2025")}


async def test_a_trend_stands_beside_what_it_is_compared_with(api: httpx.AsyncClient) -> None:
    trend = (await api.get("/indicators/score/trend?area_type=shelf&code=S1")).json()
    assert [point["period"] for point in trend["points"]] == ["2024", "2025"]
    assert [point["comparators"][0]["value"] for point in trend["points"]] == [21.5, 22.5]
    assert trend["points"][1]["value"] == pytest.approx(40 / 3)
    assert trend["area"]["name"] == "Area S1"


async def test_an_area_is_compared_with_its_parents_and_its_place(api: httpx.AsyncClient) -> None:
    body = (await api.get("/indicators/score/comparison?area_type=box&code=B2")).json()
    assert body["own"]["value"] == 20
    assert [parent["area"]["code"] for parent in body["parents"]] == ["S1"]
    assert body["parents"][0]["value"] == pytest.approx(40 / 3)
    assert [each["name"] for each in body["comparators"]] == ["Nation"]
    assert body["spread"] == {"value_count": 4, "minimum": 10, "median": 25, "maximum": 40}
    assert body["standing"] == {
        "from_highest": 3, "from_lowest": 2, "same_value": 1, "of": 4, "percentile": 37.5,
    }  # fmt: skip


async def test_an_area_without_a_value_has_no_standing(api: httpx.AsyncClient) -> None:
    body = (await api.get("/indicators/smoking/comparison?area_type=box&code=B3")).json()
    assert (body["own"]["value"], body["own"]["status"]) == (None, "suppressed")
    assert body["standing"] is None
    assert body["spread"]["value_count"] == 3


async def test_an_area_has_the_newest_of_every_indicator(api: httpx.AsyncClient) -> None:
    body = (await api.get("/areas/box/B1/indicators")).json()
    found = {each["indicator"]["code"]: each for each in body["items"]}
    assert list(found) == ["score", "score_rank", "smoking", "homes", "mood"]
    assert (found["score"]["period"], found["score"]["value"]) == ("2025", 10)
    assert found["score"]["comparators"][0]["value"] == 22.5
    old = (await api.get("/areas/box/B1/indicators?boundary_year=2011")).json()
    assert [(each["indicator"]["code"], each["value"]) for each in old["items"]] == [("score", 1)]
    assert "no box 'A9'" in await say(api, "/areas/box/A9/indicators")
