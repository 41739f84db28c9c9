"""What is right and wrong with the answers to each question; what needs the database beside it."""

import math
import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from pydantic import ValidationError

from app.pages.adding.answers import Answers, check_length
from app.pages.said import Problems, Said, mark_sentence
from app.records.documents import Contact

KINDS = ("place", "activity", "service", "resource")
WHERE = ("postcode", "point", "listed", "comes", "address", "online", "phone")
COSTS = ("free", "donation", "paid", "not stated")
STATED = ("yes", "no", "not stated")
ACCESS = ("step_free", "accessible_toilet", "hearing_loop", "parking")
LEVELS = ("public", "area only", "hidden")

_OLDEST = 120


def check_kind(answers: Answers, codes: Collection[str]) -> Problems:
    """Return what is wrong with what kind of thing it is."""
    problems: Problems = {}
    if answers.one("kind") not in KINDS:
        problems["kind"] = Said(mark_sentence("Choose what kind of thing it is."))
    if choose_category(answers) not in codes:
        problems["category"] = Said(
            mark_sentence("Choose what it is from the list, or search for it by a word.")
        )
    return problems


def choose_category(answers: Answers) -> str:
    """Return the code that was chosen: among what a search found, else from the list."""
    return answers.one("category_found") or answers.one("category")


def check_name(answers: Answers) -> Problems:
    """Return what is wrong with the name."""
    problems: Problems = {}
    if not answers.one("name"):
        problems["name"] = Said(
            mark_sentence("Enter a name. If it has none, say what it is: “Thursday soup lunch”.")
        )
    check_length(problems, answers, {"name": ("The name", 200)})
    return problems


def check_where(answers: Answers, *, is_place: bool) -> Problems:
    """Return what is wrong with how it is said where one place is, and with words about it.

    Args:
        answers: About that place.
        is_place: Whether the thing itself is a place, which is at no other.
    """
    problems: Problems = {}
    check_length(
        problems,
        answers,
        {"street": ("The street", 300), "address": ("The address", 300),
         "point_words": ("The description of the place", 300),
         "place_words": ("The name of the listed place", 100),
         "area_words": ("The name of the area", 100)},
    )  # fmt: skip
    if answers.one("where") == "listed" and is_place:
        problems["where"] = Said(
            mark_sentence(
                "A place cannot be at another place. Say where it is itself, or change what kind "
                "of thing it is."
            )
        )
    elif answers.one("where") not in WHERE:
        problems["where"] = Said(mark_sentence("Choose how you want to say where it is."))
    elif answers.one("where") == "address" and not answers.one("address"):
        problems["address"] = Said(
            mark_sentence("Enter where it is, as you would tell a neighbour.")
        )
    elif answers.one("where") == "postcode" and not answers.one("postcode"):
        problems["postcode"] = Said(mark_sentence("Enter the postcode, such as L21 8NS."))
    return problems


def check_more(answers: Answers) -> Problems:
    """Return what is wrong with whether it is anywhere else."""
    if answers.one("more") in {"yes", "no"}:
        return {}
    return {"more": Said(mark_sentence("Choose whether it is held anywhere else."))}


def read_point(answers: Answers) -> tuple[tuple[float, float] | None, Problems]:
    """Return longitude and latitude as typed, and what is wrong with them."""
    found: dict[str, float] = {}
    problems: Problems = {}
    for field, called, most in (("lat", "latitude", 90), ("lon", "longitude", 180)):
        text = answers.one(field).replace(",", ".").replace("−", "-")
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if abs(number) <= most:
            found[field] = number
        else:
            problems[field] = Said(
                mark_sentence("Enter the %(field)s in degrees, such as %(example)s."),
                {"field": called, "example": "53.4631" if field == "lat" else "-2.9905"},
            )
    return (None if problems else (found["lon"], found["lat"])), problems


def check_people(answers: Answers, tags: Collection[str]) -> tuple[dict[str, Any], Problems]:
    """Return fields of a document about whom it is for, and what is wrong with them."""
    problems: Problems = {}
    check_length(
        problems,
        answers,
        {"description": ("What happens there", 5000), "eligibility": ("Who it is for", 5000),
         "how_to_join": ("How to join", 5000), "cost_words": ("What it costs", 300),
         "other_languages": ("Other languages", 300)},
    )  # fmt: skip
    ages = {field: _read_age(answers, field, problems) for field in ("min_age", "max_age")}
    youngest, oldest = ages["min_age"], ages["max_age"]
    if youngest is not None and oldest is not None and oldest < youngest:
        problems["max_age"] = Said(
            mark_sentence("The oldest age, %(oldest)s, is below the youngest, %(youngest)s."),
            {"oldest": oldest, "youngest": youngest},
        )
    cost = answers.one("cost") or "not stated"
    fields = {
        "description": answers.words("description"), "eligibility": answers.words("eligibility"),
        "how_to_join": answers.words("how_to_join"), **ages,
        "cost": cost if cost in COSTS else "not stated",
        "cost_amount": _read_amount(answers, problems) if cost == "paid" else None,
        "cost_words": answers.one("cost_words") if cost != "free" else "",
        "languages": _read_languages(answers, tags, problems),
        "access": {field: _choose(answers.one(field)) for field in ACCESS},
    }  # fmt: skip
    return fields, problems


def _choose(value: str) -> str:
    return value if value in STATED else "not stated"


def _read_age(answers: Answers, field: str, problems: Problems) -> int | None:
    text = answers.one(field)
    if not text:
        return None
    if text.isdecimal() and int(text[:4]) <= _OLDEST:
        return int(text[:4])
    problems[field] = Said(
        mark_sentence("“%(value)s” is not an age. Enter whole years from 0 to 120."),
        {"value": text[:40]},
    )
    return None


def _read_amount(answers: Answers, problems: Problems) -> Decimal | None:
    text = answers.one("cost_amount").lstrip("£€$ ").replace(" ", "")
    if not text:
        return None
    try:
        amount = Decimal(text)
        if 0 <= amount <= 100_000 and amount == round(amount, 2):  # noqa: PLR2004 - as documents have it
            return amount
    except InvalidOperation:
        pass
    problems["cost_amount"] = Said(
        mark_sentence(
            "“%(value)s” is not an amount. Write it as 2.50; say more in the words below."
        ),
        {"value": answers.one("cost_amount")[:40]},
    )
    return None


def _read_languages(answers: Answers, tags: Collection[str], problems: Problems) -> list[str]:
    chosen = [tag for tag in answers.every("languages") if tag in tags]
    known = {name.casefold(): tag for tag, name in Locale("en").languages.items()}
    for name in re.split(r"[,;\n]|\band\b", answers.words("other_languages")):
        plain = " ".join(name.split()).casefold()
        if not plain:
            continue
        tag = known.get(plain, "").replace("_", "-")
        if not tag:
            problems.setdefault(
                "other_languages",
                Said(
                    mark_sentence(
                        "We do not know the language “%(value)s”. Write its English name, and "
                        "commas between several."
                    ),
                    {"value": name.strip()[:40]},
                ),
            )
        chosen.append(tag)
    return list(dict.fromkeys(filter(None, chosen)))[:50]


def check_contact(answers: Answers) -> tuple[list[dict[str, Any]], Problems]:
    """Return the contacts of a document, and what is wrong with them and with who may see it."""
    contacts, problems = read_contacts(answers)
    if answers.one("visibility") not in LEVELS:
        problems["visibility"] = Said(mark_sentence("Choose who may see where it is."))
    return contacts, problems


def check_reach(answers: Answers) -> tuple[list[dict[str, Any]], Problems]:
    """Return the contacts of a further place, and what is wrong with them.

    There are none where they are those of the first.
    """
    if answers.one("reach") == "same":
        return [], {}
    contacts, problems = read_contacts(answers)
    if answers.one("reach") not in {"own", "none"}:
        problems["reach"] = Said(
            mark_sentence("Choose how people can get in touch about this place.")
        )
    elif answers.one("reach") == "none":
        return [], {}
    elif not contacts and not problems:
        problems["phone"] = Said(
            mark_sentence("Enter a telephone number, an e-mail address or a web address.")
        )
    return contacts, problems


def read_contacts(answers: Answers) -> tuple[list[dict[str, Any]], Problems]:
    """Return the contacts of one place, and what is wrong with them."""
    problems: Problems = {}
    contacts = []
    for field in ("phone", "email", "web"):
        value = answers.one(field)
        if not value:
            continue
        if field == "web" and "://" not in value:
            value = f"https://{value}"
        level = "hidden" if field in answers.every("private") else "public"
        contact = {"kind": field, "value": value, "visibility": level}
        try:
            Contact.model_validate(contact)
            contacts.append(contact)
        except ValidationError:
            problems[field] = Said(_CONTACT_SENTENCES[field], {"value": value[:80]})
    return contacts, problems


_CONTACT_SENTENCES = {
    "phone": mark_sentence(
        "“%(value)s” is not a telephone number. Write digits and spaces, such as 0151 000 0000."
    ),
    "email": mark_sentence("“%(value)s” is not an e-mail address. Write it as name@example.org."),
    "web": mark_sentence("“%(value)s” is not a web address. Write it as https://example.org."),
}
