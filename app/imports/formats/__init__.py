"""Vocabularies in which rows come; a new one is a module and a line in `FORMATS`."""

from app.imports.formats import plain
from app.imports.formats.format import Format, References

FORMATS: tuple[Format, ...] = (plain.FORMAT,)
"""Every vocabulary, by the name that a manifest gives."""

__all__ = ["FORMATS", "Format", "References", "find_format"]


def find_format(name: str) -> Format:
    """Return the format called `name`.

    Raises:
        ValueError: There is none; the message names those there are.
    """
    for each in FORMATS:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in FORMATS)
    raise ValueError(f"no format {name!r}; choose one of {known}")
