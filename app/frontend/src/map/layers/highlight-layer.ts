// The area pointed at and the area chosen, outlined across tiles: a halo, then a dark line.
import * as L from 'leaflet';
import { readArea } from '../../state/selection.ts';
import { findCut, isInPart, traceArea, traceEdges } from '../geometry.ts';
import type { OverlayView } from '../overlay-canvas.ts';
import type { Palette } from '../palette.ts';
import { TILE_PX } from '../tile-places.ts';
import type { SourceTile } from './area-layer.ts';

interface Outline {
  readonly halo: number;
  readonly line: number;
  readonly isFilled: boolean;
}

const POINTED: Outline = { halo: 4.5, line: 2, isFilled: true };
const CHOSEN: Outline = { halo: 7, line: 3, isFilled: false };
const MARGIN_PX = 8;

export class HighlightLayer {
  #palette: Palette;
  #highlighted: string | null = null;
  #chosen: string | null = null;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
  }

  /** Returns whether anything has changed. */
  show(highlighted: string | null, chosen: string | null): boolean {
    if (highlighted === this.#highlighted && chosen === this.#chosen) return false;
    this.#highlighted = highlighted;
    this.#chosen = chosen;
    return true;
  }

  paint(view: OverlayView, tiles: readonly SourceTile[]): void {
    if (this.#highlighted !== null && this.#highlighted !== this.#chosen) {
      this.#outline(view, tiles, this.#highlighted, POINTED);
    }
    if (this.#chosen !== null) this.#outline(view, tiles, this.#chosen, CHOSEN);
  }

  #outline(view: OverlayView, tiles: readonly SourceTile[], name: string, style: Outline): void {
    const area = readArea(name);
    if (area === null) return;
    const holders = tiles.filter(({ tile }) => tile.layer === area.layer);
    const { pen } = view;
    pen.lineJoin = 'round';
    pen.lineCap = 'round';
    // All halos first: that of one tile must not lie on the line of the next.
    for (const [colour, width] of [
      [this.#palette.halo, style.halo],
      [this.#palette.ink, style.line],
    ] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      for (const holder of holders) drawPiece(view, holder, area.gid, false);
    }
    if (!style.isFilled) return;
    pen.fillStyle = this.#palette.lamp;
    pen.globalAlpha = 0.18;
    for (const holder of holders) drawPiece(view, holder, area.gid, true);
    pen.globalAlpha = 1;
  }
}

/** Draw what one tile holds of an area, clipped to the square that is the tile's own. */
function drawPiece(view: OverlayView, { at, tile }: SourceTile, gid: number, isFill: boolean): void {
  const { pen, zoom } = view;
  const side = TILE_PX * 2 ** (zoom - at.z);
  const corner = view.place(L.point(at.x * side, at.y * side));
  if (corner.x > view.size.x || corner.y > view.size.y || corner.x + side < 0 || corner.y + side < 0) {
    return;
  }
  const placing = { scale: side / tile.extent, x: corner.x, y: corner.y };
  const margin = MARGIN_PX / placing.scale;
  const part = [-margin, -margin, tile.extent + margin, tile.extent + margin] as const;
  const index = tile.gids.indexOf(gid);
  if (index < 0 || !isInPart(tile, index, part)) return;
  pen.save();
  pen.beginPath();
  pen.rect(corner.x, corner.y, side, side);
  pen.clip();
  pen.beginPath();
  if (isFill) {
    traceArea(pen, tile, index, placing);
    pen.fill();
  } else {
    traceEdges(pen, tile, index, placing, findCut(tile));
    pen.stroke();
  }
  pen.restore();
}
