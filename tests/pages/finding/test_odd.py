"""Whatever an address says, the page answers with a sentence, and nothing of it runs."""

import re

import httpx
import pytest

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}
FIELDS = (
    "where", "near", "postcode", "place", "category", "when", "at", "free", "step_free",
    "language", "age", "within", "q", "sort", "bbox", "cursor", "first",
)  # fmt: skip
ODD = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "\U0001f600\U0001f3f4\u200d\u2620\ufe0f",
    "\u202eevil\u202c \u2066x",
    "a\x00b\x1b[31m\r\nSet-Cookie: x=1",
    "-1e999",
    "9" * 400,
    "%s %(x)s {} {{ 7*7 }} ${7*7}",
    "' OR 1=1; --",
    "msoa:E99999999",
    "0,0",
    "181,91",
    "HF",
    "!!!",
    "&|!():*",
)


@pytest.mark.parametrize("field", FIELDS)
async def test_no_field_brings_it_down_or_comes_out_alive(
    client: httpx.AsyncClient, field: str
) -> None:
    for value in (*ODD, "x" * 20_000):
        response = await client.get("/near", params={field: value}, headers=HTML)
        page = response.text
        assert response.status_code in {200, 400}, (value, response.status_code)
        assert "<h1" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\x00" not in page
        assert len(page) < 400_000
        if response.status_code == 400:
            assert "<title>Problem:" in page
            assert 'role="alert"' in page


async def test_all_at_once(client: httpx.AsyncClient) -> None:
    for value in ODD:
        asked = dict.fromkeys(FIELDS, value)
        response = await client.get("/near", params=asked, headers=HTML)
        assert response.status_code == 400
        summary = response.text.split('role="alert"')[1].split("</ul>")[0]
        assert len(re.findall("<li>", summary)) > 3


async def test_a_place_above_a_place_is_read_as_the_words_say(client: httpx.AsyncClient) -> None:
    districts = (await client.get("/api/v1/areas?type=msoa")).json()["items"]
    asked = {"place": f"msoa:{districts[0]['code']}", "where": districts[5]["name"]}
    page = (await client.get("/near", params=asked, headers=HTML)).text
    assert re.search(rf"<h1[^>]*>In {districts[5]['name']}", page)


async def test_what_was_typed_is_kept_beside_what_is_wrong(client: httpx.AsyncClient) -> None:
    asked = {"where": "Nowhere Hill", "category": "lib", "free": "yes", "q": "story time"}
    response = await client.get("/near", params=asked, headers=HTML)
    page = response.text
    assert response.status_code == 400
    assert 'value="Nowhere Hill"' in page
    assert '<option value="lib" selected>' in page
    assert 'value="story time"' in page
    assert re.search(r'name="free" value="yes" checked', page)
    assert 'aria-describedby="where-error"' in page


async def test_named_areas_of_the_api_answer_anything(client: httpx.AsyncClient) -> None:
    for value in ODD:
        response = await client.get("/api/v1/areas/named", params={"q": value})
        assert response.status_code in {200, 422}, value
