"""Finding categories by the words people use: without accents, capitals, or plurals."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_DROPPED = frozenset({"a", "an", "and", "at", "for", "in", "me", "my", "near", "of", "the", "to"})
_SHORTEST_PLURAL = 4


def fold_words(text: str) -> list[str]:
    """Return the words of `text` as they are compared: "Cafés & women's aid" is cafe, women, aid.

    Little words are left out unless there is nothing else.
    """
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
    bare = "".join(each for each in plain if not unicodedata.combining(each)).casefold()
    words = [_singular(word) for word in _WORD.findall(bare)]
    return [word for word in words if word not in _DROPPED] or words


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > _SHORTEST_PLURAL else word[:-1]


def rank_match(
    wanted: list[str], code: str, names: Iterable[str], others: Iterable[str]
) -> int | None:
    """Return how well a category fits the words of a search: 0 is best, None is not at all.

    Args:
        wanted: What is searched for, from `fold_words`.
        code: The category's code.
        names: Its name, in each language.
        others: Its synonyms, in each language.
    """
    whole = "".join(wanted)
    named = [fold_words(name) for name in names]
    called = [fold_words(other) for other in others]
    joined = ["".join(words) for words in named]
    also = ["".join(words) for words in called]
    ranks = (
        whole in joined or whole == "".join(fold_words(code)),
        whole in also,
        any(each.startswith(whole) for each in joined),
        any(_begin(wanted, words) for words in named),
        any(each.startswith(whole) for each in also) or any(_begin(wanted, w) for w in called),
        _begin(wanted, [word for words in (*named, *called) for word in words]),
    )
    return next((rank for rank, fits in enumerate(ranks) if fits), None)


def _begin(wanted: list[str], words: list[str]) -> bool:
    """Whether every word wanted begins one of `words`, as far as it has been typed."""
    return all(any(word.startswith(each) for word in words) for each in wanted)
