"""Coordinates in the wrong hemisphere, or with their axes swapped, are told in a sentence."""

import numpy as np
import pytest
import shapely

from app.geo.crs import parse_crs
from app.geo.placement import say_misplaced


def say(system: str, *places: tuple[float, float]) -> str | None:
    """Return what is said of points (longitude, latitude)."""
    points = np.array([shapely.Point(*place) for place in places], dtype=object)
    return say_misplaced(points, parse_crs(system))


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("EPSG:27700", (-2.9, 53.4)),
        ("EPSG:27700", (1.19, 53.87)),
        ("EPSG:32756", (151.2, -33.9)),
        ("EPSG:3832", (-179.5, -16.5)),  # on both sides of the date line
        ("EPSG:3832", (178.4, -18.1)),
    ],
)
def test_a_place_where_its_system_is_meant_for_is_fine(
    system: str, place: tuple[float, float]
) -> None:
    assert say(system, place) is None


def test_swapped_axes_are_noticed() -> None:
    assert say("EPSG:27700", (53.4, -2.9)) == (
        "The coordinates lie at longitude 53.4, latitude -2.9, outside the area of EPSG:27700 "
        "(longitude -9.0 to 2.0, latitude 49.8 to 61.0): the two axes look swapped; write the "
        "easting or longitude first."
    )


@pytest.mark.parametrize(
    ("system", "place", "said"),
    [
        ("EPSG:27700", (-2.9, -53.4), "the latitude looks to have the wrong sign"),
        ("EPSG:27700", (7.9, 53.4), "the longitude looks to have the wrong sign"),
        ("EPSG:32756", (-151.2, 33.9), "both look to have the wrong sign"),
        ("EPSG:27700", (100.0, 10.0), "another system than it says; state `crs`"),
        ("EPSG:27700", (335000.0, 390000.0), "another system than it says; state `crs`"),
    ],
)
def test_the_wrong_hemisphere_or_system_is_noticed(
    system: str, place: tuple[float, float], said: str
) -> None:
    assert said in (say(system, place) or "")


def test_a_few_strays_do_not_speak_for_a_file() -> None:
    assert say("EPSG:27700", (-2.9, 53.4), (-3.0, 53.5), (-122.0, 53.4)) is None
    assert say("EPSG:27700", (-2.9, 53.4), (53.5, -3.0), (53.4, -3.1)) is not None


def test_nothing_is_said_of_nothing() -> None:
    assert say_misplaced(np.array([shapely.Point()], dtype=object), parse_crs("EPSG:27700")) is None
