"""Finding the columns of a measure in a file, however the publisher padded or cut their names."""

import difflib
from collections.abc import Iterable, Mapping, Sequence

from app.files.problems import listed
from app.indicators.sources.measure import MissingColumnError

_LEAST_CUT = 20
"""Characters that a cut header has left at least; a shorter one says too little."""


def plain_name(name: str) -> str:
    """Return a column name without what publishers vary: case, blanks, byte-order mark."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()


class Columns:
    """The columns of one file, to be asked for by name.

    Args:
        names: As the reader gives them.
        cut: Whether a name may match by its beginning: the file's where its header was cut, the
            asked one where it leaves the end of a long header out.
        synonyms: A column to others that hold the same, tried in order where it is not there.
    """

    def __init__(
        self, names: Sequence[str], *, cut: bool, synonyms: Mapping[str, Sequence[str]]
    ) -> None:
        self.names = names
        self._cut = cut
        self._synonyms = synonyms
        self._exact = set(names)
        self._by_plain: dict[str, list[str]] = {}
        for name in names:
            self._by_plain.setdefault(plain_name(name), []).append(name)
        self._missing: dict[str, str] = {}

    def find(self, wanted: str) -> str:
        """Return the file's own name of a column.

        One that is not there is kept for `check`, so that all are named at once.
        """
        matches: list[str] = []
        for name in (wanted, *self._synonyms.get(wanted, ())):
            matches = self._matching(name)
            if len(matches) == 1:
                return matches[0]
            if matches:
                break
        self._missing[wanted] = self._hint(wanted, matches)
        return wanted

    def check(self) -> None:
        """Raise `MissingColumnError` if any column asked for was not found."""
        if not self._missing:
            return
        said = "; ".join(f"{name!r}{hint}" for name, hint in self._missing.items())
        noun = "column" if len(self._missing) == 1 else "columns"
        raise MissingColumnError(
            f"no {noun} {said}; the file has {listed([*self.names], 12)}", tuple(self._missing)
        )

    def _matching(self, wanted: str) -> list[str]:
        if wanted in self._exact:
            return [wanted]
        plain = plain_name(wanted)
        if (found := self._by_plain.get(plain)) or not self._cut or not plain:
            return found or []
        return [
            name
            for each, names in self._by_plain.items()
            if each.startswith(plain) or (len(each) >= _LEAST_CUT and plain.startswith(each))
            for name in names
        ]

    def _hint(self, wanted: str, matches: Iterable[str]) -> str:
        if several := [*matches]:
            return f" (it could be {listed(several)}; write the whole name)"
        near = difflib.get_close_matches(plain_name(wanted), self._by_plain, 1)
        return f" (did you mean {self._by_plain[near[0]][0]!r}?)" if near else ""
