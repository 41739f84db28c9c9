"""A small place with a margin: what is staged, what is told, and what never comes out."""

from collections.abc import AsyncIterator, Callable

import numpy as np
import orjson
import pytest
import shapely
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service
from app.areas.frames import PlaceFrames, SetKey
from app.areas.loading import (
    AreaLoad,
    Centroid,
    NewArea,
    NewAreaType,
    NewLookup,
    NewPopulation,
    NewPostcode,
    open_area_load,
)
from app.areas.schemas import AreaFilters
from app.core.database import Database
from app.core.errors import NotFoundError
from app.geo.crs import parse_crs, reproject, wgs84

GRID = parse_crs("EPSG:32631")
FIELD, PARISH, TOWN = SetKey("field", 2021), SetKey("parish", 2021), SetKey("town", 2021)

Read = tuple[PlaceFrames, dict[str, list[str]]]


def draw_square(code: str, column: int, *, inside: bool = True, wide: int = 1) -> NewArea:
    """Return a field of a kilometre, `column` kilometres east of the place's corner."""
    west, south = 500_000 + 1000 * column, 5_900_000
    shape = shapely.box(west, south, west + 1000 * wide, south + 1000)
    return NewArea(code, f"Field {code}", inside, shapely.MultiPolygon([shape]), None)


def find_place(column: float) -> shapely.Point:
    """Return the point in the middle of a column, in longitude and latitude."""
    point = shapely.Point(500_000 + 1000 * (column + 0.5), 5_900_500)
    moved: shapely.Point = reproject(np.array([point], dtype=object), GRID, wgs84())[0]
    return moved


def link(start: str, end: str, to: SetKey = PARISH, method: str | None = None) -> NewLookup:
    """Return a row that a field lies in a larger area."""
    return NewLookup(*FIELD, start, *to, end, "within", 1.0, None, method)


# The margin's code comes first in the alphabet, so that the order of codes alone is not enough.
FIELDS = [
    draw_square("F1", 3, inside=False),
    draw_square("F2", 0),
    draw_square("F3", 1),
    draw_square("F4", 2),
]
PARISHES = [draw_square("P0", 3, inside=False), draw_square("P1", 0, wide=3)]
TOWNS = [draw_square("T1", 0, wide=3)]
LOOKUPS = [
    link("F1", "P0"),
    link("F2", "P1"),
    link("F3", "P1", method="largest overlap, derived"),
    link("F1", "T1", TOWN),
    link("F2", "T1", TOWN),
    link("F3", "T1", TOWN),
    link("F4", "T1", TOWN),
    # Rows of a lookup of the whole country.
    link("F3", "P8"),
    link("F1", "P9"),
    link("F7", "P7"),
    link("F8", "P0"),
    # Half of this one is missing: the parish is of the study area, the field is not there.
    link("F9", "P1"),
]
PEOPLE = {"F1": 400, "F2": 100, "F3": 200, "F4": 40}
POSTCODES = [
    NewPostcode("AA1", "A A1", find_place(0)),
    NewPostcode("AM1", "A M1", find_place(3)),
    NewPostcode("AZ1", "A Z1", find_place(30)),
]


async def stage(load: AreaLoad) -> None:
    """Fill `load` with the place."""
    await load.add_area_types(
        [
            NewAreaType("field", "field", "fields", 1, is_publishing=True),
            NewAreaType("parish", "parish", "parishes", 2, is_publishing=False),
            NewAreaType("town", "town", "towns", 3, is_publishing=False),
        ]
    )
    centroids = {"F2": Centroid(find_place(0.2), "mean of the postcodes inside (1)"),
                 "F3": Centroid(find_place(1.2))}  # fmt: skip
    for key, areas in ((FIELD, FIELDS), (PARISH, PARISHES), (TOWN, TOWNS)):
        await load.add_areas(*key, "drawn", areas, GRID, centroids)
    await load.add_lookups(LOOKUPS)
    await load.add_populations(
        NewPopulation(*FIELD, code, start, end, people // 2)
        for code, people in PEOPLE.items()
        for start, end in ((0, 15), (16, None))
    )
    await load.add_postcodes(POSTCODES)


@pytest.fixture
async def read(database: Database) -> Read:
    """The place, loaded; its frames and its findings."""
    async with database.engine.connect() as connection, open_area_load(connection) as load:
        await stage(load)
        findings = await load.check()
        frames = await load.describe()
        async with connection.begin(), AsyncSession(connection) as session:
            await load.swap(session, None)
    return frames, findings


@pytest.fixture
async def session(database: Database, read: Read) -> AsyncIterator[AsyncSession]:
    """A session on the database that holds the place."""
    assert read
    async with database.sessions() as opened:
        yield opened


def test_the_study_area_is_numbered_first_and_then_the_margin(read: Read) -> None:
    frames, _ = read
    assert frames.sets[FIELD].codes == ("F2", "F3", "F4", "F1")
    assert frames.sets[FIELD].study_count == 3
    assert frames.sets[PARISH].codes == ("P1", "P0")


def test_belongings_hold_only_rows_between_areas_of_the_place(read: Read) -> None:
    belonging = read[0].belongings[FIELD, PARISH]
    pairs = list(zip(belonging.from_index, belonging.to_index, strict=True))
    assert pairs == [(0, 0), (1, 0), (3, 1)]
    assert belonging.weight.tolist() == [1, 1, 1]
    assert (TOWN, FIELD) not in read[0].belongings


def test_the_margins_people_are_in_no_total(read: Read) -> None:
    frames, _ = read
    fields = frames.count_people(FIELD)
    parishes = frames.count_people(PARISH)
    towns = frames.count_people(TOWN, 16)
    assert fields is not None
    assert parishes is not None
    assert towns is not None
    assert fields.tolist() == [100, 200, 40, 400]
    # Of parish P1, field F4 has no row; parish P0 is of the margin and of unknown extent.
    np.testing.assert_array_equal(parishes, [300, np.nan])
    assert towns.tolist() == [170]
    assert frames.count_people(FIELD, 10) is None


def test_only_what_is_wrong_in_the_study_area_is_told(read: Read) -> None:
    found = read[1]
    # Nothing of F7 and F8, which are elsewhere, nor of P9, which only the margin's F1 names.
    assert found["lookup_unknown"] == ["field 2021 F9", "parish 2021 P8"]
    assert found["lookup_uncovered"] == ["field 2021 F4 in no parish 2021"]
    assert found["postcode_outside"] == ["A Z1"]
    # Field F3 counts twice, once in a parish that is not there; field F1 is of the margin.
    assert found["weights"] == ["field 2021 F3 2.0000"]
    assert found["publishing_too_small"] == [
        "field 2021 F2 100", "field 2021 F3 200", "field 2021 F4 40",
    ]  # fmt: skip
    assert found["without_people"] == []
    assert found["people_of_nowhere"] == []


async def test_the_margin_is_never_listed_counted_or_drawn(session: AsyncSession) -> None:
    page = await service.list_areas(session, AreaFilters(type="field"))
    assert [(area.gid, area.code) for area in page.items] == [(1, "F2"), (2, "F3"), (3, "F4")]
    assert page.total == 3
    assert (await service.list_areas(session, AreaFilters(type="field", q="F1"))).total == 0
    children = await service.list_children(
        session, "town", "T1", boundary_year=None, child_type="field"
    )
    assert [area.code for area in children] == ["F2", "F3", "F4"]
    assert [area.code for area in await service.summarise_areas(session, "parish")] == ["P1"]
    drawn = orjson.loads(await service.write_outlines(session, "field"))
    assert [each["properties"]["code"] for each in drawn["features"]] == ["F2", "F3", "F4"]
    east = shapely.total_bounds([find_place(2), find_place(3)])[2]
    assert drawn["bbox"][2] < east


@pytest.mark.parametrize(
    "ask",
    [
        lambda session: service.read_area(session, "field", "F1", None),
        lambda session: service.write_boundary(session, "field", "F1", None),
        lambda session: service.write_outlines(session, "field", within="parish:P0"),
        lambda session: service.list_children(
            session, "parish", "P0", boundary_year=None, child_type=None
        ),
    ],
)
async def test_an_area_of_the_margin_is_not_there_to_be_asked_for(
    session: AsyncSession, ask: Callable[[AsyncSession], object]
) -> None:
    with pytest.raises(NotFoundError, match=r"There is no .* 'F1'|There is no .* 'P0'"):
        await ask(session)  # type: ignore[misc]


async def test_a_point_or_postcode_in_the_margin_is_in_no_area(session: AsyncSession) -> None:
    inside, margin = find_place(0), find_place(3)
    found = await service.find_areas_at(session, inside.x, inside.y)
    assert [area.code for area in found] == ["F2", "P1", "T1"]
    over_the_edge = await service.find_areas_at(session, margin.x, margin.y)
    assert over_the_edge == []
    postcode = await service.read_postcode(session, "am1")
    assert postcode.location.lon == pytest.approx(margin.x)
    assert postcode.areas == []
    assert [each.postcode for each in await service.search_postcodes(session, "a", 9)] == [
        "A A1",
        "A M1",
    ]
    with pytest.raises(NotFoundError):
        await service.read_postcode(session, "AZ1")


async def test_an_area_names_no_margin_and_says_how_its_links_were_worked_out(
    session: AsyncSession,
) -> None:
    town = await service.read_area(session, "town", "T1", None)
    assert town.people == 340
    field = await service.read_area(session, "field", "F3", None)
    methods = {parent.area.code: parent.method for parent in field.parents}
    assert methods == {"P1": "largest overlap, derived", "T1": None}


async def test_a_centroid_says_how_it_was_had(session: AsyncSession) -> None:
    said = [
        (await service.read_area(session, "field", code, None)).centroid_method
        for code in ("F2", "F3", "F4")
    ]
    assert said == ["mean of the postcodes inside (1)", "population weighted", "point on surface"]


async def test_a_parent_or_child_in_the_margin_is_passed_over(database: Database) -> None:
    """A field that fits a margin's parish best: neither list nor page may name that parish.

    Nor is that parish given the field's people as if they were all it has.
    """
    async with database.engine.connect() as connection, open_area_load(connection) as load:
        await stage(load)
        of_the_margin = NewLookup(*PARISH, "P0", *TOWN, "T1", "within", 1.0, None)
        await load.add_lookups([link("F4", "P0"), of_the_margin])
        await load.check()
        parishes = (await load.describe()).count_people(PARISH)
        np.testing.assert_array_equal(parishes, [300, np.nan])
        async with connection.begin(), AsyncSession(connection) as session:
            await load.swap(session, None)
    async with database.sessions() as session:
        listed = {area.code: area for area in await service.summarise_areas(session, "field")}
        assert set(listed["F4"].parents) == {"town"}
        read = await service.read_area(session, "field", "F4", None)
        assert [parent.area.code for parent in read.parents] == ["T1"]
        children = await service.list_children(
            session, "town", "T1", boundary_year=None, child_type=None
        )
        assert [area.code for area in children] == ["F2", "F3", "F4"]
