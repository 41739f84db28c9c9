"""Characters: is this text at all, in which encoding, and line by line within bounds."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from charset_normalizer import from_bytes

from app.files.limits import Limits
from app.files.problems import FileProblem, LimitPassed, shorten

_CHUNK_BYTES = 1 << 20

#: Longest first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: What text does not contain, besides NUL: control characters that are no kind of space.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\x1e\x1f"))

#: Text may hold this share of control characters (a form feed gone wrong) and still be text.
_CONTROL_SHARE = 0.02

#: How much of what does not read as UTF-8 is gathered to guess from, in bytes.
_GUESS_BYTES = 200_000

#: Above this share of non-ASCII bytes the writing is not Latin with some accents.
_FOREIGN_SHARE = 0.25

_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


class Encoding(NamedTuple):
    """How the bytes of a text file are to be read.

    Attributes:
        codec: Python codec.
        name: Its name for people and for ``TableReader.encoding``.
        errors: "strict", or "replace" when a few broken characters are to be marked U+FFFD.
        has_nul: Whether NUL characters occur, which databases refuse.
        note: A sentence when it was a guess.
    """

    codec: str
    name: str
    errors: str
    has_nul: bool
    note: str | None


class _Scan(NamedTuple):
    bad_byte: int | None
    bad_line: int
    has_nul: bool


def marked_encoding(head: bytes) -> str | None:
    """Return the codec that a byte-order mark announces, or None."""
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), None)


def wide_encoding(head: bytes) -> str | None:
    """Return UTF-16 without a mark, known by NUL in every other byte, or None."""
    pairs = len(head) // 2
    if pairs < 2:  # noqa: PLR2004  # two characters at least
        return None
    for codec, zero, other in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        zeros = head[zero::2].count(0)
        if zeros > pairs * 0.6 and head[other::2].count(0) < pairs * 0.1:
            return codec
    return None


def is_text(head: bytes) -> bool:
    """Tell whether the first bytes of a file are text in some encoding."""
    if marked_encoding(head) or wide_encoding(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls <= max(1, _CONTROL_SHARE * len(head))


def find_encoding(path: Path, asked: str | None, name: str) -> Encoding:
    """Find the encoding by reading the whole file once, or check the one asked for.

    The whole file, because the first accent may stand in the last row. A mark at the start wins,
    then UTF-8 if all of it is valid, then UTF-8 with a few broken characters, then a guess.

    Raises:
        FileProblem: The encoding asked for is unknown or does not fit the bytes.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if asked is not None:
        return _asked_encoding(path, asked, name)
    codec = marked_encoding(head) or wide_encoding(head)
    if codec:
        scan = _scan(path, codec)
        if scan.bad_byte is not None:
            raise _does_not_fit(scan, codec, name)
        return Encoding(codec, codec.removesuffix("-sig"), "strict", scan.has_nul, None)
    scan = _scan(path, "utf-8")
    if scan.bad_byte is None:
        return Encoding("utf-8", "utf-8", "strict", scan.has_nul, None)
    return _guess(path, scan)


def known_codec(asked: str) -> str:
    """Return the name Python has for a text encoding.

    Raises:
        FileProblem: There is none of that name.
    """
    try:
        codec = codecs.lookup(asked).name
        "".encode(codec)  # raises LookupError for codecs that are not text encodings
    except (LookupError, ValueError):
        raise FileProblem(
            f"There is no text encoding called '{shorten(asked)}'.",
            remedy="Try utf-8 or cp1252.",
            field="encoding",
            value=asked,
        ) from None
    return codec


def _asked_encoding(path: Path, asked: str, name: str) -> Encoding:
    codec = known_codec(asked)
    codec = "utf-8-sig" if codec == "utf-8" else codec
    scan = _scan(path, codec)
    if scan.bad_byte is not None:
        raise _does_not_fit(scan, asked, name)
    return Encoding(codec, codec.removesuffix("-sig"), "strict", scan.has_nul, None)


def _does_not_fit(scan: _Scan, codec: str, name: str) -> FileProblem:
    value = f"0x{scan.bad_byte:02X}"
    return FileProblem(
        f"'{name}' is not all {codec}: line {scan.bad_line} holds the byte {value}, "
        f"which does not occur there.",
        remedy="Leave the encoding open so that it is found out, or save the file as UTF-8.",
        row=scan.bad_line,
        field="encoding",
        value=value,
    )


def _scan(path: Path, codec: str) -> _Scan:
    """Decode the whole file, keeping nothing; stop at the first byte that does not fit."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    has_nul = False
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK_BYTES)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = error.object[: error.start]
                return _Scan(error.object[error.start], line + before.count(b"\n"), has_nul)
            has_nul = has_nul or "\x00" in text
            line += text.count("\n")
            if not chunk:
                return _Scan(None, line, has_nul)


def _guess(path: Path, scan: _Scan) -> Encoding:
    """Choose for bytes that are not UTF-8."""
    sample = _telling_lines(path)
    high = len(sample.translate(None, bytes(range(128))))
    valid = sum(len(found) for found in _MULTIBYTE.findall(sample))
    if valid > 4 * (high - valid):
        note = (
            f"Nearly all of the text is UTF-8, but line {scan.bad_line} and perhaps others hold "
            f"broken characters; they are shown as � and the rows say so."
        )
        return Encoding("utf-8", "utf-8", "replace", scan.has_nul, note)
    codec = "cp1252"
    if high > _FOREIGN_SHARE * len(sample):
        best = from_bytes(sample).best()
        codec = best.encoding if best else codec
    try:
        sample.decode(codec)
    except UnicodeDecodeError:
        codec = "latin-1"  # has a character for every byte
    note = (
        f"The text is not UTF-8 (line {scan.bad_line} shows it); it was read as {codec}, which is "
        f"a guess. If accents look wrong, say which encoding it is."
    )
    # Checked on a sample only: a stray byte further down must not stop the reading.
    return Encoding(codec, codec, "replace", scan.has_nul, note)


def _telling_lines(path: Path) -> bytes:
    """Return the words with non-ASCII bytes in them, up to a sample's worth."""
    found = bytearray()
    word = re.compile(rb"[\x80-\xff\w]*[\x80-\xff][\x80-\xff\w]*")
    with path.open("rb") as stream:
        while len(found) < _GUESS_BYTES and (chunk := stream.read(_CHUNK_BYTES)):
            found += b" ".join(word.findall(chunk)) + b" "
    return bytes(found[:_GUESS_BYTES])


class Lines:
    """The lines of a text file, each within the limit.

    Attributes:
        taken: The lines handed out since ``taken`` was last emptied.
    """

    def __init__(self, stream: TextIO, limits: Limits, name: str) -> None:
        self._readline = stream.readline
        self._most = limits.line_characters
        self._name = name
        self._number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._readline(self._most + 1)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) > self._most:
            raise LimitPassed(
                f"Line {self._number} of '{self._name}' is longer than the "
                f"{self._most:,} characters allowed.",
                remedy="Check that the file has line breaks between its rows.",
                row=self._number,
            )
        self.taken.append(line)
        return line
