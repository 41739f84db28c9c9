"""What a manifest says about starting organisations, assets and their sites."""

import difflib
import re
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from app.imports.formats import find_format
from app.imports.placing import Keep
from app.packs.parts import FileEntry, Part
from app.records.vocabulary import AddressRole

Kind = Literal["organisations", "assets", "sites"]
Patterns = Annotated[
    list[Annotated[str, StringConstraints(min_length=1)]], Field(min_length=1, max_length=200)
]
"""Texts in which `*` stands for anything; capitals make no difference."""


class Extract(Part):
    """A field that stands inside a longer cell.

    Attributes:
        column: The file's column.
        pattern: A regular expression; what it finds, or its first group, is the field.
        write: How that is written, `{}` standing for it.
    """

    column: str
    pattern: str
    write: Annotated[str, Field(pattern=r"^[^{}]*\{\}[^{}]*$")] = "{}"

    @field_validator("pattern")
    @classmethod
    def _be_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value!r} is no regular expression: {error}") from None
        return value


class Names(Part):
    """Cells that hold several names, or names that need a word more.

    Attributes:
        between: What stands between them.
        take: Make a row of each, or take the first.
        only: Only names of this form count.
        unless: Names of this form do not.
        add: A word put after names that do not hold it.
    """

    between: str = "|"
    take: Literal["each", "first"] = "first"
    only: Patterns | None = None
    unless: Patterns | None = None
    add: str = ""


class CommunityEntry(FileEntry):
    """Starting organisations, assets or sites: a file with a row each.

    Attributes:
        format: Its vocabulary.
        columns: Our field to the file's column, or to several that are joined by commas.
        extract: Our field to a part of a column.
        fixed: Our field to what all rows say, where no column does.
        values: Our field, to what the file's cells mean in our words.
        category: What all of them are, where no column says.
        address_role: What their addresses are for; only those of delivery may be pinpointed.
        authoritative: False where the file only adds to what other files hold.
        match: Fields by which such a row finds what it is about, in the order to be trusted.
        joins: Whether its rows may be the same things as rows of other files.
        repeats: Whether it may hold one thing several times.
        keep: How far out rows are kept; the margin unless said, for organisations everywhere.
        only: The file's column to the forms that its cells must have.
        exclude: The file's column to forms that leave a row out.
        hidden: The file's column to forms that keep a row's whereabouts to itself.
        names: How several names in one cell are read.
        ordinary_case: Fields whose capitals are put into ordinary case.
    """

    format: str = "plain"
    columns: dict[str, str | list[str]]
    extract: dict[str, Extract] = {}
    fixed: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    category: str | None = None
    address_role: AddressRole | None = None
    authoritative: bool = True
    match: list[Annotated[list[str], Field(min_length=1)]] = []
    joins: bool = False
    repeats: bool = False
    keep: Keep | None = None
    only: dict[str, Patterns] = {}
    exclude: dict[str, Patterns] = {}
    hidden: dict[str, Patterns] = {}
    names: Names | None = None
    ordinary_case: list[str] = []

    @field_validator("format")
    @classmethod
    def _know_format(cls, value: str) -> str:
        find_format(value)
        return value

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.authoritative == bool(self.match):
            raise ValueError(
                "`match` says how rows that only add to others find them: it goes with "
                "`authoritative = false`, and only with that"
            )
        return self

    @property
    def fields(self) -> set[str]:
        """Every field that something is said of."""
        return {*self.columns, *self.extract, *self.fixed}

    @property
    def file_columns(self) -> list[str]:
        """The file's columns that are read, `where` left out."""
        mapped = [
            name for each in self.columns.values()
            for name in (each if isinstance(each, list) else [each])
        ]  # fmt: skip
        extracted = [each.column for each in self.extract.values()]
        return list(dict.fromkeys([*mapped, *extracted, *self.only, *self.exclude, *self.hidden]))


def check_entry(kind: Kind, entry: CommunityEntry) -> list[str]:
    """Return a sentence for each field that a table of this kind does not have or needs."""
    known = find_format(entry.format).fields[kind]
    where = f"`{kind}` ({entry.source})"
    named = {
        *entry.fields,
        *entry.values,
        *entry.ordinary_case,
        *(f for k in entry.match for f in k),
    }
    problems = []
    for name in sorted(named - known):
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"; do you mean `{near[0]}`?" if near else "."
        problems.append(f"{where}: {name!r} is no field of a table of {kind}{meant}")
    if kind == "sites" and "asset_id" not in entry.fields:
        problems.append(f"{where} needs `asset_id`, the column that names the asset of a site.")
    if kind != "sites" and "name" not in entry.fields and entry.authoritative:
        problems.append(f"{where} needs `name`, the column of the names.")
    if kind == "assets" and entry.authoritative:
        if not entry.category and "category_ids" not in entry.fields:
            problems.append(f"{where} needs `category`, or a column for `category_ids`.")
    elif entry.category and entry.authoritative:
        problems.append(f"{where}: only assets have a `category`; leave it out.")
    if kind == "sites" and (not entry.authoritative or entry.joins):
        problems.append(f"{where}: sites go with their asset; leave out `match` and `joins`.")
    return problems
