"""Where the files of a pack are: in its folder, in a mirror, or fetched from their publishers."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from app.core.fetching import GuardedClient
from app.core.settings import Settings
from app.packs.downloading import DownloadProblem, Wanted, download
from app.packs.manifest import MANIFEST, Manifest, PackProblem, list_manifest_files
from app.packs.source_entries import OfficialEntry, Reading, SourceEntry

LOADER_VERSION = 3
"""Raised when the same files would load as something else; every pack is then loaded anew."""

MOST_FILES = 6
"""How many missing files a sentence names."""

Progress = Callable[[str, int, int | None], Awaitable[None]]
"""Told the step in words, how many are done, and of how many (None: not known)."""


@dataclass(frozen=True)
class Shelves:
    """Where files are looked for when a pack's own folder does not hold them.

    Attributes:
        mirror: A folder with copies of publications, as the manifests name them; None: no mirror.
        raw: Where downloads are kept; None: nothing is fetched.
        allow: Hosts and ports of one's own network that may be fetched from.
    """

    mirror: Path | None = None
    raw: Path | None = None
    allow: frozenset[tuple[str, int]] = frozenset()


def find_shelves(settings: Settings) -> Shelves:
    """Return where this service looks for files."""
    return Shelves(mirror=settings.mirror, raw=settings.raw_dir)


@dataclass(frozen=True)
class FoundSource:
    """A source with its files at hand.

    Attributes:
        entry: What the manifest says.
        paths: Its files.
        checksums: SHA-256 of each.
        official: Set where the files are the publisher's own, with their own columns.
    """

    entry: SourceEntry
    paths: tuple[Path, ...]
    checksums: tuple[str, ...]
    official: OfficialEntry | None = None

    @property
    def reading(self) -> Reading:
        """How its files are opened."""
        return self.official or self.entry

    @property
    def openings(self) -> list[tuple[Path, str | None]]:
        """Each file to be read, and which one inside it where it is a zip."""
        if self.official and self.official.members:
            return [(path, member) for path in self.paths for member in self.official.members]
        return [(path, self.reading.member) for path in self.paths]

    def theirs(self, column: str) -> str:
        """Return what a column of the manifest is called in these files."""
        return self.official.columns.get(column, column) if self.official else column


@dataclass(frozen=True)
class Search:
    """What was found of a pack's sources, and sentences for what was not.

    Attributes:
        found: Sources with their files, by key.
        problems: A sentence for each file that is not what the manifest says.
        missing: Sources that are nowhere here; those with an official address can be fetched.
    """

    found: dict[str, FoundSource]
    problems: list[str]
    missing: list[str]


def search_shelves(folder: Path, manifest: Manifest, shelves: Shelves) -> Search:
    """Look for the files of a pack in its folder, then in the mirror; nothing is fetched."""
    search = Search({}, [], [])
    if shelves.mirror and not shelves.mirror.is_dir():
        search.problems.append(f"The mirror {shelves.mirror} is not a folder. Correct MIRROR.")
    for key, source in manifest.used_sources.items():
        paths = [_look(part.file, folder, shelves) for part in source.parts]
        if any(path is None for path in paths):
            search.missing.append(key)
            continue
        held = tuple(path for path in paths if path)
        sums = tuple(_checksum(path) for path in held)
        for part, checksum in zip(source.parts, sums, strict=True):
            if part.sha256 != checksum:
                search.problems.append(
                    f"{part.file} is not the file that {folder.name}/{MANIFEST} describes (its "
                    f"SHA-256 is {checksum}). Get it again, or correct `sha256` of `sources.{key}` "
                    "if the change is wanted."
                )
        search.found[key] = FoundSource(source, held, sums)
    return search


async def find_sources(
    folder: Path, manifest: Manifest, shelves: Shelves, search: Search, progress: Progress
) -> dict[str, FoundSource]:
    """Return every source with its files, those at no other place fetched from their publisher.

    Args:
        folder: The pack's.
        manifest: Its manifest.
        shelves: Where else files are, and are kept.
        search: What `search_shelves` found.
        progress: Told what is being fetched.

    Raises:
        PackProblem: A file is not what the manifest says, or is nowhere to be had.
    """
    problems = list(search.problems)
    problems += say_missing(folder, manifest, search, shelves)
    if problems:
        raise PackProblem("\n".join(problems))
    fetched: dict[str, FoundSource] = {}
    async with GuardedClient(allow=shelves.allow) as client:
        for number, key in enumerate(search.missing, 1):
            try:
                fetched[key] = await _fetch(key, manifest, shelves, progress, client)
            except DownloadProblem as problem:
                # Where one host cannot be reached, others can rarely be; what is here stays.
                left = len(search.missing) - number
                more = f" {left} further sources are still to be fetched." if left else ""
                raise PackProblem(f"{folder.name}: {problem}{more}") from None
    found = {**search.found, **fetched}
    return {key: found[key] for key in manifest.used_sources}


def say_missing(folder: Path, manifest: Manifest, search: Search, shelves: Shelves) -> list[str]:
    """Return what to say of sources that are nowhere here and cannot be fetched either."""
    files = [
        part.file
        for key in search.missing
        for part in manifest.sources[key].parts
        if shelves.raw is None or manifest.sources[key].official is None
    ]
    if not files:
        return []
    looked = "in its folder" + (f" or in the mirror {shelves.mirror}" if shelves.mirror else "")
    named = files[:MOST_FILES] + (
        [f"and {len(files) - MOST_FILES} more"] * (len(files) > MOST_FILES)
    )
    return [
        (
            f"{folder.name} needs files that are not {looked} and have no address to be fetched "
            f"from: {', '.join(named)}. Name a folder that holds them: MIRROR=/path/to/mirror."
        )
    ]


def checksum_pack(folder: Path, found: dict[str, FoundSource]) -> str:
    """Return one SHA-256 over a manifest and the files it is loaded from."""
    whole = hashlib.sha256(f"loader {LOADER_VERSION}\n".encode())
    for path in list_manifest_files(folder):
        whole.update(path.read_bytes())
    for source in found.values():
        for checksum in source.checksums:
            whole.update(checksum.encode())
    return whole.hexdigest()


def _look(file: str, folder: Path, shelves: Shelves) -> Path | None:
    places = [folder, *([shelves.mirror] if shelves.mirror else [])]
    return next((place / file for place in places if (place / file).is_file()), None)


def _checksum(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


async def _fetch(
    key: str, manifest: Manifest, shelves: Shelves, progress: Progress, client: GuardedClient
) -> FoundSource:
    source = manifest.sources[key]
    official = source.official
    if official is None or shelves.raw is None:
        raise DownloadProblem(f"`sources.{key}` has no address to be fetched from.")
    wanted = Wanted(
        key=Path(official.file).stem,  # several sources may be columns of one publication
        file=official.file,
        addresses=tuple(official.addresses),
        protocol=official.protocol,
        sha256=official.sha256,
        rows=official.rows,
        page_rows=official.page_rows,
    )
    path = await download(wanted, shelves.raw, progress, client)
    return FoundSource(source, (path,), (_checksum(path),), official)
