// The wheel belongs to the page; with Ctrl, and so with two fingers on a touch pad, to the map.
import type * as L from 'leaflet';

const STEP = 100;
const PAUSE_MS = 40;

export function listenToWheel(map: L.Map): void {
  const container = map.getContainer();
  let turned = 0;
  let last = 0;
  container.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      turned += event.deltaY * (Math.abs(event.deltaY) < STEP / 4 ? 6 : 1);
      if (Math.abs(turned) < STEP || event.timeStamp - last < PAUSE_MS) return;
      last = event.timeStamp;
      const step = turned > 0 ? -1 : 1;
      turned = 0;
      map.setZoomAround(map.mouseEventToLatLng(event), map.getZoom() + step);
    },
    { passive: false },
  );
}
