"""What somebody asks to be tried, in words: one more, somewhere else, or holding more."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.analysis.change_schemas import (
    LARGEST_CAPACITY,
    AddSite,
    ChangeAsked,
    CloseSite,
    MoveSite,
    SetCapacity,
)
from app.areas import naming
from app.areas import service as areas
from app.areas.schemas import AreaMatch
from app.core.errors import NotFoundError
from app.pages.gaps.asked import LONGEST, GapAddress, read_amount
from app.pages.gaps.changes import MOST, read_changes, write_changes

MOST_CHOICES = 8
PARTS = 2


class TrialAsked(GapAddress):
    """The address of the page and what is to be tried on it, as it came.

    Attributes:
        number: Which of the changes it is about, from 1; '' for one more.
        site: Public id of the site that is to be changed; '' for a new one.
        where: A postcode, the name of an area, or longitude and latitude; '' where it stays.
        holds: How much it is to hold.
    """

    number: str = ""
    site: str = ""
    where: str = ""
    holds: str = ""


@dataclass(frozen=True)
class Unclear:
    """Why it cannot be tried.

    Attributes:
        number: Which change it is about; '' for one more.
        about: The field: `where` or `holds`.
        why: `empty`, `unknown`, `several`, `number`, `full`.
        given: What was written.
        areas: Areas of which one may be meant.
    """

    number: str
    about: str
    why: str
    given: str
    areas: Sequence[AreaMatch] = ()


class UnclearError(Exception):
    """Something that was asked for cannot be understood."""

    def __init__(self, unclear: Unclear) -> None:
        super().__init__(unclear.why)
        self.unclear = unclear


async def propose(session: AsyncSession, asked: TrialAsked) -> str | Unclear:
    """Return all changes with one more, or with one of them changed; or why that cannot be."""
    written = asked.tidy().changes
    try:
        changes = read_changes(written)
    except ValueError:
        return written  # the page says what is wrong with them
    number = int(asked.number) if asked.number.isdecimal() and asked.number.isascii() else 0
    former = changes[number - 1] if 0 < number <= len(changes) else None
    if former is None and len(changes) >= MOST:
        return Unclear("", "where", "full", "")
    try:
        change = await _propose(session, asked, former)
    except UnclearError as error:
        return error.unclear
    if former is None:
        return write_changes([*changes, change])
    return write_changes([*changes[: number - 1], change, *changes[number:]])


async def _propose(
    session: AsyncSession, asked: TrialAsked, former: ChangeAsked | None
) -> ChangeAsked:
    holds = _read_holds(asked)
    site = _read_site(asked)
    where = asked.where.strip()[:LONGEST]
    if isinstance(former, MoveSite | CloseSite | SetCapacity):
        site = former.site
    if site is not None and not where and holds is not None:
        if isinstance(former, MoveSite):
            return former.model_copy(update={"capacity": holds})
        return SetCapacity(change="capacity", site=site, capacity=holds)
    if former is not None and not where and holds is not None and isinstance(former, AddSite):
        return former.model_copy(update={"capacity": holds})
    lon, lat = await _find_point(session, asked, where)
    kept = holds if holds is not None else getattr(former, "capacity", None)
    if site is not None:
        return MoveSite(change="move", site=site, lon=lon, lat=lat, capacity=kept)
    return AddSite(change="add", lon=lon, lat=lat, capacity=kept)


def _read_holds(asked: TrialAsked) -> float | None:
    written = asked.holds.strip()[:LONGEST]
    if not written:
        return None
    amount = read_amount(written, is_length=False)
    if amount is None or amount > LARGEST_CAPACITY:
        raise UnclearError(Unclear(asked.number, "holds", "number", written))
    return amount


def _read_site(asked: TrialAsked) -> UUID | None:
    try:
        return UUID(asked.site) if asked.site else None
    except ValueError:
        return None


async def _find_point(session: AsyncSession, asked: TrialAsked, where: str) -> tuple[float, float]:
    """Return longitude and latitude of a postcode, a point as it is written, or an area's middle.

    Raises:
        UnclearError: It is none, or may be several.
    """
    if not where:
        raise UnclearError(Unclear(asked.number, "where", "empty", ""))
    point = _read_point(where)
    if point is not None:
        return point
    try:
        postcode = await areas.read_postcode(session, where)
    except NotFoundError:
        pass
    else:
        return postcode.location.lon, postcode.location.lat
    named = await naming.find_named(session, where, MOST_CHOICES)
    exact = [area for area in named if area.is_exact] or named
    if len(exact) > 1:
        raise UnclearError(Unclear(asked.number, "where", "several", where, exact))
    if not exact:
        raise UnclearError(Unclear(asked.number, "where", "unknown", where))
    return exact[0].location.lon, exact[0].location.lat


def _read_point(written: str) -> tuple[float, float] | None:
    parts = written.split(",")
    if len(parts) != PARTS:
        return None
    try:
        site = AddSite(change="add", lon=float(parts[0]), lat=float(parts[1]))
    except ValueError:
        return None
    return site.lon, site.lat
