"""Where rows are: by their own coordinates, else by their postcode; and whether that is here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from app.areas.service import normalise_postcode
from app.geo.crs import UnknownCrsError, reproject, wgs84
from app.imports.rows import Draft, Place, Rejected, RowProblem

Keep = Literal["place", "margin", "everywhere"]
"""How far out rows are kept: in the place itself, in its margin too, or wherever they are."""

FAR_M = 2000
"""Further than this from its own postcode a point is told of: one of the two is wrong."""

ELSEWHERE, IN_MARGIN, INSIDE = 0, 1, 2


class PostcodeBook:
    """The points of postcodes, in little room: millions fit in some dozens of megabytes.

    Args:
        postcodes: In capitals without blanks, as `normalise_postcode` writes them; each once.
        lon_lat: A row each, in degrees.
        ending: How many last characters stand apart; 0: no part of a postcode says where it is.
        is_here: Of each, whether it lies in the place or its margin.
    """

    def __init__(
        self,
        postcodes: Sequence[str],
        lon_lat: NDArray[np.float64],
        ending: int,
        is_here: NDArray[np.bool_],
    ) -> None:
        keys = np.array(postcodes, dtype=np.str_)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._points = lon_lat[order] if len(order) else np.empty((0, 2))
        self.ending = ending
        self._cuts = [cut for cut in (ending - 1, ending) if cut > 0]
        self._relatives: dict[str, bool] = {}
        for code, here in zip(postcodes, is_here.tolist(), strict=True):
            for cut in self._cuts:
                beginning = code[:-cut]
                self._relatives[beginning] = here or self._relatives.get(beginning, False)

    def find(self, text: str) -> tuple[float, float] | None:
        """Return longitude and latitude of a postcode, however it is written; None: not known."""
        plain = normalise_postcode(text)
        position = int(np.searchsorted(self._keys, plain)) if len(self._keys) else 0
        if not plain or position >= len(self._keys) or self._keys[position] != plain:
            return None
        return float(self._points[position, 0]), float(self._points[position, 1])

    def is_elsewhere(self, text: str) -> bool:
        """Whether a postcode that is not known lies elsewhere, as those that begin like it do.

        Those that differ in the last characters but one of the ending say so, else those that
        share what stands before the ending; where there are none of these either, it is elsewhere.
        """
        plain = normalise_postcode(text)
        found = [
            self._relatives[plain[:-cut]] for cut in self._cuts if plain[:-cut] in self._relatives
        ]
        return bool(self._cuts) and not (found and found[0])


class Ground:
    """The place as rows are held against it.

    Args:
        parts: Polygons in degrees that together make up the place and its margin.
        is_inside: Of each, whether it belongs to the place itself.
        crs: The place's projected system, in metres.
        postcodes: The postcodes known here, in capitals without blanks; each once.
        lon_lat: Their points in degrees, a row each.
        ending: How many last characters of a postcode stand apart.
    """

    def __init__(
        self,
        parts: NDArray[np.object_],
        is_inside: NDArray[np.bool_],
        crs: CRS,
        postcodes: Sequence[str] = (),
        lon_lat: NDArray[np.float64] | None = None,
        ending: int = 0,
    ) -> None:
        self.crs = crs
        self._is_inside = is_inside
        self._tree = shapely.STRtree(parts)
        points = np.empty((0, 2)) if lon_lat is None else lon_lat
        is_here = self.locate(points) > ELSEWHERE if len(points) else np.empty(0, dtype=np.bool_)
        self.postcodes = PostcodeBook(postcodes, points, ending, is_here)

    def locate(self, lon_lat: NDArray[np.float64]) -> NDArray[np.int8]:
        """Return for each point `INSIDE`, `IN_MARGIN` or `ELSEWHERE`."""
        where = np.zeros(len(lon_lat), dtype=np.int8)
        points, parts = self._tree.query(_points(lon_lat), predicate="intersects")
        np.maximum.at(where, points, np.where(self._is_inside[parts], INSIDE, IN_MARGIN))
        return where

    def project(self, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points in metres."""
        moved = reproject(_points(lon_lat), wgs84(), self.crs)
        return np.asarray(shapely.get_coordinates(moved))


@dataclass
class Placed:
    """What became of rows when they were placed.

    Attributes:
        kept: Those that are here, or anywhere where that is wished.
        elsewhere: How many are about another place.
        rejected: Those that cannot be placed.
        far: Rows kept whose point is far from their own postcode, with the metres between.
    """

    kept: list[Draft] = field(default_factory=list)
    elsewhere: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    far: list[tuple[Draft, float]] = field(default_factory=list)


def place(drafts: Iterable[Draft], ground: Ground, crs: CRS, keep: Keep) -> Placed:
    """Find out where rows are, and leave out those that are not here.

    A row's own coordinates come before its postcode's point. Rows that are to be had at another
    asset's place, where people live, online or by phone need no place of their own.

    Args:
        drafts: Rows; `place` and `is_inside` of those kept are filled in.
        ground: What is here.
        crs: The system of the rows' own coordinates.
        keep: How far out rows are kept.
    """
    placed = Placed()
    found: list[tuple[Draft, Place]] = []
    waiting = list(drafts)
    own = _to_degrees(waiting, crs)
    for draft, point in zip(waiting, own, strict=True):
        try:
            each = _find(draft, point, ground.postcodes, keep)
        except RowProblem as problem:
            placed.rejected.append(Rejected(draft, str(problem)))
            continue
        if each is None:
            placed.elsewhere += 1
        elif isinstance(each, Place):
            found.append((draft, each))
        else:
            placed.kept.append(draft)
    _sort_out(found, ground, keep, placed)
    placed.kept.sort(key=lambda draft: draft.number)
    _measure(placed, ground)
    return placed


def _to_degrees(drafts: list[Draft], crs: CRS) -> list[tuple[float, float] | None]:
    """Return the rows' own points in degrees; None where they have none, or none on earth."""
    having = [index for index, draft in enumerate(drafts) if draft.point is not None]
    points: list[tuple[float, float] | None] = [None] * len(drafts)
    if not having:
        return points
    stated = np.array([drafts[index].point for index in having], dtype=np.float64)
    try:
        moved = shapely.get_coordinates(reproject(_points(stated), crs, wgs84()))
    except UnknownCrsError:
        moved = np.array([_move_one(point, crs) for point in stated])
    is_good = (np.abs(moved[:, 0]) <= 180) & (np.abs(moved[:, 1]) <= 90)  # noqa: PLR2004 - degrees
    for index, point, good in zip(having, moved, is_good, strict=True):
        points[index] = (float(point[0]), float(point[1])) if good else None
    return points


def _points(coordinates: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.points(coordinates), dtype=object)


def _move_one(point: NDArray[np.float64], crs: CRS) -> tuple[float, float]:
    try:
        moved = reproject(_points(point[None, :]), crs, wgs84())
    except UnknownCrsError:
        return (np.inf, np.inf)
    lon, lat = shapely.get_coordinates(moved)[0]
    return float(lon), float(lat)


def _find(
    draft: Draft, own: tuple[float, float] | None, postcodes: PostcodeBook, keep: Keep
) -> Place | Literal["nowhere"] | None:
    """Return a row's point; "nowhere" where it needs none, None where it is about another place.

    Raises:
        RowProblem: It needs one, and nothing says where it is.
    """
    if draft.get("mode") not in {"", "address"}:
        return "nowhere"
    if own is not None:
        return Place(*own)
    postcode = draft.get("postcode")
    known = postcodes.find(postcode) if postcode else None
    if known is not None:
        return Place(*known, is_of_postcode=True)
    if keep == "everywhere":
        return "nowhere"
    if postcode and postcodes.is_elsewhere(postcode):
        return None
    if draft.point is not None:
        raise RowProblem("`lon` and `lat` are no place on earth; correct them, or `crs`")
    if not postcode:
        raise RowProblem("`lon`, `lat` and `postcode` are empty; give the point or the postcode")
    said = "" if draft.is_private else f" {postcode!r}"
    raise RowProblem(
        f"`postcode`{said} is not among the place's postcodes; correct it, or give the point in "
        "`lon` and `lat`"
    )


def _sort_out(found: list[tuple[Draft, Place]], ground: Ground, keep: Keep, placed: Placed) -> None:
    """Keep the rows that are here, and count the others."""
    if not found:
        return
    where = ground.locate(np.array([(each.lon, each.lat) for _, each in found]))
    least = {"place": INSIDE, "margin": IN_MARGIN, "everywhere": ELSEWHERE}[keep]
    for (draft, each), zone in zip(found, where, strict=True):
        if zone < least:
            placed.elsewhere += 1
            continue
        draft.place = each
        draft.is_inside = bool(zone == INSIDE)
        placed.kept.append(draft)


def _measure(placed: Placed, ground: Ground) -> None:
    """Note the rows whose own point is far from their own postcode."""
    pairs = [
        (draft, (draft.place.lon, draft.place.lat), known)
        for draft in placed.kept
        if draft.place is not None and not draft.place.is_of_postcode
        and (known := ground.postcodes.find(draft.get("postcode"))) is not None
    ]  # fmt: skip
    if not pairs:
        return
    own = ground.project(np.array([point for _, point, _ in pairs]))
    stated = ground.project(np.array([known for _, _, known in pairs]))
    apart = np.hypot(*(own - stated).T)
    placed.far = [
        (draft, float(metres))
        for (draft, _, _), metres in zip(pairs, apart, strict=True)
        if metres > FAR_M
    ]
