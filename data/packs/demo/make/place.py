"""From local metres to the British National Grid and to longitude and latitude."""

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from data.packs.demo.make import spec
from data.packs.demo.make.noise import Floats

# EPSG:27700 to EPSG:4326 by the published seven parameters, spelt out so that a grid file on
# one machine cannot move the town by two metres on another.
_TO_DEGREES = Transformer.from_pipeline(
    "+proj=pipeline "
    "+step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 "
    "+ellps=airy "
    "+step +proj=push +v_3 "
    "+step +proj=cart +ellps=airy "
    "+step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 "
    "+s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=pop +v_3 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)
DECIMALS = 6


def to_degrees(points: Floats) -> Floats:
    """Longitude and latitude (EPSG:4326) of local metres.

    Args:
        points: Shape (n, 2), local metres.

    Returns:
        Shape (n, 2), degrees, rounded to 6 decimals (about 0.1 m).
    """
    east, north = points[:, 0] + spec.ORIGIN_E, points[:, 1] + spec.ORIGIN_N
    lon, lat = _TO_DEGREES.transform(east, north)
    return np.round(np.column_stack([lon, lat]), DECIMALS)


def shape_to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """The same shape in longitude and latitude, every vertex rounded alike."""
    return shapely.transform(shape, to_degrees)


def point_to_degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of one local point."""
    lon, lat = to_degrees(np.array([[x, y]]))[0].tolist()
    return lon, lat
