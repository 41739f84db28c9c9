"""What may be written in: contacts, addresses, and sentences for what is none."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.records.documents import Address, Contact
from app.records.vocabulary import Visibility, strictest
from app.records.writing import add_months, say_problems


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "0151 233 3000"),
        ("phone", "+44 (0)151 233 3000 ext 12"),
        ("phone", "999"),
        ("email", "hello@example.org"),
        ("email", "hällo@bücher.example"),
        ("web", "https://example.org/a?b=c"),
        ("web", "http://example.org"),
    ],
)
def test_what_people_write_is_taken(kind: str, value: str) -> None:
    assert Contact.model_validate({"kind": kind, "value": value}).value == value


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("phone", "ask at the desk", "'ask at the desk' is not a telephone number"),
        ("phone", "12", "'12' is not a telephone number"),
        ("phone", "<script>1234</script>", "is not a telephone number"),
        ("email", "hello at example.org", "is not an e-mail address"),
        ("email", "a@b@c.org", "is not an e-mail address"),
        ("web", "javascript:alert(1)", "is not a web address"),
        ("web", "www.example.org", "Write it with https:// in front"),
        ("web", "https://", "is not a web address"),
        ("web", "https://[bad", "is not a web address"),
    ],
)
def test_what_reaches_nobody_is_refused_with_its_value_and_a_remedy(
    kind: str, value: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Contact.model_validate({"kind": kind, "value": value})
    assert sentence in say_problems(caught.value)


def test_an_unknown_field_is_a_slip_and_named() -> None:
    with pytest.raises(ValidationError) as caught:
        Contact.model_validate({"kind": "phone", "value": "01632 960000", "visible": "public"})
    assert say_problems(caught.value).startswith("visible: ")


def test_only_an_address_of_delivery_is_public_unless_somebody_says_so() -> None:
    assert Address(role="delivery").level is Visibility.PUBLIC
    assert Address(role="registered").level is Visibility.AREA_ONLY
    assert Address(role="correspondence").level is Visibility.AREA_ONLY
    assert Address(role="registered", visibility=Visibility.PUBLIC).level is Visibility.PUBLIC


def test_the_strictest_wins() -> None:
    public, area, hidden = Visibility
    assert strictest(public, area) is area
    assert strictest(area, hidden, public) is hidden
    assert strictest(public) is public


def test_months_end_where_the_month_is_shorter() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 24), 12) == date(2027, 11, 24)
    assert add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)
    assert add_months(date(2026, 5, 5), 0) == date(2026, 5, 5)
