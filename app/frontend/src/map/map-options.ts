// How the map behaves, and which of its panes lies on which.
import type * as L from 'leaflet';

export const SMALLEST_ZOOM = 5;
export const LARGEST_ZOOM = 18;

/** From below to above; Leaflet's own panes for tooltips lie higher still. */
export const PANES = {
  basemap: { name: 'ha-basemap', level: '200' },
  areas: { name: 'ha-areas', level: '250' },
  outlines: { name: 'ha-outlines', level: '410' },
  signs: { name: 'ha-signs', level: '420' },
} as const;

export function createPanes(map: L.Map): void {
  for (const { name, level } of Object.values(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = level;
    pane.classList.add(name);
  }
}

export function chooseMapOptions(): L.MapOptions {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return {
    attributionControl: false,
    zoomControl: false,
    // The wheel belongs to the page, except with Ctrl; see wheel.ts.
    scrollWheelZoom: false,
    keyboardPanDelta: 120,
    maxBoundsViscosity: 0.8,
    zoomAnimation: !isStill,
    // Tiles that fade in would show the ground through what they replace.
    fadeAnimation: false,
    markerZoomAnimation: !isStill,
    inertia: !isStill,
  };
}
