"""What every page of the walk is made with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import Request
from fastapi.responses import HTMLResponse

from app.core.settings import Settings
from app.drafts.service import Draft
from app.packs.schemas import PackRead
from app.pages.adding.ground import Ground
from app.pages.hours_words import say_clock
from app.pages.layout import Templates
from app.pages.said import Problems, Said

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""Nothing keeps a page of a draft: not a proxy, not the next reader at a library's computer."""


@dataclass
class Shown:
    """What is special about one answer of the walk.

    Attributes:
        problems: What is to be put right.
        status: Of the response.
        fragment: Template of the part that a script asked for; None for the whole page.
        more: What the template says besides.
    """

    problems: Problems = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK
    fragment: str | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """What every page of the walk is made with."""

    request: Request
    pack: PackRead | None
    ground: Ground

    @property
    def templates(self) -> Templates:
        """The renderer."""
        return cast("Templates", self.request.app.state.templates)

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return cast("Settings", self.request.app.state.settings)

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.templates.choose_language(self.request, self.pack)

    def say(self, said: Said) -> str:
        """Return a sentence in the visitor's language, its values put in."""
        return said.write(self.translate)

    def translate(self, sentence: str) -> str:
        """Return a sentence of ours in the visitor's language."""
        return self.templates.translate({"it": sentence}, self.language)["it"]

    def say_saved(self, draft: Draft) -> str:
        """Return when a draft was saved, as the clocks of the place show it."""
        local = draft.updated_at.astimezone(ZoneInfo(self.ground.customs.time_zone))
        return say_clock(local.hour * 60 + local.minute, self.language)

    def say_kept_until(self, draft: Draft) -> str:
        """Return the last day on which a draft is kept if nobody touches it."""
        last = draft.updated_at + timedelta(days=self.settings.draft_days)
        local = last.astimezone(ZoneInfo(self.ground.customs.time_zone)).date()
        return format_date(local, "long", locale=self.language.replace("-", "_"))

    def render(self, template: str, context: Mapping[str, Any], status: HTTPStatus) -> HTMLResponse:
        """Return a page that nothing keeps."""
        page = self.templates.render(self.request, template, context, pack=self.pack, status=status)
        page.headers.update(PRIVATE)
        return page
