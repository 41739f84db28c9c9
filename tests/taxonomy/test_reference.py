"""The reference set: what residents find in it, and that it is fit to be loaded."""

import csv
import re
from collections import Counter

import pytest

from app.taxonomy.loading import REFERENCE, Term, check_terms, read_reference_terms
from app.taxonomy.searching import fold_words
from app.taxonomy.terms import FIELDS, SHAPES


@pytest.fixture(scope="module")
def terms() -> dict[str, Term]:
    return {term.code: term for term in read_reference_terms()}


def test_it_is_one_tree_of_at_most_three_levels(terms: dict[str, Term]) -> None:
    taxonomy = check_terms([])
    assert list(taxonomy.terms) == list(terms)
    assert max(len(path) for path in taxonomy.ancestors.values()) == 3
    assert taxonomy.ancestors["credit-union"] == ("credit-union", "money-advice", "advice")
    assert 60 <= len(terms) <= 80


def test_its_columns_are_those_that_mean_something() -> None:
    with REFERENCE.open(encoding="utf-8", newline="") as opened:
        assert tuple(next(csv.reader(opened))) == FIELDS


def test_every_term_can_be_read_and_found(terms: dict[str, Term]) -> None:
    for term in terms.values():
        assert term.name, term.code
        assert term.synonyms, term.code
        assert re.fullmatch(r"[A-Z].*\.", term.description), term.code
    names = Counter(" ".join(fold_words(term.name)) for term in terms.values())
    assert [name for name, count in names.items() if count > 1] == []


def test_top_terms_are_told_apart_by_shape_and_colour(terms: dict[str, Term]) -> None:
    top = [term for term in terms.values() if not term.broader]
    assert sorted(term.shape for term in top) == sorted(SHAPES)
    assert {term.colour for term in top} == {f"cat-{term.code}" for term in top}
    assert not [term.code for term in terms.values() if term.broader and term.shape]


def test_everything_says_how_far_people_go_and_how_long_facts_hold(
    terms: dict[str, Term],
) -> None:
    assert all(term.catchment_m and term.confirm_months for term in terms.values())
    assert (terms["pharmacy"].catchment_m, terms["hospital"].catchment_m) == (1600, 10_000)
    assert (terms["play-area"].catchment_m, terms["park"].catchment_m) == (400, 800)
    assert (terms["library"].confirm_months, terms["craft"].confirm_months) == (36, 12)
    assert (terms["parent-toddler"].demand_from_age, terms["parent-toddler"].demand_to_age) == (
        0,
        4,
    )


def test_a_tag_of_a_map_means_one_category(terms: dict[str, Term]) -> None:
    tags = Counter(tag for term in terms.values() for tag in term.osm_tags)
    assert [tag for tag, count in tags.items() if count > 1] == []
    assert terms["pharmacy"].osm_tags[0] == "amenity=pharmacy"
    assert terms["library"].esd == ("437",)
    assert "Food Pantry" in terms["food-bank"].open_eligibility
