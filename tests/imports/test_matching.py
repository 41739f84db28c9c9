"""Rows joined, and rows kept apart: cases by hand, traps among them."""

import pytest

from app.imports.matching import (
    LISTED_TWICE,
    Table,
    add_fields,
    enrich,
    join_assets,
    join_organisations,
    make_distinct,
)
from app.imports.rows import Draft
from tests.imports.making import make_draft, make_ground

GROUND = make_ground()
REGISTER = Table(repeats=False, joins=False)
DIRECTORY = Table(repeats=True, joins=True)
HERE = "AB1 1AA"


def reasons(*drafts: Draft, tables: tuple[Table, ...] = (REGISTER, DIRECTORY)) -> list[str]:
    """Return why rows were joined."""
    return [reason for _, _, reason in join_assets(drafts, tables, GROUND).joined]


def library(name: str = "Upton Library", **fields: str) -> Draft:
    """Return a row of a register, at its postcode's point."""
    return make_draft(
        name, (0, 0), of_postcode=True, category_ids="library", postcode=HERE, fields=fields
    )


def test_a_library_that_is_also_a_warm_space_is_one_asset_of_both_categories() -> None:
    warm = make_draft(
        "UPTON LIBRARY", (30, 0), table=1, category_ids="warm-space", postcode="ab11aa",
        description="Tea and a seat.", opening_hours="Mo 10:00-12:00",
    )  # fmt: skip
    matched = join_assets([library(), warm], (REGISTER, DIRECTORY), GROUND)
    (kept,) = matched.kept
    assert kept.get("category_ids") == "library;warm-space"
    assert kept.get("description") == "Tea and a seat."
    assert "opening_hours" not in kept.fields  # the hours of the tea are not the library's
    ((origin, reason),) = kept.joined
    assert (origin.source, reason) == ("list 1", "same name and postcode")


def test_two_registers_are_never_joined_by_guess() -> None:
    surgery = make_draft("Upton Health Centre", (0, 0), postcode=HERE, category_ids="surgery")
    dentist = make_draft("Upton Health Centre", (0, 0), table=1, postcode=HERE)
    assert reasons(surgery, dentist, tables=(REGISTER, REGISTER)) == []


def test_a_register_tells_its_own_rows_apart() -> None:
    infants = make_draft("St Mary's School", (0, 0), number=2, postcode=HERE)
    juniors = make_draft("St Mary's School", (0, 0), number=3, postcode=HERE)
    assert reasons(infants, juniors) == []


def test_a_directory_may_list_one_thing_twice() -> None:
    first = make_draft("Salvation Army", (0, 0), table=1, number=2)
    again = make_draft("The Salvation Army", (0, 59), table=1, number=3)
    other = make_draft("Salvation Army", (0, 130), table=1, number=4)  # the next street
    assert reasons(first, again, other) == ["same name and place (within 60 m)"]


@pytest.mark.parametrize(
    "neighbour",
    ["Upton Pharmacy", "Upton Medical Centre", "Upton Primary School", "St Mary's Church Hall"],
)
def test_neighbours_of_a_like_name_stay_apart(neighbour: str) -> None:
    assert reasons(library(), make_draft(neighbour, (0, 0), table=1, postcode=HERE)) == []


def test_another_postcode_and_place_is_another_thing() -> None:
    away = make_draft("Upton Library", (0, 300), table=1, postcode="AB1 1AC")
    assert reasons(library(), away) == []


def test_a_postcodes_point_is_not_near_anything() -> None:
    # Both lie at one point, but only because it stands for two whole streets.
    away = make_draft("Upton Library", (0, 0), table=1, of_postcode=True)
    assert reasons(library(), away) == []


def test_a_telephone_number_joins_only_where_no_third_row_has_it() -> None:
    phone = {"phone": "0151 000 0000", "postcode": HERE}
    hall = make_draft("The Engine Shed", (0, 0), fields=phone)
    room = make_draft("Warm room", (0, 10), table=1, phone="01510000000", postcode=HERE)
    assert reasons(hall, room) == ["same telephone number and postcode"]
    third = make_draft("Cafe", (0, 20), table=1, number=9, phone="0151 0000000")
    assert reasons(hall, room, third) == []


def test_private_rows_are_never_compared() -> None:
    hidden = make_draft("Upton Library", (0, 0), table=1, postcode=HERE, visibility="hidden")
    assert reasons(library(), hidden) == []


def organisation(name: str, number: int = 2, **fields: str) -> Draft:
    """Return a row of a list of organisations."""
    return make_draft(name, number=number, postcode=HERE, fields=fields)


def test_grant_recipients_repeat_by_number_or_by_name_and_postcode() -> None:
    rows = [
        organisation("The Reader", 2, identifier="GB-CHC-1126806", source_id="r"),
        organisation("The Reader Organisation", 3, identifier="gb-chc-1126806", postcode="AB1 1AB"),
        organisation("Reader Ltd", 4),
        organisation("The Reader", 5, source_id="r", identifier="GB-CHC-1126806", postcode=""),
        organisation("The Reader", 6, postcode="AB1 1AC"),  # another town's, for all we know
    ]
    matched = join_organisations(rows)
    assert [draft.number for draft in matched.kept] == [2, 6]
    found = {row.number: reason for row, _, reason in matched.joined}
    assert found == {3: "same register number", 4: "same name and postcode", 5: LISTED_TWICE}


def test_two_numbers_of_one_register_are_two_organisations() -> None:
    trust = organisation("Hall Trust", 2, identifier="GB-CHC-1")
    trading = organisation("Hall Trust", 3, identifier="GB-CHC-2")
    company = organisation("Hall Trust", 4, identifier="GB-COH-9")
    matched = join_organisations([trust, trading, company])
    assert [draft.number for draft in matched.kept] == [2, 3]
    assert matched.kept[0].get("identifier") == "GB-CHC-1;GB-COH-9"


def test_what_is_the_same_as_a_joined_row_is_joined_too() -> None:
    rows = [
        organisation("Homebaked", 2, source_id="coop-1"),
        organisation("Homebaked Ltd", 3, source_id="g", identifier="GB-COH-1"),
        organisation("Homebaked CLT", 4, source_id="g", identifier="GB-COH-1", postcode="AB1 1AC"),
    ]
    matched = join_organisations(rows)
    assert [draft.number for draft in matched.kept] == [2]
    assert [reason for _, _, reason in matched.joined] == ["same name and postcode", LISTED_TWICE]
    assert matched.kept[0].get("identifier") == "GB-COH-1"


def test_another_file_adds_by_number_first_then_by_name_and_postcode() -> None:
    known = [
        library("Upton", reference="77"),
        make_draft("Moor Library", (0, 0), number=3, postcode="AB1 1AB"),
        make_draft("Dale Library", (0, 0), number=4, postcode="AB1 1AC"),
    ]
    rows = [
        make_draft("Another spelling", table=1, number=2, reference="77", phone="1"),
        make_draft("MOOR", table=1, number=3, postcode="AB11AB", phone="2"),
        make_draft("Dale Pharmacy", table=1, number=4, postcode="AB1 1AC", phone="3"),
    ]
    pairs = enrich(known, rows, [["reference"], ["postcode", "name"]])
    assert [(row.number, draft.get("name")) for row, draft in pairs] == [
        (2, "Upton"), (3, "Moor Library"),
    ]  # fmt: skip
    add_fields(*pairs[0])
    assert known[0].get("phone") == "1"
    assert known[0].get("source_id") == "0-2"  # what it is called stays the first file's
    assert known[0].joined[0].reason == "adds to it"


def test_what_could_be_about_two_things_adds_to_none() -> None:
    known = [
        make_draft("Boots", number=2, postcode=HERE),
        make_draft("Boots", number=3, postcode=HERE),
    ]
    assert (
        enrich(known, [make_draft("Boots", table=1, postcode=HERE)], [["postcode", "name"]]) == []
    )
    twice = [make_draft("Well", table=1, number=n, postcode="AB1 1AB") for n in (2, 3)]
    assert enrich([make_draft("Well", postcode="AB1 1AB")], twice, [["postcode", "name"]]) == []


def test_identifiers_are_made_distinct_and_repeats_are_told() -> None:
    rows = [make_draft("Club", number=n, source_id="club") for n in (2, 3)]
    assert [row.number for row, _ in make_distinct(rows)] == [3]
    for row in rows:
        row.has_made_id = True
    assert make_distinct(rows) == []
    assert [row.get("source_id") for row in rows] == ["club", "club 2"]
