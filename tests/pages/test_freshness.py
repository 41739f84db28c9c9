"""The one stamp of how fresh something is says what matters most."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.pages.freshness import Stamp, describe_freshness
from app.records.vocabulary import Aspect, Method


@dataclass
class Confirmation:
    """One respect of it, right and fresh unless a test says otherwise."""

    aspect: Aspect = Aspect.EXISTENCE
    method: Method = Method.VISITED
    is_right: bool = True
    is_unconfirmed: bool = False
    confirmed_on: date = date(2026, 11, 4)


DAY = "2026-11-04"


@pytest.mark.parametrize(
    ("known", "stamp"),
    [
        ([], Stamp("old", "never")),
        ([Confirmation()], Stamp("ok", "confirmed", DAY)),
        (
            [Confirmation(method=Method.TOLD_BY_OWNER)],
            Stamp("ok", "confirmed by owner", DAY),
        ),
        (
            [Confirmation(method=Method.IMPORTED)],
            Stamp("old", "from a list", DAY, "Libraries"),
        ),
        ([Confirmation(is_unconfirmed=True)], Stamp("old", "old", DAY)),
        (
            [Confirmation(method=Method.IMPORTED, is_unconfirmed=True)],
            Stamp("old", "old", DAY),
        ),
    ],
)
def test_how_sure_it_is_that_something_is_there(known: list[Confirmation], stamp: Stamp) -> None:
    assert describe_freshness(known, "Libraries") == stamp


def test_what_is_wrong_matters_more_than_what_is_confirmed() -> None:
    hours = Confirmation(Aspect.HOURS, is_right=False)
    assert describe_freshness([Confirmation(), hours], None) == Stamp("due", "hours wrong", DAY)
    gone = Confirmation(is_right=False)
    assert describe_freshness([hours, gone], None).about == "existence wrong"
