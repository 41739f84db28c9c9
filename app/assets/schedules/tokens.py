"""An `opening_hours` text cut into tokens that know where they stand."""

import re
from dataclasses import dataclass
from typing import Literal

from app.assets.schedules.model import ScheduleProblem

Kind = Literal[
    "always", "time", "year", "number", "weekday", "month", "holiday", "modifier", "week",
    "sun", "comment", "mark", "end",
]  # fmt: skip

WEEKDAY_WORDS = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MONTH_WORDS = {name.lower(): place for place, name in enumerate(MONTH_NAMES, 1)}
MODIFIERS = {"open": "open", "off": "closed", "closed": "closed", "unknown": "not stated"}
SUN_WORDS = {"sunrise", "sunset", "dawn", "dusk"}
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<always>24/7)
    | (?P<time>\d{1,2}:\d{2})(?!\d)
    | (?P<year>(?:19|20)\d{2})(?!\d)
    | (?P<number>\d{1,2})(?!\d)
    | (?P<word>[A-Za-z]+)
    | "(?P<comment>[^"]*)"
    | (?P<mark>\|\||[;,:+/()\[\]-])
    )""",
    re.VERBOSE,
)
_DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"})
LONGEST_TEXT = 4000


class OpeningHoursProblem(ScheduleProblem):
    """Hours that cannot be read.

    Attributes:
        position: The place in the text where reading stopped, from 1.
    """

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(f"{sentence} (at character {position})")
        self.sentence = sentence
        self.position = position


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the text.

    Attributes:
        kind: What sort of piece it is.
        text: As written; a comment without its quotes.
        value: Minutes of a time; number of a weekday (Monday 0), month, day or year.
        position: Where it begins, from 1.
    """

    kind: Kind
    text: str
    value: int
    position: int


def cut_into_tokens(text: str) -> list[Token]:
    """Return the tokens of `text`, the last of kind "end".

    Raises:
        OpeningHoursProblem: A character or word is none of OpenStreetMap's.
    """
    if len(text) > LONGEST_TEXT:
        raise OpeningHoursProblem(f"The text is longer than {LONGEST_TEXT} characters.", 1)
    plain = text.translate(_DASHES)
    tokens = []
    place = 0
    end = len(plain.rstrip())
    while place < end:
        found = _TOKEN.match(plain, place)
        if found is None or found.lastgroup is None:
            start = place + len(plain[place:]) - len(plain[place:].lstrip())
            raise OpeningHoursProblem(f'"{text[start]}" is not expected here.', start + 1)
        tokens.append(
            make_token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup) + 1)
        )
        place = found.end()
    tokens.append(Token("end", "", 0, end + 1))
    return tokens


def make_token(group: str, text: str, position: int) -> Token:
    """Return the token for what a group of the pattern found."""
    if group == "word":
        return name_word(text, position)
    if group == "time":
        hours, _, minutes = text.partition(":")
        value = int(hours) * 60 + int(minutes)
        if int(minutes) > 59 or value > 48 * 60:  # noqa: PLR2004 - minutes and hours
            raise OpeningHoursProblem(f'"{text}" is no time of day.', position)
        return Token("time", text, value, position)
    if group in {"year", "number"}:
        return Token("year" if group == "year" else "number", text, int(text), position)
    if group == "comment":
        return Token("comment", text, 0, position - 1)
    return Token("always" if group == "always" else "mark", text, 0, position)


def name_word(text: str, position: int) -> Token:
    """Return the token of a word; words of no meaning in OpenStreetMap are refused."""
    word = text.lower()
    if word in WEEKDAY_WORDS:
        return Token("weekday", text, WEEKDAY_WORDS[word], position)
    if word in MONTH_WORDS:
        return Token("month", text, MONTH_WORDS[word], position)
    if word in {"ph", "sh"}:
        return Token("holiday", word.upper(), 0, position)
    if word in MODIFIERS:
        return Token("modifier", MODIFIERS[word], 0, position)
    if word == "week":
        return Token("week", text, 0, position)
    if word in SUN_WORDS:
        raise OpeningHoursProblem(
            f'Hours that follow the sun ("{text}") are not known here. Give times of day.', position
        )
    if word in {"day", "days"}:
        raise OpeningHoursProblem(
            "Days before or after another day are not known here. Give the dates.", position
        )
    if word == "easter":
        raise OpeningHoursProblem("Easter is not known here. Give the dates.", position)
    raise OpeningHoursProblem(
        f'"{text}" is no word of opening hours. Write days as Mo, Tu, We, Th, Fr, Sa, Su.', position
    )
