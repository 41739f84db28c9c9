"""Addresses of our own: in full, and of pages that other pages link to."""

import re
import unicodedata
from urllib.parse import quote
from uuid import UUID

from fastapi import Request

from app.core.settings import Settings

LONGEST_SLUG = 60
NO_SLUG = "listing"

_NOT_IN_SLUGS = re.compile(r"[\W_]+")


def find_base(request: Request) -> str:
    """Return the address that visitors type, without a slash at its end.

    BASE_URL where it is set; else what the request itself was sent to.
    """
    settings: Settings = request.app.state.settings
    return (settings.base_url or str(request.base_url)).rstrip("/")


def write_slug(name: str) -> str:
    """Return a name as it stands at the end of an address: small letters, digits and hyphens.

    Letters of other alphabets stay; a name without any letter or digit becomes `listing`.
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name.replace("'", "").replace("\u2019", ""))
        if not unicodedata.combining(letter)
    )
    words = _NOT_IN_SLUGS.sub("-", unicodedata.normalize("NFC", plain).lower()).strip("-")
    if len(words) > LONGEST_SLUG:
        words = words[:LONGEST_SLUG].rpartition("-")[0] or words[:LONGEST_SLUG]
    return words or NO_SLUG


def write_asset_path(asset: UUID | str, name: str) -> str:
    """Return the address of the page of an asset, by its public id."""
    return f"/assets/{asset}/{quote(write_slug(name))}"


def write_organisation_path(organisation: UUID | str, name: str) -> str:
    """Return the address of the page of an organisation, by its public id."""
    return f"/organisations/{organisation}/{quote(write_slug(name))}"


def write_area_path(area_type: str, code: str) -> str:
    """Return the address of the page of an area."""
    return f"/areas/{quote(area_type, safe='')}/{quote(code, safe='')}"
