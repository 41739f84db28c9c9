"""What the API says of layers of tiles."""

from pydantic import BaseModel, Field


class ShownLayer(BaseModel):
    """Which layer's areas are drawn from one zoom to another."""

    from_zoom: int
    to_zoom: int
    layer: str = Field(description="as the layer inside the tiles is named")


class AreaTileLayer(BaseModel):
    """Tiles of a kind of area; farther away they show the larger areas that these lie in."""

    layer: str
    area_type: str
    boundary_year: int
    name: str
    plural: str
    count: int = Field(description="how many there are; the last gid")
    tiles: str = Field(description="address of a tile; gid is a feature's id")
    version: str = Field(description="stands in the address; another one is answered 404")
    min_zoom: int
    max_zoom: int
    shown: list[ShownLayer]
    bbox: list[float] = Field(description="west, south, east, north in degrees")


class AssetTileLayer(BaseModel):
    """Tiles of assets: counts by cell, and points from a zoom on."""

    tiles: str = Field(description="address of a tile; takes the conditions of /assets")
    min_zoom: int
    max_zoom: int
    points_from_zoom: int


class TileLayers(BaseModel):
    """All tiles there are."""

    areas: list[AreaTileLayer]
    assets: AssetTileLayer
    values_version: str = Field(description="of values of indicators, for their addresses")
