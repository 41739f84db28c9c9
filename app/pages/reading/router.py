"""Pages on which things are read: an asset, an organisation, an area, and words about ourselves."""

from app.pages.reading import about, areas_router, asset_router, machines, organisation_router

ROUTERS = (
    machines.router,
    about.router,
    asset_router.router,
    organisation_router.router,
    areas_router.router,
)
"""In the order in which they are tried."""
