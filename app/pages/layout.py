"""The frame of every page: language, appearance, header, footer, and the rendering itself."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    Undefined,
)
from markupsafe import Markup, escape

from app.core.errors import UnavailableError
from app.core.security import cookie_name, csrf_token
from app.core.settings import Settings
from app.packs.schemas import PackRead
from app.pages.assets import Assets, EntryFiles
from app.pages.languages import SOURCE_LANGUAGE, Catalogues, choose_language, find_direction
from app.pages.names import StrictName

HERE = Path(__file__).parent
THEME_COOKIE = "theme"
Theme = Literal["device", "light", "dark"]
THEMES: tuple[Theme, ...] = ("device", "light", "dark")
LICENCES = {
    "OGL-UK-3.0": "Open Government Licence v3.0",
    "CC0-1.0": "CC0 1.0",
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "ODbL-1.0": "Open Database License 1.0",
}
"""Licences by their short names in SPDX, and as their makers call them."""

TEMPLATES = ChoiceLoader(
    [
        FileSystemLoader(HERE / "templates"),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ]
)
"""Ours, and the components of govuk-frontend."""

CATALOGUES = Catalogues(HERE / "locale")
"""The translations beside this module."""

_MONTH = re.compile(r"\d{4}-\d{2}")


class Templates:
    """Renders templates into pages, in the visitor's language and appearance.

    Args:
        settings: Tells where the frontend build is.
        catalogues: The translations; by default those beside this module.

    Attributes:
        latest_pack: The pack of the latest page that had one, for a page that has to be made
            while the database cannot be asked.
    """

    def __init__(self, settings: Settings, catalogues: Catalogues | None = None) -> None:
        self._catalogues = catalogues or CATALOGUES
        self._assets = Assets(settings.frontend_dir)
        self._parts: dict[tuple[str, str], tuple[tuple[object, ...], Markup]] = {}
        self.latest_pack: PackRead | None = None

    def render(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        pack: PackRead | None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> HTMLResponse:
        """Return a page.

        Args:
            request: The visitor's request.
            template: Its file in `templates/`.
            context: What the template says; the frame's own names are added.
            pack: The place the service is about; None before one is loaded.
            status: The response's status.

        Raises:
            UnavailableError: The frontend has not been built, and the page is not an error page.
        """
        self.latest_pack = pack or self.latest_pack
        language = self.choose_language(request, pack)
        frame = {
            "request": request,
            "pack": pack,
            "language": language,
            "direction": find_direction(language),
            "theme": read_theme(request),
            "visitor": getattr(request.state, "actor", None),
            "csrf_token": csrf_token(request),
            "return_to": _find_return(request, status),
            **self._find_files(status),
        }
        page = self._environment(language).get_template(template)
        response = HTMLResponse(page.render({**frame, **context}), status_code=int(status))
        response.headers["Vary"] = "Accept-Language, Cookie"
        response.headers["Content-Language"] = language
        return response

    def render_part(
        self,
        template: str,
        context: Mapping[str, Any],
        language: str,
        about: tuple[object, ...] = (),
    ) -> Markup:
        """Return a part of a page that is the same for everybody who reads a language.

        It is made once and remembered for as long as it is `about` the same: `context` must be
        the same at every call that is.
        """
        kept = self._parts.get((template, language))
        if kept is not None and kept[0] == about:
            return kept[1]
        text = self._environment(language).get_template(template).render(context)
        made = Markup(text)  # noqa: S704 - the template has escaped what is in it
        self._parts[template, language] = (about, made)
        return made

    def write(self, template: str, context: Mapping[str, Any], language: str) -> str:
        """Return what is no page and has no frame, such as a feed; what is in it is escaped."""
        return self._environment(language).get_template(template).render(context)

    def locate(self, source: str) -> str:
        """Return the address of a built file by its source path, such as `src/mark.svg`.

        Raises:
            UnavailableError: The frontend has not been built, or without this file.
        """
        return self._assets.locate(source)

    def translate(self, sentences: Mapping[str, str], language: str) -> dict[str, str]:
        """Return sentences of ours in a language, under the same names."""
        translate = self._environment(language).filters["translated"]
        return {name: str(translate(each)) for name, each in sentences.items()}

    def choose_language(self, request: Request, pack: PackRead | None) -> str:
        """Return the language of a page: among the place's own, as far as they are translated."""
        known = self._catalogues.languages
        spoken = [tag for tag in pack.languages if tag in known] if pack else list(known)
        return choose_language(
            request.headers.get("accept-language", ""), spoken or [SOURCE_LANGUAGE]
        )

    def _environment(self, language: str) -> Environment:
        return _make_environment(self._catalogues, language)

    def _find_files(self, status: HTTPStatus) -> dict[str, Any]:
        try:
            return {
                "entry": self._assets.find("src/main.ts"),
                "mark": self._assets.locate("src/mark.svg"),
                "touch_mark": self._assets.locate("src/mark-180.png"),
            }
        except UnavailableError:
            if status < HTTPStatus.BAD_REQUEST:
                raise
            # The page that says that the build is missing cannot wait for the build.
            return {"entry": EntryFiles(), "mark": None, "touch_mark": None}


def create_templates(settings: Settings) -> Templates:
    """Return the renderer that `app.main` keeps as `app.state.templates`."""
    return Templates(settings)


@lru_cache(maxsize=32)
def _make_environment(catalogues: Catalogues, language: str) -> Environment:
    """Return what renders in a language: one for the process, for it compiles every template."""
    environment = Environment(
        loader=TEMPLATES,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictName,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translations = catalogues.load(language)
    # The extension adds this method without telling the type checker.
    cast("Any", environment).install_gettext_translations(translations, newstyle=True)
    environment.filters["number"] = lambda value: format_decimal(
        value, locale=language.replace("-", "_")
    )
    environment.filters["figure"] = lambda value, decimals: format_decimal(
        value, format=f"#,##0.{'0' * decimals}".rstrip("."), locale=language.replace("-", "_")
    )
    environment.filters["percent"] = lambda share: _write_percent(share, language)
    environment.filters["day"] = lambda text: _write_day(text, language)
    environment.filters["moment"] = lambda moment, zone: _write_moment(moment, zone, language)
    environment.filters["licence"] = lambda name: LICENCES.get(name, name)
    environment.filters["code_marks"] = _mark_code
    # A sentence may hold what a visitor typed: `_()` would format it and call it safe markup.
    environment.filters["translated"] = lambda sentence: (
        translations.gettext(sentence) if sentence else ""
    )
    environment.globals["themes"] = THEMES
    # Names that the components of govuk-frontend use, as their first language has them.
    environment.globals.update(undefined=Undefined(), null=None)
    return environment


def read_theme(request: Request) -> Theme:
    """Return the appearance this visitor chose; `device` when none or not one of ours."""
    settings: Settings = request.app.state.settings
    chosen = request.cookies.get(cookie_name(settings, THEME_COOKIE))
    return next((theme for theme in THEMES if theme == chosen), "device")


def _write_day(text: str, language: str) -> str:
    """Return an ISO date or month as people write it; else, such as `2021`, as it stands."""
    locale = language.replace("-", "_")
    try:
        if _MONTH.fullmatch(text):
            return format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=locale)
        return format_date(date.fromisoformat(text), "long", locale=locale)
    except ValueError:
        return text


def _write_percent(share: float, language: str) -> str:
    """Return a share of 1 as per cent, in whole ones but never as none or all of what is not."""
    percent = format_decimal(
        min(max(share * 100, 1), 99) if 0 < share < 1 else share * 100,
        format="#,##0",
        locale=language.replace("-", "_"),
    )
    return f"{percent}\N{NO-BREAK SPACE}%"


def _write_moment(moment: datetime, zone: str, language: str) -> str:
    """Return a time as the clocks of the place show it, with its date."""
    locale = language.replace("-", "_")
    local = moment.astimezone(ZoneInfo(zone))
    return (
        f"{format_date(local, 'long', locale=locale)}, {format_time(local, 'short', locale=locale)}"
    )


def _mark_code(text: str) -> Markup:
    """Return text whose `backticks` have become code elements, everything else escaped."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )


def _find_return(request: Request, status: HTTPStatus) -> str:
    """Return where the appearance form should lead back to: here, unless here is an error."""
    if request.method != "GET" or status >= HTTPStatus.BAD_REQUEST:
        return "/"
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
