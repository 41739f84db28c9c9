"""Names in capitals and in parts, worked by hand."""

import pytest

from app.imports.wording import fits, make_id, split_names, to_ordinary_case
from app.records.alikeness import simplify


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("THE VILLAGE SURGERY", "The Village Surgery"),
        ("MCGRATH & O'BRIEN SURGERY", "McGrath & O'Brien Surgery"),
        ("ST JOHN'S NHS WALK-IN CENTRE", "St John's NHS Walk-in Centre"),
        ("ST.PAUL'S HEALTH CENTRE", "St.Paul's Health Centre"),
        ("NEWTON-LE-WILLOWS RUFC", "Newton-le-Willows RUFC"),
        ("BOOTS (HATFIELD)", "Boots (Hatfield)"),
        ("DR A SMITH", "Dr A Smith"),
        ("49TH RIFLE AND PISTOL CLUB", "49th Rifle and Pistol Club"),
        ("DEYSBROOK LANE M.C", "Deysbrook Lane M.C"),
        ("UNIT 12B, L8 7LA", "Unit 12B, L8 7LA"),
        ("MACCLESFIELD GP PRACTICE", "Macclesfield GP Practice"),
        ("CITY OF LIVERPOOL F.C.", "City of Liverpool F.C."),
        ("Already written", "Already written"),
        ("1829", "1829"),
        ("", ""),
    ],
)
def test_capitals_become_ordinary_case(written: str, wanted: str) -> None:
    assert to_ordinary_case(written) == wanted


def test_names_between_bars_stand_each_once() -> None:
    cell = "BOOTS |  JADE  PHARMACY | Boots | "
    assert split_names(cell, "|") == ["BOOTS", "JADE PHARMACY"]
    assert split_names("One hall", "|") == ["One hall"]


def test_forms_with_stars() -> None:
    assert fits("Whiston  HOSPITAL", ["*infirmary", "*hospital"]) == "*hospital"
    assert fits("Hospital at home", ["*hospital"]) is None


def test_made_identifiers_do_not_depend_on_spelling() -> None:
    assert make_id("St. Mary's  Hall", "AB1 1AA") == make_id("ST MARYS HALL", "ab1 1aa")
    assert make_id("Hall", "") == "hall"


def test_simple_words() -> None:
    assert simplify("Café & Châlet, St. Mary’s") == "cafe and chalet st marys"
