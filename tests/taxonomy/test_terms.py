"""What is said of a table of categories that cannot be used, and what a pack may change."""

import pytest

from app.taxonomy.merging import merge_terms
from app.taxonomy.searching import fold_words
from app.taxonomy.terms import TaxonomyProblem, Term, read_term, suggest_category

REFERENCE = (
    Term("health", "Health", shape="cross", colour="cat-health", catchment_m=1600, row=2),
    Term(
        "pharmacy",
        "Pharmacies",
        broader="health",
        synonyms=("chemist",),
        catchment_m=800,
        confirm_months=24,
        osm_tags=("amenity=pharmacy",),
        row=3,
    ),
)


def say(*own: Term) -> list[str]:
    """Return what merging `own` with the small reference set complains of."""
    with pytest.raises(TaxonomyProblem) as caught:
        merge_terms(REFERENCE, own)
    return caught.value.sentences


def local(code: str, row: int = 2, **said: object) -> Term:
    """Return a term of a place's own table."""
    return Term(code, **{"name": code, "row": row, "file": "own.csv", **said})  # type: ignore[arg-type]


def test_a_term_of_a_place_is_added_under_one_of_the_reference_set() -> None:
    made = merge_terms(REFERENCE, [local("kiosk", name="Kiosks", broader="pharmacy")])
    kiosk = made.terms["kiosk"]
    assert made.ancestors["kiosk"] == ("kiosk", "pharmacy", "health")
    # The shape is the top term's, the catchment the nearest one's, the unit nobody's.
    assert (kiosk.shape, kiosk.colour) == ("cross", "cat-health")
    assert (kiosk.catchment_m, kiosk.confirm_months) == (800, 24)
    assert kiosk.capacity_unit == "places a week"


def test_a_place_may_reword_a_term_and_keeps_the_words_others_search_by() -> None:
    own = local("pharmacy", name="Apothecaries", synonyms=("potions",), catchment_m=3000)
    made = merge_terms(REFERENCE, [own]).terms["pharmacy"]
    assert (made.name, made.catchment_m) == ("Apothecaries", 3000)
    assert made.synonyms == ("chemist", "potions")
    assert (made.broader, made.confirm_months) == ("health", 24)


def test_what_is_left_empty_is_not_reworded() -> None:
    made = merge_terms(REFERENCE, [local("pharmacy", name="")]).terms["pharmacy"]
    assert made.name == "Pharmacies"


def test_a_place_may_not_change_what_a_term_means() -> None:
    own = (
        local("wellbeing", shape="circle", colour="cat-own"),
        local("pharmacy", row=3, broader="wellbeing"),
    )
    assert say(*own) == [
        (
            "own.csv, row 3: `broader` is 'wellbeing', and 'pharmacy' is a term of the reference "
            "set, where it is 'health'. A pack may add terms and reword them, not change what they "
            "mean: leave the cell empty, or use a code of your own."
        )
    ]
    assert "`osm_tags` is 'shop=sweets'" in say(local("pharmacy", osm_tags=("shop=sweets",)))[0]


def test_an_unknown_broader_term_is_told_with_the_nearest() -> None:
    assert say(local("kiosk", row=7, broader="pharmcy")) == [
        (
            "own.csv, row 7: `broader` is 'pharmcy', which is no category (do you mean "
            "'pharmacy'?). Use the code of one that is, or leave it empty."
        )
    ]


def test_a_code_that_stands_twice_is_told_with_both_rows() -> None:
    own = (local("kiosk", broader="health"), local("kiosk", row=9, broader="health"))
    assert say(*own) == ["own.csv, row 9: `code` 'kiosk' stands in row 2 already. Keep one."]


@pytest.mark.parametrize(
    ("links", "circle"),
    [
        ({"a": "a"}, "a > a"),
        ({"a": "b", "b": "a"}, "a > b > a"),
        ({"x": "a", "a": "b", "b": "c", "c": "a"}, "a > b > c > a"),
    ],
)
def test_circles_are_told_once(links: dict[str, str], circle: str) -> None:
    own = [local(code, row, broader=to) for row, (code, to) in enumerate(links.items(), 2)]
    sentences = say(*own)
    assert len(sentences) == 1
    assert f"`broader` leads round in a circle: {circle}. Leave it empty" in sentences[0]


def test_ages_the_wrong_way_round_are_told_after_rewording_too() -> None:
    old = local("old", broader="health", demand_from_age=65, demand_to_age=18)
    assert say(old) == [
        (
            "own.csv, row 2: `demand_from_age` is 65 and `demand_to_age` 18. The first must not be "
            "over the second."
        )
    ]


def test_a_new_term_needs_a_name_and_at_the_top_a_shape() -> None:
    assert say(local("kiosk", name="", broader="health")) == [
        "own.csv, row 2: `name` is empty. Say what residents call 'kiosk'."
    ]
    assert say(local("boats")) == [
        (
            "own.csv, row 2: 'boats' has no broader term, and no `shape`. Give it one, or a "
            "broader term that has."
        )
    ]


def test_every_cell_amiss_in_a_row_is_told() -> None:
    cells = {
        "code": "Late Chemist", "name": "x", "shape": "star", "demand_from_age": "old",
        "demand_to_age": "151", "catchment_m": "1 km", "confirm_months": "0",
        "esd": "437; libraries", "osm_tags": "pharmacy",
    }  # fmt: skip
    with pytest.raises(TaxonomyProblem) as caught:
        read_term(cells, 5, "own.csv")
    told = caught.value.sentences
    assert all(sentence.startswith("own.csv, row 5: `") for sentence in told)
    assert [name_field(sentence) for sentence in told] == [
        "code", "shape", "demand_from_age", "demand_to_age", "catchment_m", "confirm_months",
        "esd", "osm_tags",
    ]  # fmt: skip
    assert told[1] == (
        "own.csv, row 5: `shape` is 'star'; it may be one of: house, square, cross, diamond, "
        "hexagon, triangle down, triangle up, circle."
    )
    assert "'libraries'; write numbers of the Local Government Services List" in told[6]


def name_field(sentence: str) -> str:
    """Return the field that a sentence names."""
    return sentence.split("`")[1]


def test_a_row_without_a_code_and_one_cut_short_are_told() -> None:
    with pytest.raises(TaxonomyProblem, match=r"row 4: `code` is empty\. Give the"):
        read_term({"name": "Nothing"}, 4, "own.csv")
    with pytest.raises(TaxonomyProblem, match=r"own\.csv: Row 4 has 1 cell where 2"):
        read_term({"code": "x"}, 4, "own.csv", "Row 4 has 1 cell where 2 are expected.")


def test_several_things_in_a_cell_and_other_languages_are_read() -> None:
    term = read_term(
        {
            "code": "pharmacy", "name": " Pharmacies ",
            "synonyms": "chemist; ; chemist;  drug  store",
            "name_cy": "Fferyllfeydd", "synonyms_cy": "fferyllydd; moddion",
        },
        2,
        "own.csv",
    )  # fmt: skip
    assert (term.name, term.synonyms) == ("Pharmacies", ("chemist", "drug store"))
    assert term.translations == {
        "cy": {"name": "Fferyllfeydd", "synonyms": ["fferyllydd", "moddion"]}
    }


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("food bank", "food-bank"),
        ("FoodBank", "food-bank"),
        ("libary", "library"),
        ("zzz", None),
    ],
)
def test_the_nearest_code_is_suggested(given: str, nearest: str | None) -> None:
    assert suggest_category({"food-bank", "library", "park"}, given) == nearest


def test_words_are_compared_without_accents_capitals_and_plurals() -> None:
    assert fold_words("Cafés & Women's Aid, PHARMACIES") == ["cafe", "women", "aid", "pharmacy"]
    assert fold_words("me") == ["me"]
    assert fold_words("glass; bus") == ["glass", "bus"]
