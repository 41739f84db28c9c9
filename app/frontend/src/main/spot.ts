// The small map of one place, as the page says where it is.
import { SpotMap, type Spot } from '../map/spot-map.ts';
import { readMapWords } from '../state/map-words.ts';

/** Let the map move; without a background map the still outline tells more, and stays. */
export function startSpot(frame: HTMLElement): void {
  const { basemap = '', basemapAttribution = '', label = '', marks = '[]' } = frame.dataset;
  const spots = readSpots(marks);
  if (basemap === '' || spots.length === 0) return;
  new SpotMap(frame, spots, {
    words: readMapWords(frame),
    label,
    tiles: basemap,
    attribution: basemapAttribution,
  });
}

function readSpots(text: string): readonly Spot[] {
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? (parsed as readonly Spot[]) : [];
}
