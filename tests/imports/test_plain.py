"""Rows of the plain table made into documents, and sentences for those that cannot be."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from app.imports.formats import FORMATS, References, find_format
from app.imports.formats.plain import FORMAT, split_identifier
from app.imports.rows import Draft, RowProblem
from app.records.vocabulary import Aspect, Method, Status
from tests.imports.making import make_draft, to_degrees

HALL = UUID("00000000-0000-4000-8000-000000000001")
COUNCIL = UUID("00000000-0000-4000-8000-000000000002")
KNOWN = References({"org-1": COUNCIL}, {"hall": HALL})
NONE = References({}, {})


def make_one(draft: Draft) -> str:
    """Return the sentence with which a row of an asset is refused."""
    with pytest.raises(RowProblem) as caught:
        FORMAT.make_asset(draft, [FORMAT.make_site(draft, KNOWN)], KNOWN)
    return str(caught.value)


def asset(**fields: str) -> Draft:
    """Return the row of a hall."""
    return make_draft("Staithe Hall", (0, 0), category_ids="hall", fields=fields)


def test_a_row_with_everything() -> None:
    draft = asset(
        kind="Place", name_translations="cy=Neuadd;pl=Sala", organisation_id="org-1",
        category_ids="hall; warm-space", min_age="5", cost="paid", cost_amount="2.50",
        languages="en;cy", term_time_only="yes", step_free="no", alert="Closed till May",
        alert_until="2027-05-01", address="1 Quay", postcode="AB1 1AA", phone="0151 000 0000",
        phone_visibility="hidden", url="hall.example.org", opening_hours="Mo-Fr 09:00-17:00",
        capacity="40", valid_from="01/02/2026",
    )  # fmt: skip
    site = FORMAT.make_site(draft, KNOWN)
    made = FORMAT.make_asset(draft, [site], KNOWN)
    assert made.organisation == COUNCIL
    assert made.categories == ["hall", "warm-space"]
    assert made.translations["pl"].name == "Sala"
    assert made.cost_amount == Decimal("2.50")
    assert made.access.step_free == "no"
    assert made.access.parking == "not stated"  # an empty cell is never "no"
    assert site.location is not None
    assert (site.location.lon, site.location.lat) == to_degrees(0, 0)
    assert site.opening_hours == "Mo-Fr 09:00-17:00"
    assert site.valid_from == date(2026, 2, 1)
    assert [(each.kind, each.value, each.visibility) for each in site.contacts] == [
        ("phone", "0151 000 0000", "hidden"), ("web", "http://hall.example.org", "public"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "plaice"}, "`kind` is 'plaice'; it may be one of: place, activity, service"),
        ({"min_age": "five"}, "`min_age` is 'five'; write a number, with a point for decimals"),
        ({"min_age": "5.5"}, "`min_age` is '5.5'; write a whole number"),
        ({"step_free": "perhaps"}, "`step_free` is 'perhaps'; write yes or no"),
        ({"alert_until": "soon"}, "`alert_until` is 'soon'; write a day as 2026-11-24"),
        ({"min_age": "9", "max_age": "5"}, "`max_age` 5 is below `min_age` 9"),
        ({"organisation_id": "org-9"}, "`organisation_id` is 'org-9', which no row is called"),
        ({"name_translations": "Sala"}, "`name_translations` is 'Sala'; write language=name"),
        ({"served_areas": "X1"}, "`served_areas` names areas, and `served_area_type` does not"),
        ({"name": ""}, "`name` is ''"),
        ({"visibility": "secret"}, "`visibility` is 'secret'; it may be one of: public, area only"),
        ({"cost_amount": "2"}, "`cost_amount` is given, but `cost` is not 'paid'"),
        ({"mode": "place", "place_asset_id": "barn"}, "`place_asset_id` is 'barn', which no row"),
    ],
)
def test_a_bad_cell_is_told_by_field_value_and_remedy(
    fields: dict[str, str], sentence: str
) -> None:
    assert make_one(asset(**fields)).startswith(sentence)


def test_what_is_private_is_not_quoted() -> None:
    said = make_one(asset(visibility="hidden", address="x" * 301))
    assert "xxx" not in said
    assert said.startswith("`address`: ")


def test_a_contact_that_is_none_is_left_out_with_a_remark_that_does_not_quote_it() -> None:
    draft = asset(phone="ask Mary", email="hall@example.org")
    site = FORMAT.make_site(draft, NONE)
    assert [each.kind for each in site.contacts] == ["email"]
    assert draft.remarks == ["`phone` is none, and was left out; correct it"]


@pytest.mark.parametrize(
    ("fields", "hours", "words"),
    [
        ({"opening_hours": "Mo 10:00-12:00"}, "Mo 10:00-12:00", ""),
        ({"opening_hours": "whenever"}, "", "whenever"),
        ({"hours_words": "Mondays 10am to 12noon"}, "Mo 10:00-12:00", ""),
        ({"hours_words": "First Monday, ask inside"}, "", "First Monday, ask inside"),
        ({"hours_monday": "09:00-17:00", "hours_friday": "10:00-12:00"},
         "Mo 09:00-17:00, Fr 10:00-12:00", ""),
        ({"hours_monday": "by arrangement"}, "", "Monday by arrangement"),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_hours_are_read_where_that_leaves_no_doubt(
    fields: dict[str, str], hours: str, words: str
) -> None:
    site = FORMAT.make_site(asset(**fields), NONE)
    assert site.opening_hours.replace(";", ",") == hours
    assert site.hours_words == words


def test_an_organisation_at_its_register_address_is_area_only() -> None:
    draft = make_draft(
        "The Reader", (0, 0), kind="charity", identifier="GB-CHC-1126806;GB-COH-06607389",
        address="Mansion House", postcode="AB1 1AA", confirmed_on="2023-10-13",
    )  # fmt: skip
    made = FORMAT.make_organisation(draft)
    assert [(each.scheme, each.identifier) for each in made.identifiers] == [
        ("GB-CHC", "1126806"), ("GB-COH", "06607389"),
    ]  # fmt: skip
    (address,) = made.addresses
    assert (address.role, address.level) == ("registered", "area only")
    (confirmed,) = FORMAT.read_confirmations(draft)
    assert confirmed == (Aspect.EXISTENCE, date(2023, 10, 13), None, Method.IMPORTED)


def test_a_takedown_that_is_asked_for_waits_for_somebody_to_decide() -> None:
    draft = make_draft("Supper", status="takedown asked")
    assert FORMAT.read_status(draft) is Status.PUBLISHED
    assert FORMAT.is_takedown_asked(draft)


def test_register_numbers() -> None:
    assert split_identifier("GB-CHC-1126806") is not None
    assert split_identifier("360G-ptc-1") is None
    assert split_identifier("1126806") is None


def test_formats_are_found_by_name() -> None:
    assert find_format("plain") is FORMATS[0]
    with pytest.raises(ValueError, match="no format 'osm'; choose one of plain"):
        find_format("osm")
