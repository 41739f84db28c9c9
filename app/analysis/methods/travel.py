"""Straight metres, walked metres and minutes: what turns one into another is always stated."""

import math
from typing import NamedTuple

METRES_PER_KM, MINUTES_PER_HOUR = 1000, 60


class Walking(NamedTuple):
    """How people get about.

    Attributes:
        detour: Walked metres for each straight metre; at least 1.
        speed_km_h: Kilometres an hour.
    """

    detour: float = 1.3
    speed_km_h: float = 4.8

    def to_straight_m(self, walked_m: float) -> float:
        """Return how far that is in a straight line."""
        return walked_m / self.detour

    def to_walked_m(self, straight_m: float) -> float:
        """Return how far one walks for it."""
        return straight_m * self.detour

    def count_minutes(self, straight_m: float) -> int:
        """Return how many minutes it takes, rounded up."""
        metres_a_minute = self.speed_km_h * METRES_PER_KM / MINUTES_PER_HOUR
        # To a millimetre: what is exactly twenty minutes must not become twenty-one.
        return math.ceil(round(self.to_walked_m(straight_m), 3) / metres_a_minute)

    def reach_in_m(self, minutes: float) -> float:
        """Return how far one gets in that time, in a straight line."""
        walked_m = minutes * self.speed_km_h * METRES_PER_KM / MINUTES_PER_HOUR
        return self.to_straight_m(walked_m)
