"""What strangers were told: differences between two worlds, and secrets in an answer."""

import re
from collections.abc import Sequence
from urllib.parse import unquote_plus

from tests.strangers import Answers


def find_differences(one: Answers, other: Answers, *, tags: bool = True) -> list[str]:
    """Return what two strangers were told differently, a line each.

    Args:
        one: All answers of one world.
        other: The answers of the other to the same questions.
        tags: Whether ETags count too: they tell that something changed.
    """
    found = [f"only one of them was led to {each}" for each in sorted(one.keys() ^ other.keys())]
    for question in one.keys() & other.keys():
        was, now = one[question], other[question]
        if was.status != now.status:
            found.append(f"{question}: {was.status} became {now.status}")
        elif was.body != now.body:
            found.append(f"{question}: {_first_difference(was.body, now.body)}")
        for name in sorted(was.headers.keys() | now.headers.keys()):
            told = was.headers.get(name), now.headers.get(name)
            if told[0] != told[1] and (tags or name != "etag"):
                found.append(f"{question}: {name} {told[0]} became {told[1]}")
    return sorted(found)


def _first_difference(was: bytes, now: bytes) -> str:
    pairs = zip(was, now, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(was), len(now)))
    start = max(at - 60, 0)
    return f"{was[start : at + 60]!r} became {now[start : at + 60]!r}"


def find_secrets(
    answers: Answers, words: Sequence[str], points: Sequence[tuple[float, float]]
) -> list[str]:
    """Return where something secret is told, a line each; what the asker said is no secret to them.

    Words are compared without marks and blanks, points to four decimals in either order.
    """
    plain = {word: _squeeze(word) for word in words}
    exact = {point: _write_patterns(point) for point in points}
    found = []
    for question, answer in answers.items():
        text = answer.body.decode("utf-8", "replace") + str(dict(answer.headers))
        asked, told = _squeeze(_unescape(question)), _squeeze(text)
        found += [
            f"{question}: tells {word!r}"
            for word, short in plain.items()
            if short in told and short not in asked
        ]
        found += [
            f"{question}: tells the point {point}"
            for point, pattern in exact.items()
            if pattern.search(text) and not pattern.search(_unescape(question))
        ]
    return found


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _unescape(question: str) -> str:
    return unquote_plus(question)


def _write_patterns(point: tuple[float, float]) -> re.Pattern[str]:
    lon, lat = (re.escape(f"{degrees:.6f}"[:-2]) for degrees in point)
    return re.compile(rf"{lon}\d*\D{{1,12}}{lat}|{lat}\d*\D{{1,12}}{lon}")
