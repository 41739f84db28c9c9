"""Smooth, repeatable variation: fields over the ground and wiggles along a line."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Field:
    """A smooth random surface: a sum of plane waves, about 0 with spread about 1.

    Args:
        rng: Where its directions, lengths and phases come from.
        shortest_m: Shortest wavelength in metres.
        longest_m: Longest wavelength in metres.
        waves: How many waves are added.
    """

    def __init__(
        self, rng: np.random.Generator, shortest_m: float, longest_m: float, waves: int = 12
    ) -> None:
        lengths = np.exp(rng.uniform(np.log(shortest_m), np.log(longest_m), waves))
        angles = rng.uniform(0, 2 * np.pi, waves)
        self._kx = np.round(2 * np.pi * np.cos(angles) / lengths, 9)
        self._ky = np.round(2 * np.pi * np.sin(angles) / lengths, 9)
        self._phase = np.round(rng.uniform(0, 2 * np.pi, waves), 9)
        size = np.sqrt(lengths)
        self._size = np.round(size / np.sqrt((size**2).sum() / 2), 9)

    def at(self, points: Floats) -> Floats:
        """The height of the surface at each point.

        Args:
            points: Shape (n, 2), metres.

        Returns:
            Shape (n,), without unit, rounded so that no processor's last digit matters.
        """
        turn = points[:, :1] * self._kx + points[:, 1:] * self._ky + self._phase
        height: Floats = np.round((np.sin(turn) * self._size).sum(axis=1), 6)
        return height


def roughen(rng: np.random.Generator, line: Floats, roughness: float, shortest_m: float) -> Floats:
    """A line made irregular by halving its pieces and moving each middle sideways.

    Args:
        rng: Where the sideways moves come from.
        line: Shape (n, 2), metres, in order.
        roughness: Standard deviation of a move, as a share of the piece's length.
        shortest_m: Pieces shorter than this are left alone.

    Returns:
        Shape (m, 2), metres, with the same two ends.
    """
    rows = [line[0]]
    for start, end in pairwise(line):
        rows.extend(_halve(rng, start, end, roughness, shortest_m))
    return np.round(np.array(rows), 1)


def _halve(
    rng: np.random.Generator, start: Floats, end: Floats, roughness: float, shortest_m: float
) -> list[Floats]:
    along = end - start
    length = float(np.hypot(along[0], along[1]))
    if length < shortest_m:
        return [end]
    sideways = np.array([-along[1], along[0]])
    middle = (start + end) / 2 + sideways * rng.normal(0, roughness)
    return _halve(rng, start, middle, roughness, shortest_m) + _halve(
        rng, middle, end, roughness, shortest_m
    )


def smooth(points: Floats, rounds: int = 3) -> Floats:
    """A line with its corners cut (Chaikin 1974), its ends kept.

    Args:
        points: Shape (n, 2), in order.
        rounds: How often corners are cut.

    Returns:
        Shape (m, 2).
    """
    for _ in range(rounds):
        a, b = points[:-1], points[1:]
        cut = np.empty((2 * len(a), 2))
        cut[0::2] = 0.75 * a + 0.25 * b
        cut[1::2] = 0.25 * a + 0.75 * b
        points = np.vstack([points[:1], cut, points[-1:]])
    return np.round(points, 1)
