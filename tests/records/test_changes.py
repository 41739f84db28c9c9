"""Differences that people can read, and edits that survive a re-import."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.records.changes import Change, list_changes, merge_edits

FIELDS = ("name", "description", "cost", "sites")
documents = st.fixed_dictionaries({field: st.integers(0, 3) for field in FIELDS})


def test_what_differs_is_named_with_both_values() -> None:
    before = {"name": "Tea", "cost": "free", "alert": ""}
    after = {"name": "Tea and cake", "cost": "free", "alert": "Closed on Friday"}
    assert list_changes(before, after) == [
        Change("name", "Tea", "Tea and cake"),
        Change("alert", "", "Closed on Friday"),
    ]


def test_of_the_first_version_only_what_is_filled_in_is_told() -> None:
    first: dict[str, Any] = {
        "name": "Tea",
        "alert": "",
        "sites": [],
        "min_age": None,
        "findable": False,
    }
    assert [change.field for change in list_changes(None, first)] == ["name", "findable"]


def test_a_field_that_people_edited_stays_and_the_others_follow_the_source() -> None:
    imported = {"name": "TEA", "description": "Old", "cost": "free"}
    current = {"name": "Tea", "description": "Old", "cost": "free"}
    fresh = {"name": "TEA ROOM", "description": "New", "cost": "free"}
    merged, has_edits = merge_edits(imported, current, fresh)
    assert merged == {"name": "Tea", "description": "New", "cost": "free"}
    assert has_edits


def test_an_edit_that_the_source_has_taken_over_is_none_any_more() -> None:
    imported, current = {"name": "TEA"}, {"name": "Tea"}
    assert merge_edits(imported, current, {"name": "Tea"}) == ({"name": "Tea"}, False)


@given(documents, documents)
def test_without_edits_the_source_decides(imported: dict[str, Any], fresh: dict[str, Any]) -> None:
    assert merge_edits(imported, imported, fresh) == (fresh, False)


@given(documents, documents, documents)
def test_no_edit_is_ever_lost(
    imported: dict[str, Any], current: dict[str, Any], fresh: dict[str, Any]
) -> None:
    merged, _ = merge_edits(imported, current, fresh)
    for field in FIELDS:
        expected = current[field] if current[field] != imported[field] else fresh[field]
        assert merged[field] == expected


@given(documents, documents)
def test_importing_the_same_again_changes_nothing(
    imported: dict[str, Any], current: dict[str, Any]
) -> None:
    assert merge_edits(imported, current, imported)[0] == current
