"""What an area's page offers to download: its figures and its assets, for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from app.areas.schemas import AreaRead
from app.assets.paging import Address
from app.assets.reading_schemas import AssetCollection, AssetFeature
from app.assets.search import search_assets
from app.assets.search_schemas import MOST_A_PAGE, AssetFilters
from app.core.pagination import LARGEST_PAGE
from app.indicators.schemas import IndicatorFilters
from app.indicators.service import list_area_indicators, list_indicators
from app.indicators.tabulating import FORMULA_STARTS
from app.pages.reading.areas import Readers

MOST_PAGES = 100

FIGURES = (
    "area_type", "area_code", "area", "boundary_year", "indicator", "name", "period", "sex", "age",
    "value", "lower", "upper", "unit", "direction", "status", "method", "source", "licence",
)  # fmt: skip

ASSETS = (
    "id", "name", "kind", "categories", "run_by", "address", "postcode", "area", "longitude",
    "latitude", "opening_hours", "hours_words", "cost", "cost_words", "languages", "step_free",
    "source", "licence",
)  # fmt: skip


class Download(NamedTuple):
    """A file to download."""

    name: str
    body: bytes


async def write_figures(readers: Readers, area: AreaRead) -> Download:
    """Return the newest value of every indicator for an area as CSV (RFC 4180, UTF-8)."""
    held = await list_area_indicators(readers.session, area.type, area.code, area.boundary_year)
    page = await list_indicators(readers.session, IndicatorFilters(limit=LARGEST_PAGE))
    known = {each.code: each for each in page.items}
    rows = []
    for item in held.items:
        of = item.indicator
        told = known.get(of.code)
        rows.append(
            (
                area.type, area.code, area.name, area.boundary_year, of.code, of.name, item.period,
                item.sex, item.age, item.value, item.lower, item.upper, of.unit, of.direction,
                item.status, item.method or "", told.source if told else "",
                told.licence if told else "",
            )
        )  # fmt: skip
    return Download(_name(area, "figures"), _write(FIGURES, rows))


async def write_assets(readers: Readers, area: AreaRead) -> Download:
    """Return what is in an area, and what serves its people, as CSV.

    What has no stated licence is left out, as of every bulk download, and so is what is not listed
    by place. Of what is told by area only there is the area.
    """
    rows: list[Sequence[object]] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        filters = AssetFilters(
            area=f"{area.type}:{area.code}",
            boundary_year=area.boundary_year,
            sort="name",
            limit=MOST_A_PAGE,
            cursor=cursor,
        )
        answer = await search_assets(readers.reads, readers.sessions, filters, Address("/", []))
        collection = AssetCollection.model_validate_json(answer.body)
        rows += [_list_asset(each) for each in collection.features if each.properties.licence]
        following = next((link.href for link in collection.links if link.rel == "next"), None)
        cursor = parse_qs(urlsplit(following).query)["cursor"][0] if following else None
        if cursor is None:
            break
    return Download(_name(area, "assets"), _write(ASSETS, rows))


def _list_asset(feature: AssetFeature) -> Sequence[object]:
    told = feature.properties
    lon, lat = feature.geometry.coordinates if feature.geometry else ("", "")
    return (
        feature.id, told.name, told.kind, " ".join(told.categories),
        told.organisation.name if told.organisation else "", told.address or "",
        told.postcode or "", told.area.name or told.area.code if told.area else "", lon, lat,
        told.opening_hours or "", told.hours_words or "", told.cost, told.cost_words or "",
        " ".join(told.languages), told.step_free, told.source or "", told.licence or "",
    )  # fmt: skip


def _write(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(header)
    table.writerows([[_disarm(cell) for cell in row] for row in rows])
    return written.getvalue().encode()


def _disarm(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula; numbers stay as they are."""
    is_risky = isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
    return f"'{cell}" if is_risky else cell


def _name(area: AreaRead, what: str) -> str:
    plain = "".join(each if each.isascii() and each.isalnum() else "_" for each in area.code)
    return f"{what}_{area.type}_{plain}_{area.boundary_year}.csv"
