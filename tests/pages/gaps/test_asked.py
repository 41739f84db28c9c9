"""What an address of `/gaps` asks for, without a database."""

import pytest

from app.areas.schemas import AreaTypeRead
from app.pages.gaps.asked import Choices, GapAddress, Question, choose_groups, read_question
from app.taxonomy.schemas import CategoryRead


def make_choices() -> Choices:
    """Two kinds of area and one category; what is not looked at is left out."""
    kinds = [
        AreaTypeRead(
            code=code, name=code, plural=f"{code}s", position=position, is_publishing=False,
            boundary_years=years,
        )
        for position, (code, years) in enumerate({"lsoa": [2011, 2021], "msoa": [2021]}.items())
    ]  # fmt: skip
    asked = {"code": "library", "name": "Libraries", "catchment_m": 1600}
    category = CategoryRead.model_construct(None, **asked)  # type: ignore[arg-type]
    return Choices([], kinds, [category])


def ask(**asked: str) -> Question:
    """Return the question of an address that is right."""
    question, problems = read_question(
        GapAddress.model_validate({"category": "library", **asked}), make_choices()
    )
    assert not problems
    assert question is not None
    return question


def refuse(**asked: str) -> list[tuple[str, str]]:
    """Return beside which fields of an address something is wrong, and why."""
    question, problems = read_question(
        GapAddress.model_validate({"category": "library", **asked}), make_choices()
    )
    assert question is None
    return [(problem.about, problem.why) for problem in problems]


@pytest.mark.parametrize(
    ("written", "metres"),
    [("800", 800), ("1,600", 1600), ("1.6 km", 1600), ("1.6KM", 1600), ("250m", 250), ("", None)],
)
def test_a_distance_is_read_as_people_write_it(written: str, metres: float | None) -> None:
    assert ask(distance=written).asked.catchment_m == metres


@pytest.mark.parametrize("written", ["0", "-3", "far", "1e3", "101 km", "8 00m2", "٣"])
def test_what_is_no_distance_is_said_beside_it(written: str) -> None:
    assert refuse(distance=written) == [("distance", "number")]


@pytest.mark.parametrize(
    ("people", "ages", "everyone"),
    [
        ("", (None, None), False),
        ("all", (None, None), True),
        ("65-", (65, None), False),
        ("16-64", (16, 64), False),
    ],
)
def test_a_group_is_its_ages(
    people: str,
    ages: tuple[int | None, int | None],
    *,
    everyone: bool,
) -> None:
    asked = ask(people=people).asked
    assert (asked.from_age, asked.to_age) == ages
    assert asked.everyone is everyone


def test_other_ages_are_checked_one_by_one() -> None:
    asked = ask(people="ages", from_age="5", to_age="15").asked
    assert (asked.from_age, asked.to_age) == (5, 15)
    assert refuse(people="ages") == [("from_age", "no_age")]
    assert refuse(people="ages", from_age="old") == [("from_age", "age")]
    assert refuse(people="ages", from_age="20", to_age="10") == [("to_age", "order")]
    assert refuse(people="64-16") == [("people", "unknown")]
    assert refuse(people="<b>") == [("people", "unknown")]


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = {
        "category": "castle", "need": "luck", "travel": "flown", "measure": "guess",
        "kernel": "steep", "detour": "9", "speed": "0", "standard": "much", "area_type": "county",
        "sort": "odd", "page": "0",
    }  # fmt: skip
    assert {field for field, _ in refuse(**wrong)} == set(wrong)


def test_areas_are_the_smallest_and_newest_unless_asked_for() -> None:
    question = ask()
    assert (question.area_type.code, question.boundary_year) == ("lsoa", 2021)
    older = ask(boundary_year="2011")
    assert (older.area_type.code, older.boundary_year) == ("lsoa", 2011)
    assert refuse(area_type="msoa", boundary_year="2011") == [("boundary_year", "unknown")]


def test_an_address_keeps_what_it_was_asked_and_drops_what_is_empty() -> None:
    address = GapAddress(category=" library ", q="a&b\x00", page="3").tidy()
    assert address.write() == "/gaps?category=library&q=a%26b&page=3"
    assert address.write("/gaps/table.csv", page="", q="") == "/gaps/table.csv?category=library"
    assert GapAddress().write() == "/gaps"


def test_only_groups_that_begin_and_end_with_bands_are_offered() -> None:
    bands = [(0, 15), (16, 24), (25, 64), (65, None)]
    assert choose_groups(bands) == ["all", "0-15", "16-24", "16-64", "65-"]
    assert choose_groups([]) == ["all"]
