"""The manifest of a pack, `pack.toml`: what it may say, and sentences for what it says wrong."""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.geo.crs import UnknownCrsError, parse_crs, parse_projected_crs

MANIFEST = "pack.toml"

LOADER_VERSION = 1
"""Raised when the same files would load as something else; every pack is then loaded anew."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
T = TypeVar("T")
Year = Annotated[int, Field(ge=1800, le=2200)]


class PackProblem(ValueError):  # noqa: N818 - the word people read: a problem with their pack
    """A pack cannot be loaded; the message says where and why, a sentence a line."""


class Part(BaseModel):
    """A table of the manifest; an unknown key in one is a slip, and said to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(Part):
    """A file of the pack and where it comes from.

    Attributes:
        file: Its path inside the pack's folder.
        format: What it is, for people; the reader looks at the content.
        crs: The system of its coordinates; None where it has none or says so itself.
        sha256: Its checksum; a file that differs is refused.
        where: Only rows with these values count (one file may hold several years).
        source: Who it comes from, as named on the page of sources.
        publisher: Who published it, where that is not the source.
        licence: Its licence.
        licence_url: Where the licence is to be read.
        vintage: Of when it is.
    """

    file: str
    format: str
    crs: str | None = None
    sha256: str
    where: dict[str, str | int] = {}
    source: str
    publisher: str | None = None
    licence: str
    licence_url: str | None = None
    vintage: str

    @field_validator("file")
    @classmethod
    def _stay_inside(cls, value: str) -> str:
        path = Path(value)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError("must lie inside the pack's folder")
        return value

    @field_validator("crs")
    @classmethod
    def _know_crs(cls, value: str | None) -> str | None:
        if value is not None:
            parse_crs(value)
        return value


class AreaTypeEntry(Part):
    """A kind of area."""

    code: Code
    name: str
    plural: str
    position: Annotated[int, Field(ge=1, le=99)]
    publishing: bool = False


class BoundaryColumns(Part):
    """Which columns hold an area's code and name; areas without a name go by their code."""

    code: str
    name: str | None = None


class BoundaryEntry(FileEntry):
    """Outlines of one kind of area in one boundary year."""

    area_type: Code
    boundary_year: Year
    columns: BoundaryColumns


class LookupEnd(Part):
    """One side of a lookup."""

    area_type: Code
    boundary_year: Year
    column: str


class LookupColumns(Part):
    """Which columns hold the weight (1 without one) and the code of the kind of change."""

    weight: str | None = None
    change: str | None = None


class LookupEntry(FileEntry):
    """Which areas belong to, or became, which."""

    kind: Literal["within", "best fit", "change"]
    start: LookupEnd = Field(alias="from")
    end: LookupEnd = Field(alias="to")
    columns: LookupColumns = LookupColumns()
    weight_basis: str | None = Field(default=None, description="what it is a share of, in words")


class PopulationColumns(Part):
    """Which columns hold the area, the ages (both included; empty `age_to`: and over), people."""

    code: str
    age_from: str
    age_to: str
    people: str


class PopulationEntry(FileEntry):
    """People by age band, one row a band and area."""

    area_type: Code
    boundary_year: Year
    period: str
    columns: PopulationColumns


class PointColumns(Part):
    """Which columns hold an area's code and its population-weighted centre."""

    code: str
    lon: str
    lat: str
    basis: str | None = None


class CentroidEntry(FileEntry):
    """Population-weighted centres of areas."""

    area_type: Code
    boundary_year: Year
    columns: PointColumns


class PostcodeColumns(Part):
    """Which columns hold a postcode, its point, and the area it is said to be in."""

    postcode: str
    lon: str
    lat: str
    code: str | None = None


class PostcodeEntry(FileEntry):
    """Postcodes and their points."""

    area_type: Code | None = None
    boundary_year: Year | None = None
    columns: PostcodeColumns


class BackdropColumns(Part):
    """Which columns hold what a piece of scenery is called and what it is."""

    name: str
    kind: str


class BackdropEntry(FileEntry):
    """What is drawn beneath the areas where no basemap is."""

    columns: BackdropColumns


class Manifest(BaseModel):
    """A whole manifest. Tables this version does not load yet are kept as they are."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
    title: str
    label: str = ""
    invented: bool = False
    description: str = ""
    projected_crs: str
    time_zone: str
    languages: Annotated[list[str], Field(min_length=1)]
    attribution: str = ""
    postcode_ending: Annotated[int, Field(ge=0, le=8)] = Field(
        default=0, description="last characters of a postcode written apart; 0: as in the file"
    )
    area_types: Annotated[list[AreaTypeEntry], Field(min_length=1)]
    boundaries: Annotated[list[BoundaryEntry], Field(min_length=1)]
    lookups: list[LookupEntry] = []
    populations: list[PopulationEntry] = []
    centroids: list[CentroidEntry] = []
    postcodes: list[PostcodeEntry] = []
    backdrops: list[BackdropEntry] = []

    @field_validator("projected_crs")
    @classmethod
    def _measure_in_metres(cls, value: str) -> str:
        parse_projected_crs(value)
        return value

    @property
    def files(self) -> list[FileEntry]:
        """Every file that this version loads, in the order of loading."""
        return [
            *self.boundaries, *self.lookups, *self.populations, *self.centroids, *self.postcodes,
            *self.backdrops,
        ]  # fmt: skip


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the pack in `folder`.

    Raises:
        PackProblem: There is none, it is not TOML, or a key is missing, unknown or wrong.
    """
    path = f"{folder.name}/{MANIFEST}"
    try:
        read = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackProblem(f"{folder.name} is not a pack: it has no {MANIFEST}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackProblem(f"{path} cannot be read as TOML: {error}.") from None
    try:
        manifest = Manifest.model_validate(read)
    except ValidationError as error:
        raise PackProblem("\n".join(_say(path, error))) from None
    except UnknownCrsError as error:
        raise PackProblem(f"{path}: {error}") from None
    _check_references(path, manifest)
    return manifest


def _say(path: str, error: ValidationError) -> list[str]:
    return [
        f"{path}: `{'.'.join(str(part) for part in item['loc'])}`: {item['msg']}."
        for item in error.errors()
    ]


def _check_references(path: str, manifest: Manifest) -> None:
    """Refuse kinds that nothing describes, and years that nothing outlines."""
    kinds = [kind.code for kind in manifest.area_types]
    held = [(entry.area_type, entry.boundary_year) for entry in manifest.boundaries]
    problems = [f"`area_types`: {code!r} stands twice." for code in _twice(kinds)]
    positions = [kind.position for kind in manifest.area_types]
    problems += [f"`area_types`: position {each} stands twice." for each in _twice(positions)]
    problems += [f"`boundaries`: {kind} {year} stands twice." for kind, year in _twice(held)]
    problems += [
        f"`boundaries`: {kind!r} is not among `area_types`."
        for kind, _ in held
        if kind not in kinds
    ]
    named: list[tuple[str, LookupEnd | PopulationEntry | CentroidEntry]] = []
    for lookup in manifest.lookups:
        named += [(lookup.file, lookup.start), (lookup.file, lookup.end)]
    named += [(entry.file, entry) for entry in manifest.populations]
    named += [(entry.file, entry) for entry in manifest.centroids]
    problems += [
        f"`{file}` names {end.area_type} {end.boundary_year}, of which there are no boundaries."
        for file, end in named
        if (end.area_type, end.boundary_year) not in held
    ]
    if problems:
        raise PackProblem("\n".join(f"{path}: {problem}" for problem in problems))


def _twice(values: list[T]) -> list[T]:
    return sorted({value for value in values if values.count(value) > 1}, key=str)


def checksum_pack(folder: Path, manifest: Manifest) -> str:
    """Return one SHA-256 over the manifest and its files, each checked against its own.

    Raises:
        PackProblem: A file is missing, or is not the one the manifest describes.
    """
    whole = hashlib.sha256(f"loader {LOADER_VERSION}\n".encode())
    whole.update((folder / MANIFEST).read_bytes())
    problems = []
    for name, expected in dict.fromkeys((entry.file, entry.sha256) for entry in manifest.files):
        try:
            with (folder / name).open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError:
            problems.append(
                f"{folder.name}/{name} is missing. Get it again, or correct {MANIFEST}."
            )
            continue
        if found != expected:
            problems.append(
                f"{folder.name}/{name} is not the file that {MANIFEST} describes (its SHA-256 is "
                f"{found}). Get it again, or correct `sha256` if the change is wanted."
            )
        whole.update(found.encode())
    if problems:
        raise PackProblem("\n".join(problems))
    return whole.hexdigest()
