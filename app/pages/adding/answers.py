"""Answers as they were typed, and sentences about them."""

from collections.abc import Mapping

from app.pages.said import Problems, Said, mark_sentence

DONE = "_done"
"""Under which a draft keeps which questions were answered well."""

SITES = "_sites"
"""Under which a draft keeps the numbers of its places besides the first."""

FIRST = "1"
"""The number of the first place, whose answers are those of the questions themselves."""


class Answers:
    """The answers of a draft."""

    def __init__(self, kept: Mapping[str, list[str]]) -> None:
        self.kept = kept

    def at(self, number: str) -> "Answers":
        """Return the answers about one place, by the names that those about the first have."""
        if number == FIRST:
            return self
        mark = f"{number}."
        return Answers(
            {
                name.removeprefix(mark): values
                for name, values in self.kept.items()
                if name.startswith(mark)
            }
        )

    def typed(self, name: str) -> str:
        """Return an answer as it was typed; empty without one."""
        values = self.kept.get(name)
        return values[0] if values else ""

    def one(self, name: str) -> str:
        """Return an answer in one line, without blanks around it."""
        return " ".join(self.typed(name).split())

    def words(self, name: str) -> str:
        """Return an answer of several lines, without blanks around it."""
        return self.typed(name).replace("\r\n", "\n").strip()

    def every(self, name: str) -> list[str]:
        """Return all that was ticked."""
        return [value for value in self.kept.get(name, []) if value]


def check_length(
    problems: Problems, answers: Answers, lengths: Mapping[str, tuple[str, int]]
) -> None:
    """Note what is longer than can be kept, or holds characters that nobody can see.

    Args:
        problems: What is added to.
        answers: The answers.
        lengths: By field, what people call it and the most characters.
    """
    for field, (called, most) in lengths.items():
        text = answers.words(field)
        if field in problems:
            continue
        if len(text) > most:
            problems[field] = Said(
                mark_sentence(
                    "%(field)s has %(length)s characters; %(most)s are the most. Shorten it."
                ),
                {"field": called, "length": f"{len(text):,}", "most": f"{most:,}"},
            )
        elif any((ord(sign) < 32 and sign not in "\n\t") or ord(sign) == 127 for sign in text):  # noqa: PLR2004 - control characters
            problems[field] = Said(
                mark_sentence(
                    "%(field)s holds a character that cannot be seen or printed. Type it anew."
                ),
                {"field": called},
            )
