"""A layer of an ArcGIS feature service, page by page, as GeoJSON; a table without shapes as CSV.

The service answers errors with status 200, and cuts every answer at a number of rows of its own.
"""

import csv
import io
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from app.core.fetching import FetchedDocument
from app.packs.downloading.asking import Asker, PassingProblem, is_web_page
from app.packs.downloading.paging import Page, compare_columns
from app.packs.downloading.wanted import AddressProblem, MisfitProblem, Wanted

_GEOJSON = "geojson"
_TABLE = frozenset({"json", "pjson"})
_PASSING_CODES = frozenset({429, 500, 502, 503, 504})
_LONGEST_MESSAGE = 200


class FeatureLayer:
    """One layer, or the part of it that the conditions in an address choose.

    Features are written as one GeoJSON collection. Where the address asks for `f=json` the layer
    is taken for a table without shapes and written as CSV, which keeps codes as they are.

    Args:
        address: Of the layer's query, without the page.
        wanted: What is downloaded.
        asker: What asks for the count.

    Attributes:
        says_more: Whether the last page said that more rows follow.
    """

    def __init__(self, address: str, wanted: Wanted, asker: Asker) -> None:
        self.address = address
        self.says_more = False
        self._wanted = wanted
        self._asker = asker
        self._parts = urlsplit(address)
        self._query = dict(parse_qsl(self._parts.query, keep_blank_values=True))
        self._query.setdefault("where", "1=1")
        self._query.setdefault("outFields", "*")
        self._is_table = self._query.setdefault("f", _GEOJSON) in _TABLE
        if self._is_table:
            self._query["returnGeometry"] = "false"
        self.ending = b"" if self._is_table else b"\n]}\n"
        self._seen: set[int | str] = set()

    async def count(self) -> int:
        """Return how many features the service counts."""
        asked = {key: value for key, value in self._query.items() if key != "orderByFields"}
        address = self._spell({**asked, "f": "json", "returnCountOnly": "true"})

        async def attempt() -> int:
            document = await self._asker.get_page(address, self._wanted.page_bytes)
            found = _read_answer(document).get("count")
            if not isinstance(found, int):
                raise AddressProblem("It did not say how many features it has.")
            return found

        return await self._asker.patiently(address, attempt)

    def spell(self, offset: int) -> str:
        """Return the address of the page that begins after `offset` features."""
        paging = {"resultOffset": str(offset), "resultRecordCount": str(self._wanted.page_rows)}
        return self._spell({**self._query, **paging})

    def _spell(self, query: dict[str, str]) -> str:
        return urlunsplit(self._parts._replace(query=urlencode(query)))

    def read(self, document: FetchedDocument, offset: int) -> Page:
        """Return a page; errors as in `Pages.read`."""
        answer = _read_answer(document)
        features = answer.get("features")
        if not isinstance(features, list):
            raise AddressProblem("Its answer has no features.")
        properties = answer.get("properties")
        nested = properties.get("exceededTransferLimit") if isinstance(properties, dict) else None
        self.says_more = bool(answer.get("exceededTransferLimit") or nested)
        rows = [_read_values(feature, is_table=self._is_table) for feature in features]
        columns = list(rows[0]) if rows else []
        for row in rows:
            if row.keys() != rows[0].keys():
                raise MisfitProblem(compare_columns(columns, list(row)))
        self._refuse_repeated(features)
        if self._is_table:
            content = _write_csv([[row[name] for name in columns] for row in rows])
            return Page(len(rows), columns, content, _write_csv([columns]))
        separator = b",\n" if offset else b""
        content = separator + b",\n".join(orjson.dumps(feature) for feature in features)
        return Page(len(rows), columns, content, b'{"type":"FeatureCollection","features":[\n')

    def _refuse_repeated(self, features: list[Any]) -> None:
        """Refuse a service that sends a feature twice, as one does that ignores the offset."""
        for feature in features:
            number = feature.get("id")
            if not isinstance(number, int | str):
                continue
            if number in self._seen:
                raise MisfitProblem(
                    f"It sent the feature with id {number} twice. Name a column with "
                    "orderByFields in the address, so that pages do not overlap."
                )
            self._seen.add(number)


def _read_answer(document: FetchedDocument) -> dict[str, Any]:
    """Return a JSON answer.

    Raises:
        AddressProblem: It is none, or says what is wrong with the request.
        PassingProblem: It says that the service is in trouble.
    """
    if is_web_page(document.headers.get("content-type", ""), document.content):
        raise AddressProblem("It sent a web page in place of JSON.")
    try:
        answer = orjson.loads(document.content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise AddressProblem("It sent something that is not JSON.") from None
    if not isinstance(answer, dict):
        raise AddressProblem("It sent JSON of an unknown kind.")
    error = answer.get("error")
    if error is None:
        return answer
    said = error if isinstance(error, dict) else {"message": error}
    details = said.get("details")
    words = [said.get("message"), *(details if isinstance(details, list) else [])]
    told = " ".join(dict.fromkeys(str(word) for word in words if word))[:_LONGEST_MESSAGE]
    number = said.get("code", "without a number")
    sentence = f"It answered with error {number}: {told or 'no words'}"
    if said.get("code") in _PASSING_CODES:
        raise PassingProblem(sentence + ".")
    raise AddressProblem(sentence + ".")


def _read_values(feature: object, *, is_table: bool) -> dict[str, Any]:
    """Return the values of a feature by column."""
    key = "attributes" if is_table else "properties"
    values = feature.get(key) if isinstance(feature, dict) else None
    if not isinstance(values, dict):
        raise AddressProblem(f"It sent a feature without {key}.")
    return values


def _write_csv(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
