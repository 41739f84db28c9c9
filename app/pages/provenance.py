"""Where the facts come from and what was loaded of them, arranged for reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.packs.report import FileReport
from app.packs.schemas import LoadedPack, SourceRead

NONE_STATED = "none stated"
"""What a manifest says where a publisher names no licence."""


@dataclass(frozen=True)
class Publisher:
    """Everything that comes from one publisher.

    Attributes:
        name: Its name.
        licence: The one source that stands for the licence of all; None where they differ.
        sources: Its publications, in the order of the manifest.
    """

    name: str
    licence: SourceRead | None
    sources: Sequence[SourceRead]


@dataclass(frozen=True)
class Naming:
    """A sentence that licences ask for.

    Attributes:
        sentence: The sentence.
        publishers: Whose publications it covers.
    """

    sentence: str
    publishers: Sequence[str]


@dataclass(frozen=True)
class LoadedRows:
    """What became of the rows of every file.

    Attributes:
        read: Rows read that are about the place.
        used: Of these, how many were used.
        repaired: Of these, how many were mended first.
        left_out: Of these, how many were left out.
        remarkable: Files of which a row was mended or left out.
    """

    read: int
    used: int
    repaired: int
    left_out: int
    remarkable: Sequence[FileReport]


def group_by_publisher(sources: Sequence[SourceRead]) -> list[Publisher]:
    """Return the sources by publisher, those with most of them first."""
    by_name = sorted(sources, key=lambda source: source.publisher)
    groups = []
    for name, found in groupby(by_name, key=lambda source: source.publisher):
        members = list(found)
        licences = {(source.licence, source.licence_url) for source in members}
        groups.append(Publisher(name, members[0] if len(licences) == 1 else None, members))
    return sorted(groups, key=lambda group: (-len(group.sources), group.name))


def list_namings(sources: Sequence[SourceRead]) -> list[Naming]:
    """Return each sentence that a source must be named by, once, and whose sources ask for it."""
    publishers: dict[str, dict[str, None]] = {}
    for source in sources:
        if source.attribution:
            publishers.setdefault(source.attribution, {})[source.publisher] = None
    return [Naming(sentence, list(names)) for sentence, names in publishers.items()]


def add_up_rows(loaded: LoadedPack) -> LoadedRows:
    """Return what became of all rows together, and the files of which not all were simply used."""
    files = loaded.report.files
    return LoadedRows(
        read=sum(file.read - file.outside for file in files),
        used=sum(file.accepted for file in files),
        repaired=sum(file.repaired for file in files),
        left_out=sum(file.rejected for file in files),
        remarkable=[file for file in files if file.repaired or file.rejected],
    )
