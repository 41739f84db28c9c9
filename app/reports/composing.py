"""What stands on the map and around it: classes, rows, facts, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np

from app.analysis.answering import say_metres
from app.analysis.classes import (
    Both,
    Reach,
    apply_changes,
    class_both,
    class_reach,
    count_beyond,
    cross,
    find_standard,
    number_classes,
    rank_short_first,
)
from app.analysis.schemas import AnalysisRead
from app.core.public_reads import Record
from app.indicators.breaks import divide_in_thirds, find_needs
from app.indicators.layers import Floats
from app.reports.gathering import Gathered
from app.reports.parts import AreaDrawn, AreaLayer, Drawing, SiteDrawn
from app.reports.trying import draw_changes, list_signs
from app.reports.words import (
    DIRECTIONS,
    KERNELS,
    METHODS,
    Wording,
    say_amount,
    say_share,
    small,
)

MOST_ROWS = 25
MOST_SITE_NAMES = 6
"""Of those that stand at one point."""

CLASSES = ("none", *(f"need-{n}" for n in range(1, 6)),
           *(f"b{need}{reach}" for need in range(1, 4) for reach in range(1, 4)))  # fmt: skip
"""Names in the style sheet by the numbers of `number_classes`."""


class State(NamedTuple):
    """The areas in one state of things.

    Attributes:
        wording: Who puts it into words.
        beyond: People of each area who are not reached.
        css: Class of each area in the style sheet.
    """

    wording: Wording
    beyond: Floats
    css: Sequence[str]


class Row(NamedTuple):
    """A row of the table; all in words but the numbers of people."""

    place: int
    name: str
    district: str
    beyond: int
    people: int
    nearest: str
    access: str
    shortfall: str
    need: str
    css: str


class LegendLine(NamedTuple):
    """A class of reach."""

    css: str
    words: str
    areas: int
    people: int
    share: str


@dataclass(frozen=True)
class Composed:
    """A report in parts, ready to be set.

    Attributes:
        now: As it is.
        after: With the changes; None without any.
        drawing: The map; None where no area has an outline.
        rows: The areas that fall short most.
        short: How many fall short in all.
        legend: Classes of reach, worst first; used without a need.
        change_signs: Classes of the style sheet for what is tried, and what they mean.
        facts: How it was worked out, for everybody.
        sources: Where the data are from, with licences.
        notes: What else must be said.
        exact: What is needed to work it out again.
        undrawn: How many areas have no outline.
        elsewhere: How many sites take part and are not on the map.
    """

    now: State
    after: State | None
    drawing: Drawing | None
    rows: Sequence[Row]
    short: int
    legend: Sequence[LegendLine]
    change_signs: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]
    notes: Sequence[str]
    exact: Sequence[tuple[str, str]]
    undrawn: int
    elsewhere: int


def compose(gathered: Gathered) -> Composed:
    """Return a report in parts."""
    answer = gathered.answer
    now = _read_state(gathered, answer)
    after = None
    if answer.what_if is not None:
        after = _read_state(gathered, apply_changes(answer))
    layers = [_draw(gathered, now, "now", "As it is")]
    if after is not None:
        layers.append(_draw(gathered, after, "after", "With the changes"))
    drawn = len(layers[0].areas)
    sites, changes = _draw_sites(gathered.sites), draw_changes(gathered)
    name = f"{answer.asked.category_name} ({len(gathered.sites):,})"
    told = [(key, said) for key, said in gathered.about if key not in {"finding", "change"}]
    return Composed(
        now=now,
        after=after,
        drawing=Drawing(layers, gathered.larger, sites, name, changes) if drawn else None,
        rows=_list_rows(gathered, now),
        short=int((now.wording.reach.is_short & (now.beyond > 0)).sum()),
        legend=_list_classes(now.wording),
        change_signs=list_signs(changes),
        facts=list(_list_facts(gathered, now).items()),
        sources=[(key, said) for key, said in told if key.startswith("source of ")],
        notes=[*_list_notes(gathered, now), *(said for key, said in told if key == "note")],
        exact=[
            (key, said) for key, said in told
            if key not in {"note", "what if", "analysis"} and not key.startswith("source of ")
        ],
        undrawn=len(answer.areas.codes) - drawn,
        elsewhere=max(0, answer.sites - len(gathered.sites)),
    )  # fmt: skip


def _read_state(gathered: Gathered, answer: AnalysisRead) -> State:
    reach = class_reach(answer)
    both = _read_both(gathered, answer, reach)
    numbers = number_classes(reach.thirds if both else reach.classes, both.needs if both else None)
    wording = Wording(
        answer=answer,
        reach=reach,
        is_walked=gathered.asked.travel == "walked",
        need=None if gathered.need is None else gathered.need.indicator,
        both=both,
        standard=find_standard(answer),
    )
    css = [CLASSES[number] for number in numbers.tolist()]
    return State(wording, count_beyond(answer, reach), css)


def _read_both(gathered: Gathered, answer: AnalysisRead, reach: Reach) -> Both | None:
    """Return need beside reach: by published tenths as on the page, else by the answer's own."""
    if gathered.asked.need is None:
        return None
    if gathered.need is not None:
        return class_both(answer, reach, gathered.need)
    values = np.array(answer.areas.need, dtype=np.float64)
    cuts = divide_in_thirds(values[~np.isnan(values)], "high is bad")
    return cross(answer, reach, find_needs(values, cuts), cuts, is_published=False)


def _draw(gathered: Gathered, state: State, key: str, name: str) -> AreaLayer:
    areas = state.wording.answer.areas
    drawn = [
        AreaDrawn(
            code=code,
            name=areas.names[place],
            outline=gathered.outlines[code],
            css=f"ha-{state.css[place]}",
            lines=state.wording.describe_area(place, float(state.beyond[place])),
        )
        for place, code in enumerate(areas.codes)
        if code in gathered.outlines
    ]
    return AreaLayer(key, name, drawn)


def _draw_sites(sites: Sequence[Record]) -> list[SiteDrawn]:
    """Return what stands at each point: all whose area alone is told stand at that area's own."""

    def find_point(site: Record) -> tuple[bool, float, float]:
        return site["level"] != "public", site["lon"], site["lat"]

    drawn = []
    for (is_area, lon, lat), found in groupby(sorted(sites, key=find_point), key=find_point):
        names = [site["name"] for site in found]
        more = len(names) - MOST_SITE_NAMES
        told = names if more <= 1 else [*names[:MOST_SITE_NAMES], f"and {more} more"]
        lines = ["Only its area is told: this is that area's own point"] if is_area else []
        css = "ha-site ha-site--area" if is_area else "ha-site"
        drawn.append(SiteDrawn(told, lon, lat, css, lines))
    return drawn


def _list_classes(wording: Wording) -> list[LegendLine]:
    reach, total = wording.reach, wording.answer.people
    return [
        LegendLine(
            css=f"ha-need-{each}",
            words=wording.name_class(each),
            areas=reach.counts[each - 1],
            people=round(reach.people[each - 1]),
            share=say_share(reach.people[each - 1], total),
        )
        for each in range(5, 0, -1)
    ]


def _list_rows(gathered: Gathered, now: State) -> list[Row]:
    wording = now.wording
    answer, both = wording.answer, wording.both
    areas = answer.areas
    by_name = np.argsort(np.array([name.casefold() for name in areas.names]), kind="stable")
    order = rank_short_first(answer, wording.reach, both.needs if both else None, by_name)
    rows: list[Row] = []
    for number, place in enumerate(order.tolist(), start=1):
        if len(rows) == MOST_ROWS or not wording.reach.is_short[place]:
            break
        if not now.beyond[place]:
            continue  # nobody who is counted lives there
        third = int(both.needs[place]) if both else 0
        access = areas.access[place]
        rows.append(
            Row(
                place=number,
                name=areas.names[place],
                district=gathered.districts.get(areas.codes[place], ""),
                beyond=round(float(now.beyond[place])),
                people=round(areas.people[place] or 0),
                nearest=wording.say_nearest(areas.distance_m[place]),
                access="" if access is None else say_amount(access),
                shortfall=say_amount(areas.shortfall[place] or 0),
                need=(wording.name_need_third(third) if third else "no figure") if both else "",
                css=f"ha-{now.css[place]}",
            )
        )
    return rows


def _list_facts(gathered: Gathered, now: State) -> Mapping[str, str]:
    wording = now.wording
    answer, asked = wording.answer, wording.asked
    facts = {
        "Measure": METHODS[asked.method],
        "People": f"{wording.name_people()}, {round(answer.people):,} in all",
        "How far": f"{say_metres(asked.catchment_straight_m)} in a straight line, which is about "
        f"{say_metres(asked.catchment_walked_m)} or {asked.catchment_minutes} minutes on foot",
        "Walking": f"{asked.detour:g} metres for each straight one, at {asked.speed_km_h:g} km an "
        "hour",
        "Areas": f"{len(answer.areas.codes):,} {asked.areas}, outlines of {asked.boundary_year}",
        "Places": f"{answer.sites:,} {small(asked.category_name)} in and around the place, "
        f"{answer.sites_confirmed:,} of them confirmed and in date",
    }
    if not wording.is_distance:
        facts["Pull"] = f"falls off {KERNELS[asked.kernel]}"
        facts["Supply"] = (
            "each place counts as one" if asked.supply == "one each"
            else f"stated capacity, in {asked.supply_unit}"
        )  # fmt: skip
        average = "" if answer.asked.standard is not None else ", the average of the place"
        facts["Standard"] = f"{say_amount(wording.standard)} {answer.unit}{average}"
    if asked.need is not None:
        need = gathered.need
        direction = "" if need is None else f". {DIRECTIONS.get(need.indicator.polarity, '')}"
        facts["Need"] = f"{asked.need}, figures of {asked.need_period}{direction}"
        if asked.need_made is not None:
            facts["Need is the"] = asked.need_made
    return facts


def _list_notes(gathered: Gathered, now: State) -> list[str]:
    """Return what the answer itself does not say, because it is of the report."""
    notes = []
    if gathered.asked.need is not None and gathered.asked.need.others:
        notes.append(
            "Need is several indicators put together, which nobody publishes tenths of: it is "
            "divided into thirds of the areas here."
        )
    elif gathered.asked.need is not None and gathered.need is None:
        notes.append(
            "The figures of need have changed since this was answered. Need is divided into "
            "thirds of the areas here by the figures of then, not by published tenths."
        )
    answer = now.wording.answer
    elsewhere = answer.sites - len(gathered.sites)
    if elsewhere > 0:
        notes.append(
            f"{elsewhere:,} of the {answer.sites:,} sites that take part are not on the map: they "
            "lie in the margin around the place, or serve people wherever those are."
        )
    if answer.what_if is not None and now.wording.is_distance is False:
        notes.append("Classes with the changes are to the same standard as those without.")
    return notes
