"""What people may do to organisations: the rules that all records share, on these tables."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor
from app.organisations.schemas import OrganisationDocument
from app.organisations.store import OrganisationStore
from app.records.service import Keeper


def keep_organisations(session: AsyncSession, actor: Actor) -> Keeper[OrganisationDocument]:
    """Return what this person may do to organisations, in this transaction."""
    return Keeper(session, OrganisationStore(), actor)
