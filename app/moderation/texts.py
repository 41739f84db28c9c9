"""Answers as a form holds them: tidied, told apart, and points among them."""

import hashlib
import re
from typing import Any

import orjson

Answer = Any  # a text, or for some questions a list
Answers = dict[str, Answer]

_POINT = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d{1,20})?)\s*[, ]\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s*")
_DECIMALS = 5  # of degrees: about a metre


def tidy(text: str) -> str:
    """Return a text as it is kept and compared: browsers send line breaks in their own way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def hash_answer(answer: Answer) -> str:
    """Return a short hash by which two answers can be told apart."""
    packed = orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(packed).hexdigest()[:16]


def read_point(text: str) -> dict[str, float] | None:
    """Return the point that "53.4331, -2.9794" is, latitude first; None for an empty text.

    Raises:
        ValueError: It is none; the sentence says how to write one.
    """
    if not text:
        return None
    found = _POINT.fullmatch(text)
    lat, lon = (float(found[1]), float(found[2])) if found else (999.0, 999.0)
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 - degrees
        raise ValueError(
            f"{text!r} is not a point. Write latitude and longitude as 53.4331, -2.9794, or leave "
            "it empty to take the middle of the postcode."
        )
    return {"lat": lat, "lon": lon}


def write_point(lat: float, lon: float) -> str:
    """Return a point as people copy it from a map: latitude, longitude."""
    return f"{lat:.{_DECIMALS}f}, {lon:.{_DECIMALS}f}"
