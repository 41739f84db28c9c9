"""When two names are those of one thing; careful, since two things taken for one lose one."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

ALIKE = 0.75
"""Least share of three-letter pieces that two names have in common (Dice's coefficient).

Measured over the names of one postcode in the open lists of libraries, warm spaces, surgeries and
pharmacies: spellings of one name lie above 0.8, names of neighbours below 0.6.
"""

_LITTLE = (
    "the of and at in on branch public community ltd limited cic cio plc llp co company "
    "trust registered charity welcome warm space hub"
)
_DROPPED = frozenset(_LITTLE.split())
"""Words that say little: one list writes them, the next does not."""

_SPELT = {
    "saint": "st", "street": "st", "road": "rd", "avenue": "ave", "centre": "center",
    "ctr": "center", "cntr": "center", "med": "medical", "hlth": "health", "hth": "health",
    "pract": "practice", "grp": "group", "chemist": "pharmacy", "chemists": "pharmacy",
    "dental": "dentist", "dentists": "dentist", "libraries": "library", "doctors": "surgery",
    "c": "church", "ce": "", "rc": "", "cofe": "",
}  # fmt: skip
"""One spelling for words that have several."""

KINDS: tuple[frozenset[str], ...] = (
    frozenset({"library"}),
    frozenset({"pharmacy"}),
    frozenset({"surgery", "medical", "gp"}),
    frozenset({"dentist", "orthodontic", "orthodontics"}),
    frozenset({"hospital", "infirmary"}),
    frozenset({"school", "academy", "college", "nursery"}),
    frozenset({"church", "chapel", "cathedral", "mosque", "synagogue", "temple", "gurdwara"}),
    frozenset({"hall"}),
    frozenset({"cafe"}),
    frozenset({"hospice"}),
)
"""Words for sorts of thing, in English: names that hold words of two sorts name two things."""


class Telling(NamedTuple):
    """What a name tells.

    Attributes:
        whole: Its words, in order.
        core: Those that tell it from others of its sort.
        sorts: Which of `KINDS` its words name.
        numbers: Its words with digits.
    """

    whole: str
    core: str
    sorts: frozenset[int]
    numbers: frozenset[str]


def simplify(text: str) -> str:
    """Return `text` in small letters without accents and marks, `&` as `and`, one blank between."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"['’‘`.]", "", plain)
    return " ".join(re.findall(r"\w+", plain))


@lru_cache(maxsize=50_000)
def read_name(name: str) -> Telling:
    """Return what a name tells, however it is spelt."""
    words = [_SPELT.get(word, word) for word in simplify(name).split()]
    words = [word for word in words if word]
    sorts = frozenset(
        index for index, kind in enumerate(KINDS) if any(word in kind for word in words)
    )
    of_sorts = frozenset().union(*KINDS)
    core = [word for word in words if word not in _DROPPED and word not in of_sorts]
    numbers = frozenset(word for word in words if any(letter.isdigit() for letter in word))
    return Telling(" ".join(words), " ".join(core), sorts, numbers)


def compare_names(one: str, other: str) -> str | None:
    """Return how alike two names are, in words; None where they may be those of two things.

    "same name": the same but for case, marks and words that say little. "names alike": at least
    `ALIKE` of their three-letter pieces in common.
    """
    first, second = read_name(one), read_name(other)
    if first.whole == second.whole and first.whole:
        return "same name"
    if first.numbers != second.numbers or _conflict(first, second):
        return None
    if not first.core or not second.core:
        return None  # nothing but words that many have, such as "dental surgery"
    if first.core == second.core:
        return "same name"
    return "names alike" if measure(first.core, second.core) >= ALIKE else None


def is_part_of(one: str, other: str) -> bool:
    """Whether every telling word of one name stands in the other, and both name the same sort."""
    first, second = read_name(one), read_name(other)
    if not first.sorts or first.sorts != second.sorts or first.numbers != second.numbers:
        return False
    words = set(first.core.split()), set(second.core.split())
    return all(words) and (words[0] <= words[1] or words[1] <= words[0])


def _conflict(first: Telling, second: Telling) -> bool:
    """Whether both name a sort, and not one in common."""
    return bool(first.sorts) and bool(second.sorts) and not first.sorts & second.sorts


def measure(one: str, other: str) -> float:
    """Return Dice's coefficient of the three-letter pieces of two texts, from 0 to 1."""
    first, second = _pieces(one), _pieces(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


@lru_cache(maxsize=50_000)
def _pieces(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def list_common_words(one: str, other: str) -> list[str]:
    """Return the telling words that two names have in common, in the order of the first."""
    theirs = {_drop_s(word) for word in read_name(other).core.split()}
    ours = dict.fromkeys(read_name(one).core.split())
    return [word for word in ours if _drop_s(word) in theirs]


def _drop_s(word: str) -> str:
    """Return a word without the s of a plural or owner, which one list writes and the next not."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
