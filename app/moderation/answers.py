"""What people are asked about an asset: questions with answers as a form holds them.

An asset's document has parts that its reader may not see. Questions and answers are the same for
everybody; `write_fields` puts changed answers into the document and leaves all else as it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from app.assets.reading_schemas import AssetRead
from app.assets.schemas import AssetDocument
from app.core.errors import NotFoundError
from app.moderation.place_parts import (
    PLACE_QUESTIONS,
    WHERE,
    PlaceSeen,
    find_main,
    list_places,
    open_new_place,
    open_place,
    write_sites,
)
from app.moderation.texts import Answer, Answers, tidy
from app.records.documents import Translations

PLAIN = (
    "kind", "name", "description", "cost", "cost_words", "eligibility", "how_to_join",
    "term_time_only",
)  # fmt: skip
NUMBERS = ("min_age", "max_age", "cost_amount")
EMPTY_IS_NONE = (*NUMBERS, "alert_until", "organisation")
ACCESS = ("step_free", "accessible_toilet", "hearing_loop", "parking")
QUESTIONS = (
    "standing", "kind", "name", "description", "translations", "categories", "organisation",
    "mode", "hours", "hours_words", *WHERE, "listed", "areas", "site_visibility", "cost",
    "cost_amount", "cost_words", "min_age", "max_age", "eligibility", "languages", *ACCESS,
    "capacity", "capacity_unit", "alert", "alert_until", "how_to_join", "term_time_only",
    "contacts", "visibility", "findable",
)  # fmt: skip
"""Every question, in the order in which they are asked."""

OF_ITS_PAGE = ("standing", "mode", "listed", "areas", "site_visibility")
"""What is asked on the page of a place only."""

NO_PLACE = "This listing has no such place. It may have been taken off it."


class Sheet(NamedTuple):
    """What is known of an asset, as somebody may see it.

    Attributes:
        answers: By question.
        asked: The questions that the page asks; others do not arise there.
        site: Public id of the site that some of them are about; None for a new one, and where
            there is none to see.
        places: All places of it that there are to see.
    """

    answers: Answers
    asked: tuple[str, ...]
    site: UUID | None = None
    places: Sequence[PlaceSeen] = ()


def open_sheet(document: AssetDocument) -> Sheet:
    """Return all that is said of an asset and of its main place, private details included."""
    return _open_main(document, _write_document(document))


def open_public_sheet(asset: AssetRead) -> Sheet:
    """Return what everybody may know of an asset and of its main place."""
    return _open_main(asset, _write_read(asset))


def open_place_sheet(asset: AssetDocument | AssetRead, site: UUID | None) -> Sheet:
    """Return what is said of one place of an asset; with an `AssetRead` what everybody may know.

    Args:
        asset: The asset.
        site: Public id of the place; None is one that is still to be added.

    Raises:
        NotFoundError: It has no such place, or none to see.
    """
    common = _write_document(asset) if isinstance(asset, AssetDocument) else _write_read(asset)
    found = next((each for each in asset.sites if site is not None and each.id == site), None)
    if found is None and site is not None:
        raise NotFoundError(NO_PLACE)
    of_place = open_new_place() if found is None else open_place(found)
    answers = _order(common | of_place)
    asked = tuple(name for name in PLACE_QUESTIONS if name in of_place)
    return Sheet(answers, asked, site, list_places(asset))


def write_fields(
    document: AssetDocument, sheet: Sheet, changed: Mapping[str, Answer], *, saw_private: bool
) -> dict[str, Any]:
    """Return the fields of the document that changed answers make anew, as JSON.

    Args:
        document: The asset as it is now.
        sheet: Names the place that is asked about.
        changed: The new answers, by question.
        saw_private: Whether whoever changed them saw what is private: else contacts that they
            could not see stay beside those that they name.

    Raises:
        ValueError: As `write_sites`.
    """
    fields: dict[str, Any] = {
        name: changed[name]
        for name in (*PLAIN, "categories", "visibility", "alert")
        if name in changed
    }
    fields |= {name: changed[name] or None for name in EMPTY_IS_NONE if name in changed}
    access = {name: changed[name] for name in ACCESS if name in changed}
    if access:
        fields["access"] = document.access.model_dump(mode="json") | access
    fields |= {name: read(changed[name]) for name, read in READ.items() if name in changed}
    if changed.keys() & set(PLACE_QUESTIONS):
        fields["sites"] = write_sites(document, sheet.site, changed, saw_private=saw_private)
    return fields


def _open_main(asset: AssetDocument | AssetRead, common: Answers) -> Sheet:
    main = find_main(asset)
    of_place = {} if main is None else open_place(main)
    answers = _order(common | of_place)
    has_address = main is not None and main.mode == "address"
    left_out = OF_ITS_PAGE if has_address else (*OF_ITS_PAGE, *WHERE)
    asked = tuple(name for name in answers if name not in left_out)
    return Sheet(answers, asked, main.id if main is not None else None, list_places(asset))


def _write_document(document: AssetDocument) -> Answers:
    common = _write_common(document, document.categories)
    return common | {
        "organisation": str(document.organisation or ""),
        "findable": "yes" if document.findable else "",
    }


def _write_read(asset: AssetRead) -> Answers:
    common = _write_common(asset, [each.code for each in asset.categories])
    return common | {"organisation": str(asset.organisation.id) if asset.organisation else ""}


def _write_common(asset: AssetDocument | AssetRead, categories: Sequence[str]) -> Answers:
    answers: Answers = {name: tidy(str(getattr(asset, name))) for name in PLAIN}
    answers["alert"] = tidy(asset.alert or "")
    answers["alert_until"] = "" if asset.alert_until is None else asset.alert_until.isoformat()
    answers |= {name: getattr(asset.access, name) for name in ACCESS}
    answers["categories"] = list(categories)
    answers["translations"] = _write_translations(asset.translations)
    answers["languages"] = ", ".join(asset.languages)
    answers["visibility"] = str(asset.visibility)
    for name in NUMBERS:
        value = getattr(asset, name)
        answers[name] = "" if value is None else str(value)
    return answers


def _write_translations(translations: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what is said in other languages as the form has it, in an order of its own."""
    every = TypeAdapter(Translations).validate_python(translations)
    return [
        {"language": tag, "name": tidy(said.name), "description": tidy(said.description)}
        for tag, said in sorted(every.items())
    ]


def _order(answers: Answers) -> Answers:
    return {name: answers[name] for name in QUESTIONS if name in answers}


def _read_translations(rows: Sequence[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {row["language"]: {name: row[name] for name in ("name", "description")} for row in rows}


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[^\s,;]+", text)))


READ: Mapping[str, Callable[[Any], Any]] = {
    "languages": _split,
    "findable": lambda said: said == "yes",
    "translations": _read_translations,
}
"""How an answer is read that stands otherwise in the document."""
