"""What people may do to assets: the rules that all records share, on these tables."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor
from app.assets.schemas import AssetDocument
from app.assets.store import AssetStore
from app.records.service import Keeper


def keep_assets(session: AsyncSession, actor: Actor) -> Keeper[AssetDocument]:
    """Return what this person may do to assets, in this transaction."""
    return Keeper(session, AssetStore(), actor)
