"""Kinds of file that people send and that hold no table this reader takes."""

import re
from typing import NamedTuple

from app.files.problems import UnknownFormat

_TABLE = "Save the table as .xlsx or CSV and send that."
_FEATURES = "Export the features as GeoJSON or GeoPackage and send that."


class _Refusal(NamedTuple):
    pattern: re.Pattern[bytes]
    title: str
    remedy: str


def _of(pattern: bytes, title: str, remedy: str) -> _Refusal:
    return _Refusal(re.compile(pattern, re.IGNORECASE | re.DOTALL), title, remedy)


# Looked at in this order; every pattern is matched at the first byte that is no blank.
_REFUSALS = (
    _of(rb"%PDF-", "a PDF document", _TABLE),
    _of(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*", "a picture", _TABLE),
    _of(rb"\{\\rtf", "a text document (RTF)", _TABLE),
    _of(rb"7z\xbc\xaf|Rar!|BZh\d1AY|\xfd7zXZ|\x28\xb5\x2f\xfd", "an archive of a kind "
        "that is not opened", "Pack it as zip or gz, or send it unpacked."),
    _of(rb".{257}ustar", "a tar archive", "Send the table itself, or zip it."),
    _of(rb"ARROW1|FEA1", "an Arrow or Feather file", "Save it as Parquet."),
    _of(rb"PARE", "an encrypted Parquet file", "Save it without encryption."),
    _of(rb"fgb\x03", "a FlatGeobuf file", _FEATURES),
    _of(rb"\x00\x00..\x0a\x09OSMHeader", "an OpenStreetMap extract (PBF)", _FEATURES),
    _of(
        rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|div|style)\b",
        "a web page (HTML)",
        "Open it in a spreadsheet program and save it as .xlsx or CSV.",
    ),
    _of(
        rb"<\?xml.{0,400}(mso-application|urn:schemas-microsoft-com:office:spreadsheet)",
        "an XML spreadsheet of 2003",
        "Open it in a spreadsheet program and save it as .xlsx or CSV.",
    ),
    _of(rb"(<\?xml|<!DOCTYPE|<!--|<[a-z][\w:.-]*[\s/>])", "an XML file", "Export it as CSV, "
        "or as GeoJSON or GeoPackage if it holds features."),
)  # fmt: skip


def refuse_known(head: bytes, name: str) -> None:
    """Refuse a file whose first bytes show a known kind that is not read.

    Raises:
        UnknownFormat: It is one of them.
    """
    start = head.removeprefix(b"\xef\xbb\xbf")
    for refusal in _REFUSALS:
        if refusal.pattern.match(start) or refusal.pattern.match(start.lstrip()):
            raise UnknownFormat(
                f"'{name}' is {refusal.title}, not a table or feature file.",
                remedy=refusal.remedy,
            )


def unknown(name: str) -> UnknownFormat:
    """Return the answer to a file that is neither text nor of any known kind."""
    return UnknownFormat(
        f"'{name}' is not a table or feature file: it holds binary data of an unknown kind.",
        remedy="Send CSV, Excel, OpenDocument, Parquet, GeoJSON, GeoPackage or a zipped shapefile.",
    )
