"""What the page of what is near was asked, from an address that anybody may have written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from app.assets.schedules.model import WEEKDAYS
from app.assets.search_schemas import read_box
from app.pages.cards import DETOUR, METRES_A_MINUTE

DAYS = tuple(day.lower() for day in WEEKDAYS)
"""What `when` may be, besides `now`: Monday first."""

MINUTES = (5, 10, 20, 30)
KILOMETRES = (2, 5, 10, 25)
USUAL_WITHIN = "20min"
IN_THE_AREA = "area"
WITHIN = {
    **{f"{minutes}min": minutes * METRES_A_MINUTE / DETOUR for minutes in MINUTES},
    **{f"{km}km": km * 1000.0 for km in KILOMETRES},
}
"""How far, by what the address says, in straight metres."""

FEEDS = ("rss", "ics")
"""Endings of the addresses under which programs read a list."""

OLDEST = 120
"""The API's own limit."""

LONGEST = 200
"""Letters of a field; what is longer is cut, and said to be too long."""


@dataclass(frozen=True)
class Asked:
    """The fields of the address, as they were written but for spaces and odd signs.

    Attributes:
        where: Typed by a visitor: a postcode, a part of one, or the name of an area.
        near: Longitude and latitude in degrees, as "-2.96,53.39".
        postcode: A postcode.
        place: An area as kind:code.
        category: Code of a category.
        when: '' for any time, `now`, or a day of the week as in `DAYS`.
        at: The moment that `now` was, on later pages of a list.
        free: `yes`: free ones only.
        step_free: `yes`: only those with step-free access.
        language: Tag of a language that is spoken.
        age: Of somebody whom it must be for, in years.
        within: How far, as in `WITHIN`; `area` for anywhere in the area; '' for what is usual.
        q: Words.
        sort: '' or `name`.
        bbox: A box that they must lie in, from a map that was moved.
        cursor: Where a later page begins.
        first: The number of its first one.
    """

    where: str = ""
    near: str = ""
    postcode: str = ""
    place: str = ""
    category: str = ""
    when: str = ""
    at: str = ""
    free: str = ""
    step_free: str = ""
    language: str = ""
    age: str = ""
    within: str = ""
    q: str = ""
    sort: str = ""
    bbox: str = ""
    cursor: str = ""
    first: str = ""

    @property
    def has_place(self) -> bool:
        """Whether it says where."""
        return bool(self.where or self.near or self.postcode or self.place or self.bbox)

    @property
    def has_filter(self) -> bool:
        """Whether it says what."""
        return any(
            (self.category, self.when, self.free, self.step_free, self.language, self.age, self.q)
        )

    def reaching(self, *, is_area: bool) -> "Asked":
        """Return the same with how far filled in: anywhere in an area, else a walk."""
        if self.within and (is_area or self.within != IN_THE_AREA):
            return self
        return replace(self, within=IN_THE_AREA if is_area else USUAL_WITHIN)

    def without(self, *names: str) -> "Asked":
        """Return the same with some fields left out, from the first page."""
        return replace(self, **dict.fromkeys((*names, "cursor", "first", "at"), ""))

    def having(self, **values: str) -> "Asked":
        """Return the same with other values, from the first page."""
        return replace(self.without(), **values)

    @property
    def path(self) -> str:
        """The address of the page; fields that are as usual are not in it."""
        return self.write_path()

    @property
    def feeds(self) -> Mapping[str, str]:
        """The addresses of the whole list for programs that look again by themselves, by kind."""
        return {kind: self.without().write_path(f".{kind}") for kind in FEEDS}

    def write_path(self, ending: str = "") -> str:
        """Return the address of the page, or of one of its feeds by their ending."""
        pairs = self.list_pairs()
        return f"/near{ending}?{urlencode(pairs)}" if pairs else f"/near{ending}"

    def list_pairs(self) -> Sequence[tuple[str, str]]:
        """Return names and values of the fields that say something."""
        idle = set() if self.has_place else {"within"}
        pairs = [(each.name, getattr(self, each.name)) for each in fields(self)]
        return [(name, value) for name, value in pairs if value and name not in idle]


@dataclass(frozen=True)
class Wrong:
    """Something in the address that cannot be answered.

    Attributes:
        field: Which one.
        about: What is wrong with it: `unknown`, `long`, `half`, `empty`, `outside`.
        value: What was written.
    """

    field: str
    about: str
    value: str = ""


def read_asked(parameters: Mapping[str, str]) -> tuple[Asked, Sequence[Wrong]]:
    """Return what an address asks, and which fields are longer than anything that is meant."""
    found, wrong = {}, []
    for each in fields(Asked):
        raw = parameters.get(each.name, "")
        limit = 600 if each.name == "cursor" else LONGEST
        value = _clean(raw[: 2 * limit])
        if len(value) > limit or len(raw) > 2 * limit:
            wrong.append(Wrong(each.name, "long", value[:40]))
            value = value[:limit]
        found[each.name] = value
    return Asked(**found), wrong


def check_asked(
    asked: Asked, categories: Collection[str], languages: Collection[str]
) -> Sequence[Wrong]:
    """Return what is wrong with all fields but those that say where."""
    known: Mapping[str, Collection[str]] = {
        "category": categories,
        "language": languages,
        "when": ("now", *DAYS),
        "free": ("yes",),
        "step_free": ("yes",),
        "within": (*WITHIN, IN_THE_AREA),
        "sort": ("name", "distance"),
    }
    wrong = [
        Wrong(name, "unknown", getattr(asked, name))
        for name, values in known.items()
        if getattr(asked, name) and getattr(asked, name) not in values
    ]
    if asked.age and not _is_age(asked.age):
        wrong.append(Wrong("age", "unknown", asked.age))
    if asked.bbox:
        try:
            read_box(asked.bbox)
        except ValueError:
            wrong.append(Wrong("bbox", "unknown", asked.bbox))
    return wrong


def _is_age(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= OLDEST  # noqa: PLR2004 - digits


def _clean(text: str) -> str:
    """Return text in one line, without signs that cannot be seen."""
    visible = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(visible.split())
