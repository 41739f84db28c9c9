"""The chart of who is reached by need: bars of tenths, drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.schemas import AnalysisRead, Estimate, Tenth

WIDTH = 200
"""Of a bar that is full, in units of its drawing."""


@dataclass(frozen=True)
class Bar:
    """One tenth of the people.

    Attributes:
        number: From 1, most need.
        tenth: Its figures.
        width: Of its bar; 0 without a value.
    """

    number: int
    tenth: Tenth
    width: float


@dataclass(frozen=True)
class Chart:
    """How reach goes with need.

    Attributes:
        bars: Most need first.
        is_share: Whether values are shares of people, not supply.
        overall: Value of the whole place.
        overall_at: Where its line stands on the bars.
        slope: The slope index: most need less least, with its interval.
        verdict: better, worse or unclear: how those with most need are reached.
    """

    bars: Sequence[Bar]
    is_share: bool
    overall: float
    overall_at: float
    slope: Estimate
    verdict: str


def draw_equity(answer: AnalysisRead) -> Chart | None:
    """Return the chart of an answer; None without a need, without sites or without people."""
    equity = answer.equity
    if equity is None or not answer.sites or not answer.people:
        return None
    is_share = answer.asked.method == "coverage"
    known = [(each.value, each.people) for each in equity.tenths if each.value is not None]
    everybody = sum(people for _, people in known)
    if not everybody:
        return None
    overall = sum(value * people for value, people in known) / everybody
    full = 1.0 if is_share else max([*(value for value, _ in known), 1e-12])
    return Chart(
        bars=[
            Bar(number, tenth, WIDTH * (tenth.value or 0.0) / full)
            for number, tenth in enumerate(equity.tenths, 1)
        ],
        is_share=is_share,
        overall=overall,
        overall_at=WIDTH * overall / full,
        slope=equity.sii,
        verdict=_judge(equity.sii),
    )


def _judge(slope: Estimate) -> str:
    if slope.low is None or slope.high is None or slope.low <= 0 <= slope.high:
        return "unclear"
    return "better" if slope.low > 0 else "worse"
