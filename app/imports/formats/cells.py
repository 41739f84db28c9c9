"""What the cells of a plain table mean, and a sentence for those that mean nothing."""

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from app.imports.rows import Draft, RowProblem
from app.records.alikeness import simplify
from app.records.documents import Contact, Translation
from app.records.vocabulary import ContactKind, Visibility

E = TypeVar("E", bound=StrEnum)

LIST_MARK = ";"
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:].*)?")
_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d")


def read_list(draft: Draft, name: str) -> list[str]:
    """Return the parts of a cell between semicolons, without empty ones, each once."""
    parts = (part.strip() for part in draft.get(name).split(LIST_MARK))
    return list(dict.fromkeys(part for part in parts if part))


def read_choice(draft: Draft, name: str, choices: Iterable[str], default: str) -> str:
    """Return one of `choices`, whatever its capitals; `default` where the cell is empty.

    Raises:
        RowProblem: It is none of them.
    """
    text = draft.get(name)
    if not text:
        return default
    known = list(choices)
    found = next((each for each in known if simplify(each) == simplify(text)), None)
    if found is None:
        raise RowProblem(f"`{name}` is {_quote(text)}; it may be one of: {', '.join(known)}")
    return found


def read_enum(draft: Draft, name: str, kind: type[E], default: E) -> E:
    """Return a member of `kind`; `default` where the cell is empty.

    Raises:
        RowProblem: It is none.
    """
    return kind(read_choice(draft, name, [each.value for each in kind], default.value))


def read_visibility(draft: Draft, name: str) -> Visibility | None:
    """Return who may see it, None where the cell is empty.

    Raises:
        RowProblem: It is neither public, area only nor hidden.
    """
    return read_enum(draft, name, Visibility, Visibility.PUBLIC) if draft.get(name) else None


def read_yes(draft: Draft, name: str, *, default: bool) -> bool:
    """Return whether a cell says yes.

    Raises:
        RowProblem: It says neither yes nor no.
    """
    text = draft.get(name).casefold()
    if text in _YES or text in _NO or not text:
        return text in _YES if text else default
    raise RowProblem(f"`{name}` is {_quote(text)}; write yes or no")


def read_stated(draft: Draft, name: str) -> str:
    """Return yes, no or not stated; an empty cell is not stated, never no.

    Raises:
        RowProblem: It is none of these.
    """
    if simplify(draft.get(name)) in {"", "not stated", "unknown"}:
        return "not stated"
    return "yes" if read_yes(draft, name, default=False) else "no"


def read_whole(draft: Draft, name: str) -> int | None:
    """Return a whole number, None where the cell is empty.

    Raises:
        RowProblem: It is none.
    """
    number = read_number(draft, name)
    if number is not None and not number.is_integer():
        raise RowProblem(f"`{name}` is {_quote(draft.get(name))}; write a whole number")
    return None if number is None else int(number)


def read_number(draft: Draft, name: str) -> float | None:
    """Return a number, None where the cell is empty.

    Raises:
        RowProblem: It is none.
    """
    text = draft.get(name)
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or "_" in text:
        raise RowProblem(
            f"`{name}` is {_quote(text)}; write a number, with a point for decimals and no unit"
        )
    return number


def read_day(draft: Draft, name: str) -> date | None:
    """Return a day, None where the cell is empty.

    Raises:
        RowProblem: It is none.
    """
    text = draft.get(name)
    if not text:
        return None
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise RowProblem(f"`{name}` is {_quote(text)}; write a day as 2026-11-24")


def read_translations(draft: Draft) -> dict[str, Translation]:
    """Return names in other languages, written `cy=Rhwng Dwy Lan;pl=Między dwoma brzegami`.

    Raises:
        RowProblem: A part has no language.
    """
    found = {}
    for part in read_list(draft, "name_translations"):
        language, mark, name = part.partition("=")
        if not mark or not name.strip():
            raise RowProblem(
                f"`name_translations` is {_quote(part)}; write language=name, as in cy=Llyfrgell"
            )
        found[language.strip()] = Translation(name=name.strip())
    return found


def read_contacts(draft: Draft) -> list[Contact]:
    """Return how to reach somebody; what is none is left out, with a remark that quotes nothing."""
    kinds: tuple[tuple[str, ContactKind], ...] = (
        ("phone", "phone"), ("email", "email"), ("url", "web"),
    )  # fmt: skip
    contacts = []
    for name, kind in kinds:
        for value in read_list(draft, name):
            visibility = read_visibility(draft, f"{name}_visibility") or Visibility.PUBLIC
            try:
                written = _write_address(value) if kind == "web" else value
                contacts.append(Contact(kind=kind, value=written, visibility=visibility))
            except ValueError:
                draft.remarks.append(f"`{name}` is none, and was left out; correct it")
    return contacts


def _write_address(value: str) -> str:
    """Return a web address; one written without its beginning gets it."""
    return f"http://{value}" if "://" not in value and _DOMAIN.fullmatch(value) else value


def _quote(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")  # noqa: PLR2004 - a line's worth
