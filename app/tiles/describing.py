"""What layers of tiles there are, as the API says it."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.versions import read_token
from app.tiles.layers import ASSETS, LAST_ZOOM, POINTS_FROM_ZOOM, AreaLayer
from app.tiles.schemas import AreaTileLayer, AssetTileLayer, ShownLayer, TileLayers
from app.tiles.service import Tiles

_PLACE = "{z}/{x}/{y}.mvt"


async def describe_layers(session: AsyncSession, tiles: Tiles) -> TileLayers:
    """Return every layer with its address.

    Raises:
        UnavailableError: The database is away.
    """
    plan = await tiles.read_plan()
    return TileLayers(
        areas=[_describe(layer, plan.version) for layer in plan.layers.values()],
        assets=AssetTileLayer(
            tiles=f"/tiles/{ASSETS}/{_PLACE}",
            min_zoom=0,
            max_zoom=LAST_ZOOM,
            points_from_zoom=POINTS_FROM_ZOOM,
        ),
        values_version=await read_token(session, "areas", "indicators"),
    )


def _describe(layer: AreaLayer, version: str) -> AreaTileLayer:
    return AreaTileLayer(
        layer=layer.layer,
        area_type=layer.area_type,
        boundary_year=layer.boundary_year,
        name=layer.name,
        plural=layer.plural,
        count=layer.count,
        tiles=f"/tiles/{layer.layer}/{version}/{_PLACE}",
        version=version,
        min_zoom=0,
        max_zoom=LAST_ZOOM,
        shown=[
            ShownLayer(from_zoom=first, to_zoom=last, layer=shown.layer)
            for first, last, shown in layer.list_shown()
        ],
        bbox=[round(degrees, 6) for degrees in layer.bbox],
    )
