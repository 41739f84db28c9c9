"""What is to be downloaded, how patiently, and what is said when it cannot be."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

Progress = Callable[[str, int, int | None], Awaitable[None]]
"""Told the step in words, how many bytes or rows are done, and of how many (None: not known)."""


class DownloadProblem(ValueError):  # noqa: N818 - the word people read: a problem with a download
    """A file cannot be had; the message says what was wanted, what went wrong, and the remedy."""


class AddressProblem(Exception):  # noqa: N818 - the same, of one address
    """One address will not do, for the reason in the message; the next may."""


class MisfitProblem(AddressProblem):
    """What came from an address does not belong together, so none of it is kept."""


@dataclass(frozen=True)
class Wanted:
    """A file of a publisher.

    Attributes:
        key: The source's key in the manifest.
        file: The name under which it is kept.
        addresses: Where it may be, tried in order.
        protocol: One file, a layer of an ArcGIS feature service, or a table of Nomis.
        sha256: Of the finished file, where it is known.
        rows: How many features or rows there must be (`arcgis` and `nomis` only).
        page_rows: How many features are asked for at once (`arcgis` only; Nomis decides itself).
        size_bytes: The most that the finished file may take.
        page_bytes: The most that one page may take; pages are held in memory.

    Raises:
        DownloadProblem: There is no address, or the file would lie outside its folder.
    """

    key: str
    file: str
    addresses: tuple[str, ...]
    protocol: Literal["file", "arcgis", "nomis"] = "file"
    sha256: str | None = None
    rows: int | None = None
    page_rows: int = 1000
    size_bytes: int = 2_000_000_000
    page_bytes: int = 100_000_000

    def __post_init__(self) -> None:
        if not self.addresses:
            raise DownloadProblem(f"`sources.{self.key}` names no address. Add one to the pack.")
        for name in (self.key, self.file):
            path = PurePosixPath(name)
            if not path.parts or path.is_absolute() or ".." in path.parts:
                raise DownloadProblem(
                    f"{name!r} would be kept outside the folder of downloads. "
                    "Give it a plain name in the pack."
                )


@dataclass(frozen=True)
class Manners:
    """How patient and how polite a download is.

    Attributes:
        pauses_s: Seconds before the second attempt at a request, the third, and so on.
        between_pages_s: Seconds between two pages.
        longest_wait_s: The longest wait a host may ask for before we turn elsewhere, in seconds.
        quiet_s: Seconds for a connection, and between two pieces of an answer.
        page_s: Seconds for one page.
        file_s: Seconds for one attempt at a whole file.
        sleep: What waits; tests have one that does not.
    """

    pauses_s: tuple[float, ...] = (1, 4, 15)
    between_pages_s: float = 0.3
    longest_wait_s: float = 120
    quiet_s: float = 30
    page_s: float = 180
    file_s: float = 3600
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
