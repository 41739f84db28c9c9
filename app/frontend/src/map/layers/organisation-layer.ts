// How many organisations there are in each area, as circles whose surface grows with the number.
import * as L from 'leaflet';
import type { OverlayView } from '../overlay-canvas.ts';
import type { Palette } from '../palette.ts';

const LARGEST_PX = 18;
const SMALLEST_PX = 2.5;
const OPACITY = 0.7;
const LEGEND_PARTS = [1, 0.5, 0.1];

export interface AreaTotal {
  readonly gid: number;
  readonly lon: number;
  readonly lat: number;
  readonly name: string;
  readonly total: number;
}

interface Circle extends AreaTotal {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The radius of a circle whose surface is to the largest one's as `total` is to `most`. */
export function findCircleRadius(total: number, most: number): number {
  return most <= 0 ? 0 : Math.max(SMALLEST_PX, LARGEST_PX * Math.sqrt(total / most));
}

/** Round numbers for a legend: near the most, half and a tenth of it, each once. */
export function chooseLegendTotals(most: number): number[] {
  const rounded = LEGEND_PARTS.map((part) => {
    const value = Math.max(1, most * part);
    const step = 10 ** Math.floor(Math.log10(value));
    return Math.max(1, Math.floor(value / step) * step);
  });
  return [...new Set(rounded)];
}

export class OrganisationLayer {
  #palette: Palette;
  #totals: readonly AreaTotal[] = [];
  #circles: Circle[] = [];
  #most = 0;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
  }

  setTotals(totals: readonly AreaTotal[]): void {
    // The largest first, so that smaller circles lie on top of them.
    this.#totals = totals.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total);
    this.#most = this.#totals[0]?.total ?? 0;
  }

  paint(view: OverlayView): void {
    const { pen, map } = view;
    this.#circles = this.#totals.flatMap((area) => {
      const at = view.place(map.project([area.lat, area.lon], view.zoom));
      const radius = findCircleRadius(area.total, this.#most);
      const isNear =
        at.x > -radius && at.y > -radius && at.x < view.size.x + radius && at.y < view.size.y + radius;
      return isNear ? [{ ...area, x: at.x, y: at.y, radius }] : [];
    });
    pen.lineWidth = 1.2;
    pen.strokeStyle = this.#palette.halo;
    pen.fillStyle = this.#palette.organisation;
    for (const { x, y, radius } of this.#circles) {
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.globalAlpha = OPACITY;
      pen.fill();
      pen.globalAlpha = 0.9;
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  findAt({ x, y }: L.Point): AreaTotal | null {
    const hit = this.#circles.findLast(
      (each) => Math.hypot(each.x - x, each.y - y) <= Math.max(each.radius, 6),
    );
    return hit ?? null;
  }
}
