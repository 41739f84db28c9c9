"""The map of a report, drawn by folium: areas, larger areas, sites, and nothing from a network.

This is the only module that knows folium, and it takes a while to import.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, TypeVar

import folium
from branca.element import Element, Figure
from folium.map import CustomPane
from folium.utilities import JsCode

from app.reports.gathering import Larger
from app.reports.parts import AreaLayer, Drawing, SiteDrawn

Drawn = TypeVar("Drawn", bound=Element)

MAP = "report"
"""What the map is called in the page: its element is `map_report`."""

AREAS, EDGES, SITES, CHANGES = "areas", "edges", "sites", "changes"
_DEPTHS = {EDGES: 410, SITES: 450, CHANGES: 460}
"""Panes from below to above; areas are drawn at 400."""

TOLD = JsCode("""function (feature, layer) {
    var told = feature.properties;
    layer.bindTooltip(function () {
        var box = document.createElement('div');
        [told.name].concat(told.lines).forEach(function (line, number) {
            var part = document.createElement(number ? 'p' : 'b');
            part.textContent = line;
            box.appendChild(part);
        });
        return box;
    }, { sticky: feature.geometry.type !== 'Point', className: 'ha-told', opacity: 1 });
}""")
"""What is said of a feature goes in as text, never as HTML."""

NAMED = JsCode("""function (feature, layer) {
    var name = document.createElement('span');
    name.textContent = feature.properties.name;
    layer.bindTooltip(name, {
        permanent: true, direction: 'center', className: 'ha-name', opacity: 1
    });
}""")
"""The name of a larger area stays where it is."""

BEHAVIOUR = """(function (map) {
    var whole = map.getZoom();
    var bounds = geo_json_now.getBounds();
    map.setMinZoom(Math.floor(whole) - 2);
    map.setMaxBounds(bounds.pad(1));
    window.matchMedia('print').addEventListener('change', function () {
        map.invalidateSize({ pan: false });
        map.fitBounds(bounds, { padding: [12, 12] });
    });
    map.scrollWheelZoom.disable();
    map.on('click', function () { map.scrollWheelZoom.enable(); });
    var frame = map.getContainer();
    var choice = frame.querySelector('.leaflet-control-layers');
    if (choice && frame.clientWidth < 560) {
        frame.parentElement.before(choice);
    }
    frame.addEventListener('mouseleave', function () { map.scrollWheelZoom.disable(); });
    function size() {
        frame.classList.toggle('is-near', map.getZoom() > whole + 1.5);
    }
    map.on('zoomend', size);
    size();
})(map_report);
"""
"""The wheel moves the page until the map is pressed; on paper the whole place is shown.

On a phone the choice of layers would lie over half of the map, and stands above it.
"""


def write_script(drawing: Drawing) -> str:
    """Return the script that draws a map into the element `map_report`; Leaflet comes before it."""
    chart = _name(
        folium.Map(
            tiles=None, zoom_snap=0.25, attribution_control=False, zoom_animation=False,
            fade_animation=False, control_scale=True, zoom_control="bottomright",
        ),
        MAP,
    )  # fmt: skip
    # Links to scripts and styles elsewhere: Leaflet is in the page, and nothing else is needed.
    chart.default_js, chart.default_css = [], []
    for pane, depth in _DEPTHS.items():
        _name(CustomPane(pane, z_index=depth), pane).add_to(chart)
    is_choice = len(drawing.layers) > 1
    for number, layer in enumerate(drawing.layers):
        _draw_areas(layer, is_first=not number, is_choice=is_choice).add_to(chart)
    if drawing.larger:
        _draw_edges(drawing.larger).add_to(chart)
        _draw_names(drawing.larger).add_to(chart)
    if drawing.sites:
        _draw_points(drawing.sites, drawing.sites_name, SITES, radius=3.5).add_to(chart)
    if drawing.changes:
        _draw_points(drawing.changes, "What is tried", CHANGES, radius=8).add_to(chart)
    if is_choice or drawing.sites:
        control = folium.LayerControl(collapsed=False, autoZIndex=False)
        _name(control, "choice").add_to(chart)
    chart.fit_bounds(_find_bounds(drawing), padding=(12, 12))
    return f"{_render(chart)}\n{BEHAVIOUR}"


def _render(chart: folium.Map) -> str:
    figure = chart.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a map stands in a figure")
    figure.render()
    return str(figure.script.render())


def _draw_areas(layer: AreaLayer, *, is_first: bool, is_choice: bool) -> folium.GeoJson:
    features = [
        {
            "type": "Feature",
            "id": area.code,
            "geometry": area.outline,
            "properties": {"name": area.name, "lines": list(area.lines)},
        }
        for area in layer.areas
    ]
    classes = {area.code: area.css for area in layer.areas}

    def style(feature: Mapping[str, Any]) -> dict[str, Any]:
        return {"className": f"ha-area {classes[feature['id']]}", "weight": 1}

    drawn = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=escape(layer.name),
        style_function=style,
        on_each_feature=TOLD,
        overlay=False,
        control=is_choice,
        show=is_first,
        smooth_factor=0.5,
    )
    return _name(drawn, layer.key)


def _draw_edges(larger: Sequence[Larger]) -> folium.GeoJson:
    features = [
        {"type": "Feature", "id": str(n), "geometry": each.outline, "properties": {}}
        for n, each in enumerate(larger)
    ]
    drawn = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda _: {"className": "ha-edge", "pane": EDGES, "fill": False},
        control=False,
        smooth_factor=0.5,
        interactive=False,
    )
    return _name(drawn, EDGES)


def _draw_points(
    points: Sequence[SiteDrawn], name: str, pane: str, *, radius: float
) -> folium.GeoJson:
    features = [
        {
            "type": "Feature",
            "id": str(n),
            "geometry": {"type": "Point", "coordinates": [site.lon, site.lat]},
            "properties": {"name": ", ".join(site.names), "lines": list(site.lines)},
        }
        for n, site in enumerate(points)
    ]
    classes = {str(n): site.css for n, site in enumerate(points)}
    drawn = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=escape(name),
        style_function=lambda feature: {"className": classes[feature["id"]], "pane": pane},
        on_each_feature=TOLD,
        marker=folium.CircleMarker(radius=radius, weight=1),
        overlay=True,
    )
    return _name(drawn, pane)


def _draw_names(larger: Sequence[Larger]) -> folium.GeoJson:
    features = [
        {
            "type": "Feature",
            "id": str(n),
            "geometry": {"type": "Point", "coordinates": [each.lon, each.lat]},
            "properties": {"name": each.name},
        }
        for n, each in enumerate(larger)
    ]
    # Names hang on points that are not drawn: a marker would first load a picture.
    drawn = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        on_each_feature=NAMED,
        marker=folium.CircleMarker(radius=1, stroke=False),
        style_function=lambda _: {"stroke": False, "fill": False, "interactive": False},
        control=False,
    )
    return _name(drawn, "names")


def _find_bounds(drawing: Drawing) -> list[list[float]]:
    """Return south-west and north-east corner of the areas, latitude first as Leaflet has it."""
    lons: list[float] = []
    lats: list[float] = []
    for area in drawing.layers[0].areas:
        for lon, lat in _list_corners(area.outline["coordinates"]):
            lons.append(lon)
            lats.append(lat)
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


def _list_corners(coordinates: Sequence[Any]) -> list[tuple[float, float]]:
    if not isinstance(coordinates[0], list):
        return [(coordinates[0], coordinates[1])]
    return [corner for part in coordinates for corner in _list_corners(part)]


def _name(element: Drawn, name: str) -> Drawn:
    """Give an element a name of its own: the same answer then gives the same file."""
    element._id = name  # noqa: SLF001 - folium makes a random one, and takes no other
    return element
