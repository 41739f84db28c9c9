"""When something happens, as the form of an edit has it: by day, in words, or as it is."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, get_args

from starlette.datastructures import FormData

from app.moderation.place_parts import RECURRING
from app.pages.hours_words import Translate, say_hours
from app.pages.said import Problems, Said, mark_sentence
from app.pages.typed_times import DAYS
from app.pages.weeks import DAY_NAMES, FIELDS, STRETCHES, read_week, spell_week

Way = Literal["kept", "weekly", "words", "always", "unknown"]
ALWAYS = "24/7"
_IN_PATTERN = mark_sentence("In a pattern that cannot be shown here")


class TypedTimes(NamedTuple):
    """What was typed as the hours of a place.

    Attributes:
        way: How they are said.
        fields: What is in the fields of a week, and in `hours`, as typed.
        hours: The answer that it comes to.
        problems: What is to be put right, by field.
    """

    way: str
    fields: Mapping[str, str]
    hours: str
    problems: Problems


class ShownTimes(NamedTuple):
    """The hours of a place as the form shows them.

    Attributes:
        way: How they are said.
        fields: What is in the fields of a week, and in `hours`.
        days: The days of a week and their names.
        stretches: Of a day; "" the first, "2" the second.
        kept: What is kept and cannot be said by day, a line for each times; empty where it can.
        was: The answer before anything is changed.
    """

    way: str
    fields: Mapping[str, str]
    days: Mapping[str, str]
    stretches: tuple[str, ...]
    kept: list[str]
    was: str


def read_times(form: FormData, read: Callable[[str], str]) -> TypedTimes | None:
    """Return what was sent as hours; None where the page did not ask for them by day.

    Args:
        form: What was sent.
        read: Gives what is in a field of it.
    """
    if "hours_way" not in form:
        return None
    way, was = read("hours_way"), read("hours_was")
    fields = {name: read(name) for name in (*FIELDS, "hours")}
    problems: Problems = {}
    hours = {"kept": was, "always": ALWAYS, "words": fields["hours"]}.get(way, "")
    if way == "weekly":
        hours, problems = read_week(lambda field: fields[field])
        # The same times in another spelling are no change.
        if spell_week(hours, "en") == spell_week(was, "en") is not None:
            hours = was
    elif way == "words" and not hours:
        problems["hours"] = Said(
            mark_sentence("Say when it happens, such as “First Monday of the month, 2 to 4 pm”.")
        )
    elif way not in get_args(Way):
        problems["hours_way"] = Said(mark_sentence("Choose how you want to say when it is."))
    if way != "words" and fields["hours"]:
        problems["hours_way"] = Said(
            mark_sentence(
                "You also wrote “%(text)s” in words. Choose that answer, or empty its box."
            ),
            {"text": fields["hours"][:80]},
        )
    return TypedTimes(way, fields, hours, problems)


def show_times(
    hours: str, was: str, typed: TypedTimes | None, language: str, translate: Translate
) -> ShownTimes:
    """Return hours as the form shows them.

    Args:
        hours: The answer to show.
        was: The answer before anything is changed.
        typed: What was sent, where the form is shown again.
        language: The visitor's.
        translate: Gives a sentence of ours in that language.
    """
    week = spell_week(hours, language)
    can_be_said = not was or was == ALWAYS or spell_week(was, language) is not None
    kept = [] if can_be_said else say_lines(was, language, translate)
    if typed is not None:
        way, fields = typed.way, typed.fields
    else:
        way, fields = _choose_way(hours, was, week), week or {}
        if way == "words":
            fields = {"hours": hours}
    has_second = any(fields.get(f"from2_{day}") or fields.get(f"to2_{day}") for day in DAYS)
    days = {day: translate(name) for day, name in DAY_NAMES.items()}
    return ShownTimes(way, fields, days, STRETCHES[: 1 + has_second], kept, was)


def say_lines(hours: str, language: str, translate: Translate) -> list[str]:
    """Return the answer about hours as people read it, a line for each times."""
    if hours == RECURRING:
        return [translate(_IN_PATTERN)]
    return say_hours(hours, language, translate) if hours else []


def _choose_way(hours: str, was: str, week: Mapping[str, str] | None) -> Way:
    if hours == ALWAYS:
        return "always"
    if week is not None:
        return "weekly"
    if not hours:
        return "unknown"
    return "kept" if hours == was else "words"
