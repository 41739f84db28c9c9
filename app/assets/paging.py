"""Pages of a search: where one ends, and the links between them."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import orjson

from app.assets.search_schemas import AssetFilters
from app.core.errors import BadRequestError
from app.core.pagination import read_cursor, write_cursor
from app.geo.geojson import MEDIA_TYPE

OTHER_SEARCH = (
    "cursor belongs to another search. Take it from the link `next` of a page of this one, or "
    "leave it out."
)

Pairs = Sequence[tuple[str, str]]


class Place(NamedTuple):
    """Where a page goes on.

    Attributes:
        section: In which part of the list.
        key: Distance, name or rank of the last one of the page before.
        asset: Its public id.
    """

    section: str
    key: float | str
    asset: UUID


class Address(NamedTuple):
    """The path and parameters of a request."""

    path: str
    parameters: Pairs

    def with_cursor(self, cursor: str | None) -> str:
        """Return it as a reference, with another cursor or without one."""
        kept = [pair for pair in self.parameters if pair[0] != "cursor"]
        query = urlencode([*kept, *([("cursor", cursor)] if cursor else [])])
        return f"{self.path}?{query}" if query else self.path


def write_place(filters: AssetFilters, place: Place) -> str:
    """Return the cursor of what comes after `place` in this search."""
    parts = [_name_search(filters), place.section, place.key, str(place.asset)]
    return write_cursor(orjson.dumps(parts).decode())


def read_place(filters: AssetFilters, sections: Sequence[str]) -> Place | None:
    """Return where the page asked for begins; None: at the beginning.

    Args:
        filters: The search, with its cursor.
        sections: Parts of its list: those whose key is a number first, in small letters.

    Raises:
        BadRequestError: The cursor cannot be read, or belongs to another search.
    """
    text = read_cursor(filters.cursor)
    if text is None:
        return None
    try:
        search, section, key, asset = orjson.loads(text)
        place = Place(str(section), key, UUID(asset))
    except (ValueError, TypeError, AttributeError):
        raise BadRequestError(OTHER_SEARCH) from None
    is_number = isinstance(key, float | int) and not isinstance(key, bool)
    if search != _name_search(filters) or section not in sections:
        raise BadRequestError(OTHER_SEARCH)
    if not (is_number if section in NUMBERED else isinstance(key, str)):
        raise BadRequestError(OTHER_SEARCH)
    return place if not is_number else place._replace(key=float(key))


NUMBERED = frozenset({"measured", "ranked"})
"""Sections whose key is a number; that of the others is a name."""


def describe_links(
    address: Address, cursor: str | None, following: str | None
) -> list[dict[str, str]]:
    """Return the links of a page as RFC 8288 describes them: itself, and the next one if any."""
    links = [{"rel": "self", "href": address.with_cursor(cursor), "type": MEDIA_TYPE}]
    if following is not None:
        links.append({"rel": "next", "href": address.with_cursor(following), "type": MEDIA_TYPE})
    return links


def write_link_header(links: Sequence[dict[str, str]]) -> str:
    """Return the same links as a `Link` header."""
    return ", ".join(
        f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in links
    )


def _name_search(filters: AssetFilters) -> str:
    asked = filters.model_dump_json(exclude={"cursor", "limit"}, exclude_defaults=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:16]
