"""What the form of an asset sends, and the answers that it stands for."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from starlette.datastructures import FormData

from app.core.errors import BadRequestError
from app.moderation.answers import Answer, Answers, Sheet, hash_answer, tidy
from app.moderation.service import LONGEST_NOTE, read_sender_email
from app.records.vocabulary import Visibility

MOST_CATEGORIES = 12
MOST_CONTACTS = 20
MOST_OFFERED = 10
SPARE_CONTACTS = 2
CONTACT_FIELDS = ("kind", "value", "label", "visibility")
_LARGEST = 2**31 - 1


class SentForm(NamedTuple):
    """The form of an asset as somebody sent it.

    Attributes:
        answers: To every question that was asked.
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
    answers = {name: _read_answer(form, name) for name in sheet.answers}
    # Ticked: what they typed into a draft is to stand in the place of what is in the box.
    answers |= {
        name: read_text(form, f"take_{name}") for name in answers if form.get(f"take_{name}")
    }
    seen = _read_seen(read_text(form, "seen"), sheet)
    changed = {name: said for name, said in answers.items() if hash_answer(said) != seen.get(name)}
    choices = {name: read_text(form, f"keep_{name}") for name in answers if f"keep_{name}" in form}
    return SentForm(
        answers,
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


def write_seen(answers: Mapping[str, Answer]) -> str:
    """Return the hidden field that tells later what stood there when the page was opened."""
    return orjson.dumps({name: hash_answer(said) for name, said in answers.items()}).decode()


def list_inputs(answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """Return names and values of the fields that answers are sent by."""
    inputs: list[tuple[str, str]] = []
    for name, said in answers.items():
        if name == "categories":
            inputs += [("categories", code) for code in said]
        elif name == "contacts":
            inputs += [
                (f"contact_{field}_{number}", str(contact[field]))
                for number, contact in enumerate(said)
                for field in CONTACT_FIELDS
            ]
        else:
            inputs.append((name, said))
    return inputs


def add_blank_contacts(contacts: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Return contacts with a few empty rows after them."""
    count = max(len(contacts), min(len(contacts) + SPARE_CONTACTS, MOST_OFFERED))
    blank = {"kind": "phone", "value": "", "label": "", "visibility": str(Visibility.PUBLIC)}
    return [*contacts, *[blank] * (count - len(contacts))]


def _read_answer(form: FormData, name: str) -> Answer:
    if name == "categories":
        said = (tidy(str(each)) for each in form.getlist("categories"))
        return list(dict.fromkeys(each for each in said if each))
    if name == "contacts":
        rows = [
            {field: read_text(form, f"contact_{field}_{number}") for field in CONTACT_FIELDS}
            for number in range(MOST_CONTACTS)
        ]
        return [row | {"visibility": row["visibility"] or "public"} for row in rows if row["value"]]
    return read_text(form, name)


def _read_seen(text: str, sheet: Sheet) -> dict[str, str]:
    """Return the hashes that the page sent back; those of what is said now where it did not."""
    try:
        seen = orjson.loads(text)
    except orjson.JSONDecodeError:
        seen = None
    if not isinstance(seen, dict):
        return {name: hash_answer(said) for name, said in sheet.answers.items()}
    return {str(name): str(each) for name, each in seen.items()}
