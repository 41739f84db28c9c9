"""Areas in a manifest: kinds, outlines, lookups, people, centres, postcodes, scenery."""

from itertools import pairwise
from typing import Annotated, Literal, Self

import shapely
from pydantic import Field, field_validator, model_validator

from app.packs.parts import Age, Cells, Code, FileEntry, Part, SetEntry, Year

Corner = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
"""Longitude and latitude."""


class StudyArea(Part):
    """What the place is, and how far beyond it people go.

    Attributes:
        margin_m: Metres round it in which areas and people are kept for analysis only.
        sea: Rings of longitudes and latitudes that cover the sea around the place, over its areas
            if one likes: what lies in neither is land that nothing is known of. None: not said.
    """

    margin_m: Annotated[float, Field(ge=0, le=200_000)] = 0
    sea: list[Annotated[list[Corner], Field(min_length=3)]] | None = None

    @field_validator("sea")
    @classmethod
    def _enclose(cls, value: list[list[Corner]] | None) -> list[list[Corner]] | None:
        for number, ring in enumerate(value or (), start=1):
            shape = shapely.Polygon(ring)
            if not shape.is_valid or not shape.area:
                raise ValueError(
                    f"ring {number} crosses itself or encloses nothing; write its corners in order "
                    "around the sea"
                )
        return value


class AreaTypeEntry(Part):
    """A kind of area; a larger `position` is a larger kind."""

    code: Code
    name: str
    plural: str
    position: Annotated[int, Field(ge=1, le=99)]
    publishing: bool = False


class BoundaryColumns(Part):
    """Which columns hold an area's code and name; areas without a name go by their code."""

    code: str
    name: str | None = None


class NamesEntry(FileEntry):
    """Names of areas that stand in another file than their outlines."""

    columns: BoundaryColumns


class WithinEntry(FileEntry):
    """A list of codes: only these areas are of the place."""

    column: str


class BoundaryEntry(FileEntry):
    """Outlines of one kind of area in one boundary year.

    Attributes:
        area_type: The kind.
        boundary_year: The year.
        columns: Of code and name.
        names: Another file that names them better.
        within: Another file that lists the ones to take.
        margin: True where these are the areas round the study area, for analysis only.
        cells: "h3": no outlines are in the file, only ids of H3 cells, whose outlines are known.
        resolution: With `cells`, the coarser H3 cells that hold those of the file.
        dissolve: The set of smaller areas that these are made of; the source is then a lookup.
    """

    area_type: Code
    boundary_year: Year
    columns: BoundaryColumns
    names: NamesEntry | None = None
    within: WithinEntry | None = None
    margin: bool = False
    cells: Literal["h3"] | None = None
    resolution: Annotated[int, Field(ge=0, le=15)] | None = None
    dissolve: SetEntry | None = None
    member_column: str | None = Field(
        default=None, description="with `dissolve`, the column of the smaller areas' codes"
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.dissolve is None) != (self.member_column is None):
            raise ValueError("`dissolve` and `member_column` go together")
        others = (self.names, self.within, self.cells)
        if self.dissolve and (self.margin or any(others)):
            raise ValueError(
                "`dissolve` cannot stand beside `names`, `within`, `cells` or `margin`"
            )
        if self.resolution is not None and self.cells is None:
            raise ValueError('`resolution` goes with `cells = "h3"`')
        return self


class LookupEnd(SetEntry):
    """One side of a lookup.

    Attributes:
        column: Of its codes, or of its names.
        by: "name" where the column holds what the boundary file calls the areas.
        drop_last: How many last characters of the column do not belong to it.
    """

    column: str
    by: Literal["code", "name"] = "code"
    drop_last: Annotated[int, Field(ge=0, le=20)] = 0


class LookupColumns(Part):
    """Which columns hold the weight and the code of the kind of change."""

    weight: str | None = None
    change: str | None = None


class LookupEntry(FileEntry):
    """Which areas belong to, or became, which.

    Attributes:
        kind: How sure it is.
        start: The areas that belong or changed.
        end: What they belong to or became.
        columns: Of weight and change.
        weight_basis: What a weight is a share of, in words.
        fill: "overlap": areas without a usable row go to the area they overlap most.
        partial: True where areas without any row are no slip.
        resolution: Of the larger H3 cells, where both ends are such cells: the file holds only the
            smaller ones, and the larger follow from their ids.
    """

    kind: Literal["within", "best fit", "change"]
    start: LookupEnd = Field(alias="from")
    end: LookupEnd = Field(alias="to")
    columns: LookupColumns = LookupColumns()
    weight_basis: str | None = Field(default=None, description="what it is a share of, in words")
    fill: Literal["overlap"] | None = None
    partial: bool = False
    resolution: Annotated[int, Field(ge=0, le=15)] | None = None


class PopulationColumns(Part):
    """Which columns hold area, ages and people.

    Attributes:
        code: Of the area.
        people: Of the number; not where every age has its own column.
        age_from: Of the youngest age.
        age_to: Of the oldest age, included; an empty cell means "and over".
        age: Of an age band in words, which `bands` turns into numbers.
    """

    code: str
    people: str | None = None
    age_from: str | None = None
    age_to: str | None = None
    age: str | None = None


class PopulationEntry(FileEntry):
    """People by age band.

    Attributes:
        area_type: Of the areas.
        boundary_year: Of the areas.
        period: When they were counted.
        columns: See there.
        bands: Band in words, or column, to its ages: `[65, 74]`, or `[75]` for "and over".
        single_years_to: Columns "0", "1" ... up to this age, the last written with a plus.
        group_from: First ages of the bands to keep, where the file's are finer than anybody asks.
    """

    area_type: Code
    boundary_year: Year
    period: str
    columns: PopulationColumns
    bands: dict[str, Annotated[list[Age], Field(min_length=1, max_length=2)]] = {}
    single_years_to: Age | None = None
    group_from: list[Age] = []

    @model_validator(mode="after")
    def _agree(self) -> Self:
        names = self.columns
        if self.group_from and (
            self.group_from[0] != 0 or self.group_from != sorted(set(self.group_from))
        ):
            raise ValueError("`group_from` must begin with 0 and rise")
        if self.single_years_to is None and not names.people and (names.age or not self.bands):
            raise ValueError("names neither `columns.people` nor a column for each age")
        if names.age and not self.bands:
            raise ValueError("`columns.age` needs `bands`, which says what its words mean")
        bands = sorted(self.age_bands.values())
        for (_, oldest), (youngest, _) in pairwise(bands):
            if oldest is None or oldest >= youngest:
                raise ValueError("`bands` overlap, so that people would count twice")
        for youngest, oldest in self.age_columns.values() if self.group_from else ():
            held = max(start for start in self.group_from if start <= youngest)
            following = min((start for start in self.group_from if start > held), default=None)
            if following is not None and (oldest is None or oldest >= following):
                raise ValueError(f"`group_from` cuts the band that begins at {youngest} in two")
        return self

    @property
    def age_columns(self) -> dict[str, tuple[int, int | None]]:
        """Columns that each hold an age band; none where a row is a band."""
        if self.single_years_to is not None:
            last = self.single_years_to
            return {**{str(age): (age, age) for age in range(last)}, f"{last}+": (last, None)}
        return {} if self.columns.people else self.age_bands

    @property
    def age_bands(self) -> dict[str, tuple[int, int | None]]:
        """`bands` as pairs of ages."""
        return {
            name: (ages[0], ages[1] if len(ages) > 1 else None) for name, ages in self.bands.items()
        }


class PointColumns(Part):
    """Which columns hold an area's code and its centre."""

    code: str
    lon: str
    lat: str
    basis: str | None = None


class CentroidEntry(Part):
    """Centres of areas, population-weighted; or the mean of the postcodes inside each."""

    area_type: Code
    boundary_year: Year
    source: str | None = None
    where: dict[str, Cells] = {}
    columns: PointColumns | None = None
    from_postcodes: bool = False

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.from_postcodes == (self.source is not None):
            raise ValueError("needs `source` with `columns`, or `from_postcodes = true`")
        if (self.source is None) != (self.columns is None):
            raise ValueError("`source` and `columns` go together")
        return self


class PostcodeColumns(Part):
    """Which columns hold a postcode and its point."""

    postcode: str
    lon: str
    lat: str


class PostcodeEntry(FileEntry):
    """Postcodes and their points.

    Attributes:
        columns: Where they stand.
        unless: Rows to leave out, as those of unknown place.
        fill: Only postcodes that no other table holds, as newer ones.
    """

    columns: PostcodeColumns
    unless: dict[str, Cells] = {}
    fill: bool = False


class BackdropColumns(Part):
    """Which columns hold what a piece of scenery is called and what it is."""

    name: str
    kind: str


class BackdropEntry(FileEntry):
    """What is drawn beneath the areas where no basemap is."""

    columns: BackdropColumns
