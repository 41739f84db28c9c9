"""Sources in a manifest: whose files they are, where they lie, and how they are opened."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from app.geo.crs import parse_crs
from app.packs.parts import Part, Sha256, stay_inside


class Reading(Part):
    """How to open a file, where its content does not say.

    Attributes:
        sheet: Sheet of a workbook.
        layer: Layer of a GeoPackage.
        member: File inside a zip.
        encoding: Of text.
        delimiter: Between the cells of text.
        header_row: 1-based row of the column names; 0 for none.
        crs: The system of its coordinates.
    """

    sheet: str | None = None
    layer: str | None = None
    member: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    crs: str | None = None

    @field_validator("crs")
    @classmethod
    def _know_crs(cls, value: str | None) -> str | None:
        if value is not None:
            parse_crs(value)
        return value


class OfficialEntry(Reading):
    """Where the publisher has the file, and how its columns are called there.

    Attributes:
        addresses: Tried in order, newest first.
        protocol: One file, the pages of an ArcGIS feature service, or those of Nomis.
        file: The name under which it is kept.
        columns: Our column name to the publisher's, where they differ.
        sha256: Its checksum, where it is known.
        rows: How many rows or features there must be.
        page_rows: How many are asked for at once.
        members: Files inside the zip that is fetched, read one after the other.
        tried: Whether somebody has fetched it from there.
    """

    addresses: Annotated[list[str], Field(min_length=1)]
    protocol: Literal["file", "arcgis", "nomis"] = "file"
    file: str
    columns: dict[str, str] = {}
    sha256: Sha256 | None = None
    rows: Annotated[int, Field(ge=1)] | None = None
    page_rows: Annotated[int, Field(ge=1, le=25_000)] = 1_000
    members: list[str] = []
    tried: bool = False

    _stay = field_validator("file")(stay_inside)


class SourceFile(Part):
    """One of several files of a source."""

    file: str
    sha256: Sha256

    _stay = field_validator("file")(stay_inside)


class SourceEntry(Reading):
    """One publication: its file or files, who made it, and on what terms.

    Attributes:
        title: Its name, as shown on the page of sources.
        publisher: Who published it; the title where nobody else is named.
        licence: Its licence.
        licence_url: Where the licence is to be read.
        vintage: Of when it is.
        attribution: The sentence that its licence asks for, where the pack's does not do.
        file: Path of its file inside the pack's folder or the mirror's.
        sha256: Checksum of that file.
        files: In place of `file`, where there are several of the same form.
        official: Where the publisher has it.
    """

    title: str
    publisher: str | None = None
    licence: str
    licence_url: str | None = None
    vintage: str
    attribution: str | None = None
    file: str | None = None
    sha256: Sha256 | None = None
    files: list[SourceFile] = []
    official: OfficialEntry | None = None

    @field_validator("file")
    @classmethod
    def _stay(cls, value: str | None) -> str | None:
        return value if value is None else stay_inside(value)

    @model_validator(mode="after")
    def _have_files(self) -> Self:
        if (self.file is None) == (not self.files):
            raise ValueError("needs `file` with its `sha256`, or several `files`; not both")
        if self.file is not None and self.sha256 is None:
            raise ValueError("needs `sha256`, the checksum of its file")
        return self

    @property
    def parts(self) -> list[SourceFile]:
        """Its files, one or several."""
        if self.file is None or self.sha256 is None:
            return self.files
        return [SourceFile(file=self.file, sha256=self.sha256)]
