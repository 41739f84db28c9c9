"""A question with everything settled that somebody may leave to us."""

from dataclasses import dataclass
from typing import Literal

from app.analysis.methods.kernels import (
    Binary,
    Exponential,
    Gaussian,
    GaussianToZero,
    Kernel,
    Power,
    Step,
)
from app.analysis.methods.travel import Walking

Method = Literal[
    "e2sfca", "2sfca", "3sfca", "m2sfca", "gravity", "nearest", "coverage", "container"
]
KernelName = Literal["gaussian", "gaussian to zero", "binary", "step", "exponential", "power"]

SHARED: tuple[Method, ...] = ("e2sfca", "2sfca", "3sfca", "m2sfca")
"""Methods that share supply out: their access is supply a person."""

METHOD_VERSION = "2026-12-01.2"
"""Another one whenever the same question of the same data would be answered in other numbers."""

STEPS = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""Rings of a third of the catchment each, with the weights of Luo & Qi (2009)."""


@dataclass(frozen=True)
class Question:
    """What is asked of the arrays.

    Attributes:
        method: How reach is measured.
        kernel: How pull falls off with distance.
        catchment_m: How far people go, straight metres: the standard of nearest and coverage.
        walking: What turns straight metres into walked ones and minutes.
        stated_supply: Whether capacities count; else each site counts as one.
        standard: Supply a person that everybody should have; None: what there would be if all had
            alike.
        within_area: Whether an area's own or nearest site is at least as far as its people are
            from its middle.
        nearest_count: How many nearest sites are measured.
    """

    method: Method
    kernel: Kernel
    catchment_m: float
    walking: Walking
    stated_supply: bool
    standard: float | None = None
    within_area: bool = False
    nearest_count: int = 3

    @property
    def is_shared(self) -> bool:
        """Whether supply is shared out among people."""
        return self.method in SHARED


def choose_kernel(name: KernelName, catchment_m: float) -> Kernel:
    """Return a kernel with its usual numbers for a catchment.

    Gaussian with half the catchment as its spread; rings of a third each; exponential and power
    that come down to a tenth at the catchment.
    """
    if name == "binary":
        return Binary(catchment_m)
    if name == "step":
        edges = [share * catchment_m for share, _ in STEPS]
        return Step(edges, [weight for _, weight in STEPS])
    if name == "gaussian":
        return Gaussian(catchment_m, catchment_m / 2)
    if name == "gaussian to zero":
        return GaussianToZero(catchment_m)
    if name == "exponential":
        return Exponential(catchment_m, 2.302585092994046 / catchment_m)
    return Power(catchment_m, 1.0, catchment_m / 10)
