"""Questions and answers, and how they go back into a document."""

import pytest

from app.assets.schemas import AssetDocument
from app.moderation.answers import open_sheet, write_fields
from app.moderation.checking import (
    NO_AREAS,
    NO_LISTED,
    NO_RUNNER,
    NOWHERE,
    OUTSIDE,
    OUTSIDE_POSTCODE,
    SENTENCES,
    TOGETHER,
    UNREADABLE_HOURS,
)
from app.moderation.place_parts import GONE_MEANWHILE, LAST_PLACE
from app.moderation.texts import read_point
from app.pages.keeping import sentences
from app.pages.keeping.wording import Words, compare
from app.records.writing import dump

SITE = {
    "id": "11111111-1111-4111-8111-111111111111",
    "address": "1 Quay", "postcode": "HF1 1AA", "location": {"lon": -2.9612345, "lat": 53.39},
    "contacts": [
        {"kind": "email", "value": "club@example.org"},
        {"kind": "phone", "value": "0151 111 2222", "visibility": "hidden"},
    ],
    "recurrences": [{"rrule": "FREQ=WEEKLY;BYDAY=MO", "dtstart": "2026-01-05", "starts": "10:00"}],
}  # fmt: skip
OFFICE = {
    "id": "22222222-2222-4222-8222-222222222222", "role": "registered", "address": "9 Home Road",
}  # fmt: skip
WORDS = Words({"a": "A"}, "en", lambda sentence: sentence)
DOCUMENT = AssetDocument.model_validate(
    {"name": "Club", "kind": "activity", "categories": ["library"], "sites": [OFFICE, SITE]}
)


def test_answers_that_nobody_changed_change_nothing() -> None:
    sheet = open_sheet(DOCUMENT)
    assert sheet.answers["address"] == "1 Quay", "the site where people go is asked about"
    fields = write_fields(DOCUMENT, sheet, sheet.answers, saw_private=True)
    wanted = AssetDocument.model_validate(dump(DOCUMENT) | fields)
    (point,) = [site.location for site in wanted.sites if site.location]
    assert point.lon == pytest.approx(-2.9612345, abs=1e-5)
    assert wanted.sites[0] == DOCUMENT.sites[0]


def test_new_hours_take_the_place_of_recurrences() -> None:
    sheet = open_sheet(DOCUMENT)
    fields = write_fields(DOCUMENT, sheet, {"hours": "Tu 09:00-10:00"}, saw_private=True)
    site = AssetDocument.model_validate(dump(DOCUMENT) | fields).sites[1]
    assert site.opening_hours == "Tu 09:00-10:00"
    assert site.recurrences == ()
    assert site.location == DOCUMENT.sites[1].location


@pytest.mark.parametrize("saw_private", [True, False])
def test_only_who_saw_a_private_contact_can_take_it_away(*, saw_private: bool) -> None:
    sheet = open_sheet(DOCUMENT)
    fields = write_fields(DOCUMENT, sheet, {"contacts": []}, saw_private=saw_private)
    left = [each["value"] for each in fields["sites"][1]["contacts"]]
    assert left == ([] if saw_private else ["0151 111 2222"])


@pytest.mark.parametrize("text", ["here", "1", "91, 0", "0, 181", "53.4;-2.9", "1e5, 2"])
def test_what_is_no_point_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not a point"):
        read_point(text)


def test_a_point_is_read_latitude_first() -> None:
    assert read_point(" 53.4331, -2.9794 ") == {"lat": 53.4331, "lon": -2.9794}
    assert read_point("") is None


def test_differences_are_told_word_by_word() -> None:
    told = compare("description", "Tea and talk.", "Tea, cake and talk.", WORDS)
    assert [piece.text for piece in told.suggested if piece.differs] == ["Tea, cake"]
    assert [piece.text for piece in told.now if piece.differs] == ["Tea"]
    assert "".join(piece.text for piece in told.suggested) == "Tea, cake and talk."
    assert not compare("categories", ["a"], ["a"], WORDS).differs


def test_every_sentence_about_a_slip_is_on_the_list_to_translate() -> None:
    said = {*SENTENCES.values(), *TOGETHER.values(), UNREADABLE_HOURS, NOWHERE, LAST_PLACE}
    said |= {GONE_MEANWHILE, NO_LISTED, NO_AREAS, NO_RUNNER, OUTSIDE, OUTSIDE_POSTCODE}
    assert said == set(sentences.SENTENCES)
