"""Opening gz and zip: one level, inside limits, into a private folder."""

import gzip
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from app.files.limits import Limits, in_megabytes
from app.files.problems import FileProblem, LimitPassed, UnknownFormat, UnsafeFile, listed, shorten

_CHUNK_BYTES = 1 << 18

#: Below this much unpacked the ratio is not looked at.
_RATIO_FROM_BYTES = 10_000_000

_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")

#: What people and programs put beside a table in an archive.
_COMPANIONS = (
    *(".txt", ".md", ".pdf", ".html", ".htm", ".xml", ".rtf", ".doc", ".docx", ".url", ".png"),
    *(".jpg", ".qmd", ".qml", ".lyr", ".sbn", ".sbx", ".shx", ".dbf", ".prj", ".cpg", ".qix"),
)

#: Office files that are zips but no spreadsheet that is read, by a member they all have.
_OTHER_OFFICE = {
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a set of slides",
    "content.xml": "an OpenDocument file other than a spreadsheet",
}

_ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz")

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


class Unpacked(NamedTuple):
    """The file taken out of an archive: where it lies and what it was called in there."""

    path: Path
    member: str


class _Meter:
    """Counts bytes as they come out and stops a bomb while it unfolds."""

    def __init__(self, packed_bytes: int, limits: Limits, name: str) -> None:
        self._packed = max(1, packed_bytes)
        self._limits = limits
        self._name = name
        self._total = 0

    def add(self, count: int) -> None:
        self._total += count
        if self._total > self._limits.unpacked_bytes:
            raise LimitPassed(
                f"'{self._name}' unpacks to more than the "
                f"{in_megabytes(self._limits.unpacked_bytes)} allowed.",
                remedy="Cut the data into smaller files.",
            )
        if self._total > _RATIO_FROM_BYTES and self._total > self._packed * self._limits.ratio:
            raise LimitPassed(
                f"'{self._name}' unpacks to more than {self._limits.ratio} times its size, as "
                f"files made to fill a disk do; unpacking was stopped.",
                remedy="Send the data without compression.",
            )


def unpack_gzip(path: Path, folder: Path, limits: Limits, name: str) -> Unpacked:
    """Unpack a gz file into the folder.

    Raises:
        LimitPassed: It unfolds too far.
        FileProblem: It is cut short or damaged.
    """
    inner = name[:-3] if name.lower().endswith(".gz") else name
    target = folder / f"unpacked{_safe_ending(inner)}"
    meter = _Meter(path.stat().st_size, limits, name)
    with gzip.open(path, "rb") as packed:
        _copy(packed.read, target, meter, lambda: _broken(name, "gzip"))
    return Unpacked(target, inner)


def open_zip(path: Path, name: str) -> zipfile.ZipFile:
    """Open a zip, or say that it is damaged."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _broken(name, "zip") from None


def unpack_zip(
    path: Path, folder: Path, limits: Limits, name: str, wanted: str | None
) -> tuple[Unpacked, list[str]]:
    """Take one table out of a zip, with its siblings if it is a shapefile.

    Args:
        path: The zip.
        folder: A private folder; members are written there under names of our own.
        limits: Members, unpacked size and ratio are observed.
        name: The zip, for sentences.
        wanted: The member asked for, or None when there should be only one.

    Returns:
        The file, and notes on what was left in the archive.

    Raises:
        UnsafeFile: Paths that lead outside, links, or archives within the archive.
        LimitPassed: Too many members or too much in them.
        FileProblem: Locked, damaged, empty, or several tables and none chosen.
    """
    with open_zip(path, name) as package:
        infos = check_members(package, name, limits)
        names = [info.orig_filename for info in infos]
        _refuse_office(names, name)
        member = _choose(names, wanted, name)
        meter = _Meter(path.stat().st_size, limits, name)
        target = folder / f"unpacked{_safe_ending(member)}"
        parts = _parts(member, names)
        for info in infos:
            if info.orig_filename in parts:
                part = target.with_suffix(_safe_ending(info.orig_filename))
                _unpack_member(package, info, part, meter, name)
    _refuse_nested(target, member, name)
    left = [other for other in names if other not in parts and not _is_companion(other)]
    notes = [f"Only '{member}' was read from the archive; there is also {listed(left)}."]
    return Unpacked(target, member), notes if left else []


def check_members(package: zipfile.ZipFile, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """Return the files of a zip that a person put there, after checking every entry.

    Raises:
        UnsafeFile: A path that leads outside, or a link.
        LimitPassed: Too many entries.
        FileProblem: Locked with a password.
    """
    infos = package.infolist()
    if len(infos) > limits.members:
        raise LimitPassed(
            f"'{name}' holds {len(infos):,} files, more than the {limits.members:,} allowed.",
            remedy="Send only the file with the table.",
        )
    for info in infos:
        _refuse_path(info.orig_filename, name)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnsafeFile(
                f"'{name}' holds a link instead of a file ('{shorten(info.orig_filename)}'); "
                f"it was not opened.",
                remedy="Put the file itself into the archive.",
                field=info.orig_filename,
            )
        if info.flag_bits & 0x1:
            raise FileProblem(
                f"'{name}' is locked with a password ('{shorten(info.orig_filename)}' is).",
                remedy="Make the archive again without a password.",
                field=info.orig_filename,
            )
    return [info for info in infos if not info.is_dir() and not _is_clutter(info.orig_filename)]


def check_package(package: zipfile.ZipFile, path: Path, name: str, limits: Limits) -> None:
    """Unpack a spreadsheet's parts into nothing, to know that it is no bomb and not damaged.

    Sizes stated in a zip can lie. Python's reader checks them, the libraries that parse
    spreadsheets may not.

    Raises:
        FileProblem: As ``check_members``, ``LimitPassed``, or damaged.
    """
    check_members(package, name, limits)
    meter = _Meter(path.stat().st_size, limits, name)
    for info in package.infolist():
        _unpack_member(package, info, None, meter, name)


def _unpack_member(
    package: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    target: Path | None,
    meter: _Meter,
    name: str,
) -> None:
    def broken() -> FileProblem:
        return _broken(name, "zip", info.orig_filename)

    try:
        packed = package.open(info)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        raise broken() from None
    with packed:
        _copy(packed.read, target, meter, broken)


def _copy(
    read: Callable[[int], bytes],
    target: Path | None,
    meter: _Meter,
    broken: Callable[[], FileProblem],
) -> None:
    sink: BinaryIO | None = target.open("xb") if target else None
    try:
        while True:
            try:
                chunk = read(_CHUNK_BYTES)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
                raise broken() from None
            if not chunk:
                return
            meter.add(len(chunk))
            if sink:
                sink.write(chunk)
    finally:
        if sink:
            sink.close()


def _broken(name: str, kind: str, member: str | None = None) -> FileProblem:
    where = f" at its member '{shorten(member)}'" if member else ""
    return FileProblem(
        f"'{name}' is a {kind} file that is cut short or damaged{where}.",
        remedy="Download or make it again, and compare its size with the original.",
        field=member,
    )


def _refuse_path(member: str, name: str) -> None:
    parts = member.replace("\\", "/").split("/")
    if member.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in member:
        raise UnsafeFile(
            f"'{name}' holds a file whose path leads outside the archive "
            f"('{shorten(member)}'); it was not opened.",
            remedy="Make the archive again from a folder with only the data in it.",
            field=member,
        )


def _refuse_office(names: list[str], name: str) -> None:
    for member, title in _OTHER_OFFICE.items():
        if member in names:
            raise UnknownFormat(
                f"'{name}' is {title}, not a table or feature file.",
                remedy="Save the table as .xlsx or CSV and send that.",
            )


def _choose(names: list[str], wanted: str | None, name: str) -> str:
    if wanted is not None:
        if wanted in names:
            return wanted
        raise FileProblem(
            f"'{name}' holds no file called '{shorten(wanted)}'.",
            remedy=f"Choose one of: {listed(names)}.",
            field="member",
            value=wanted,
        )
    if not names:
        raise FileProblem(f"'{name}' is an empty archive.", remedy="Put the table into it.")
    tables = [member for member in names if not _is_companion(member)]
    tables = tables or (names if len(names) == 1 else [])
    if len(tables) == 1:
        return tables[0]
    if not tables:
        raise FileProblem(
            f"'{name}' holds no table or feature file, only {listed(names)}.",
            remedy="If it is a shapefile, the .shp, .shx and .dbf files all belong in it.",
        )
    raise FileProblem(
        f"'{name}' holds {len(tables):,} files that could be meant: {listed(tables, 20)}.",
        remedy="Say which one to read, or send an archive with one.",
        field="member",
    )


def _parts(member: str, names: list[str]) -> set[str]:
    """Return the member and, for a shapefile, the files that belong to it."""
    path = PurePosixPath(member)
    if path.suffix.lower() != ".shp":
        return {member}
    parts: dict[str, str] = {}
    for other in map(PurePosixPath, names):
        same = other.parent == path.parent and other.stem.lower() == path.stem.lower()
        if same and other.suffix.lower() in _SHAPEFILE_PARTS:
            parts.setdefault(other.suffix.lower(), str(other))
    return {*parts.values(), member}


def _refuse_nested(target: Path, member: str, name: str) -> None:
    with target.open("rb") as stream:
        head = stream.read(4)
    spreadsheet = not member.lower().endswith(_ARCHIVES)
    if head.startswith(GZIP) or (head in ZIP and not spreadsheet):
        raise UnsafeFile(
            f"'{name}' holds another archive ('{shorten(member)}'); only one level is opened.",
            remedy="Take the table out of the inner archive and send that.",
            field=member,
        )


def _is_clutter(member: str) -> bool:
    path = PurePosixPath(member)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name == "Thumbs.db"


def _is_companion(member: str) -> bool:
    lower = member.lower()
    return lower.endswith((*_COMPANIONS, ".shp.xml"))


def _safe_ending(member: str) -> str:
    """Return the ending of a name when it is a plain one; it goes into a path of ours."""
    ending = PurePosixPath(member).suffix.lower()
    return ending if ending.isascii() and ending[1:].isalnum() and len(ending) < 16 else ""  # noqa: PLR2004  # endings are short
