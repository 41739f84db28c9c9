"""The languages of the pages: catalogues on disk, and the choice among them."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en-GB"
"""The language the sentences are written in; it needs no catalogue."""

DOMAIN = "hereabouts"

_RANGE = re.compile(
    r"^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.\d*)?))?\s*$"
)


class Catalogues:
    """The translations in a folder laid out as gettext has it: `cy/LC_MESSAGES/hereabouts.po`.

    The text catalogues are compiled in memory: no binary file can fall behind its text.

    Args:
        folder: The folder with one folder a language.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The language tags that can be shown, the source language first."""
        found = sorted(
            path.parent.parent.name.replace("_", "-")
            for path in self._folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
        )
        return (SOURCE_LANGUAGE, *(tag for tag in found if tag != SOURCE_LANGUAGE))

    def load(self, language: str) -> NullTranslations:
        """Return the translations into one of `languages`."""
        path = self._folder / language.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"
        if not path.exists():
            return NullTranslations()
        compiled = BytesIO()
        with path.open("rb") as text:
            write_mo(compiled, read_po(text))
        compiled.seek(0)
        return GNUTranslations(compiled)


def choose_language(accept_language: str, offered: Sequence[str]) -> str:
    """Return the offered language that a browser's `Accept-Language` header likes best.

    A primary language matches its regional forms both ways (`en` and `en-GB`). With no match
    the first offered is shown: it is the place's own.
    """
    for wanted in _read_preferences(accept_language):
        for tag in offered:
            if tag.lower() == wanted:
                return tag
        for tag in offered:
            if tag.lower().split("-")[0] == wanted.split("-")[0]:
                return tag
    return offered[0]


def _read_preferences(header: str) -> Iterable[str]:
    ranges = [_RANGE.match(part) for part in header.split(",")]
    weighted = [
        (float(found.group(2) or 1), found.group(1).lower())
        for found in ranges
        if found is not None
    ]
    ordered = sorted(weighted, key=lambda pair: -pair[0])
    return [tag for weight, tag in ordered if weight > 0 and tag != "*"]


def find_direction(language: str) -> str:
    """Return `ltr` or `rtl`, for the `dir` attribute of the page."""
    return Locale.parse(language, sep="-").text_direction
