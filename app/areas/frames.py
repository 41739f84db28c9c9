"""A whole place as arrays: what upper floors need of the areas while a pack is being loaded."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class SetKey(NamedTuple):
    """Names a boundary set: all areas of one type as outlined in one year."""

    area_type: str
    boundary_year: int


@dataclass(frozen=True)
class Ground:
    """Where the place is, for those who must find out whether something lies in it.

    Attributes:
        boundaries: Areas in degrees that together make up the place and its margin.
        in_study_area: Of each, whether it belongs to the place itself.
        postcodes: Every postcode that was read, those of other places included, in order.
        lon_lat: Their points in degrees, a row each.
    """

    boundaries: NDArray[np.object_]
    in_study_area: NDArray[np.bool_]
    postcodes: list[str]
    lon_lat: NDArray[np.float64]


@dataclass(frozen=True)
class AreaFrame:
    """The areas of one boundary set.

    Attributes:
        codes: Codes in gid order: the area with gid `i + 1` is `codes[i]`. Those of the study area
            come first, then those of the margin; each by code.
        study_count: How many of them are in the study area.
    """

    codes: tuple[str, ...]
    study_count: int


@dataclass(frozen=True)
class Belonging:
    """Which areas of one set lie in, or are best fitted to, which of another.

    Attributes:
        from_index: Positions in the smaller set's `codes`, one per lookup row.
        to_index: Positions in the larger set's `codes`.
        weight: Share of the smaller area's people who are in the larger one.
    """

    from_index: NDArray[np.int64]
    to_index: NDArray[np.int64]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class AgeBand:
    """People of one age band in every area of a set.

    Attributes:
        age_from: Youngest age, in years.
        age_to: Oldest age, included; None for "and over".
        people: One number an area, in gid order; NaN where none is known.
    """

    age_from: int
    age_to: int | None
    people: NDArray[np.float64]


@dataclass(frozen=True)
class PlaceFrames:
    """Every boundary set of a place, how they belong together, and their people."""

    sets: dict[SetKey, AreaFrame]
    belongings: dict[tuple[SetKey, SetKey], Belonging]
    bands: dict[SetKey, list[AgeBand]]

    def count_people(
        self, key: SetKey, age_from: int = 0, age_to: int | None = None
    ) -> NDArray[np.float64] | None:
        """Return the people from `age_from` to `age_to` (included; None: and over) in each area.

        Returns:
            One number an area in gid order, NaN where none is known; None where the set has no
            population, or where its age bands straddle an end of the range.
        """
        last = 1_000 if age_to is None else age_to
        total: NDArray[np.float64] | None = None
        for band in self.bands.get(key, []):
            band_last = 1_000 if band.age_to is None else band.age_to
            if band_last < age_from or band.age_from > last:
                continue
            if band.age_from < age_from or band_last > last:
                return None
            total = band.people if total is None else total + band.people
        return total
