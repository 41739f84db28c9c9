"""Pages on which things are read: an asset, an organisation, an area, and words about ourselves."""

from fastapi import APIRouter

from app.pages.reading import about, areas_router, asset_router, machines, organisation_router

router = APIRouter(include_in_schema=False)
for each in (machines, about, asset_router, organisation_router, areas_router):
    router.include_router(each.router)
