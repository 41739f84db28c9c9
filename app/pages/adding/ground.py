"""What the answers of a draft are read against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor
from app.areas.customs import PlaceCustoms, fetch_customs
from app.assets.place_finding import Finder
from app.core.public_reads import PublicReads
from app.taxonomy.schemas import CategoryRead
from app.taxonomy.service import list_categories


@dataclass(frozen=True)
class Ground:
    """What answers are read against."""

    session: AsyncSession
    reads: PublicReads
    actor: Actor
    title: str
    customs: PlaceCustoms
    categories: Sequence[CategoryRead]

    @property
    def finder(self) -> Finder:
        """What listed places are looked for with."""
        return Finder(self.session, self.reads, self.actor)

    @property
    def today(self) -> date:
        """Today on the calendar of the place."""
        return datetime.now(ZoneInfo(self.customs.time_zone)).date()

    @property
    def spoken(self) -> tuple[str, ...]:
        """Languages of the place, without their countries, the main one first."""
        return tuple(dict.fromkeys(tag.split("-")[0] for tag in self.customs.languages))

    @property
    def by_code(self) -> Mapping[str, CategoryRead]:
        """Categories by their codes."""
        return {each.code: each for each in self.categories}


async def survey(session: AsyncSession, reads: PublicReads, actor: Actor, title: str) -> Ground:
    """Return what answers are read against.

    Args:
        session: The caller's.
        reads: For what is public.
        actor: Who adds something: they may know of more.
        title: What the place of the service is called.
    """
    customs = await fetch_customs(session)
    return Ground(session, reads, actor, title, customs, await list_categories(session))
