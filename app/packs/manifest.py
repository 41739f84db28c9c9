"""The manifest of a pack, `pack.toml`: read, checked, and sentences for what it says wrong."""

import difflib
import tomllib
import zoneinfo
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError, field_validator

from app.areas.customs import PlaceCustoms
from app.geo.crs import UnknownCrsError, parse_projected_crs
from app.packs.area_entries import (
    AreaTypeEntry,
    BackdropEntry,
    BoundaryEntry,
    CentroidEntry,
    LookupEntry,
    PopulationEntry,
    PostcodeEntry,
    StudyArea,
)
from app.packs.community_entries import CommunityEntry, Kind, check_entry
from app.packs.expanding import PlaceholderError, expand, merge
from app.packs.parts import FileEntry, Part, SetEntry
from app.packs.source_entries import SourceEntry
from app.packs.topic_entries import (
    Basemap,
    CategoriesEntry,
    Country,
    DemandEntry,
    DenominatorEntry,
    IndicatorEntry,
    StreetsEntry,
)

MANIFEST = "pack.toml"

T = TypeVar("T")


class PackProblem(ValueError):  # noqa: N818 - the word people read: a problem with their pack
    """A pack cannot be loaded; the message says where and why, a sentence a line."""


class Manifest(Part):
    """A whole manifest."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
    title: str
    label: str = ""
    invented: bool = False
    description: str = ""
    projected_crs: str
    time_zone: str
    languages: Annotated[list[str], Field(min_length=1)]
    holidays: Annotated[str, Field(pattern=r"^([A-Z]{2}(/[A-Z0-9]{1,6})?)?$")] = ""
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    school_terms: list[tuple[date, date]] = []
    attribution: str = ""
    postcode_ending: Annotated[int, Field(ge=0, le=8)] = Field(
        default=0, description="last characters of a postcode written apart; 0: as in the file"
    )
    study_area: StudyArea = StudyArea()
    country: Country | None = None
    basemap: Basemap | None = None
    sources: Annotated[dict[str, SourceEntry], Field(min_length=1)]
    area_types: Annotated[list[AreaTypeEntry], Field(min_length=1)]
    boundaries: Annotated[list[BoundaryEntry], Field(min_length=1)]
    lookups: list[LookupEntry] = []
    populations: list[PopulationEntry] = []
    centroids: list[CentroidEntry] = []
    postcodes: list[PostcodeEntry] = []
    backdrops: list[BackdropEntry] = []
    indicators: list[IndicatorEntry] = []
    categories: list[CategoriesEntry] = []
    organisations: list[CommunityEntry] = []
    assets: list[CommunityEntry] = []
    sites: list[CommunityEntry] = []
    street_nodes: list[StreetsEntry] = []
    street_edges: list[StreetsEntry] = []
    demand: list[DemandEntry] = []

    @field_validator("projected_crs")
    @classmethod
    def _measure_in_metres(cls, value: str) -> str:
        parse_projected_crs(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _know_time_zone(cls, value: str) -> str:
        known = zoneinfo.available_timezones()  # empty where the machine has no list of them
        if known and value not in known:
            raise ValueError(f"{value!r} is no time zone{_mean(value, known)}")
        return value

    @property
    def customs(self) -> PlaceCustoms:
        """How the place reckons."""
        country, _, subdivision = self.holidays.partition("/")
        return PlaceCustoms(
            time_zone=self.time_zone,
            languages=tuple(self.languages),
            country=country,
            subdivision=subdivision,
            currency=self.currency,
            school_terms=tuple(self.school_terms),
            projected_crs=self.projected_crs,
            sea=None if (sea := self.study_area.sea) is None else tuple(map(tuple, sea)),
        )

    @property
    def entries(self) -> list[FileEntry]:
        """Every table that reads a source, whether this version loads it or not."""
        named = [each for entry in self.boundaries for each in (entry.names, entry.within) if each]
        return [
            *self.boundaries, *named, *self.lookups, *self.populations, *self.postcodes,
            *self.backdrops, *self.indicators, *self.categories, *self.organisations,
            *self.assets, *self.sites, *self.street_nodes, *self.street_edges,
        ]  # fmt: skip

    @property
    def communities(self) -> dict[Kind, list[CommunityEntry]]:
        """The tables of starting organisations, assets and sites, in the order of loading."""
        return {"organisations": self.organisations, "assets": self.assets, "sites": self.sites}

    @property
    def used_sources(self) -> dict[str, SourceEntry]:
        """The sources that what this version loads is read from, in the manifest's order."""
        later = (self.street_nodes, self.street_edges)
        kept = {id(entry) for table in later for entry in table}
        used = {entry.source for entry in self.entries if id(entry) not in kept}
        used |= {entry.source for entry in self.centroids if entry.source}
        return {key: source for key, source in self.sources.items() if key in used}


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the pack in `folder`.

    Raises:
        PackProblem: There is none, it is not TOML, or a key is missing, unknown or wrong.
    """
    path = f"{folder.name}/{MANIFEST}"
    if not (folder / MANIFEST).is_file():
        raise PackProblem(f"{folder.name} is not a pack: it has no {MANIFEST}.")
    read = _read_toml(folder / MANIFEST)
    for included in find_included(folder, read.pop("include", [])):
        read = merge(_read_toml(included), read)
    if isinstance(read.get("indicators"), list):
        try:
            read["indicators"] = expand(read["indicators"])
        except PlaceholderError as error:
            raise PackProblem(f"{path}: `indicators`: {error}.") from None
    try:
        manifest = Manifest.model_validate(read)
    except ValidationError as error:
        raise PackProblem("\n".join(_say(path, read, error))) from None
    except UnknownCrsError as error:
        raise PackProblem(f"{path}: {error}") from None
    if problems := _check_references(manifest):
        raise PackProblem("\n".join(f"{path}: {problem}" for problem in problems))
    return manifest


def find_included(folder: Path, include: object) -> list[Path]:
    """Return the files that a manifest is to be read together with, the last first.

    Raises:
        PackProblem: One is not there, or lies outside the folder of all packs.
    """
    path = f"{folder.name}/{MANIFEST}"
    if not isinstance(include, list) or not all(isinstance(name, str) for name in include):
        raise PackProblem(f"{path}: `include`: must be a list of file names.")
    found = []
    for name in reversed(include):
        file = (folder / name).resolve()
        if folder.resolve().parent not in file.parents:
            raise PackProblem(f"{path}: `include`: {name} lies outside the folder of the packs.")
        if not file.is_file():
            raise PackProblem(f"{path}: `include`: there is no file {name}.")
        found.append(file)
    return found


def list_manifest_files(folder: Path) -> list[Path]:
    """Return the manifest and whatever it includes."""
    include = _read_toml(folder / MANIFEST).get("include", [])
    return [folder / MANIFEST, *find_included(folder, include)]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        written = path.read_text(encoding="utf-8-sig")
        read = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        name = f"{path.parent.name}/{path.name}"
        raise PackProblem(f"{name} cannot be read as TOML: {error}.") from None
    if "\\u0000" in written or "\\U00000000" in written:
        raise PackProblem(
            f"{path.parent.name}/{path.name} holds \\u0000, which no text can hold; take it out."
        )
    return read


def _say(path: str, read: dict[str, Any], error: ValidationError) -> list[str]:
    """Return a sentence for each thing that is wrong, naming the key and where it stands."""
    said: dict[str, str] = {}
    for item in error.errors():
        if item["type"] == "literal_error" and isinstance(item["input"], dict):
            continue  # one of several forms; that of a table is told better
        is_missing = item["type"] == "missing"
        where = ".".join(_trace(read, item["loc"], is_missing=is_missing)) or "the manifest"
        named = _name_entry(read, item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "there is no such key" + _suggest(str(item["loc"][-1]), item["loc"])
        elif item["type"] == "missing":
            message = "is missing"
        else:
            message = f"{message[:1].lower()}{message[1:]} (it is {item['input']!r:.80})"
        said.setdefault(where, f"{path}: `{where}`{named}: {message}.")
    return list(said.values())


def _trace(read: Any, place: tuple[int | str, ...], *, is_missing: bool) -> list[str]:  # noqa: ANN401 - any TOML
    """Return the keys on the way to `place`, without the names that types have among themselves."""
    keys: list[str] = []
    for position, part in enumerate(place):
        is_key = isinstance(read, dict) and part in read
        if not is_key and not (isinstance(read, list) and isinstance(part, int)):
            is_last = position == len(place) - 1
            if is_missing and is_last:
                keys.append(str(part))
            continue
        read = read[part]
        keys.append(str(part))
    return keys


def _name_entry(read: dict[str, Any], place: tuple[int | str, ...]) -> str:
    """Return, for the third of many tables, what a person would know it by."""
    if len(place) < 2 or not isinstance(place[1], int):  # noqa: PLR2004 - table and position
        return ""
    try:
        entry = read[str(place[0])][place[1]]
    except (KeyError, IndexError, TypeError):
        return ""
    known = entry.get("code") or entry.get("source") if isinstance(entry, dict) else None
    return f" ({known})" if known else ""


def _suggest(key: str, place: tuple[int | str, ...]) -> str:
    """Return ", do you mean ...?" where a key is nearly one there is."""
    known = set(Manifest.model_fields)
    for model in (
        SourceEntry, BoundaryEntry, LookupEntry, PopulationEntry, CentroidEntry, PostcodeEntry,
        IndicatorEntry, AreaTypeEntry, CommunityEntry,
    ):  # fmt: skip
        if len(place) > 1:
            known |= {field.alias or name for name, field in model.model_fields.items()}
    near = difflib.get_close_matches(key, known, n=1)
    return f"; do you mean `{near[0]}`?" if near else ""


def _mean(name: str, known: Iterable[str]) -> str:
    """Return "; do you mean ...?" where a name is nearly one there is."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; do you mean {near[0]!r}?" if near else ""


def _check_references(manifest: Manifest) -> list[str]:
    """Return a sentence for each name that nothing in the manifest explains."""
    kinds = [kind.code for kind in manifest.area_types]
    positions = [kind.position for kind in manifest.area_types]
    held = [(each.area_type, each.boundary_year) for each in manifest.boundaries if not each.margin]
    known = set(manifest.sources)
    problems = [f"`area_types`: {code!r} stands twice." for code in _twice(kinds)]
    problems += [f"`area_types`: position {each} stands twice." for each in _twice(positions)]
    publishing = [kind.code for kind in manifest.area_types if kind.publishing]
    if len(publishing) > 1:
        problems.append(f"`area_types`: only one may be publishing, not {', '.join(publishing)}.")
    problems += [f"`boundaries`: {kind} {year} stands twice." for kind, year in _twice(held)]
    problems += [
        f"`boundaries`: {kind!r} is not among `area_types`{_mean(kind, kinds) or '.'}"
        for kind, _ in held
        if kind not in kinds
    ]
    named = [entry.source for entry in manifest.entries]
    named += [entry.source for entry in manifest.centroids if entry.source]
    problems += [
        f"source {source!r} is not among `sources`{_mean(source, known) or '.'}"
        for source in named
        if source not in known
    ]
    problems += _check_order(manifest)
    for where, place in _named_sets(manifest):
        if (place.area_type, place.boundary_year) not in held:
            problems.append(
                f"{where} names {place.area_type} {place.boundary_year}, of which there are no "
                f"boundaries; there are {', '.join(f'{kind} {year}' for kind, year in held)}."
            )
    problems += _check_communities(manifest)
    return list(dict.fromkeys(problems + _check_indicators(manifest)))


def _check_communities(manifest: Manifest) -> list[str]:
    problems = [
        problem
        for kind, entries in manifest.communities.items()
        for entry in entries
        for problem in check_entry(kind, entry)
    ]
    if manifest.sites and not manifest.assets:
        problems.append("`sites` needs `assets`, the tables that the sites' assets stand in.")
    return problems


def _check_order(manifest: Manifest) -> list[str]:
    """Return sentences for outlines that would be made of themselves, and stray margins."""
    made = {(each.area_type, each.boundary_year): each.dissolve for each in manifest.boundaries
            if each.dissolve}  # fmt: skip
    problems = []
    for key, smaller in made.items():
        met, step = {key}, smaller
        while step and (step.area_type, step.boundary_year) in made:
            following = (step.area_type, step.boundary_year)
            if following in met:
                problems.append(f"`boundaries`: {key[0]} {key[1]} is dissolved from itself.")
                break
            met.add(following)
            step = made[following]
    for each in manifest.boundaries:
        if each.margin and not manifest.study_area.margin_m:
            problems.append(
                f"`boundaries` ({each.source}) is a margin, and `study_area.margin_m` is 0."
            )
        if each.margin and (each.area_type, each.boundary_year) in made:
            problems.append(f"`boundaries` ({each.source}): what is dissolved has no margin.")
    return problems


def _named_sets(manifest: Manifest) -> list[tuple[str, Any]]:
    """Return every boundary set that the manifest refers to, and where."""
    named: list[tuple[str, Any]] = []
    for boundary in manifest.boundaries:
        if boundary.margin:
            named.append((f"`boundaries` ({boundary.source})", boundary))
        if boundary.dissolve:
            named.append((f"`boundaries` ({boundary.source}) dissolve", boundary.dissolve))
    for lookup in manifest.lookups:
        named += [(f"`lookups` ({lookup.source})", end) for end in (lookup.start, lookup.end)]
    named += [(f"`populations` ({entry.source})", entry) for entry in manifest.populations]
    named += [(f"`centroids` ({entry.source})", entry) for entry in manifest.centroids]
    for indicator in manifest.indicators:
        named += [(f"`indicators` ({indicator.code})", level) for level in indicator.all_levels]
    return named


def _check_indicators(manifest: Manifest) -> list[str]:
    codes = [entry.code for entry in manifest.indicators]
    problems = [f"`indicators`: {code!r} stands twice." for code in _twice(codes)]
    named: list[tuple[str, str]] = []
    for entry in manifest.indicators:
        if entry.ranks:
            named.append((f"`indicators` ({entry.code}) ranks", entry.ranks))
        if isinstance(entry.denominator, DenominatorEntry) and entry.denominator.indicator:
            named.append((f"`indicators` ({entry.code}) denominator", entry.denominator.indicator))
        if (entry.country_where or entry.country_from_rows) and not manifest.country:
            problems.append(
                f"`indicators` ({entry.code}) has country rows, and there is no `[country]`."
            )
    named += [(f"`demand` ({each.category})", each.need) for each in manifest.demand if each.need]
    problems += [
        f"{where} names {code!r}, which is not among `indicators`{_mean(code, codes) or '.'}"
        for where, code in named
        if code not in codes
    ]
    return problems


def _twice(values: list[T]) -> list[T]:
    return sorted({value for value in values if values.count(value) > 1}, key=str)


__all__ = ["MANIFEST", "Manifest", "PackProblem", "SetEntry", "read_manifest"]
