"""A table of Nomis as CSV, page by page.

Nomis cuts an answer at 25,000 rows and says nothing; only the column RECORD_COUNT tells how many
rows there are. A parameter it does not know gives an empty answer with status 200.
"""

import csv
import io
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from app.core.fetching import FetchedDocument
from app.packs.downloading.asking import Asker, is_web_page
from app.packs.downloading.paging import Page
from app.packs.downloading.wanted import AddressProblem, Wanted

COUNT = "RECORD_COUNT"
OFFSET = "RecordOffset"


class NomisTable:
    """The rows that an address of the Nomis API chooses; as in `Pages`.

    Args:
        address: Of the table as CSV, with `record_count` among the columns it selects.
        wanted: What is downloaded.
        asker: Not used: the pages tell how many rows there are.
    """

    ending = b""
    says_more = False

    def __init__(self, address: str, wanted: Wanted, asker: Asker) -> None:
        del wanted, asker
        self.address = address
        self._parts = urlsplit(address)
        query = parse_qsl(self._parts.query, keep_blank_values=True)
        self._query = [(key, value) for key, value in query if key.lower() != OFFSET.lower()]

    async def count(self) -> None:
        """Return nothing: each page tells."""

    def spell(self, offset: int) -> str:
        """Return the address of the page that begins after `offset` rows."""
        # Commas and dots of its lists stand as they are in every address that Nomis documents.
        query = urlencode([*self._query, (OFFSET, str(offset))], safe=",.*")
        return urlunsplit(self._parts._replace(query=query))

    def read(self, document: FetchedDocument, offset: int) -> Page:
        """Return a page; errors as in `Pages.read`."""
        if is_web_page(document.headers.get("content-type", ""), document.content):
            raise AddressProblem("It sent a web page in place of CSV.")
        if not document.content.strip():
            raise AddressProblem(
                "It sent an empty answer, as Nomis does for a parameter that it does not know. "
                "Check the address."
            )
        try:
            lines = csv.reader(io.StringIO(document.content.decode("utf-8-sig"), newline=""))
            columns, *rows = [line for line in lines if line]
        except (UnicodeDecodeError, csv.Error, ValueError):
            raise AddressProblem("It sent something that is not CSV in UTF-8.") from None
        for number, row in enumerate(rows, offset + 1):
            if len(row) != len(columns):
                raise AddressProblem(
                    f"Row {number:,} has another number of values ({len(row)}) than there are "
                    f"columns ({len(columns)})."
                )
        total = _read_total(columns, rows)
        return Page(len(rows), columns, _write(rows), _write([columns]), total)


def _read_total(columns: list[str], rows: list[list[str]]) -> int | None:
    names = [name.strip().upper() for name in columns]
    if COUNT not in names:
        raise AddressProblem(
            f"It sent no column {COUNT}, so it cannot be known whether rows are missing "
            f"(columns: {', '.join(columns)[:200]}). Add record_count to `select` in the address."
        )
    place = names.index(COUNT)
    stated = {row[place].strip() for row in rows}
    if not all(each.isdecimal() for each in stated):
        raise AddressProblem(f"The column {COUNT} holds something that is not a number.")
    if len(stated) > 1:
        raise AddressProblem(f"The column {COUNT} holds different numbers on one page.")
    return int(stated.pop()) if stated else None


def _write(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
