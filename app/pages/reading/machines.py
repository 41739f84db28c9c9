"""What programs ask for: which pages there are, which not to read, and how to install the site."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import NamedTuple
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.assets import listing as assets
from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads, PublicReadsDep
from app.organisations import listing as organisations
from app.pages.layout import Templates
from app.pages.paths import find_base, write_area_path, write_asset_path, write_organisation_path
from app.pages.service import find_pack

router = APIRouter(include_in_schema=False)

PART = 50_000
"""The most addresses that a part of a sitemap may have, https://www.sitemaps.org/protocol.html."""

XML = "application/xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
WORDS = ("/", "/help", "/about", "/privacy", "/accessibility", "/whats-new", "/sources", "/layers")
THEME_COLOUR = "#15473f"
PAPER = "#ffffff"

ICON_SIZES = (192, 512)
"""Sides in pixels of the icons that browsers install without knowing SVG."""

NOT_FOR_PROGRAMS = (
    "/account", "/sign-in", "/answers/", "/add", "/assets/*/edit", "/assets/*/still-right", "/api/",
    "/tiles/",
)  # fmt: skip
"""What is made for one visitor, or is no page."""


class Entry(NamedTuple):
    """One address of a sitemap, and the day of its last change; '' where it is not known."""

    path: str
    day: str = ""


@router.get("/robots.txt")
async def tell_robots(request: Request) -> PlainTextResponse:
    """Tell programs which pages are not for them, and where all others are listed."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_PROGRAMS),
        "",
        f"Sitemap: {find_base(request)}/sitemap.xml",
        "",
    ]
    return PlainTextResponse("\n".join(lines))


@router.get("/sitemap.xml")
async def list_parts(request: Request, session: SessionDep, reads: PublicReadsDep) -> Response:
    """List the parts of the sitemap."""
    base = find_base(request)
    counts = {
        "assets": await assets.count_listed(reads),
        "organisations": await organisations.count_listed(reads),
        "areas": len(await _list_areas(session)),
    }
    parts = ["words-1"]
    for kind, count in counts.items():
        parts += [f"{kind}-{number + 1}" for number in range(-(-count // PART))]
    items = "".join(
        f"<sitemap><loc>{escape(f'{base}/sitemaps/{part}.xml')}</loc></sitemap>" for part in parts
    )
    return _answer(f'<sitemapindex xmlns="{NAMESPACE}">{items}</sitemapindex>')


@router.get("/sitemaps/{kind}-{number}.xml")
async def list_part(
    request: Request, session: SessionDep, reads: PublicReadsDep, kind: str, number: str
) -> Response:
    """List the addresses of one part: public pages only, none of what is hidden.

    Raises:
        NotFoundError: There is no such part.
    """
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number[:6]) <= PART:
        raise NotFoundError("There is no such part of the sitemap.")
    first = (int(number[:6]) - 1) * PART
    entries = await _list_entries(session, reads, kind, first)
    if not entries:
        raise NotFoundError("There is no such part of the sitemap.")
    return _answer(_write_part(entries, find_base(request)))


@router.get("/manifest.webmanifest")
async def describe_site(request: Request, session: SessionDep) -> JSONResponse:
    """Tell browsers how to put the site among a device's programs."""
    templates: Templates = request.app.state.templates
    pack = await find_pack(session)
    marks = [
        *((f"mark-{size}.png", f"{size}x{size}", "image/png", "any") for size in ICON_SIZES),
        ("mark.svg", "any", "image/svg+xml", "any"),
        ("mark-maskable.svg", "any", "image/svg+xml", "maskable"),
        ("mark-512.png", "512x512", "image/png", "maskable"),
    ]
    document = {
        "name": f"Hereabouts: {pack.title}" if pack else "Hereabouts",
        "short_name": "Hereabouts",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": THEME_COLOUR,
        "icons": [
            {"src": templates.locate(f"src/{file}"), "sizes": sizes, "type": kind, "purpose": use}
            for file, sizes, kind, use in marks
        ],
    }
    return JSONResponse(document, media_type="application/manifest+json")


async def _list_entries(
    session: AsyncSession, reads: PublicReads, kind: str, first: int
) -> Sequence[Entry]:
    if kind == "words":
        return [Entry(path) for path in WORDS][first:]
    if kind == "areas":
        return (await _list_areas(session))[first : first + PART]
    if kind == "assets":
        return [
            Entry(write_asset_path(each.id, each.name), each.changed_at.date().isoformat())
            for each in await assets.list_listed(reads, first, PART)
        ]
    if kind == "organisations":
        return [
            Entry(write_organisation_path(each.id, each.name), each.changed_at.date().isoformat())
            for each in await organisations.list_listed(reads, first, PART)
        ]
    return ()


async def _list_areas(session: AsyncSession) -> list[Entry]:
    """Return the pages of all areas of the newest outlines."""
    kinds = [kind for kind in await areas.list_area_types(session) if kind.boundary_years]
    return [
        Entry(write_area_path(area.type, area.code))
        for kind in kinds
        for area in await areas.summarise_areas(session, kind.code)
    ]


def _write_part(entries: Iterable[Entry], base: str) -> str:
    items = "".join(
        f"<url><loc>{escape(f'{base}{each.path}')}</loc>"
        + (f"<lastmod>{each.day}</lastmod>" if each.day else "")
        + "</url>"
        for each in entries
    )
    return f'<urlset xmlns="{NAMESPACE}">{items}</urlset>'


def _answer(body: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return Response(text, status_code=int(HTTPStatus.OK), media_type=XML)
