"""Districts, their neighbourhoods, and what is said when figures are missing."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.schemas import AreaSummary, AreaTypeRead, ParentRef
from app.core.database import Database
from app.pages.service import (
    Place,
    Places,
    _add_people,
    _choose_types,
    _group,
    describe_place,
)

pytestmark = pytest.mark.reads


def area(code: str, name: str, people: int | None, parent: str | None = None) -> AreaSummary:
    return AreaSummary(
        gid=1,
        type="lsoa",
        code=code,
        boundary_year=2021,
        name=name,
        people=people,
        parents={"msoa": ParentRef(code=parent, boundary_year=2021)} if parent else {},
    )


def kind(code: str, position: int, *, publishing: bool = False) -> AreaTypeRead:
    return AreaTypeRead(
        code=code,
        name=code,
        plural=code,
        position=position,
        is_publishing=publishing,
        boundary_years=[2021],
    )


def test_districts_and_their_neighbourhoods_stand_by_name() -> None:
    districts = [area("D1", "Quay", 30), area("D2", "Abbey", 5)]
    neighbourhoods = [area("2", "B", 10, "D1"), area("1", "A", 20, "D1"), area("3", "C", 5, "D2")]
    grouped = _group(neighbourhoods, districts)
    assert [group.area and group.area.name for group in grouped] == ["Abbey", "Quay"]
    assert [member.code for member in grouped[1].neighbourhoods] == ["1", "2"]


def test_a_neighbourhood_of_no_district_is_not_lost() -> None:
    grouped = _group([area("1", "A", 20, "elsewhere"), area("2", "B", 2)], [area("D1", "Quay", 30)])
    assert grouped[-1].area is None
    assert [member.code for member in grouped[-1].neighbourhoods] == ["1", "2"]
    assert grouped[-1].people == 22


def test_people_are_not_known_as_soon_as_one_figure_is_missing() -> None:
    assert _add_people([area("1", "A", 20), area("2", "B", 0)]) == 20
    assert _add_people([area("1", "A", 20), area("2", "B", None)]) is None
    assert _add_people([]) is None


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([kind("ward", 3), kind("msoa", 2, publishing=True), kind("lsoa", 1)], ("lsoa", "msoa")),
        ([kind("oa", 1), kind("lsoa", 2), kind("msoa", 3, publishing=True)], ("lsoa", "msoa")),
        ([kind("ward", 1, publishing=True), kind("council", 2)], ("ward", None)),
        ([kind("ward", 1), kind("council", 2)], ("ward", None)),
    ],
)
def test_districts_are_the_publishing_kind_and_neighbourhoods_the_next_smaller(
    kinds: list[AreaTypeRead], expected: tuple[str, str | None]
) -> None:
    neighbourhood, district = _choose_types(kinds)
    assert (neighbourhood.code, district and district.code) == expected


async def test_the_place_is_put_together_again_only_when_areas_change(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = 1

    async def read_version(_session: object) -> int:
        return version

    monkeypatch.setattr(areas, "read_areas_version", read_version)
    places = Places()
    async with demo_database.sessions() as session:
        first = await places.describe(session)
        assert await places.describe(session) is first
        version = 2
        again = await places.describe(session)
    assert again is not first
    assert again == first


async def test_after_a_load_only_one_request_puts_the_place_together(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = 0

    async def describe(session: AsyncSession) -> Place | None:
        nonlocal described
        described += 1
        await asyncio.sleep(0.05)
        return await describe_place(session)

    monkeypatch.setattr("app.pages.service.describe_place", describe)
    places = Places()

    async def visit() -> Place | None:
        async with demo_database.sessions() as session:
            return await places.describe(session)

    first, *others = await asyncio.gather(*(visit() for _ in range(5)))
    assert described == 1
    assert first is not None
    assert all(other is first for other in others)


async def test_a_place_that_could_not_be_described_is_described_by_the_next_request(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_session: AsyncSession) -> None:
        raise RuntimeError

    places = Places()
    async with demo_database.sessions() as session:
        with monkeypatch.context() as broken:
            broken.setattr("app.pages.service.describe_place", fail)
            with pytest.raises(RuntimeError):
                await places.describe(session)
        assert await places.describe(session) is not None


@pytest.mark.parametrize("most", [100, 24])
async def test_a_place_of_too_many_areas_is_told_by_its_districts_alone(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(areas, "MOST_OUTLINES", most)
    async with demo_database.sessions() as session:
        place = await describe_place(session)
    assert place is not None
    assert place.is_abridged
    assert place.drawing is None
    assert (place.neighbourhood_count, len(place.districts)) == (120, 25)
    assert not any(district.neighbourhoods for district in place.districts)
    assert sum(district.neighbourhood_count for district in place.districts) == 120


async def test_a_place_of_one_kind_of_too_many_areas_names_none(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = kind("lsoa", 1)

    async def list_types(_session: AsyncSession) -> list[AreaTypeRead]:
        return [only]

    monkeypatch.setattr(areas, "MOST_OUTLINES", 100)
    monkeypatch.setattr(areas, "list_area_types", list_types)
    async with demo_database.sessions() as session:
        place = await describe_place(session)
    assert place is not None
    assert place.is_abridged
    assert (place.neighbourhood_count, len(place.districts)) == (120, 0)


async def test_a_database_without_areas_has_no_place(database: Database) -> None:
    async with database.sessions() as session:
        assert await Places().describe(session) is None
