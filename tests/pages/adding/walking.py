"""Somebody who answers the questions of `/add`, as a browser without scripts would."""

import re
from html import unescape
from typing import Any

import httpx

from app.core.database import Database
from tests.planting import find_district

HTML = {"accept": "text/html"}
TITLE = re.compile(r"<title>(.*?) - Hereabouts</title>", re.DOTALL)

KIND = {"kind": "activity", "category": "library"}
TIME = {"when": "weekly", "from_th": "12", "to_th": "3.30 pm"}
PEOPLE = {"eligibility": "Anybody", "cost": "free"}
CONTACT = {"phone": "0151 496 0000", "visibility": "public"}


async def find_place(database: Database) -> dict[str, str]:
    """Return a point in the demonstration place as it is typed."""
    district = await find_district(database)
    lon, lat = district["points"][0]
    return {"name": "Brassica soup", "where": "point", "lat": str(lat), "lon": str(lon)}


class Walker:
    """One browser on its way through the questions.

    Attributes:
        client: Keeps the cookies.
        draft: The address of the draft, once there is one.
        page: The answer looked at last.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.draft = ""
        self.page: Any = None

    async def open(self, path: str) -> httpx.Response:
        """Open a page."""
        page = self.page = await self.client.get(path, headers=HTML)
        return page

    async def begin(self, **fields: str) -> httpx.Response:
        """Answer the first question."""
        await self.open("/add")
        return await self.send("/add", {**KIND, **fields})

    async def answer(self, slug: str, fields: dict[str, Any], action: str = "continue") -> None:
        """Answer a question of the draft and follow where that leads."""
        await self.send(f"{self.draft}/{slug}", {**fields, "action": action})

    async def send(self, path: str, fields: dict[str, Any]) -> httpx.Response:
        """Send a form with the token of the page looked at last."""
        data = {"csrf_token": self.read_token(), **fields}
        sent = await self.client.post(path, data=data, headers=HTML)
        self.page = sent
        if sent.status_code == 303:
            leads_to = sent.headers["location"]
            if found := re.match(r"/add/[0-9a-f-]{36}", leads_to):
                self.draft = found[0]
            return await self.open(leads_to)
        if found := re.search(r'action="(/add/[0-9a-f-]{36})/', sent.text):
            self.draft = found[1]
        return sent

    async def walk(self, place: dict[str, str]) -> None:
        """Answer every question, up to the check."""
        await self.begin()
        await self.answer("place", place)
        await self.answer("time", TIME)
        await self.answer("places", {"more": "no"})
        await self.answer("people", PEOPLE)
        await self.answer("contact", CONTACT)

    def read_token(self) -> str:
        """Return the token of the form on the page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text)
        assert found, self.page.text[:500]
        return found[1]

    @property
    def title(self) -> str:
        """The title of the page."""
        found = TITLE.search(self.page.text)
        return unescape(found[1]).strip() if found else ""

    @property
    def problems(self) -> list[str]:
        """What the page wants to be put right."""
        summary = self.page.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
        return [unescape(each).strip() for each in re.findall(r"<a href[^>]*>(.*?)</a>", summary)]
