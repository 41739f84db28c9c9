"""What a term is, as a row of a table of categories says it, and a sentence for a bad row."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SHAPES = (
    "house", "square", "cross", "diamond", "hexagon", "triangle down", "triangle up", "circle",
)  # fmt: skip
"""The shapes that maps and lists can draw; colour is never the only difference."""

FIELDS = (
    "code", "name", "broader", "synonyms", "description", "shape", "colour", "demand_from_age",
    "demand_to_age", "demand_words", "catchment_m", "capacity_unit", "confirm_months",
    "open_eligibility", "esd", "osm_tags",
)  # fmt: skip
"""What a table of categories may say of a term; docs/how-to/add-a-category.md explains each."""

TRANSLATED = re.compile(r"(name|description|synonyms)_([a-z]{2,3})")
"""Further fields: a name, description or synonyms in another language, such as `name_cy`."""

OLDEST = 150
FARTHEST_M = 500_000
MOST_MONTHS = 120
LONGEST = 1000

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_COLOUR = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TAG = re.compile(r"[a-z][a-z0-9_:]*=[^\s=]+")
_NUMBER = re.compile(r"\d{1,6}")


class TaxonomyProblem(ValueError):  # noqa: N818 - the word people read: a problem with a table
    """Categories that cannot be used.

    Attributes:
        sentences: One for each thing that is wrong, naming row, field, value and remedy.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True)
class Term:
    """One category as its table says it; empty is "not said".

    Attributes:
        code: Its name in files and addresses; lower case, digits, hyphens.
        name: What residents call it.
        broader: Code of the term that it is part of; empty at the top.
        synonyms: Other words that people search by.
        description: A plain sentence.
        shape: One of `SHAPES`; a narrower term has its broader one's.
        colour: Token of the style sheet; likewise.
        demand_from_age: Youngest person it is for; None: no limit.
        demand_to_age: Oldest, included; None: no limit.
        demand_words: Who it is for, in words; empty: everybody of these ages.
        catchment_m: Metres in a straight line that people go for it.
        capacity_unit: What its capacity is counted in.
        confirm_months: How long what was confirmed of it holds.
        open_eligibility: The same in the Open Eligibility taxonomy, by name.
        esd: Numbers of the Local Government Services List.
        osm_tags: What OpenStreetMap calls it, `key=value`.
        translations: `{"cy": {"name": ..., "description": ..., "synonyms": [...]}}`.
        row: Its row in the table, as a person counts.
        file: The table.
    """

    code: str
    name: str = ""
    broader: str = ""
    synonyms: tuple[str, ...] = ()
    description: str = ""
    shape: str = ""
    colour: str = ""
    demand_from_age: int | None = None
    demand_to_age: int | None = None
    demand_words: str = ""
    catchment_m: int | None = None
    capacity_unit: str = ""
    confirm_months: int | None = None
    open_eligibility: tuple[str, ...] = ()
    esd: tuple[str, ...] = ()
    osm_tags: tuple[str, ...] = ()
    translations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    row: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)

    @property
    def place(self) -> str:
        """Where it stands, to begin a sentence with."""
        return f"{self.file}, row {self.row}" if self.row else f"Category {self.code!r}"


def suggest_category(known: Iterable[str], given: str) -> str | None:
    """Return the code of `known` that `given` is most likely meant to be, None if none is near."""
    codes = sorted(known)
    plain = re.sub(r"[^a-z0-9]+", "-", given.casefold()).strip("-")
    squeezed = {code.replace("-", ""): code for code in codes}
    if found := squeezed.get(plain.replace("-", "")):
        return found
    return next(iter(difflib.get_close_matches(plain, codes, n=1)), None)


def say_nearest(known: Iterable[str], given: str) -> str:
    """Return " (do you mean 'x'?)", or nothing where no code is near."""
    nearest = suggest_category(known, given)
    return f" (do you mean {nearest!r}?)" if nearest else ""


def find_unknown_fields(fields: Iterable[str]) -> list[str]:
    """Return those of `fields` that a table of categories has no meaning for."""
    return [name for name in fields if name not in FIELDS and not TRANSLATED.fullmatch(name)]


def read_term(cells: Mapping[str, str], row: int, file: str, problem: str | None = None) -> Term:
    """Return the term of one row; each field of `cells` is one of `FIELDS` or a translated one.

    Several things in one cell are separated by semicolons.

    Args:
        cells: Field to text.
        row: Its number, as a person counts.
        file: The table, for sentences.
        problem: What the reader of the file found wrong with the row, if anything.

    Raises:
        TaxonomyProblem: Something in it cannot be used, a sentence each.
    """
    if problem:
        raise TaxonomyProblem([f"{file}: {problem}"])
    reading = _Reading({name: " ".join(text.split()) for name, text in cells.items()})
    term = Term(
        code=reading.pattern("code", _CODE, "lower-case letters, digits and hyphens"),
        name=reading.text("name"),
        broader=reading.text("broader"),
        synonyms=reading.several("synonyms"),
        description=reading.text("description"),
        shape=reading.choice("shape", SHAPES),
        colour=reading.pattern("colour", _COLOUR, "the name of a colour, such as cat-health"),
        demand_from_age=reading.number("demand_from_age", 0, OLDEST),
        demand_to_age=reading.number("demand_to_age", 0, OLDEST),
        demand_words=reading.text("demand_words"),
        catchment_m=reading.number("catchment_m", 1, FARTHEST_M),
        capacity_unit=reading.text("capacity_unit"),
        confirm_months=reading.number("confirm_months", 1, MOST_MONTHS),
        open_eligibility=reading.several("open_eligibility"),
        esd=reading.several("esd", _NUMBER, "numbers of the Local Government Services List"),
        osm_tags=reading.several("osm_tags", _TAG, "key=value, such as amenity=library"),
        translations=reading.translations(),
        row=row,
        file=file,
    )
    if "code" not in reading.problems and not term.code:
        reading.problems["code"] = "`code` is empty. Give the category a code."
    if reading.problems:
        raise TaxonomyProblem(f"{file}, row {row}: {said}" for said in reading.problems.values())
    return term


class _Reading:
    """The cells of one row, and what is wrong with them by field."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.problems: dict[str, str] = {}

    def text(self, name: str) -> str:
        text = self._cells.get(name, "")
        if len(text) > LONGEST:
            self._refuse(name, text, f"it may have {LONGEST:,} characters")
        elif "\x00" in text or any("\ud800" <= each <= "\udfff" for each in text):
            self._refuse(name, "", "it holds a character that is none; write it anew")
        return text

    def pattern(self, name: str, pattern: re.Pattern[str], words: str) -> str:
        text = self.text(name)
        if text and not pattern.fullmatch(text):
            self._refuse(name, text, f"write {words}, at most 40")
        return text

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        text = self.text(name)
        if text and text not in choices:
            self._refuse(name, text, f"it may be one of: {', '.join(choices)}")
        return text

    def several(
        self, name: str, pattern: re.Pattern[str] | None = None, words: str = ""
    ) -> tuple[str, ...]:
        parts = tuple(
            dict.fromkeys(p for each in self.text(name).split(";") if (p := each.strip()))
        )
        wrong = [part for part in parts if pattern and not pattern.fullmatch(part)]
        if wrong:
            self._refuse(name, wrong[0], f"write {words}, with semicolons between them")
        return parts

    def number(self, name: str, least: int, most: int) -> int | None:
        text = self.text(name)
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            self._refuse(name, text, f"write a whole number from {least} to {most:,}")
            return None
        return int(text)

    def translations(self) -> dict[str, dict[str, Any]]:
        made: dict[str, dict[str, Any]] = {}
        for name in sorted(self._cells):
            matched = TRANSLATED.fullmatch(name)
            if matched and self.text(name):
                part, language = matched.groups()
                said = list(self.several(name)) if part == "synonyms" else self.text(name)
                made.setdefault(language, {})[part] = said
        return made

    def _refuse(self, name: str, value: str, remedy: str) -> None:
        shown = value if len(value) <= 60 else value[:59] + "…"  # noqa: PLR2004 - a sentence's worth
        self.problems[name] = f"`{name}` is {shown!r}; {remedy}."
