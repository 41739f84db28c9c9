"""Moving the shapes of a file to where they belong, and telling those that cannot be there."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from app.geo.crs import UnknownCrsError, reproject, wgs84
from app.geo.placement import MISTAKES, SPARE_DEGREES, say_misplaced
from app.packs.manifest import PackProblem
from app.packs.opening import MOST_REJECTED, require_usable
from app.packs.report import FileReport


class Shape(NamedTuple):
    """A shape as it stands in a file.

    Attributes:
        row: Where.
        name: What it is of, for a sentence.
        shape: The shape.
    """

    row: int
    name: str
    shape: BaseGeometry


def move_shapes(
    shapes: Sequence[Shape], system: CRS, target: CRS, place: CRS, report: FileReport,
    *, is_wide: bool = False,
) -> list[BaseGeometry | None]:  # fmt: skip
    """Return shapes moved from `system` to `target`; None for those that cannot be there.

    Args:
        shapes: All of one source.
        system: What the file says that its coordinates are in.
        target: What they are wanted in.
        place: The pack's projected system, whose area of use says where the place can be.
        report: Told which rows are left out, and why.
        is_wide: True where the file may be of a whole country, and so of far more than the place.

    Raises:
        PackProblem: Most of them lie where the place cannot be; of a wide file, all of them.
    """
    drawn = np.array([each.shape for each in shapes], dtype=object)
    middles = _find_middles(drawn, system)
    beyond = _find_beyond(middles, place)
    said = _say_misplaced(middles, place)
    if said and (not is_wide or beyond.all()):
        raise PackProblem(f"{report.file}: {said}")
    kept: NDArray[np.bool_] = np.logical_and(*np.isfinite(middles).T)
    if not is_wide or beyond.sum() <= MOST_REJECTED * len(beyond):
        for index in np.flatnonzero(beyond & kept).tolist():
            said = _say_misplaced(middles[index : index + 1], place)
            if said and any(words in said for *_, words in MISTAKES):
                report.reject(shapes[index].row, f"{shapes[index].name!r}: {said.rstrip('.')}")
                report.accepted -= 1
                beyond[index], kept[index] = False, False
    moved: list[BaseGeometry | None] = [None] * len(shapes)
    positions = np.flatnonzero(kept)
    for position, shape in zip(positions, _move(drawn[positions], system, target), strict=True):
        moved[position] = shape
    for index, each in enumerate(shapes):
        if moved[index] is None and (kept[index] or beyond[index]):
            _leave_out(each, system, report, is_wide=is_wide)
    require_usable(report)
    return moved


def _find_middles(drawn: NDArray[np.object_], system: CRS) -> NDArray[np.float64]:
    """Return the middle of each shape's box in longitude and latitude, infinite where none is."""
    west, south, east, north = shapely.bounds(drawn).T
    middles = (west + east) / 2, (south + north) / 2
    if not system.is_geographic:
        transformer = Transformer.from_crs(system, wgs84(), always_xy=True)
        middles = transformer.transform(*middles)
    return np.column_stack(middles)


def _find_beyond(middles: NDArray[np.float64], place: CRS) -> NDArray[np.bool_]:
    """Whether each point lies outside the area that the place's system is meant for."""
    use = place.area_of_use
    if use is None:
        return np.zeros(len(middles), dtype=np.bool_)
    lon, lat = middles.T
    after, before = lon >= use.west - SPARE_DEGREES, lon <= use.east + SPARE_DEGREES
    across = after & before if use.west <= use.east else after | before
    along = (lat >= use.south - SPARE_DEGREES) & (lat <= use.north + SPARE_DEGREES)
    beyond: NDArray[np.bool_] = np.logical_not(across & along)
    return beyond


def _say_misplaced(middles: NDArray[np.float64], place: CRS) -> str | None:
    return say_misplaced(np.asarray(shapely.points(middles), dtype=object), place)


def _move(drawn: NDArray[np.object_], system: CRS, target: CRS) -> list[BaseGeometry | None]:
    """Return shapes in `target`, None for each that has a corner with no place there."""
    if not len(drawn):
        return []
    try:
        return list(reproject(drawn, system, target))
    except UnknownCrsError:
        if len(drawn) == 1:
            return [None]
    half = len(drawn) // 2
    return _move(drawn[:half], system, target) + _move(drawn[half:], system, target)


def _leave_out(each: Shape, system: CRS, report: FileReport, *, is_wide: bool) -> None:
    report.accepted -= 1
    if is_wide:
        report.outside += 1
        return
    report.reject(
        each.row,
        f"{each.name!r} has coordinates that lie nowhere near the place; "
        f"check that they are in {system.name}",
    )
