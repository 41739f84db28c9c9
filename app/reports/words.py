"""The words of a report: what classes mean, and what is said of each area."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.analysis.answering import say_metres
from app.analysis.classes import Both, Reach
from app.analysis.methods.travel import Walking
from app.analysis.schemas import AnalysisRead, Settled
from app.indicators.breaks import THIRDS
from app.indicators.layers import DEPRIVATION, Floats
from app.indicators.schemas import IndicatorRead

METHODS: Mapping[str, str] = {
    "coverage": "Who is farther away than people go",
    "nearest": "How far the nearest is",
    "e2sfca": "How much there is for each person, near counting more (E2SFCA)",
    "2sfca": "How much there is for each person within the distance (2SFCA)",
    "3sfca": "How much there is for each person, where people choose among places (3SFCA)",
    "m2sfca": "How much there is for each person, where what is far is used less by all (M2SFCA)",
    "gravity": "How much is within reach, near counting more, shared with nobody (gravity)",
    "container": "How much there is inside each area for each person of it",
}

KERNELS: Mapping[str, str] = {
    "gaussian": "gently (Gaussian, spread half the distance)",
    "gaussian to zero": "gently, to nothing at the end (Gaussian to zero)",
    "binary": "not at all within the distance (binary)",
    "step": "in three steps (rings)",
    "exponential": "quickly (exponential)",
    "power": "very quickly (power)",
}

DIRECTIONS: Mapping[str, str] = {
    "high is bad": "Higher is worse.",
    "high is good": "Higher is better.",
}

_PUBLISHED = {
    True: {3: "most deprived 20\u00a0%", 2: "next 20\u00a0%", 1: "other 60\u00a0%"},
    False: {3: "20\u00a0% with most need", 2: "next 20\u00a0%", 1: "other 60\u00a0%"},
}
_THIRDS = {
    True: {3: "most deprived third", 2: "middle third", 1: "least deprived third"},
    False: {3: "third with most need", 2: "middle third", 1: "third with least need"},
}


@dataclass(frozen=True)
class Wording:
    """Who puts an answer into words.

    Attributes:
        answer: The answer, or what would come of its changes in the same form.
        reach: Its classes.
        is_walked: Whether the distance was asked for as walked: then classes are told so too.
        need: What is measured; None where it is not known any more, or not asked for.
        both: The nine classes; None without a need.
        standard: Supply that is measured against.
    """

    answer: AnalysisRead
    reach: Reach
    is_walked: bool
    need: IndicatorRead | None
    both: Both | None
    standard: float

    @property
    def asked(self) -> Settled:
        """The question as it was settled."""
        return self.answer.asked

    @property
    def is_distance(self) -> bool:
        """Whether classes are of distances."""
        return self.reach.scale == "distance"

    def ask(self) -> str:
        """Return the title: the question."""
        places = small(self.asked.category_name)
        if self.is_distance:
            return f"Who is far from {places}?"
        return f"Where are there too few {places}?"

    def name_people(self) -> str:
        """Return who is counted."""
        return "everybody" if self.asked.people == "people" else self.asked.people

    def name_scale(self) -> str:
        """Return what the classes of reach are of."""
        if self.is_distance:
            way = "on foot" if self.is_walked else "in a straight line"
            return f"How far the nearest is, {way}"
        if self.asked.method == "gravity":
            return f"How much is within reach: {self.answer.unit}"
        return f"How much there is: {self.answer.unit}"

    def name_class(self, number: int) -> str:
        """Return what a class of reach means, 1 best, 5 worst."""
        edges = self.reach.edges
        if self.is_distance:
            told = [self.say_edge(edge) for edge in edges]
            between = [f"{low} to {high}" for low, high in pairwise(told)]
            return [f"within {told[0]}", *between, f"farther than {told[-1]}"][number - 1]
        return [
            f"{say_amount(edges[0])} or more",
            f"{say_amount(edges[1])} to {say_amount(edges[0])}",
            f"{say_amount(edges[2])} to {say_amount(edges[1])}",
            f"under {say_amount(edges[2])}",
            "nothing within reach",
        ][number - 1]

    def name_reach_third(self, third: int) -> str:
        """Return what a third of reach means, 1 best, 3 worst."""
        if self.is_distance:
            within, limit = (self.say_edge(edge) for edge in self.reach.edges[:2])
            return {1: f"within {within}", 2: f"to {limit}"}.get(third, "farther")
        return {1: "the standard or more", 2: "half of it or more"}.get(third, "less than half")

    def name_need_third(self, third: int) -> str:
        """Return what a third of need means, 3 most."""
        if self.both is None:
            return ""
        is_deprivation = self.need is not None and self.need.topic == DEPRIVATION
        words = _PUBLISHED if self.both.is_published else _THIRDS
        return words[is_deprivation][third]

    def say_edge(self, straight_m: float) -> str:
        """Return a straight distance as the question puts distances."""
        return say_metres(straight_m * self.asked.detour if self.is_walked else straight_m)

    def say_nearest(self, straight_m: float | None) -> str:
        """Return how far the nearest site is."""
        if straight_m is None:
            return "none to be reached"
        walking = Walking(self.asked.detour, self.asked.speed_km_h)
        minutes = walking.count_minutes(straight_m)
        foot = f"{minutes} minute{'' if minutes == 1 else 's'} on foot"
        return f"{self.say_edge(straight_m)}{' walked' if self.is_walked else ' straight'}, {foot}"

    def find(self, beyond: Floats) -> Sequence[str]:
        """Return what is found beside the answer's own sentence: one sentence each.

        Args:
            beyond: People of each area who are not reached.
        """
        asked, found = self.asked, []
        short = float(beyond.sum())
        if not self.is_distance and self.answer.people:
            found.append(
                f"{short:,.0f} of {self.answer.people:,.0f} {asked.people} "
                f"({say_share(short, self.answer.people)}) live where there is less than "
                f"{say_amount(self.standard)} {self.answer.unit}."
            )
        if self.both is not None and short:
            worst = self.reach.is_short & (self.both.needs == THIRDS) & (beyond > 0)
            count, third = int(worst.sum()), self.name_need_third(THIRDS)
            who = "Of these,"
            if self.is_distance:
                who = f"Of the {short:,.0f} who are farther away,"
            found.append(
                f"{who} {float(beyond[worst].sum()):,.0f} live in the {count:,} {asked.areas} "
                f"that are also in the {third}."
                if count
                else f"{who} none live in the {third}."
            )
        return found

    def describe_area(self, place: int, beyond: float) -> Sequence[str]:
        """Return what the map says of an area: one line each.

        Args:
            place: Its place in the arrays.
            beyond: People of it who are not reached.
        """
        areas, asked = self.answer.areas, self.asked
        people = round(areas.people[place] or 0)
        if not people:
            return [f"None of the {asked.people} who are counted live here"]
        short = "are farther away" if self.is_distance else "have less than the standard"
        lines = [f"{round(beyond):,} of {people:,} {asked.people} {short}"]
        if asked.method != "container":
            lines.append(f"Nearest: {self.say_nearest(areas.distance_m[place])}")
        access = areas.access[place]
        if not self.is_distance and access is not None:
            lines.append(f"{say_amount(access)} {self.answer.unit}")
        shortfall = areas.shortfall[place] or 0
        if not self.is_distance and shortfall > 0:
            lines.append(f"Short of {say_amount(shortfall)} {self.answer.shortfall_unit}")
        if self.both is not None:
            third = int(self.both.needs[place])
            lines.append(f"Need: {self.name_need_third(third) if third else 'no figure'}")
        if areas.edge_uncertain[place] and not self.is_edge_everywhere:
            lines.append("Near where the data stop: what lies beyond may change this")
        return lines

    @property
    def is_edge_everywhere(self) -> bool:
        """Whether all areas lie near where the data stop, which is then said once."""
        return self.answer.areas_edge_uncertain == len(self.answer.areas.codes)


def small(name: str) -> str:
    """Return a name as it stands inside a sentence; initials such as GP stay."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def say_amount(number: float) -> str:
    """Return an amount with two significant figures or more, so that a little is not nothing."""
    if not number:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(number))))
    return f"{number:,.{min(digits, 6)}f}"


def say_share(part: float, whole: float) -> str:
    """Return a part of a whole in per cent; '' of nothing."""
    return f"{part / whole:.0%}" if whole else ""
