"""What is worked out where nobody publishes it: by hand on fields, and whatever the numbers."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.areas.deriving import (
    BY_PEOPLE,
    BY_SURFACE,
    IN_EQUAL_PARTS,
    LARGEST_OVERLAP,
    MOST_HOMES,
    MixedYearsError,
    assign_by_overlap,
    derive_weights,
    dissolve,
    mean_points,
    select_margin,
)
from app.areas.rows import NewArea, NewLookup, NewPostcode
from app.geo.crs import parse_crs, reproject, wgs84

GRID = parse_crs("EPSG:32631")
CORNER = np.array([500_000, 5_900_000])


def draw(
    code: str, west: float, south: float, east: float, north: float, *, inside: bool = True
) -> NewArea:
    """Return an area that is a rectangle, in metres."""
    boundary = shapely.MultiPolygon([shapely.box(west, south, east, north)])
    return NewArea(code, code, inside, boundary, None)


def link(start: str, end: str, kind: str = "change") -> NewLookup:
    """Return a row between the two years, without a weight of its own."""
    return NewLookup("field", 2011, start, "field", 2021, end, kind, 1.0, None)


STUDY = [draw("A", 0, 0, 100, 100), draw("B", 100, 0, 200, 100)]


def test_the_margin_is_what_begins_within_it() -> None:
    near, far = draw("N", 250, 0, 400, 100), draw("F", 251, 0, 400, 100)
    chosen = select_margin([near, draw("A", 0, 0, 90, 90), far], STUDY, 50)
    assert chosen == [near._replace(in_study_area=False)]


def test_a_sliver_of_a_simplified_neighbour_over_the_edge_is_expected() -> None:
    neighbour = draw("N", 180, 0, 400, 100)
    assert [area.code for area in select_margin([neighbour], STUDY, 50)] == ["N"]


def test_an_area_of_another_year_inside_the_study_area_is_refused_by_name() -> None:
    across = draw("MERGED", 40, 0, 160, 100)
    with pytest.raises(MixedYearsError, match="mixed boundary years: MERGED lie inside"):
        select_margin([across, draw("N", 210, 0, 300, 100)], STUDY, 50)


def test_of_many_refused_areas_a_few_are_named_and_the_others_counted() -> None:
    strips = [draw(f"S{i:02}", 8 * i, 0, 8 * i + 8, 100) for i in range(13)]
    with pytest.raises(MixedYearsError, match=r"S00, S01.*S09 and 3 more"):
        select_margin(strips, STUDY, 50)


def test_without_candidates_there_is_no_margin() -> None:
    assert select_margin([], STUDY, 1000) == []


def test_larger_areas_are_their_smaller_ones_together() -> None:
    west, east, other = STUDY[0], STUDY[1], draw("C", 0, 100, 100, 200)
    made = dissolve(
        [east, other, west, draw("D", 900, 0, 910, 10)],
        [("A", "L", "Lee"), ("B", "L", "Lee"), ("C", "K", "Kay"), ("Z", "L", "Lee")],
    )
    assert [(area.code, area.name, area.repair) for area in made] == [
        ("K", "Kay", None),
        ("L", "Lee", None),
    ]
    assert made[1].boundary.equals(shapely.box(0, 0, 200, 100))
    assert isinstance(made[0].boundary, shapely.MultiPolygon)


def test_outlines_that_do_not_quite_meet_leave_no_sliver() -> None:
    """The middle of three walls is drawn short: a gap of 5 mm by 100 m would be a hole."""
    ring = [
        draw("A", 0, 0, 300, 100),
        draw("B", 0, 200, 300, 300),
        draw("C", 0, 100, 100, 200),
        draw("D", 100.005, 100, 300, 200),
    ]
    made = dissolve(ring, [(area.code, "L", "Lee") for area in ring])
    assert shapely.get_num_interior_rings(made[0].boundary.geoms[0]) == 0
    assert made[0].boundary.area == pytest.approx(90_000)


def test_a_lake_between_areas_stays_a_hole() -> None:
    ring = [
        draw("A", 0, 0, 300, 100),
        draw("B", 0, 200, 300, 300),
        draw("C", 0, 100, 100, 200),
        draw("D", 200, 100, 300, 200),
    ]
    made = dissolve(ring, [(area.code, "L", "Lee") for area in ring])
    assert made[0].boundary.area == pytest.approx(80_000)


def test_a_larger_area_over_the_edge_is_made_of_the_study_area_alone() -> None:
    margin = draw("M", 200, 0, 300, 100, inside=False)
    rows = [("B", "L", "Lee"), ("M", "L", "Lee")]
    made = dissolve([*STUDY, margin], rows)
    assert (made[0].in_study_area, made[0].boundary.area) == (True, 10_000)
    assert not dissolve([margin], rows)[0].in_study_area


def test_an_area_in_two_larger_ones_is_refused() -> None:
    with pytest.raises(ValueError, match="'A' lies in 'K' and 'L'"):
        dissolve(STUDY, [("A", "K", "Kay"), ("A", "L", "Lee")])


@given(
    cuts=st.lists(st.integers(1, 999), min_size=1, max_size=12, unique=True),
    owners=st.lists(st.sampled_from("KLM"), min_size=13, max_size=13),
)
def test_no_ground_is_lost_or_won_by_dissolving(cuts: list[int], owners: list[str]) -> None:
    edges = [0, *sorted(cuts), 1000]
    strips = [draw(f"S{i:02}", edges[i], 0, edges[i + 1], 100) for i in range(len(edges) - 1)]
    pairs = zip(strips, owners, strict=False)
    made = dissolve(strips, [(strip.code, owner, owner) for strip, owner in pairs])
    assert sum(area.boundary.area for area in made) == pytest.approx(100_000)
    assert all(area.boundary.is_valid for area in made)


def test_a_split_weighs_by_the_people_of_each_part() -> None:
    """Field A was split: 300 people now live in its small part, 100 in its large one."""
    parts = [draw("A1", 0, 0, 10, 100), draw("A2", 10, 0, 100, 100), draw("B", 100, 0, 200, 100)]
    rows = [link("A", "A1"), link("A", "A2"), link("B", "B")]
    made = derive_weights(rows, STUDY, parts, {"A1": 300, "A2": 100, "B": 5})
    assert [row.weight for row in made] == [0.75, 0.25, 1.0]
    assert [row.method for row in made] == [BY_PEOPLE, BY_PEOPLE, None]


def test_a_merger_goes_there_whole() -> None:
    merged = [draw("AB", 0, 0, 200, 100)]
    made = derive_weights([link("A", "AB"), link("B", "AB")], STUDY, merged, {})
    assert [(row.weight, row.method) for row in made] == [(1.0, None), (1.0, None)]


def test_a_row_alone_keeps_saying_how_it_was_had() -> None:
    row = link("A", "A", "best fit")._replace(method=LARGEST_OVERLAP)
    assert derive_weights([row], STUDY, STUDY, {}) == [row]


def test_where_several_go_to_one_its_people_are_shared_by_surface() -> None:
    """X takes 50 of A's 100 metres and 50 of B's; Y is the rest of A. X has 400 people, Y 100.

    Half of X lies in A: 200 people; with Y's 100 that is 2/3 and 1/3.
    """
    later = [draw("X", 50, 0, 150, 100), draw("Y", 0, 0, 50, 100), draw("Z", 150, 0, 200, 100)]
    rows = [link("A", "X"), link("A", "Y"), link("B", "X"), link("B", "Z")]
    made = derive_weights(rows, STUDY, later, {"X": 400, "Y": 100, "Z": 600})
    assert [row.weight for row in made] == pytest.approx([2 / 3, 1 / 3, 1 / 4, 3 / 4])
    assert {row.method for row in made} == {BY_PEOPLE}


def test_without_people_surface_decides_and_says_so() -> None:
    parts = [draw("A1", 0, 0, 10, 100), draw("A2", 10, 0, 100, 100)]
    made = derive_weights([link("A", "A1"), link("A", "A2")], STUDY, parts, {"A1": 300})
    assert [row.weight for row in made] == pytest.approx([0.1, 0.9])
    assert {row.method for row in made} == {BY_SURFACE}


def test_where_nothing_is_shared_the_parts_are_equal_and_say_so() -> None:
    away = [draw("A1", 900, 0, 910, 100)]
    rows = [link("A", "A1"), link("A", "NOWHERE")]
    made = derive_weights(rows, STUDY, away, {})
    assert [(row.weight, row.method) for row in made] == [(0.5, IN_EQUAL_PARTS)] * 2


@given(
    edge=st.integers(1, 199),
    people=st.dictionaries(st.sampled_from("XYZ"), st.floats(0, 1e6, allow_subnormal=False)),
    pairs=st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("XYZ")), unique=True),
)
def test_weights_of_an_area_always_add_up_to_one(
    edge: int, people: dict[str, float], pairs: list[tuple[str, str]]
) -> None:
    later = [draw("X", 0, 0, edge, 100), draw("Y", edge, 0, 200, 100)]
    rows = [link(start, end) for start, end in pairs]
    made = derive_weights(rows, STUDY, later, people)
    assert [row[:6] for row in made] == [row[:6] for row in rows]
    for code in {row.from_code for row in rows}:
        assert sum(row.weight for row in made if row.from_code == code) == pytest.approx(1)
    assert all(0 <= row.weight <= 1 for row in made)


def test_a_best_fit_is_completed_by_the_largest_overlap() -> None:
    """Four fields, wards redrawn: one row is fine, three are not."""
    fields = [
        draw("F1", 0, 0, 100, 100),
        draw("F2", 100, 0, 200, 100),
        draw("F3", 200, 0, 300, 100),
        draw("F4", 300, 0, 400, 100),
        draw("M", 400, 0, 500, 100, inside=False),
    ]
    wards = [
        draw("W1", 0, 0, 170, 100),
        draw("W2", 170, 0, 290, 100),
        draw("NEW", 290, 0, 500, 100),
    ]
    rows = [
        link("F1", "W1", "best fit"),
        link("F2", "OLD", "best fit"),  # that ward is gone
        link("F4", "W2", "best fit"),  # its largest overlap is a ward that no row names
        link("ELSEWHERE", "W9", "best fit"),
    ]
    made = assign_by_overlap(fields, wards, rows)
    assert [(row.from_code, row.to_code, row.method) for row in made] == [
        ("F1", "W1", None),
        ("F2", "W1", LARGEST_OVERLAP),
        ("F3", "W2", LARGEST_OVERLAP),
        ("F4", "NEW", LARGEST_OVERLAP),
    ]
    assert {(row.kind, row.weight) for row in made} == {("best fit", 1.0)}


def test_most_people_counts_for_more_than_most_ground() -> None:
    """Three postcodes of the field lie in the tenth that is the new ward's."""
    field, other = draw("F", 0, 0, 100, 100), draw("G", 100, 0, 200, 100)
    wards = [draw("W1", 0, 0, 90, 100), draw("W2", 90, 0, 100, 100), draw("W3", 100, 0, 200, 100)]
    rows = [link("F", "OLD", "best fit"), link("G", "W3", "best fit")]
    spots = [(95, 10), (95, 50), (95, 90), (10, 10), (150, 50)]
    homes = np.array([shapely.Point(spot) for spot in spots], dtype=object)
    made = assign_by_overlap([field, other], wards, rows, homes)
    assert [(row.to_code, row.method) for row in made] == [("W2", MOST_HOMES), ("W3", None)]
    by_ground = assign_by_overlap([field, other], wards, rows)
    assert [(row.to_code, row.method) for row in by_ground] == [
        ("W1", LARGEST_OVERLAP),
        ("W3", None),
    ]


def test_a_published_best_fit_is_kept_though_another_overlap_is_larger() -> None:
    """People are not spread evenly: the publisher knows where in the field they live."""
    fields, wards = (
        [draw("F", 0, 0, 100, 100)],
        [draw("W1", 0, 0, 10, 100), draw("W2", 10, 0, 99, 1)],
    )
    rows = [link("F", "W1", "best fit"), link("G", "W2", "best fit")]
    assert assign_by_overlap([*fields, draw("G", 100, 0, 200, 1)], wards, rows) == rows


def test_what_overlaps_nothing_keeps_its_row_or_has_none() -> None:
    fields, wards = [draw("F", 0, 0, 1, 1), draw("G", 5, 0, 6, 1)], [draw("W", 90, 0, 91, 1)]
    rows = [link("F", "OLD", "best fit")]
    assert assign_by_overlap(fields, wards, rows) == rows


def test_a_lookup_without_rows_says_nothing_to_complete() -> None:
    with pytest.raises(ValueError, match="without any row"):
        assign_by_overlap(STUDY, STUDY, [])


def place(name: str, x: float, y: float) -> NewPostcode:
    """Return a postcode at a place on the grid, in longitude and latitude."""
    moved = reproject(np.array([shapely.Point(x, y)], dtype=object), GRID, wgs84())
    return NewPostcode(name, name, moved[0])


def move(area: NewArea) -> NewArea:
    """Return `area` where the grid is meant for."""
    return area._replace(boundary=shapely.transform(area.boundary, lambda xy: xy + CORNER))


def test_the_middle_is_the_mean_of_the_postcodes_inside() -> None:
    areas = [move(area) for area in (*STUDY, draw("EMPTY", 900, 0, 910, 10))]
    postcodes = [
        place("1", 500_010, 5_900_010),
        place("2", 500_010, 5_900_030),
        place("3", 500_070, 5_900_020),
        place("4", 500_150, 5_900_050),
        place("5", 500_700, 5_900_050),
    ]
    found = mean_points(areas, postcodes, GRID)
    assert {code: count for code, (_, count) in found.items()} == {"A": 3, "B": 1}
    expected = place("", 500_030, 5_900_020).location
    assert found["A"][0].distance(expected) < 1e-9


def test_the_middle_of_a_crescent_may_lie_outside_it() -> None:
    corners = [
        (0, 0),
        (300, 0),
        (300, 100),
        (100, 100),
        (100, 200),
        (300, 200),
        (300, 300),
        (0, 300),
    ]
    horseshoe = shapely.MultiPolygon([shapely.Polygon(corners)])
    area = NewArea("C", "C", in_study_area=True, boundary=horseshoe, repair=None)
    arms = [place("1", 500_250, 5_900_050), place("2", 500_250, 5_900_250)]
    middle, count = mean_points([move(area)], arms, GRID)["C"]
    assert count == 2
    assert middle.distance(place("", 500_250, 5_900_150).location) < 1e-9


def test_without_postcodes_there_are_no_middles() -> None:
    areas = [move(area) for area in STUDY]
    assert mean_points(areas, [], GRID) == {}
    assert mean_points(areas, [place("1", 510_000, 5_900_000)], GRID) == {}


@given(st.lists(st.tuples(st.floats(1, 199), st.floats(1, 99)), max_size=30))
def test_each_postcode_counts_once_and_middles_stay_in_convex_areas(
    where: list[tuple[float, float]],
) -> None:
    postcodes = [place(str(i), 500_000 + x, 5_900_000 + y) for i, (x, y) in enumerate(where)]
    found = mean_points([move(area) for area in STUDY], postcodes, GRID)
    assert sum(count for _, count in found.values()) == len(where)
