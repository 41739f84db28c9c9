"""Where rows are: own point, postcode, elsewhere, nowhere."""

import pytest

from app.imports.placing import Keep, place
from app.imports.rows import Draft
from tests.imports.making import EAST, GRID, NORTH, make_draft, make_ground, to_degrees

GROUND = make_ground()


def row(number: int, at: tuple[float, float] | None = None, **fields: str) -> Draft:
    """Return a row with its own coordinates on the metric grid."""
    draft = make_draft("Hall", number=number, fields=fields)
    draft.point = (EAST + at[0], NORTH + at[1]) if at else None
    return draft


def test_own_coordinates_of_a_national_grid() -> None:
    placed = place([row(2, (10, 20), postcode="AB1 1AA")], GROUND, GRID, "margin")
    (draft,) = placed.kept
    assert draft.place is not None
    assert (draft.place.lon, draft.place.lat) == pytest.approx(to_degrees(10, 20), abs=1e-7)
    assert not draft.place.is_of_postcode
    assert draft.is_inside
    assert placed.far == []


def test_without_coordinates_the_postcode_places_and_says_so() -> None:
    placed = place([row(2, None, postcode="ab1 1ab")], GROUND, GRID, "margin")
    (draft,) = placed.kept
    assert draft.place is not None
    assert draft.place.is_of_postcode
    assert draft.place[:2] == pytest.approx(to_degrees(100, 0), abs=1e-7)


@pytest.mark.parametrize(("keep", "kept"), [("place", 1), ("margin", 2), ("everywhere", 3)])
def test_what_lies_elsewhere_is_left_out_and_counted(keep: Keep, kept: int) -> None:
    rows = [row(2, (0, 0)), row(3, (700, 0)), row(4, (5000, 0))]
    placed = place(rows, GROUND, GRID, keep)
    assert [draft.number for draft in placed.kept] == [2, 3, 4][:kept]
    assert placed.elsewhere == 3 - kept
    assert [draft.is_inside for draft in placed.kept] == [True, False, False][:kept]


def test_an_unknown_postcode_is_here_only_if_its_neighbours_are() -> None:
    rows = [
        row(2, postcode="AB1 1ZZ"),  # new, in a district of the place
        row(3, postcode="ZZ1 1ZZ"),  # its neighbours lie elsewhere
        row(4, postcode="QQ9 9QQ"),  # nobody has heard of any like it
    ]
    placed = place(rows, GROUND, GRID, "margin")
    assert placed.elsewhere == 2
    ((draft, reason),) = placed.rejected
    assert draft.number == 2
    assert reason == (
        "`postcode` 'AB1 1ZZ' is not among the place's postcodes; correct it, or give the point in "
        "`lon` and `lat`"
    )


def test_a_private_postcode_is_not_told() -> None:
    placed = place([row(2, postcode="AB1 1ZZ", role="registered")], GROUND, GRID, "place")
    assert "AB1" not in placed.rejected[0].reason


def test_a_row_that_says_nothing_of_where_it_is() -> None:
    placed = place([row(2), row(3, mode="online")], GROUND, GRID, "margin")
    assert placed.rejected[0].reason == (
        "`lon`, `lat` and `postcode` are empty; give the point or the postcode"
    )
    assert [draft.number for draft in placed.kept] == [3]  # what is online needs no place


def test_a_point_far_from_its_own_postcode_is_told() -> None:
    near, far = row(2, (0, 450), postcode="AB1 1AA"), row(3, (0, 400), postcode="ZZ1 1AA")
    placed = place([near, far], GROUND, GRID, "margin")
    ((draft, metres),) = placed.far
    assert draft.number == 3
    assert metres == pytest.approx(90_000, rel=0.001)


def test_coordinates_that_are_no_place_on_earth_fall_back_to_the_postcode() -> None:
    broken = row(2, postcode="AB1 1AA")
    broken.point = (float("inf"), float("nan"))
    placed = place([broken, row(3, (0, 0))], GROUND, GRID, "margin")
    assert [draft.number for draft in placed.kept] == [2, 3]
    first = placed.kept[0].place
    assert first is not None
    assert first.is_of_postcode


def test_without_written_endings_every_unknown_postcode_is_told() -> None:
    placed = place([row(2, postcode="QQ9 9QQ")], make_ground(ending=0), GRID, "margin")
    assert "is not among the place's postcodes" in placed.rejected[0].reason
