// One canvas over the view, on which layers draw what is not cut into tiles.
import * as L from 'leaflet';
import { countPixels } from './palette.ts';

const MARGIN = 0.2;

export interface OverlayView {
  readonly pen: CanvasRenderingContext2D;
  readonly map: L.Map;
  readonly zoom: number;
  /** Return where a place of the world, in pixels of this zoom, lies on the canvas. */
  readonly place: (world: L.Point) => L.Point;
  readonly size: L.Point;
  /** The part of the canvas that is seen while the map rests. */
  readonly frame: L.Bounds;
}

export type Painter = (view: OverlayView) => void;

export class OverlayCanvas extends L.Layer {
  readonly #canvas = document.createElement('canvas');
  readonly #painters: readonly Painter[];
  readonly #pane: string;
  #corner = L.point(0, 0);
  #center = L.latLng(0, 0);
  #zoom = 0;
  #waiting = 0;

  constructor(pane: string, painters: readonly Painter[]) {
    super();
    this.#pane = pane;
    this.#painters = painters;
    this.#canvas.className = 'ha-map__overlay leaflet-zoom-animated';
    this.#canvas.setAttribute('aria-hidden', 'true');
  }

  override onAdd(map: L.Map): this {
    map.getPane(this.#pane)?.append(this.#canvas);
    this.draw();
    return this;
  }

  override onRemove(): this {
    cancelAnimationFrame(this.#waiting);
    this.#canvas.remove();
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    const draw = (): void => {
      this.draw();
    };
    return {
      moveend: draw,
      resize: draw,
      zoomanim: (event) => {
        this.#followZoom(event);
      },
    };
  }

  /** Draw in the next frame, once however often this is asked. */
  drawSoon(): void {
    cancelAnimationFrame(this.#waiting);
    this.#waiting = requestAnimationFrame(() => {
      this.draw();
    });
  }

  draw(): void {
    const map = this._map as L.Map | null;
    const pen = this.#canvas.getContext('2d');
    if (map === null || pen === null) return;
    cancelAnimationFrame(this.#waiting);
    const seen = map.getSize();
    const margin = seen.multiplyBy(MARGIN).round();
    const size = seen.add(margin.multiplyBy(2));
    this.#corner = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    this.#center = map.getCenter();
    this.#zoom = map.getZoom();
    L.DomUtil.setTransform(this.#canvas, this.#corner, 1);
    const pixels = countPixels();
    const [across, down] = [Math.round(size.x * pixels), Math.round(size.y * pixels)];
    if (this.#canvas.width !== across || this.#canvas.height !== down) {
      this.#canvas.width = across;
      this.#canvas.height = down;
      this.#canvas.style.width = `${String(size.x)}px`;
      this.#canvas.style.height = `${String(size.y)}px`;
    }
    pen.setTransform(pixels, 0, 0, pixels, 0, 0);
    pen.clearRect(0, 0, size.x, size.y);
    const start = map.getPixelOrigin().add(this.#corner);
    const view: OverlayView = {
      pen,
      map,
      zoom: this.#zoom,
      place: (world) => world.subtract(start),
      size,
      frame: L.bounds(margin, margin.add(seen)),
    };
    for (const paint of this.#painters) {
      pen.save();
      paint(view);
      pen.restore();
    }
  }

  #followZoom(event: L.LeafletEvent): void {
    const { center, zoom } = event as L.ZoomAnimEvent;
    const map = this._map;
    const scale = map.getZoomScale(zoom, this.#zoom);
    const half = map.getSize().multiplyBy(0.5 + MARGIN);
    const before = map.project(this.#center, zoom);
    const shift = half.multiplyBy(-scale).add(before).subtract(map.project(center, zoom));
    // Where the view will be: the pane is moved as if its origin were in the middle.
    const origin = map.getSize().divideBy(2);
    const start = L.DomUtil.getPosition(map.getPane('mapPane') ?? this.#canvas);
    L.DomUtil.setTransform(this.#canvas, shift.add(origin).subtract(start), scale);
  }
}
