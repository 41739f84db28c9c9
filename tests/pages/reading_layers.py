"""Reads the page of layers as its tests need it."""

import re
from collections import Counter
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx

HTML = {"accept": "text/html"}
SCORE = "deprivation_score_2025"


async def read(client: httpx.AsyncClient, **asked: object) -> str:
    """Return the page."""
    return await read_refusal(client, 200, asked)


async def read_refusal(client: httpx.AsyncClient, status: int, asked: Mapping[str, object]) -> str:
    """Return the page that comes with a status."""
    query = urlencode(asked, doseq=True)
    answer = await client.get(f"/layers?{query}", headers=HTML)
    assert answer.status_code == status, answer.text
    return answer.text


async def read_values(client: httpx.AsyncClient, code: str, **asked: str) -> Any:  # noqa: ANN401
    """Return what the API says of a series."""
    answer = await client.get(f"/api/v1/indicators/{code}/values", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def read_data(page: str) -> dict[str, str]:
    """Return what the result tells the script, by name."""
    opening = re.findall(r"<div [^>]*data-layers-result[^>]*>", page)[0]
    return {name: unescape(value) for name, value in re.findall(r'data-([\w-]+)="(.*?)"', opening)}


def read_classes(page: str) -> list[tuple[str, int]]:
    """Return the sign and the count of each row of the first legend."""
    table = page.split('<table class="ha-classes">')[1].split("</table>", maxsplit=1)[0]
    rows = re.findall(
        r'ha-swatch (ha-[\w-]+)".*?<td class="ha-number">([\d,]+)</td>', table, re.DOTALL
    )
    return [(sign, int(count.replace(",", ""))) for sign, count in rows]


def count_shapes(page: str) -> Counter[str]:
    """Return how many areas the still map draws in each class."""
    drawing = page.split('class="ha-still__shapes"')[1].split("</g>", maxsplit=1)[0]
    return Counter(re.findall(r'<path class="(ha-[\w-]+)"', drawing))


def read_rows(page: str) -> list[dict[str, str]]:
    """Return the rows of the table: gid, code, name, and the text of all cells."""
    body = page.split("data-ranking>")[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return [
        {
            "gid": re.findall(r'data-gid="(\d+)"', row)[0],
            "code": re.findall(r'data-code="(.*?)"', row)[0],
            "name": unescape(re.findall(r'id="layers-row-.*?>(.*?)</a>', row)[0]),
            "text": " ".join(unescape(re.sub(r"<[^>]+>", " ", f"<tr {row}")).split()),
        }
        for row in body.split("<tr ")[1:]
    ]


def say_finding(page: str) -> str:
    """Return the sentence above the map as one reads it."""
    found = re.findall(r'<p class="ha-finding[^>]*>(.*?)</p>', page, re.DOTALL)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found)).split())


def find_need(value: float | None, division: Mapping[str, Any], gid: int) -> int:
    """Return the class of a value as a script that colours the map would."""
    if value is None:
        return 0
    known = division.get("exceptions", {}).get(str(gid))
    place = sum(edge <= value for edge in division["edges"])
    return int(known or division["needs"][place])
