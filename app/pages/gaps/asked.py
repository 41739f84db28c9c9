"""What the address of `/gaps` asks for, and what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar, get_args
from urllib.parse import urlencode

from pydantic import BaseModel

from app.analysis.change_schemas import ChangeAsked
from app.analysis.question import KernelName, Method
from app.analysis.schemas import FARTHEST_M, AnalysisAsked, NeedAsked
from app.areas.schemas import AreaTypeRead
from app.indicators.layers import DEPRIVATION
from app.indicators.schemas import IndicatorRead
from app.pages.gaps.changes import LONGEST as LONGEST_CHANGES
from app.pages.gaps.changes import read_changes
from app.taxonomy.schemas import CategoryRead

PATH = "/gaps"
MEASURES: tuple[Method, ...] = ("coverage", "e2sfca", "2sfca", "3sfca", "m2sfca")
"""Those with a shortfall that adds up over areas; the others are asked for at the API."""

KERNELS: tuple[KernelName, ...] = get_args(KernelName)
SORTS = ("short", "far", "need", "name", "change")
GROUPS = ("0-4", "0-15", "5-15", "10-19", "16-24", "16-64", "18-64", "65-", "75-", "85-")
"""Groups that are offered where people are known in such bands: ages from and to; nothing: on."""

OTHER_AGES = "ages"
ORDINAL = frozenset({"rank", "decile"})
"""Measures that say in which order areas stand: scores say the same and how much."""

Choice = TypeVar("Choice", bound=str)

LONGEST = 200
_OLDEST = 120
_FASTEST_KM_H = 30.0
_LONGEST_DETOUR = 5.0
_LARGEST_PAGE_DIGITS = 6
_AGES = re.compile(r"(\d{1,3})-(\d{1,3})?", re.ASCII)
_AMOUNT = re.compile(r"([0-9][0-9, \u00a0]*(?:\.[0-9]+)?)\s*(km|m)?")


class GapAddress(BaseModel):
    """The query of the address as it came: text, of which nothing is refused here."""

    category: str = ""
    people: str = ""
    from_age: str = ""
    to_age: str = ""
    need: str = ""
    distance: str = ""
    travel: str = ""
    measure: str = ""
    kernel: str = ""
    standard: str = ""
    detour: str = ""
    speed: str = ""
    area_type: str = ""
    boundary_year: str = ""
    sort: str = ""
    q: str = ""
    page: str = ""
    area: str = ""
    changes: str = ""
    shown: str = ""
    result: str = ""

    def tidy(self) -> "GapAddress":
        """Return it without blanks at the ends and what nothing can hold."""
        longest = {"changes": LONGEST_CHANGES + 1}
        return GapAddress(
            **{
                name: value.replace("\x00", "").strip()[: longest.get(name, LONGEST)]
                for name, value in self
                if name in GapAddress.model_fields
            }
        )

    def write(self, path: str = PATH, **changes: object) -> str:
        """Return the address with some of the query changed, without what is empty."""
        asked = {**dict(self), **changes}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path


class Problem(NamedTuple):
    """Something that cannot be answered.

    Attributes:
        about: The field it stands beside.
        why: Which sentence says so.
        given: What was asked.
        known: What could have been asked.
    """

    about: str
    why: str
    given: str
    known: Sequence[str] = ()


def choose_groups(bands: Sequence[tuple[int, int | None]]) -> list[str]:
    """Return the groups to offer: everybody, and those that begin and end with bands of age."""
    starts = {str(youngest) for youngest, _ in bands}
    ends = {"" if oldest is None else str(oldest) for _, oldest in bands}
    told = [group.split("-") for group in GROUPS]
    return ["all", *(f"{first}-{last}" for first, last in told if first in starts and last in ends)]


@dataclass(frozen=True)
class Choices:
    """What there is to choose from.

    Attributes:
        indicators: All of them, in the order of the pack.
        area_types: Kinds of area, smallest first.
        categories: All that are offered.
    """

    indicators: Sequence[IndicatorRead]
    area_types: Sequence[AreaTypeRead]
    categories: Sequence[CategoryRead]

    def list_needs(self) -> list[IndicatorRead]:
        """Return the indicators that say who needs more, scores and shares but no ranks."""
        return [
            each
            for each in self.indicators
            if each.levels and each.polarity != "neither" and each.measure not in ORDINAL
        ]

    def find_main_need(self) -> str:
        """Return the code of the first measure of deprivation; '' where there is none."""
        needs = [each.code for each in self.list_needs() if each.topic == DEPRIVATION]
        return needs[0] if needs else ""

    def find_category(self, code: str) -> CategoryRead | None:
        """Return a category, or None."""
        return next((each for each in self.categories if each.code == code), None)

    def find_area_type(self, code: str) -> AreaTypeRead | None:
        """Return a kind of area, or None."""
        return next((each for each in self.area_types if each.code == code), None)


@dataclass(frozen=True)
class Question:
    """What is asked, all of it possible.

    Attributes:
        asked: As the analysis takes it.
        category: What is looked for.
        need: The indicator of need; None for none.
        area_type: The kind of area.
        boundary_year: The year of the outlines.
        is_walked: Whether the distance was stated as walked.
        sort: The order of the table.
        words: Part of the names of the areas listed.
        page: Which page of the table, from 1.
        area: Code of the area that is explained; '' for none.
        is_now: Whether the map is to show what there is, though changes are tried.
        linked: The kept answer that a link was made of; '' for none.
        refused: Why its changes cannot be tried, so that they are left out; '' where they can.
        is_widened: Whether everybody is counted because nobody knows how many there are of those
            whom the category is for.
    """

    asked: AnalysisAsked
    category: CategoryRead
    need: IndicatorRead | None
    area_type: AreaTypeRead
    boundary_year: int
    is_walked: bool
    sort: str
    words: str
    page: int
    area: str
    is_now: bool = False
    linked: str = ""
    refused: str = ""
    is_widened: bool = False


def read_question(
    address: GapAddress, choices: Choices
) -> tuple[Question | None, Sequence[Problem]]:
    """Return what is asked, or None and what is wrong with it."""
    problems: list[Problem] = []
    category = choices.find_category(address.category)
    if category is None:
        problems.append(Problem("category", "unknown", address.category))
    ages = _read_ages(address, problems)
    need = next((each for each in choices.indicators if each.code == address.need), None)
    if address.need and (need is None or not need.levels):
        problems.append(Problem("need", "unknown", address.need))
    elif need is not None and need.polarity == "neither":
        problems.append(Problem("need", "neither", need.name))
    level = _find_level(address, choices, need, problems)
    numbers = _read_numbers(address, problems)
    _check_words(address, problems)
    changes = _read_changes(address, problems)
    if problems or category is None or level is None:
        return None, problems
    kind, year = level
    asked = AnalysisAsked(
        category=category.code,
        method=_choose(address.measure, MEASURES, "coverage"),
        area_type=kind.code,
        boundary_year=year,
        everyone=address.people == "all",
        from_age=ages[0],
        to_age=ages[1],
        need=NeedAsked(indicator=need.code) if need else None,
        catchment_m=numbers["distance"],
        travel="walked" if address.travel == "walked" else "straight",
        detour=numbers["detour"] or 1.3,
        speed_km_h=numbers["speed"] or 4.8,
        kernel=_choose(address.kernel, KERNELS, "gaussian"),
        standard=numbers["standard"],
        changes=changes,
    )
    return Question(
        asked, category, need, kind, year,
        is_walked=address.travel == "walked",
        sort=address.sort,
        words=address.q,
        page=int(address.page or 1),
        area=address.area,
        is_now=address.shown == "now",
        linked=address.result,
    ), []  # fmt: skip


def _choose(given: str, known: Sequence[Choice], usual: Choice) -> Choice:
    return next((each for each in known if each == given), usual)


def _read_ages(address: GapAddress, problems: list[Problem]) -> tuple[int | None, int | None]:
    """Return the youngest and oldest who are counted; both None leaves it to the category."""
    given = address.people
    if given == OTHER_AGES:
        return _read_other_ages(address, problems)
    if given in {"", "all"}:
        return None, None
    found = _AGES.fullmatch(given)
    if found is None:
        problems.append(Problem("people", "unknown", given))
        return None, None
    youngest, oldest = int(found[1]), int(found[2]) if found[2] else None
    if max(youngest, oldest or 0) > _OLDEST or (oldest is not None and oldest < youngest):
        problems.append(Problem("people", "unknown", given))
    return youngest, oldest


def _read_other_ages(address: GapAddress, problems: list[Problem]) -> tuple[int | None, int | None]:
    ages: list[int | None] = []
    for name in ("from_age", "to_age"):
        value = getattr(address, name)
        is_age = value.isascii() and value.isdecimal() and int(value[:4]) <= _OLDEST
        if value and not is_age:
            problems.append(Problem(name, "age", value))
        ages.append(int(value) if is_age else None)
    youngest, oldest = ages
    if youngest is None and oldest is None and not problems:
        problems.append(Problem("from_age", "no_age", ""))
    if youngest is not None and oldest is not None and youngest > oldest:
        problems.append(Problem("to_age", "order", str(oldest), [str(youngest)]))
    return youngest, oldest


def _read_numbers(address: GapAddress, problems: list[Problem]) -> dict[str, float | None]:
    limits = {
        "distance": (0.0, FARTHEST_M),
        "standard": (-1.0, 1e9),
        "detour": (0.999, _LONGEST_DETOUR),
        "speed": (0.0, _FASTEST_KM_H),
    }
    found: dict[str, float | None] = {}
    for name, (above, most) in limits.items():
        value = getattr(address, name)
        amount = read_amount(value, is_length=name == "distance")
        if value and (amount is None or not above < amount <= most):
            problems.append(Problem(name, "number", value))
            amount = None
        found[name] = amount
    return found


def read_amount(value: str, *, is_length: bool) -> float | None:
    """Return a number as people write it: 1600, 1,600, 1.6 km."""
    found = _AMOUNT.fullmatch(value.lower())
    if found is None or (found[2] and not is_length):
        return None
    amount = float(re.sub(r"[^\d.]", "", found[1]))
    return amount * 1000 if found[2] == "km" else amount


def _find_level(
    address: GapAddress, choices: Choices, need: IndicatorRead | None, problems: list[Problem]
) -> tuple[AreaTypeRead, int] | None:
    """Return the kind and year of areas: as asked, else where the need is known, else smallest."""
    kind = choices.find_area_type(address.area_type)
    if address.area_type and kind is None:
        known = [each.plural for each in choices.area_types]
        problems.append(Problem("area_type", "unknown", address.area_type, known))
        return None
    levels = [(kind, year) for kind in choices.area_types for year in reversed(kind.boundary_years)]
    if kind is not None:
        levels = [level for level in levels if level[0].code == kind.code]
    years = sorted({str(year) for _, year in levels})
    if address.boundary_year:
        levels = [level for level in levels if str(level[1]) == address.boundary_year]
    if not levels:
        problems.append(Problem("boundary_year", "unknown", address.boundary_year, years))
        return None
    if need is None or need.polarity == "neither" or not need.levels:
        return levels[0]
    held = {(each.area_type, each.boundary_year) for each in need.levels}
    known_levels = [level for level in levels if (level[0].code, level[1]) in held]
    if not known_levels:
        names = {each.code: each.plural for each in choices.area_types}
        told = [f"{names.get(code, code)} ({year})" for code, year in sorted(held)]
        problems.append(Problem("need", "level", need.name, told))
        return None
    return known_levels[0]


def _read_changes(address: GapAddress, problems: list[Problem]) -> list[ChangeAsked]:
    try:
        return read_changes(address.changes)
    except ValueError:
        problems.append(Problem("changes", "unknown", address.changes[:LONGEST]))
        return []


def _check_words(address: GapAddress, problems: list[Problem]) -> None:
    lists: dict[str, Sequence[str]] = {
        "travel": ("straight", "walked"),
        "measure": MEASURES,
        "kernel": KERNELS,
        "sort": SORTS,
        "shown": ("now",),
    }
    problems += [
        Problem(name, "unknown", getattr(address, name), known)
        for name, known in lists.items()
        if getattr(address, name) and getattr(address, name) not in known
    ]
    page = address.page
    is_number = page.isascii() and page.isdecimal() and len(page) <= _LARGEST_PAGE_DIGITS
    if page and not (is_number and int(page)):
        problems.append(Problem("page", "unknown", page))
