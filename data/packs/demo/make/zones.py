"""What kind of ground each spot is, how its streets run, and how many people live on it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely import Point
from shapely.geometry.base import BaseGeometry

from data.packs.demo.make import spec
from data.packs.demo.make.land import Land


@dataclass(frozen=True)
class Zone:
    """A kind of ground.

    Attributes:
        name: Its word in the generator.
        width_m: Depth of a block between two parallel streets.
        length_m: Length of a block along them.
        density: People for each square kilometre before scaling to the town's total.
        growth: People in 2021 for each person in 2011, before scaling.
        need: Income deprivation, about -1.5 (comfortable) to 2 (poor).
        streets: Share of its block edges that are streets or paths.
    """

    name: str
    width_m: float
    length_m: float
    density: float
    growth: float
    need: float
    streets: float


ZONES: Final = {
    zone.name: zone
    for zone in (
        Zone("old town", 62, 105, 6500, 1.10, 0.35, 0.96),
        Zone("terraces", 66, 150, 14500, 0.985, 1.00, 0.99),
        Zone("interwar", 105, 190, 7600, 1.0, 0.05, 0.92),
        Zone("outer", 135, 230, 5600, 1.12, -0.75, 0.82),
        Zone("estate", 95, 170, 9800, 0.56, 1.95, 0.90),
        Zone("new-build", 88, 150, 6800, 1.95, -0.80, 0.86),
        Zone("docks", 230, 320, 0, 1.0, 1.2, 0.60),
        Zone("park", 240, 330, 0, 1.0, 0.0, 0.75),
        Zone("marsh", 420, 520, 0, 1.0, 0.2, 0.25),
        Zone("village", 110, 190, 5700, 1.15, -0.70, 0.88),
        Zone("fields", 420, 560, 130, 1.0, -0.45, 0.42),
    )
}


class Ground:
    """Answers which zone a point lies in."""

    def __init__(self, land: Land) -> None:
        self._borough = land.borough
        self._sand = land.spit.buffer(70)
        self._creek = land.creek.buffer(300)
        self._docks = land.docks

    def zone_at(self, x: float, y: float) -> Zone:
        """The zone of the point (x, y), local metres."""
        return ZONES[self._name(x, y)]

    def in_borough(self, shape: BaseGeometry) -> bool:
        """Whether a shape's own inner point lies inside the borough."""
        return bool(self._borough.contains(shape.representative_point()))

    def _name(self, x: float, y: float) -> str:
        point = Point(x, y)
        if any(np.hypot(x - px, y - py) < radius for _, px, py, radius in spec.PARKS):
            return "park"
        if (
            self._sand.contains(point)
            or self._creek.contains(point)
            or (1700 < y < 3100 and x > 6950)
        ):
            return "marsh"
        if y < 3400 and x > 4450 and self._docks.distance(point) < 250 and y > 2790:
            return "docks"
        if self._borough.contains(point) or _inside(spec.NEW_BUILD, x, y):
            return _town(x, y)
        return "village" if _in_village(x, y) else "fields"


def _town(x: float, y: float) -> str:
    if _inside(spec.ESTATE, x, y):
        return "estate"
    if _inside(spec.NEW_BUILD, x, y):
        return "new-build"
    return _by_age(x, y)


def _by_age(x: float, y: float) -> str:
    """Rings of building: the further out, the younger."""
    from_cross = float(np.hypot(x - spec.CROSS[0] - 150, (y - spec.CROSS[1]) * 1.25))
    from_bridge = float(np.hypot((x - spec.BRIDGE_X - 250) * 0.88, y - 3400))
    if from_cross < 430 and y > 3380:
        return "old town"
    if from_bridge < 1330:
        return "terraces"
    if from_bridge < 2080:
        return "interwar"
    return "outer"


def _inside(ellipse: tuple[tuple[float, float], tuple[float, float]], x: float, y: float) -> bool:
    (cx, cy), (east, north) = ellipse
    return ((x - cx) / east) ** 2 + ((y - cy) / north) ** 2 < 1


def _in_village(x: float, y: float) -> bool:
    return any(np.hypot(x - vx, y - vy) < radius for _, vx, vy, radius in spec.VILLAGES)
