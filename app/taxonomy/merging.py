"""The reference set and a place's own terms made one tree, checked, with nothing left unsaid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.taxonomy.terms import TaxonomyProblem, Term, say_nearest

DEFAULT_CATCHMENT_M = 1600
"""About 20 minutes on foot: for a place's own top-level terms that say nothing."""

DEFAULT_UNIT = "places a week"
DEFAULT_MONTHS = 12

INHERITED = ("shape", "colour", "catchment_m", "capacity_unit", "confirm_months")
"""What a term has from its broader one where it says nothing itself."""

FIXED = ("broader", "open_eligibility", "esd", "osm_tags")
"""What a term of the reference set means: the same in every place, so that places compare."""

_REPLACED = (
    "name", "description", "shape", "colour", "demand_from_age", "demand_to_age", "demand_words",
    "catchment_m", "capacity_unit", "confirm_months",
)  # fmt: skip


@dataclass(frozen=True)
class Taxonomy:
    """Terms that may be loaded: checked, every inherited field filled in.

    Attributes:
        terms: By code, in the order of the tables.
        ancestors: For each code, itself, its broader term, and so on to the top.
    """

    terms: Mapping[str, Term]
    ancestors: Mapping[str, tuple[str, ...]]


def merge_terms(reference: Sequence[Term], own: Sequence[Term]) -> Taxonomy:
    """Return the reference set with a place's own terms: added, or as other words for known ones.

    Raises:
        TaxonomyProblem: A code stands twice, a broader term is unknown or leads round in a
            circle, ages are the wrong way round, a new term has no name, a top-level one no shape,
            or a place's table moves a term of the reference set. A sentence for each.
    """
    problems = [*_find_twice(reference), *_find_twice(own)]
    merged = {term.code: term for term in reference}
    for term in own:
        known = merged.get(term.code)
        if known is None or not any(term.code == each.code for each in reference):
            merged[term.code] = term
            continue
        problems += _find_moved(known, term)
        merged[term.code] = _reword(known, term)
    problems += [sentence for term in merged.values() for sentence in _find_wrong(term, merged)]
    problems += _find_circles(merged)
    if problems:
        raise TaxonomyProblem(problems)
    ancestors = {code: _climb(code, merged) for code in merged}
    filled = {code: _fill(term, ancestors[code], merged) for code, term in merged.items()}
    shapeless = [term for term in filled.values() if not (term.shape and term.colour)]
    if shapeless:
        raise TaxonomyProblem(
            f"{term.place}: {term.code!r} has no broader term, and no "
            f"`{'colour' if term.shape else 'shape'}`. Give it one, or a broader term that has."
            for term in shapeless
            if not term.broader
        )
    return Taxonomy(filled, ancestors)


def _find_twice(terms: Iterable[Term]) -> list[str]:
    seen: dict[str, Term] = {}
    problems = []
    for term in terms:
        first = seen.setdefault(term.code, term)
        if first is not term:
            problems.append(
                f"{term.place}: `code` {term.code!r} stands in "
                f"{f'row {first.row}' if first.file == term.file else first.place} already. "
                "Keep one."
            )
    return problems


def _find_moved(known: Term, term: Term) -> list[str]:
    return [
        f"{term.place}: `{name}` is {_write(said)!r}, and {term.code!r} is a term of the reference "
        f"set, where it is {_write(meant) or 'empty'!r}. A pack may add terms and reword them, not "
        "change what they mean: leave the cell empty, or use a code of your own."
        for name in FIXED
        if (said := getattr(term, name)) and said != (meant := getattr(known, name))
    ]


def _write(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _reword(known: Term, term: Term) -> Term:
    """Return a term of the reference set with what a place's table says in its stead."""
    said = {name: value for name in _REPLACED if (value := getattr(term, name)) not in ("", None)}
    languages = {*known.translations, *term.translations}
    return replace(
        known,
        **said,
        # Words that people elsewhere search by are kept: a place only adds its own.
        synonyms=tuple(dict.fromkeys((*known.synonyms, *term.synonyms))),
        translations={
            each: {**known.translations.get(each, {}), **term.translations.get(each, {})}
            for each in sorted(languages)
        },
        row=term.row,
        file=term.file,
    )


def _find_wrong(term: Term, merged: Mapping[str, Term]) -> list[str]:
    problems = []
    if not term.name:
        problems.append(f"{term.place}: `name` is empty. Say what residents call {term.code!r}.")
    if term.broader and term.broader not in merged:
        problems.append(
            f"{term.place}: `broader` is {term.broader!r}, which is no category"
            f"{say_nearest(merged, term.broader)}. Use the code of one that is, or leave it empty."
        )
    low, high = term.demand_from_age, term.demand_to_age
    if low is not None and high is not None and low > high:
        problems.append(
            f"{term.place}: `demand_from_age` is {low} and `demand_to_age` {high}. The first must "
            "not be over the second."
        )
    return problems


def _find_circles(merged: Mapping[str, Term]) -> list[str]:
    problems = []
    told: set[str] = set()
    for code in merged:
        path = _climb(code, merged)
        last = merged[path[-1]].broader
        if last not in path or told & set(path):
            continue
        circle = path[path.index(last) :]
        told.update(circle)
        problems.append(
            f"{merged[last].place}: `broader` leads round in a circle: "
            f"{' > '.join((*circle, last))}. Leave it empty for the one that is broadest."
        )
    return problems


def _climb(code: str, merged: Mapping[str, Term]) -> tuple[str, ...]:
    """Return a code and its broader ones up to the top, or up to where they begin to repeat."""
    path = [code]
    while (broader := merged[path[-1]].broader) in merged and broader not in path:
        path.append(broader)
    return tuple(path)


def _fill(term: Term, path: tuple[str, ...], merged: Mapping[str, Term]) -> Term:
    """Return a term with what it has from the nearest broader one that says so, or by default."""
    defaults = {
        "catchment_m": DEFAULT_CATCHMENT_M,
        "capacity_unit": DEFAULT_UNIT,
        "confirm_months": DEFAULT_MONTHS,
    }
    said: dict[str, Any] = {
        name: next(
            (value for code in path if (value := getattr(merged[code], name))),
            defaults.get(name, ""),
        )
        for name in INHERITED
    }
    return replace(term, **said)
