"""The signs of categories, by shape and colour: the same in lists, legends and maps."""

from collections.abc import Sequence
from typing import NamedTuple

from app.taxonomy.schemas import CategoryRead

SIGNS = {
    "house": "M0 -11L10 -3V10H-10V-3Z",
    "square": "M-9.5 -9.5H9.5V9.5H-9.5Z",
    "cross": "M-6.2 -11H6.2V-6.2H11V6.2H6.2V11H-6.2V6.2H-11V-6.2H-6.2Z",
    "diamond": "M0 -12.5L12.5 0L0 12.5L-12.5 0Z",
    "hexagon": "M-6 -10.5H6L12 0L6 10.5H-6L-12 0Z",
    "triangle down": "M0 11.5L12.5 -9.5H-12.5Z",
    "triangle up": "M0 -11.5L12 9.5H-12Z",
}
"""Shapes of categories, around 0 0; all others are circles."""

CIRCLE = "M-10.5 0A10.5 10.5 0 1 0 10.5 0A10.5 10.5 0 1 0 -10.5 0Z"
_BASELINES = {"triangle down": 2.2, "triangle up": 8.0, "house": 6.0}
_BASELINE = 4.8


class Sign(NamedTuple):
    """How a category is drawn.

    Attributes:
        path: Around 0 0, within 13 each way.
        colour: Token of the style sheet.
        baseline: How far below the middle a numeral stands.
    """

    path: str
    colour: str
    baseline: float


def find_sign(category: CategoryRead | None) -> Sign:
    """Return the sign of a category; a circle for none."""
    if category is None:
        return Sign(CIRCLE, "cat-food", _BASELINE)
    path = SIGNS.get(category.shape, CIRCLE)
    return Sign(path, category.colour, _BASELINES.get(category.shape, _BASELINE))


def list_signs(categories: Sequence[CategoryRead]) -> dict[str, dict[str, str]]:
    """Return the sign of each category: the token of its colour, and its path; '' for a circle."""
    return {
        each.code: {"colour": each.colour, "path": SIGNS.get(each.shape, "")} for each in categories
    }
