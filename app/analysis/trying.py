"""What would come of changes: worked out beside what there is, to the same standard."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.analysis.answering import (
    DIGITS,
    find_reached,
    say_metres,
    show_access,
    to_figures,
)
from app.analysis.change_schemas import AreaFiguresAfter, WhatIf
from app.analysis.changing import Step, change_supply
from app.analysis.ground import AreaGround
from app.analysis.memory import Weighed
from app.analysis.methods.gap import measure_rank_gap, measure_shortfall
from app.analysis.methods.kernels import Floats
from app.analysis.methods.scenario import Baseline, Method, try_changes
from app.analysis.preparing import Prepared
from app.analysis.question import Question
from app.analysis.schemas import AnalysisRead, Settled
from app.analysis.working import (
    Reach,
    Worked,
    count_supply,
    find_plain_access,
    measure_nearness,
    measure_reach,
    weigh,
)

_INCREMENTAL: dict[str, Method] = {
    "e2sfca": "two step",
    "2sfca": "two step",
    "m2sfca": "modified two step",
    "3sfca": "three step",
}


def try_steps(
    areas: AreaGround, weighed: Weighed, question: Question, worked: Worked, steps: Sequence[Step]
) -> Reach:
    """Return how the areas would be reached after all steps together.

    It is what working everything out anew would give. Where an area's own or nearest site is
    lengthened, a change may alter weights of other sites, so there all is worked out anew.
    """
    changed = change_supply(weighed.supply, steps)
    weighs = question.is_shared or question.method == "gravity"
    if question.within_area and weighs:
        return measure_reach(areas, changed, weigh(areas, changed, question), question)
    near = measure_nearness(areas, changed, question)
    if not weighs:
        access = find_plain_access(areas, changed, question, near)
    else:
        access = _try(areas, weighed, question, worked, steps)
    return Reach(access, near.distance_m, near.covered, None)


def write_what_if(prepared: Prepared, worked: Worked, answer: AnalysisRead) -> WhatIf:
    """Return what would come of all steps together, beside `answer`."""
    areas, question, steps = prepared.areas, prepared.question, prepared.steps
    count = areas.study_count
    after = try_steps(areas, prepared.weighed, question, worked, steps)
    people, covered = areas.people[:count], after.covered[:count]
    before = worked.reach.covered[:count]
    if question.is_shared:
        shortfall = measure_shortfall(after.access[:count], people, worked.gaps.standard)
    else:
        shortfall = people - covered
    reached = find_reached(after, question, count)
    was_reached = find_reached(worked.reach, question, count)
    total, short = float(people.sum()), round(float(np.nansum(shortfall)), DIGITS)
    closing = [step for step in steps if step.change.becomes is None]
    adding = [step for step in steps if step.change.site is None]
    made = WhatIf(
        finding="",
        changes=[step.words for step in steps],
        sites=answer.sites + len(adding) - len(closing),
        covered=round(float(covered.sum()), DIGITS),
        covered_share=round(float(covered.sum()) / total, DIGITS) if total > 0 else None,
        newly_reached=round(float(np.maximum(covered - before, 0).sum()), DIGITS),
        no_longer_reached=round(float(np.maximum(before - covered, 0).sum()), DIGITS),
        areas_newly_reached=int((reached & ~was_reached).sum()),
        areas_no_longer_reached=int((was_reached & ~reached).sum()),
        shortfall=short,
        shortfall_closed=round(answer.shortfall - short, DIGITS),
        areas=_list_areas(prepared, after, shortfall, reached),
        notes=list(_list_notes(question, steps)),
    )
    made.finding = say_outcome(prepared.stated.asked, made, answer, is_shared=question.is_shared)
    return made


def _list_areas(
    prepared: Prepared, after: Reach, shortfall: Floats, reached: NDArray[np.bool_]
) -> AreaFiguresAfter:
    count = prepared.areas.study_count
    access, people = after.access[:count], prepared.areas.people[:count]
    rank_gap = np.full(count, np.nan)
    if prepared.need is not None:
        rank_gap = measure_rank_gap(prepared.need, access, people)
    return AreaFiguresAfter(
        access=to_figures(show_access(access, prepared.question)),
        distance_m=to_figures(after.distance_m[:count], digits=1),
        covered=to_figures(after.covered[:count]),
        is_uncovered=(~reached).tolist(),
        shortfall=to_figures(shortfall),
        rank_gap=to_figures(rank_gap),
    )


def say_outcome(asked: Settled, made: WhatIf, answer: AnalysisRead, *, is_shared: bool) -> str:
    """Return what would come of the changes in one or two sentences."""
    many = len(made.changes)
    gained, lost = round(made.newly_reached), round(made.no_longer_reached)
    within = f"within {say_metres(asked.catchment_straight_m)} of a site"
    changes = "With this change" if many == 1 else f"With these {many} changes"
    reach = (
        f"{changes} {gained:,} {asked.people} who do not now would live {within} in a straight "
        f"line, and {lost:,} who do now would not."
    )
    if not is_shared:
        return reach
    return (
        f"{reach} The shortfall would go from {answer.shortfall:,.1f} to {made.shortfall:,.1f} "
        f"{answer.shortfall_unit}."
    )


def _try(
    areas: AreaGround, weighed: Weighed, question: Question, worked: Worked, steps: Sequence[Step]
) -> Floats:
    provision = worked.reach.provision
    baseline = Baseline(
        _INCREMENTAL.get(question.method, "gravity"), areas.places, areas.people, question.kernel,
        weighed.weights, count_supply(weighed.supply, question),
        worked.reach.as_provision() if provision is None else provision,
    )  # fmt: skip
    return try_changes(baseline, [step.change for step in steps])


def _list_notes(question: Question, steps: Sequence[Step]) -> Iterable[str]:
    if question.is_shared:
        yield "The shortfall after the changes is measured against the same standard as before."
    if question.is_shared and any(step.change.site is None for step in steps):
        yield "People who would come from farther than the catchment are not foreseen."
    if question.method in {"nearest", "coverage"} and question.stated_supply:
        yield "Capacities play no part in this method: how near a site is does not depend on them."
    outside = sum(not step.is_inside for step in steps)
    if outside:
        yield f"{outside} of the changes lie in the margin around the place."
