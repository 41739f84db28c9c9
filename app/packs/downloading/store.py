"""Where a download lives on disk: the part that is there so far, the finished file, its record."""

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.packs.downloading.wanted import DownloadProblem, Wanted

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_HELD = frozenset({errno.EACCES, errno.EAGAIN})

M = TypeVar("M", bound=BaseModel)


class Record(BaseModel):
    """What is known of a finished file.

    Attributes:
        address: Where it came from; None where somebody put it there by hand.
        fetched: When it was complete.
        sha256: Its checksum.
        size_bytes: Its size.
        rows: Features or rows, where they were counted.
    """

    address: str | None
    fetched: datetime
    sha256: str
    size_bytes: int
    rows: int | None = None


class Progressed(BaseModel):
    """How far an unfinished download is, and what is needed to go on.

    Attributes:
        address: Where the part comes from.
        size_bytes: How much of the part counts (pages only; of one file every byte does).
        etag: The publisher's mark of this edition (one file only).
        last_modified: The date of this edition (one file only).
        rows: Rows in the part (pages only).
        total: Rows there must be in the end (pages only).
        columns: Their columns (pages only).
    """

    address: str
    size_bytes: int = 0
    etag: str | None = None
    last_modified: str | None = None
    rows: int = 0
    total: int | None = None
    columns: list[str] = []


class Store:
    """The place of one download on disk.

    Each write opens and closes the file, so a download that is killed leaves nothing half open.

    Args:
        wanted: What is downloaded.
        folder: The folder of all downloads.
    """

    def __init__(self, wanted: Wanted, folder: Path) -> None:
        self.path = folder / wanted.key / wanted.file
        self.part = self.path.with_name(f"{self.path.name}.part")
        self._record = self.path.with_name(f"{self.path.name}.record.json")
        self._progress = self.path.with_name(f"{self.path.name}.part.json")

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep other downloads out of the folder of this file; the lock ends with the process.

        Raises:
            DownloadProblem: Another download works there, or the folder cannot be made.
        """
        with self.writing():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            with self.writing():
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Say in a sentence what the disk refuses.

        Raises:
            DownloadProblem: The disk is full, or the file cannot be written.
        """
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                raise DownloadProblem(
                    f"{self.path} could not be saved: the disk is full. Make room and start "
                    "again; what has come so far is kept."
                ) from None
            if error.errno in _HELD and error.filename is None:
                raise DownloadProblem(
                    f"{self.path} is being downloaded already. Wait until that is done."
                ) from None
            raise DownloadProblem(
                f"{self.path} could not be saved: {error.strerror or error}. "
                "Check the folder and who may write in it."
            ) from None

    def read_record(self) -> Record | None:
        """Return what is known of the finished file; None without a readable record."""
        return _read(self._record, Record)

    def checksum(self, path: Path) -> str:
        """Return the SHA-256 of a file; takes seconds for a large one."""
        with self.writing(), path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    def resume(self, address: str) -> Progressed | None:
        """Return how far the download from `address` is; None where it cannot be gone on with."""
        progress = _read(self._progress, Progressed)
        if progress is None or progress.address != address or not self.part.is_file():
            return None
        return progress if self.measure_part() >= progress.size_bytes else None

    def cut(self, size_bytes: int) -> None:
        """Cut the part back to what counts."""
        with self.writing():
            os.truncate(self.part, size_bytes)

    def begin(self, progress: Progressed) -> None:
        """Start anew with an empty part."""
        with self.writing():
            self._progress.unlink(missing_ok=True)  # first: it must never speak of another part
            self.part.write_bytes(b"")
        self.note(progress)

    def append(self, content: bytes) -> int:
        """Add to the part; return its size in bytes."""
        with self.writing():
            with self.part.open("ab") as opened:
                opened.write(content)
            return self.part.stat().st_size

    def measure_part(self) -> int:
        """Return the size of the part in bytes."""
        with self.writing():
            return self.part.stat().st_size

    def note(self, progress: Progressed) -> None:
        """Keep how far the download is, for the next attempt."""
        self._write(self._progress, progress)

    def discard(self) -> None:
        """Throw away the part: it is wrong, or of another edition."""
        with self.writing():
            self._progress.unlink(missing_ok=True)
            self.part.unlink(missing_ok=True)

    def finish(self, record: Record) -> None:
        """Put the part in its final place, whole, and keep its record."""
        with self.writing():
            with self.part.open("rb") as opened:
                os.fsync(opened.fileno())
            self._record.unlink(missing_ok=True)
            self.part.replace(self.path)
            self._progress.unlink(missing_ok=True)
        self.keep_record(record)

    def keep_record(self, record: Record) -> None:
        """Keep what is known of the finished file."""
        self._write(self._record, record)

    def describe(self, path: Path, sha256: str, address: str | None, rows: int | None) -> Record:
        """Return the record of a file that is complete now."""
        with self.writing():
            size_bytes = path.stat().st_size
        return Record(
            address=address,
            fetched=datetime.now(UTC).replace(microsecond=0),
            sha256=sha256,
            size_bytes=size_bytes,
            rows=rows,
        )

    def _write(self, path: Path, model: BaseModel) -> None:
        new = path.with_name(f"{path.name}.new")
        with self.writing():
            new.write_text(model.model_dump_json(indent=1) + "\n", encoding="utf-8")
            new.replace(path)


def _read(path: Path, model: type[M]) -> M | None:
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
