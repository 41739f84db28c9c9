"""What is on the map of a report."""

from collections.abc import Sequence
from typing import NamedTuple

from app.reports.gathering import Geometry, Larger


class AreaDrawn(NamedTuple):
    """An area on the map.

    Attributes:
        code: Its code.
        name: What it is called.
        outline: Its outline.
        css: Class of the style sheet that colours it.
        lines: What is said of it.
    """

    code: str
    name: str
    outline: Geometry
    css: str
    lines: Sequence[str]


class SiteDrawn(NamedTuple):
    """One or several sites at one point.

    Attributes:
        names: What is there.
        lon: In degrees.
        lat: In degrees.
        css: Class of the style sheet.
        lines: What is said of it.
    """

    names: Sequence[str]
    lon: float
    lat: float
    css: str
    lines: Sequence[str]


class AreaLayer(NamedTuple):
    """Areas in one state of things.

    Attributes:
        key: Its own name in the script.
        name: What it is called where one chooses between several.
        areas: The areas.
    """

    key: str
    name: str
    areas: Sequence[AreaDrawn]


class Drawing(NamedTuple):
    """What is on a map.

    Attributes:
        layers: One of them is shown at a time, the first to begin with.
        larger: Larger areas over them.
        sites: Above them.
        sites_name: What these are called where they can be switched off.
        changes: Where something is tried, above all.
    """

    layers: Sequence[AreaLayer]
    larger: Sequence[Larger]
    sites: Sequence[SiteDrawn]
    sites_name: str
    changes: Sequence[SiteDrawn]
