"""What each layer shows at which zoom."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.areas.drawing import DRAWN_TO_ZOOM
from app.geo.tile_grid import Tile, cover

LAST_ZOOM = DRAWN_TO_ZOOM
"""Of every layer; closer ones are for browsers to enlarge."""

POINTS_FROM_ZOOM = 12
"""From here on assets are points of their own; farther away they are counted by cell."""

MOST_POINTS = 4000
"""In a tile: where there are more, even near, they are counted by cell as from afar."""

CELLS_ACROSS = 4
"""Cells of counts in a tile, each way: 64 pixels of a screen each."""

CELLS_KEPT_TO_ZOOM = 13
"""Up to here the cells of each category are kept; closer ones are counted when asked for."""

ASSETS = "assets"
"""The layer of assets, as its address names it."""

BUFFER = 4 / 256
"""How much of a neighbouring tile areas are drawn into, so that edges are whole at the border."""


def choose_extent(zoom: int) -> int:
    """Return how many steps the side of a tile has: a quarter of a pixel each.

    With steps of half a pixel the smallest areas vanish where a kind is first drawn. The last zoom
    is enlarged by browsers, and has more.
    """
    return 4096 if zoom >= LAST_ZOOM else 1024


@dataclass(frozen=True)
class AreaLayer:
    """The areas of a boundary set.

    Attributes:
        set_id: Of the boundary set.
        area_type: The kind.
        boundary_year: The year of the outlines.
        name: What one is called.
        plural: What several are called.
        count: How many there are.
        first_zoom: From here on they are drawn; farther away larger ones.
        named_zoom: From here on there is room for their names.
        drawn_zooms: Zooms up to which each of its thinnings is drawn, in order.
        bbox: West, south, east and north in degrees.
        larger: Layers of what they lie in, smallest kind first.
    """

    set_id: int
    area_type: str
    boundary_year: int
    name: str
    plural: str
    count: int
    first_zoom: int
    named_zoom: int
    drawn_zooms: tuple[int, ...]
    bbox: tuple[float, float, float, float]
    larger: tuple["AreaLayer", ...] = ()

    @property
    def layer(self) -> str:
        """Its name in addresses."""
        return f"{self.area_type}-{self.boundary_year}"

    def choose_shown(self, zoom: int) -> "AreaLayer":
        """Return the layer that is drawn at a zoom: its own, or that of larger areas."""
        for each in (self, *self.larger):
            if zoom >= each.first_zoom:
                return each
        return self.larger[-1] if self.larger else self

    def choose_named(self, zoom: int) -> "AreaLayer | None":
        """Return the layer whose names are written at a zoom.

        The name of one larger area around everything would tell nobody where anything is.
        """
        larger = (each for each in self.larger if each.count > 1)
        return next((each for each in (self, *larger) if zoom >= each.named_zoom), None)

    def choose_thinning(self, zoom: int) -> int:
        """Return which thinning of its shapes is drawn at a zoom."""
        return next((drawn for drawn in self.drawn_zooms if drawn >= zoom), LAST_ZOOM)

    def covers(self, tile: Tile) -> bool:
        """Whether anything of it can be in a tile."""
        return any(across.has(tile) for across in cover(tile.zoom, self.bbox, margin_px=8))

    def list_shown(self) -> Sequence[tuple[int, int, "AreaLayer"]]:
        """Return from which to which zoom which layer is drawn."""
        spans: list[tuple[int, int, AreaLayer]] = []
        for zoom in range(LAST_ZOOM + 1):
            shown = self.choose_shown(zoom)
            if spans and spans[-1][2] is shown:
                spans[-1] = (spans[-1][0], zoom, shown)
            else:
                spans.append((zoom, zoom, shown))
        return spans


@dataclass(frozen=True)
class AreaPlan:
    """All layers of areas, as of one state of the place.

    Attributes:
        version: Stands in the addresses of their tiles.
        layers: By name.
    """

    version: str
    layers: dict[str, AreaLayer]
