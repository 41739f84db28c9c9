"""What can be wrong with a file, said in a sentence a person can act on."""


class FileProblem(ValueError):  # noqa: N818  # the word people read: a problem with their file
    """A file, or part of it, cannot be read.

    Attributes:
        what: What is wrong and where, one sentence.
        remedy: What the person can do about it, one sentence, or None.
        sentence: Both together; also the message of the exception.
        row: 1-based row of the file as a person sees it, or None.
        field: The name of the column, sheet, layer or archive member concerned, or None.
        value: The offending value, shortened, or None.
    """

    def __init__(
        self,
        what: str,
        *,
        remedy: str | None = None,
        row: int | None = None,
        field: str | None = None,
        value: str | None = None,
    ) -> None:
        self.what = what
        self.remedy = remedy
        self.sentence = f"{what} {remedy}" if remedy else what
        self.row = row
        self.field = field
        self.value = None if value is None else shorten(value)
        super().__init__(self.sentence)


class UnknownFormat(FileProblem):
    """The content is of a kind that this reader does not read."""


class UnsafeFile(FileProblem):
    """The file is built in a way that could do harm, so it is refused unread."""


class LimitPassed(FileProblem):
    """The file is larger, in some measure, than the caller allows."""


def shorten(value: object, length: int = 60) -> str:
    """Return ``value`` as text for a sentence, on one line and at most ``length`` characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= length else text[: length - 1] + "…"


def listed(names: list[str], most: int = 8) -> str:
    """Return names as a quoted list for a sentence, with a count of those left out."""
    shown = ", ".join(f"'{shorten(name)}'" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return "1 row" or "2,000 rows"."""
    return f"1 {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"
