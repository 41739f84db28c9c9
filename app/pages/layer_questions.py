"""What the address of the page of layers asks for, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from app.areas.schemas import AreaTypeRead
from app.indicators.schemas import IndicatorRead, Level, SeriesFilters
from app.organisations.vocabulary import OrganisationKind
from app.taxonomy.schemas import CategoryRead

PATH = "/layers"
WAYS = ("published", "quantile", "equal")
VIEWS = ("one", "beside", "both")
SORTS = ("need", "high", "low", "name", "assets", "organisations")
RELATIONS = ("registered_in", "works_in")
KINDS: tuple[str, ...] = get_args(OrganisationKind)
SHOWN_KINDS = ("informal group", "charity", "social enterprise")
"""What is shown apart where no kinds are asked for."""

PLURALS = {"period": "periods", "sex": "sexes", "age": "ages"}
"""Parts of a series, and where a level lists what there is of them."""

ALL_ASSETS = "all"
MOST_CATEGORIES = 6
LONGEST_WORDS = 200
_LARGEST_PAGE_DIGITS = 6


class LayerAddress(BaseModel):
    """The query of the address, as it came: everything is text and nothing is refused here."""

    indicator: str = ""
    area_type: str = ""
    boundary_year: str = ""
    period: str = ""
    sex: str = ""
    age: str = ""
    breaks: str = ""
    compare: str = ""
    view: str = ""
    category: list[str] = Field(default=[])
    organisations: str = ""
    kind: list[str] = Field(default=[])
    q: str = ""
    sort: str = ""
    page: str = ""
    area: str = ""

    def tidy(self) -> "LayerAddress":
        """Return it without blanks at the ends, empty repetitions, and what nothing can hold."""
        tidied: dict[str, object] = {}
        for name, value in self:
            if isinstance(value, list):
                cleaned = [_clean(each) for each in value]
                tidied[name] = list(dict.fromkeys(filter(None, cleaned)))
            else:
                tidied[name] = _clean(value)
        return LayerAddress.model_validate(tidied)

    def write(self, **changes: object) -> str:
        """Return the address of the page with some of the query changed, without what is empty."""
        asked = {**dict(self), **changes}
        return f"{PATH}?{urlencode({k: v for k, v in asked.items() if v}, doseq=True)}"


class Problem(NamedTuple):
    """Something that cannot be answered.

    Attributes:
        about: Which part of the query; the page has a sentence for each.
        given: What was asked.
        known: What could have been asked, in words, where that is a short list.
    """

    about: str
    given: str
    known: Sequence[str] = ()


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

    def find_area_type(self, code: str) -> AreaTypeRead | None:
        """Return a kind of area, or None."""
        return next((kind for kind in self.area_types if kind.code == code), None)

    def list_known(self, name: str) -> set[str]:
        """Return the periods, sexes or ages that any indicator is known for."""
        levels = [level for each in self.indicators for level in each.levels]
        return {value for level in levels for value in getattr(level, name)}


@dataclass(frozen=True)
class Question:
    """What is asked, all of it possible.

    Attributes:
        indicator: What the map is coloured by.
        level: The kind and year of areas, and the periods there are.
        series: Which series of it; parts that are None are left to the indicators.
        compare: A second indicator, known for the same areas; None for none.
        way: How values are divided into classes; '' for published tenths where there are any.
        view: Whether a second one is left out, stands beside, or both share the colours.
        categories: Codes of the assets that are counted; `ALL_ASSETS` for any.
        relation: How counted organisations are in an area; '' counts none.
        kinds: Kinds of organisation to count; none for those that are shown by default.
        words: Part of the names of the areas listed.
        sort: The order of the table.
        page: Which page of it, from 1.
        area: Code of the area that is marked; '' for none.
        notes: What was left out or replaced because it does not go with the rest.
    """

    indicator: IndicatorRead
    level: Level
    series: SeriesFilters
    compare: IndicatorRead | None = None
    way: str = ""
    view: str = "one"
    categories: Sequence[str] = ()
    relation: str = ""
    kinds: Sequence[str] = ()
    words: str = ""
    sort: str = "need"
    page: int = 1
    area: str = ""
    notes: Sequence[Problem] = field(default=())


def read_question(
    address: LayerAddress, choices: Choices
) -> tuple[Question | None, Sequence[Problem]]:
    """Return what is asked, or None and what is wrong with it.

    A choice that is possible, but not together with the rest, is replaced or left out, and a note
    says so: a form without script sends the period of the indicator that was chosen before.
    """
    problems = _check_words(address, choices)
    indicator = _find_indicator(address.indicator, choices)
    if indicator is None:
        return None, [Problem("indicator", address.indicator), *problems]
    if address.compare and _find_indicator(address.compare, choices) is None:
        problems.append(Problem("compare", address.compare))
    problems += _check_area(address, choices)
    if problems:
        return None, problems
    levels = indicator.levels
    if address.area_type:
        levels = [level for level in levels if level.area_type == address.area_type]
    if not levels:
        return None, [_say_not_known(indicator, address.area_type, choices)]
    return _settle(address, choices, indicator, levels), []


def _settle(
    address: LayerAddress,
    choices: Choices,
    indicator: IndicatorRead,
    levels: Sequence[Level],
) -> Question:
    notes = []
    of_year = [level for level in levels if str(level.boundary_year) == address.boundary_year]
    if address.boundary_year and not of_year:
        notes.append(Problem("boundary_year", address.boundary_year, (indicator.name,)))
    level = (of_year or levels)[0]
    chosen: dict[str, str | None] = {}
    for name, plural in PLURALS.items():
        value = getattr(address, name)
        chosen[name] = value if value and value in getattr(level, plural) else None
        if value and chosen[name] is None:
            notes.append(Problem(name, value, (indicator.name,)))
    compare = _find_indicator(address.compare, choices) if address.compare else None
    if compare is not None and not _is_comparable(indicator, compare, level):
        notes.append(Problem("compare", compare.name, (compare.code,)))
        compare = None
    return Question(
        indicator=indicator,
        level=level,
        series=SeriesFilters(
            area_type=level.area_type, boundary_year=level.boundary_year, **chosen
        ),
        compare=compare,
        way=address.breaks,
        view=(address.view or "beside") if compare else "one",
        categories=[ALL_ASSETS] if ALL_ASSETS in address.category else address.category,
        relation=address.organisations,
        kinds=[kind for kind in KINDS if kind in address.kind],
        words=address.q,
        sort=address.sort or "need",
        page=int(address.page or 1),
        area=address.area,
        notes=notes,
    )


def add_notes(question: Question, *notes: Problem) -> Question:
    """Return the question with more that is to be said of it."""
    return replace(question, notes=(*question.notes, *notes))


def _find_indicator(code: str, choices: Choices) -> IndicatorRead | None:
    """Return the indicator of that code; the first that has values where no code is given."""
    if code:
        return next((each for each in choices.indicators if each.code == code), None)
    return next((each for each in choices.indicators if each.levels), None)


def _is_comparable(first: IndicatorRead, second: IndicatorRead, level: Level) -> bool:
    """Whether two are different and known for the same areas: boundary years never mix."""
    key = (level.area_type, level.boundary_year)
    known = [(each.area_type, each.boundary_year) for each in second.levels]
    return first.code != second.code and key in known


def _check_words(address: LayerAddress, choices: Choices) -> list[Problem]:
    """Return what is wrong with those parts that are one of a few words, or a number."""
    categories = {each.code for each in choices.categories} | {ALL_ASSETS}
    lists: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
        "breaks": ([address.breaks], WAYS),
        "view": ([address.view], VIEWS),
        "sort": ([address.sort], SORTS),
        "organisations": ([address.organisations], RELATIONS),
        "kind": (address.kind, KINDS),
    }
    problems = [
        Problem(about, value, known)
        for about, (given, known) in lists.items()
        for value in given
        if value and value not in known
    ]
    problems += [Problem("category", code) for code in address.category if code not in categories]
    if len(address.category) > MOST_CATEGORIES:
        problems.append(Problem("categories", str(MOST_CATEGORIES)))
    page = address.page
    is_number = page.isascii() and page.isdecimal() and len(page) <= _LARGEST_PAGE_DIGITS
    if page and not (is_number and int(page)):
        problems.append(Problem("page", page))
    for name, plural in PLURALS.items():
        value = getattr(address, name)
        if value and value not in choices.list_known(plural):
            problems.append(Problem(f"no_{name}", value))
    return problems


def _check_area(address: LayerAddress, choices: Choices) -> list[Problem]:
    if not address.area_type:
        years = {str(year) for kind in choices.area_types for year in kind.boundary_years}
        if address.boundary_year and address.boundary_year not in years:
            return [Problem("no_year", address.boundary_year, sorted(years))]
        return []
    kind = choices.find_area_type(address.area_type)
    if kind is None:
        return [Problem("area_type", address.area_type, [k.plural for k in choices.area_types])]
    held = [str(year) for year in kind.boundary_years]
    if address.boundary_year and address.boundary_year not in held:
        return [Problem("no_year", address.boundary_year, held)]
    return []


def _say_not_known(indicator: IndicatorRead, area_type: str, choices: Choices) -> Problem:
    """Return that an indicator has no values for a kind of area, with the kinds that it has."""
    kinds = dict.fromkeys(level.area_type for level in indicator.levels)
    names = {kind.code: kind.plural for kind in choices.area_types}
    known = [names.get(code, code) for code in kinds]
    return Problem("level", names.get(area_type, area_type), (indicator.name, *known))


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_WORDS]
