"""Rows of the tables of assets from documents."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.assets.schemas import AssetDocument, SiteDocument
from app.geo.expressions import point_wkt

Row = dict[str, Any]

DIRECT = (
    "kind", "name", "description", "min_age", "max_age", "eligibility", "cost", "cost_amount",
    "cost_words", "languages", "how_to_join", "term_time_only", "alert", "alert_until",
    "visibility", "findable",
)  # fmt: skip
"""Fields that are columns of the same name."""


def write_asset(document: AssetDocument, organisation_id: int | None) -> Row:
    """Return the columns of `assets` that a document holds."""
    return {
        **{field: getattr(document, field) for field in DIRECT},
        **document.access.model_dump(),
        "translations": {
            language: each.model_dump(mode="json")
            for language, each in document.translations.items()
        },
        "organisation_id": organisation_id,
    }


def write_categories(
    asset_id: int, document: AssetDocument, category_ids: Mapping[str, int]
) -> list[Row]:
    """Return the rows of `asset_categories`, the main category first."""
    return [
        {"asset_id": asset_id, "category_id": category_ids[code], "position": position}
        for position, code in enumerate(document.categories)
    ]


def write_site(
    site: SiteDocument, place_ids: Mapping[UUID, int], schedule_id: int | None, time_zone: str
) -> Row:
    """Return the columns of `asset_sites` that a site's document holds.

    Args:
        site: The document; its id is given.
        place_ids: Numbers of place assets by public id.
        schedule_id: When it is open; None: not stated, or not readable as times.
        time_zone: The place's own, for a site that states none.
    """
    return {
        "public_id": site.id,
        "role": site.role,
        "mode": site.mode,
        "place_id": place_ids[site.place] if site.place else None,
        "address": site.address,
        "postcode": site.postcode,
        "location": point_wkt(site.location.lon, site.location.lat) if site.location else None,
        "schedule_id": schedule_id,
        "hours_words": site.hours_words,
        "time_zone": site.time_zone or time_zone,
        "capacity": site.capacity,
        "capacity_unit": site.capacity_unit,
        "visibility": site.level,
        "valid_from": site.valid_from,
        "valid_to": site.valid_to,
    }


def write_contacts(site_id: int, site: SiteDocument) -> list[Row]:
    """Return the rows of `site_contacts`."""
    return [
        {"site_id": site_id, "position": position, **each.model_dump()}
        for position, each in enumerate(site.contacts)
    ]


def write_served_areas(site_id: int, site: SiteDocument) -> list[Row]:
    """Return the rows of `site_served_areas`, each area once."""
    distinct = dict.fromkeys((each.type, each.code) for each in site.served_areas)
    return [
        {"site_id": site_id, "area_type": area_type, "area_code": code}
        for area_type, code in distinct
    ]
