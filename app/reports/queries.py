"""What a report reads beside the answer itself."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_PLACE = text("SELECT described->>'title' AS title, described->>'label' AS label FROM packs")

SITES = """
SELECT s.public_id, a.name, s.level, ST_X(s.location) AS lon, ST_Y(s.location) AS lat
FROM public_sites AS s JOIN public_assets AS a ON a.id = s.asset_id
WHERE s.public_id = ANY($1::uuid[]) AND a.level <> 'hidden' AND NOT s.in_margin
    AND s.location IS NOT NULL
ORDER BY a.name, s.public_id
"""
"""The sites of an answer that stand on a map, as strangers see them now.

What lies in the margin takes part and is listed nowhere. Read with the right of strangers.
"""


async def fetch_place(session: AsyncSession) -> tuple[str, str]:
    """Return what the place is called, and what must be said of it as a whole; both may be ''."""
    row = (await session.execute(_PLACE)).one_or_none()
    return ("", "") if row is None else (row.title or "", row.label or "")
