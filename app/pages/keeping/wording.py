"""Answers as people read them, and what changed in their words."""

import difflib
import re
from collections.abc import Mapping
from typing import NamedTuple

from app.moderation.texts import Answer
from app.pages.hours_words import Translate
from app.pages.keeping.times import say_lines

_PIECES = re.compile(r"\s+|[^\s]+")
_LONGEST = 600  # words that are compared one by one


class Words(NamedTuple):
    """What it takes to write answers in the reader's words.

    Attributes:
        categories: Names of categories by code.
        language: The reader's.
        translate: Gives a sentence of ours in that language.
        names: Of places and organisations by public id, of areas by "kind:code".
    """

    categories: Mapping[str, str]
    language: str
    translate: Translate
    names: Mapping[str, str] = {}


class Piece(NamedTuple):
    """A stretch of text, the same on both sides or on one only."""

    text: str
    differs: bool


class Difference(NamedTuple):
    """How one answer differs from another.

    Attributes:
        question: What was asked.
        now: What is said now, in pieces.
        suggested: What would be said, in pieces.
        differs: Whether they differ at all.
        in_conflict: Whether what is said now is not what the sender had seen.
    """

    question: str
    now: list[Piece]
    suggested: list[Piece]
    differs: bool
    in_conflict: bool = False


def write_answer(question: str, answer: Answer, words: Words) -> str:
    """Return an answer as text, a line for each part.

    What is not people's own words stands in it as one word in brackets, such as [[private]]; the
    template says it in the reader's language.

    Args:
        question: What was asked.
        answer: The answer.
        words: The reader's.
    """
    if answer is None:
        return ""
    if question == "categories":
        return "; ".join(words.categories.get(code, code) for code in answer)
    if question in {"listed", "areas", "organisation"}:
        values = answer if question == "areas" else [answer] if answer else []
        return "\n".join(words.names.get(each, "[[unknown name]]") for each in values)
    if question == "hours":
        return "\n".join(say_lines(answer, words.language, words.translate))
    if write := _ROWS.get(question):
        return "\n".join(write(each) for each in answer)
    return str(answer)


def compare(
    question: str,
    now: Answer,
    suggested: Answer,
    words: Words,
    *,
    in_conflict: bool = False,
) -> Difference:
    """Return how a suggested answer differs from the one there is, word by word."""
    before = write_answer(question, now, words)
    after = write_answer(question, suggested, words)
    if before == after:
        same = [Piece(before, differs=False)]
        return Difference(question, same, same, differs=False, in_conflict=in_conflict)
    pieces = _compare_words(before, after)
    return Difference(question, *pieces, differs=True, in_conflict=in_conflict)


def _compare_words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    first, second = _PIECES.findall(before), _PIECES.findall(after)
    if max(len(first), len(second)) > 2 * _LONGEST:
        return [Piece(before, differs=True)], [Piece(after, differs=True)]
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    now: list[Piece] = []
    suggested: list[Piece] = []
    for action, start, end, other_start, other_end in matcher.get_opcodes():
        differs = action != "equal"
        _add(now, "".join(first[start:end]), differs=differs)
        _add(suggested, "".join(second[other_start:other_end]), differs=differs)
    return now, suggested


def _add(pieces: list[Piece], text: str, *, differs: bool) -> None:
    if text:
        # A space between two changed words is no island of its own.
        if pieces and not text.strip() and pieces[-1].differs:
            differs = True
        if pieces and pieces[-1].differs == differs:
            text = pieces.pop().text + text
        pieces.append(Piece(text, differs))


def _write_contact(contact: Mapping[str, str]) -> str:
    label = f" ({contact['label']})" if contact["label"] else ""
    seen = "" if contact["visibility"] == "public" else " [[private]]"
    return f"{contact['value']}{label}{seen}"


def _write_address(address: Mapping[str, str]) -> str:
    said = ", ".join(part for part in (address["address"], address["postcode"]) if part)
    level = address["visibility"]
    seen = "" if level == "public" else f" [[{level.replace(' ', '-')}]]"
    return f"{said} [[{address['role']}]]{seen}"


def _write_identifier(identifier: Mapping[str, str]) -> str:
    return f"{identifier['scheme']} {identifier['identifier']}"


def _write_translation(translation: Mapping[str, str]) -> str:
    said = "\n".join(part for part in (translation["name"], translation["description"]) if part)
    return f"{translation['language']}: {said}"


_ROWS = {
    "contacts": _write_contact, "addresses": _write_address, "identifiers": _write_identifier,
    "translations": _write_translation,
}  # fmt: skip
"""How a row is written of questions that are answered in rows."""
