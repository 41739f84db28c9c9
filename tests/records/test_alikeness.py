"""Names of one thing, and names that only look so."""

import pytest

from app.records.alikeness import ALIKE, compare_names, is_part_of, measure


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("Culcheth Library", "CULCHETH LIBRARY", "same name"),
        ("The Lache Library", "Lache Branch Library", "same name"),
        ("Bewsey & Dallam Library", "Bewsey and Dallam Hub", "same name"),
        ("St Mary's Church", "Saint Marys Church", "same name"),
        ("Cooke's Chemist", "COOKES PHARMACY", "same name"),
        ("Carringtons Pharmacy", "Carrington Chemist", "names alike"),
        ("St Aldric's Warm Room", "St. Aldrics Warm Rooms", "names alike"),
        ("MIND Halton", "Halton Mind", "names alike"),
        # Traps: what stands side by side and is called nearly the same.
        ("Fountains Medical Practice", "Fountains Pharmacy", None),
        ("St Mary's Church", "St Mary's Primary School", None),
        ("Hoole Community Centre", "Hoole Library", None),
        ("Dental Surgery", "The Dental Surgery", None),
        ("Surgery 1", "Surgery 2", None),
        ("1st Upton Scouts", "2nd Upton Scouts", None),
        ("Dr Gupta", "Dr Dutta", None),
        ("", "", None),
    ],
)
def test_names(one: str, other: str, wanted: str | None) -> None:
    assert compare_names(one, other) == wanted
    assert compare_names(other, one) == wanted


def test_a_name_that_holds_the_other_says_so_only_of_one_sort() -> None:
    assert is_part_of("Central Library", "Liverpool Central Library")
    assert not is_part_of("Central Library", "Central Pharmacy")
    assert not is_part_of("Storyhouse", "Chester Storyhouse")  # no sort is named
    assert not is_part_of("Library", "Central Library")


def test_likeness_is_dice_of_three_letter_pieces() -> None:
    # "  ab " has the pieces "  a", " ab", "ab "; "  ac " shares the first of its three.
    assert measure("ab", "ac") == pytest.approx(2 * 1 / 6)
    assert measure("ab", "ab") == 1
    assert measure("", "ab") < ALIKE
