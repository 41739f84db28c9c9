"""Naming a coordinate reference system the way people write it."""

import re
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

#: Longitude and latitude on WGS 84, what GeoJSON and GeoParquet mean when they say nothing.
LONGITUDE_LATITUDE = "OGC:CRS84"

#: How sure the match of a description without a code has to be, in per cent.
_CONFIDENCE = 70

_URN = re.compile(r"urn:(?:x-)?ogc:def:crs:(?P<authority>\w+):[^:]*:(?P<code>\w+)", re.IGNORECASE)
_URL = re.compile(r"https?://www\.opengis\.net/def/crs/(?P<authority>\w+)/[^/]+/(?P<code>\w+)")


def name_crs(definition: Any) -> str | None:  # noqa: ANN401  # WKT, PROJJSON, URN or AUTHORITY:CODE
    """Return a definition as AUTHORITY:CODE.

    Args:
        definition: Well-known text, PROJJSON as a dict, a URN, a URL, or AUTHORITY:CODE.

    Returns:
        A string such as "OGC:CRS84"; the definition itself (as WKT) when it matches no published
        code; None when there is none or it cannot be understood.
    """
    if not definition:
        return None
    if isinstance(definition, str) and (match := _URN.match(definition) or _URL.match(definition)):
        return _coded(match["authority"].upper(), match["code"].upper())
    if isinstance(definition, dict) and isinstance(identifier := definition.get("id"), dict):
        return f"{identifier.get('authority')}:{identifier.get('code')}"
    try:
        crs = CRS.from_user_input(definition)
        authority = crs.to_authority(min_confidence=_CONFIDENCE)
    except (CRSError, TypeError, ValueError):
        return None
    return ":".join(authority) if authority else crs.to_wkt()


def _coded(authority: str, code: str) -> str:
    # GeoJSON of 2008 names the same system "OGC:1.3:CRS84".
    return LONGITUDE_LATITUDE if code == "CRS84" else f"{authority}:{code}"
