"""What if: what is tried on the page of gaps, in words and as pins, and what would come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from app.analysis.change_schemas import AddSite, ChangeAsked, CloseSite, MoveSite, SetCapacity
from app.analysis.classes import (
    Both,
    Reach,
    apply_changes,
    class_both,
    class_reach,
    count_beyond,
)
from app.analysis.explaining import AreaExplained
from app.analysis.schemas import AnalysisRead
from app.analysis.sites import NamedSite, name_sites
from app.areas import service as areas
from app.core.public_reads import PublicReads
from app.indicators.layers import Layer
from app.pages.gaps.asked import GapAddress, Question
from app.pages.gaps.changes import MOST, drop_change, read_changes, write_changes


@dataclass(frozen=True)
class After:
    """What would come of the changes.

    Attributes:
        answer: As the answer of today, with the figures of each area after the changes, measured
            against the same standard.
        reach: The classes of it.
        both: With need; None without.
        gained: People who would be reached and are not.
        lost: People who are reached and would not be.
        beyond: People who would not be reached.
    """

    answer: AnalysisRead
    reach: Reach
    both: Both | None
    gained: float
    lost: float
    beyond: float


@dataclass(frozen=True)
class Tried:
    """One change.

    Attributes:
        number: From 1, as on its pin.
        change: What is to be done.
        site: Of which site; None for a new one, or one that strangers may not know of.
        where: The name of the neighbourhood that it then stands in; '' where it stays.
        without: The address of the page without it.
    """

    number: int
    change: ChangeAsked
    site: NamedSite | None
    where: str
    without: str

    @property
    def point(self) -> tuple[float, float] | None:
        """Where its pin stands: longitude, latitude."""
        if isinstance(self.change, AddSite | MoveSite):
            return self.change.lon, self.change.lat
        if self.site is None or self.site.lon is None or self.site.lat is None:
            return None
        return self.site.lon, self.site.lat


@dataclass(frozen=True)
class Trial:
    """What is tried.

    Attributes:
        changes: One after the other.
        refused: Why they cannot be tried; '' where they can.
        is_full: Whether the page takes no more.
    """

    changes: Sequence[Tried]
    refused: str
    is_full: bool


def find_after(answer: AnalysisRead, need: Layer | None) -> After | None:
    """Return what would come of the changes of an answer; None without changes."""
    if answer.what_if is None:
        return None
    later = apply_changes(answer)
    reach = class_reach(later)
    before, beyond = count_beyond(answer, class_reach(answer)), count_beyond(later, reach)
    return After(
        answer=later,
        reach=reach,
        both=None if need is None else class_both(later, reach, need),
        gained=float(np.maximum(before - beyond, 0).sum()),
        lost=float(np.maximum(beyond - before, 0).sum()),
        beyond=float(beyond.sum()),
    )


async def describe_trial(
    session: AsyncSession, reads: PublicReads, address: GapAddress, question: Question
) -> Trial:
    """Return the changes of an address in words."""
    changes = read_changes(address.changes)
    named = await name_sites(
        reads, [change.site for change in changes if not isinstance(change, AddSite)]
    )
    tried = [
        Tried(
            number=number + 1,
            change=change,
            site=None if isinstance(change, AddSite) else named.get(change.site),
            where=await _name_where(session, question, change),
            without=address.write(changes=drop_change(changes, number)),
        )
        for number, change in enumerate(changes)
    ]
    return Trial(tried, question.refused, len(changes) >= MOST)


@dataclass(frozen=True)
class Offers:
    """What may be tried from the reasons of an area, as addresses of the page.

    Attributes:
        one_more: One in the middle of the area; '' where it cannot be offered.
        close: That one of its nearest sites closes.
        move: That one of them moves; it begins where it is.
    """

    one_more: str
    close: Mapping[UUID, str]
    move: Mapping[UUID, str]


async def list_offers(
    session: AsyncSession,
    reads: PublicReads,
    address: GapAddress,
    answer: AnalysisRead,
    explained: AreaExplained,
) -> Offers:
    """Return what may be tried from the reasons of an area; nothing where the page is full."""
    changes = read_changes(address.changes)
    if len(changes) >= MOST:
        return Offers("", {}, {})

    def write(change: ChangeAsked) -> str:
        return address.write(changes=write_changes([*changes, change]))

    taken = {change.site for change in changes if not isinstance(change, AddSite)}
    near = [site.site for site in explained.sites if site.site not in taken]
    named = await name_sites(reads, near)
    one_more = ""
    if answer.asked.supply == "one each":
        kind, year = answer.asked.area_type, answer.asked.boundary_year
        middle = (await areas.read_area(session, kind, explained.code, year)).centroid
        one_more = write(AddSite(change="add", lon=middle.lon, lat=middle.lat))
    return Offers(
        one_more,
        {site: write(CloseSite(change="close", site=site)) for site in near},
        {
            site: write(MoveSite(change="move", site=site, lon=told.lon, lat=told.lat))
            for site, told in named.items()
            if told.lon is not None and told.lat is not None and not told.is_area
        },
    )


async def _name_where(session: AsyncSession, question: Question, change: ChangeAsked) -> str:
    if isinstance(change, CloseSite | SetCapacity):
        return ""
    found = await areas.find_areas_at(session, change.lon, change.lat, question.boundary_year)
    return next((area.name for area in found if area.type == question.area_type.code), "")
