"""Distances between points by longitude and latitude."""

import math

_EARTH_M = 6_371_009


def measure_m(one: tuple[float, float], other: tuple[float, float]) -> int:
    """Return whole metres in a straight line between two points on a sphere.

    By the haversine (Sinnott, 1984); within half a percent of the ellipsoid.

    Args:
        one: Longitude and latitude, WGS 84.
        other: The same.
    """
    first, second = math.radians(one[1]), math.radians(other[1])
    half = math.sin((second - first) / 2) ** 2
    turn = math.sin(math.radians(other[0] - one[0]) / 2) ** 2
    return round(
        2 * _EARTH_M * math.asin(math.sqrt(half + math.cos(first) * math.cos(second) * turn))
    )
