"""How the pull of a place falls off with distance.

Each weight is 0 beyond its catchment, whose edge belongs to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST_DISTANCE_M = 1.0
"""Below it a power of distance is not taken: it would grow without limit."""


class Kernel(Protocol):
    """A weight from a distance.

    Attributes:
        catchment_m: Beyond it the weight is 0; at it, it is not yet.
    """

    @property
    def catchment_m(self) -> float:
        """Beyond it the weight is 0."""

    def weigh(self, distance_m: Floats) -> Floats:
        """Return the weights of distances in metres, none of which is beyond the catchment."""


@dataclass(frozen=True)
class Binary:
    """1 within the catchment (Luo & Wang 2003)."""

    catchment_m: float

    def weigh(self, distance_m: Floats) -> Floats:
        """Return 1 for each."""
        return np.ones_like(distance_m)


@dataclass(frozen=True)
class Step:
    """A weight for each ring; its outer edge belongs to the ring (Luo & Qi 2009).

    Attributes:
        edges_m: Outer edges of the rings, rising.
        weights: One for each ring.

    Raises:
        ValueError: There are not as many weights as edges, or edges do not rise.
    """

    edges_m: Sequence[float]
    weights: Sequence[float]

    def __post_init__(self) -> None:
        if len(self.edges_m) != len(self.weights) or not self.edges_m:
            raise ValueError("Give a weight for each ring, and at least one ring.")
        if any(far <= near for near, far in zip(self.edges_m, self.edges_m[1:], strict=False)):
            raise ValueError("The edges of the rings must rise from the nearest to the farthest.")

    @property
    def catchment_m(self) -> float:
        """The edge of the outermost ring."""
        return self.edges_m[-1]

    def weigh(self, distance_m: Floats) -> Floats:
        """Return the weight of the ring that each lies in."""
        ring = np.searchsorted(np.asarray(self.edges_m), distance_m, side="left")
        return np.asarray(self.weights, dtype=np.float64)[ring]


@dataclass(frozen=True)
class Gaussian:
    """exp(-d^2 / 2 s^2), cut at the catchment: as PySAL's `access` has it.

    Attributes:
        catchment_m: Where it is cut.
        spread_m: s; half the catchment is usual.
    """

    catchment_m: float
    spread_m: float

    def weigh(self, distance_m: Floats) -> Floats:
        """Return the weights."""
        weights: Floats = np.exp(-(distance_m**2) / (2 * self.spread_m**2))
        return weights


@dataclass(frozen=True)
class GaussianToZero:
    """A gaussian that comes down to 0 at the catchment (Dai 2010).

    (e^(-(d/d0)^2 / 2) - e^(-1/2)) / (1 - e^(-1/2)).
    """

    catchment_m: float

    def weigh(self, distance_m: Floats) -> Floats:
        """Return the weights."""
        edge = np.exp(-0.5)
        weights: Floats = (np.exp(-((distance_m / self.catchment_m) ** 2) / 2) - edge) / (1 - edge)
        return weights


@dataclass(frozen=True)
class Exponential:
    """exp(-b d).

    Attributes:
        catchment_m: Where it is cut.
        decay_per_m: b.
    """

    catchment_m: float
    decay_per_m: float

    def weigh(self, distance_m: Floats) -> Floats:
        """Return the weights."""
        weights: Floats = np.exp(-self.decay_per_m * distance_m)
        return weights


@dataclass(frozen=True)
class Power:
    """(d / floor)^-b, 1 up to the floor (Hansen 1959, with a floor).

    Attributes:
        catchment_m: Where it is cut.
        exponent: b.
        floor_m: Up to here the weight is 1.
    """

    catchment_m: float
    exponent: float
    floor_m: float = SMALLEST_DISTANCE_M

    def weigh(self, distance_m: Floats) -> Floats:
        """Return the weights."""
        weights: Floats = (np.maximum(distance_m, self.floor_m) / self.floor_m) ** -self.exponent
        return weights
