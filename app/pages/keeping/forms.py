"""What the form of an asset sends, and the answers that it stands for."""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from starlette.datastructures import FormData

from app.core.errors import BadRequestError
from app.moderation.answers import Sheet
from app.moderation.service import LONGEST_NOTE, read_sender_email
from app.moderation.texts import Answer, Answers, hash_answer, tidy
from app.pages.keeping.times import TypedTimes, read_times
from app.pages.typed_times import read_date
from app.records.vocabulary import Visibility

_LARGEST = 2**31 - 1


class RowKind(NamedTuple):
    """How answers that are a list of rows stand in a form.

    Attributes:
        prefix: What the names of its fields begin with.
        blank: An empty row, by field.
        told_by: Fields of which one at least makes a row.
        most: How many are read.
        spare: How many empty ones are offered.
        most_offered: Up to how many rows empty ones are offered.
    """

    prefix: str
    blank: Mapping[str, str]
    told_by: tuple[str, ...]
    most: int
    spare: int
    most_offered: int


ROWS = {
    "contacts": RowKind(
        "contact",
        {"kind": "phone", "value": "", "label": "", "visibility": str(Visibility.PUBLIC)},
        ("value",), 20, 2, 10,
    ),
    "addresses": RowKind(
        "address",
        {"role": "registered", "address": "", "postcode": "",
         "visibility": str(Visibility.AREA_ONLY)},
        ("address", "postcode"), 10, 1, 10,
    ),
    "translations": RowKind(
        "translation", {"language": "", "name": "", "description": ""}, ("name", "description"),
        30, 1, 10,
    ),
    "identifiers": RowKind(
        "identifier", {"scheme": "", "identifier": ""}, ("identifier",), 20, 1, 10
    ),
}  # fmt: skip
"""Questions whose answers are rows."""


NOBODY = "none"
"""What a form sends where nobody in particular runs something."""

LISTS = ("categories", "areas")
"""Questions whose answers are several values of one field."""


class SentForm(NamedTuple):
    """The form of an asset as somebody sent it.

    Attributes:
        answers: To every question that was asked.
        times: What was typed as hours; None where they were not asked by day.
        changed: Those that are not what stood there when the page was opened.
        revision: The one that the page was opened on; 0 where that is not told.
        conflict_from: The one that the first page was opened on, once editors met; else 0.
        choices: "mine" or "theirs", by question, of two editors that met.
        note: Why, or how they know.
        email: Where a stranger wants to hear of it.
        once: The id of the form.
        review: What a moderator is reviewing with it; '' for nothing.
    """

    answers: Answers
    times: TypedTimes | None
    changed: Answers
    revision: int
    conflict_from: int
    choices: dict[str, str]
    note: str
    email: str
    once: UUID
    review: str


def read_sent(form: FormData, sheet: Sheet) -> SentForm:
    """Return what somebody sent, compared with what they had been shown."""
    times = read_times(form, partial(read_text, form)) if "hours" in sheet.asked else None
    answers = {name: _read_answer(form, name) for name in sheet.asked}
    if times is not None:
        answers["hours"] = times.hours
    # Ticked: what they typed into a draft is to stand in the place of what is in the box.
    answers |= {
        name: read_text(form, f"take_{name}") for name in answers if form.get(f"take_{name}")
    }
    if form.get("take_hours"):
        times = None
    if "contacts" in answers:
        answers["contacts"] = [*answers["contacts"], *_take_contacts(form)]
    seen = _read_seen(read_text(form, "seen"), sheet)
    changed = {name: said for name, said in answers.items() if hash_answer(said) != seen.get(name)}
    choices = {name: read_text(form, f"keep_{name}") for name in answers if f"keep_{name}" in form}
    return SentForm(
        answers,
        times,
        changed,
        read_number(form, "revision"),
        read_number(form, "conflict_from"),
        choices,
        read_text(form, "note"),
        read_text(form, "email"),
        read_once(form),
        read_text(form, "review"),
    )


def check_words(note: str, email: str, *, needs_note: str = "") -> dict[str, str]:
    """Return what is to be put right in the words beside a form, by field.

    Args:
        note: What they say.
        email: Where they want to hear of it.
        needs_note: The sentence for an empty note, where it may not be empty.
    """
    problems = {}
    if not note and needs_note:
        problems["note"] = needs_note
    if len(note) > LONGEST_NOTE:
        problems["note"] = (
            f"Shorten what you wrote to {LONGEST_NOTE:,} characters. It has {len(note):,}."
        )
    if any(ord(letter) < ord(" ") and letter not in "\n\t" for letter in note):
        problems["note"] = "There is a character in your words that cannot be kept. Type them anew."
    try:
        read_sender_email(email)
    except BadRequestError as error:
        problems["email"] = error.detail
    return problems


def read_text(form: FormData, name: str) -> str:
    """Return what a field holds; '' where it was not sent."""
    return tidy(str(form.get(name, "")))


def read_number(form: FormData, name: str) -> int:
    """Return the number in a hidden field; 0 for none."""
    text = read_text(form, name)
    is_number = text.isascii() and text.isdecimal() and len(text) < len(str(_LARGEST))
    return int(text) if is_number else 0


def read_once(form: FormData) -> UUID:
    """Return the id of what a form says: the same form sent twice is one thing.

    Every page has a token of its own, so that two people who say the same are two.
    """
    said = sorted((name, str(value)) for name, value in form.multi_items())
    return uuid5(NAMESPACE_URL, repr(said))


def write_seen(sheet: Sheet) -> str:
    """Return the hidden field that tells later what stood there when the page was opened."""
    return orjson.dumps(_hash_asked(sheet)).decode()


def list_inputs(answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """Return names and values of the fields that answers are sent by."""
    inputs: list[tuple[str, str]] = []
    for name, said in answers.items():
        if name in LISTS:
            inputs += [(name, each) for each in said]
        elif kind := ROWS.get(name):
            inputs += [
                (f"{kind.prefix}_{field}_{number}", str(row[field]))
                for number, row in enumerate(said)
                for field in kind.blank
            ]
        else:
            inputs.append((name, said))
    return inputs


def offer_rows(answers: Mapping[str, Answer]) -> dict[str, list[Mapping[str, str]]]:
    """Return the rows of every question that has some, with a few empty ones after them."""
    offered = {}
    for name, kind in ROWS.items():
        rows = answers.get(name, [])
        count = max(len(rows), min(len(rows) + kind.spare, kind.most_offered))
        offered[name] = [*rows, *[kind.blank] * (count - len(rows))]
    return offered


def _hash_asked(sheet: Sheet) -> dict[str, str]:
    return {name: hash_answer(sheet.answers[name]) for name in sheet.asked}


def _read_answer(form: FormData, name: str) -> Answer:
    if name in LISTS:
        said = (tidy(str(each)) for each in form.getlist(name))
        listed = list(dict.fromkeys(each for each in said if each))
        return listed if name == "categories" else sorted(listed)
    if name == "organisation":
        return read_text(form, name).removeprefix(NOBODY)
    if name == "alert_until":
        return _read_day(read_text(form, name))
    return _read_rows(form, ROWS[name]) if name in ROWS else read_text(form, name)


def _take_contacts(form: FormData) -> list[dict[str, str]]:
    """Return the ways to get in touch that were typed into a draft and are ticked."""
    blank = ROWS["contacts"].blank
    return [
        {**blank, "kind": kind, "value": read_text(form, f"take_{kind}")}
        for kind in ("phone", "email", "web")
        if form.get(f"take_{kind}")
    ]


def _read_day(text: str) -> str:
    """Return a date as 2026-12-12; what is none stays as it was typed, to be told of."""
    try:
        found = read_date(text)
    except ValueError:
        return text
    return found[0].isoformat() if found and not found[1] else text


def _read_rows(form: FormData, kind: RowKind) -> list[dict[str, str]]:
    rows = []
    for number in range(kind.most):
        row = {field: read_text(form, f"{kind.prefix}_{field}_{number}") for field in kind.blank}
        if not any(row[field] for field in kind.told_by):
            continue
        # Who may not say who sees it leaves it to what such a row is by itself.
        if row.get("visibility") == "":
            is_open = row.get("role", "delivery") == "delivery"
            row["visibility"] = str(Visibility.PUBLIC if is_open else Visibility.AREA_ONLY)
        rows.append(row)
    return rows


def _read_seen(text: str, sheet: Sheet) -> dict[str, str]:
    """Return the hashes that the page sent back; those of what is said now where it did not."""
    try:
        seen = orjson.loads(text)
    except orjson.JSONDecodeError:
        seen = None
    if not isinstance(seen, dict):
        return _hash_asked(sheet)
    return {str(name): str(each) for name, each in seen.items()}
