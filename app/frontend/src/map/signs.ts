// The eight shapes of categories, and the circles of clusters, as in the legend.
import { findDotRadius, findRadius, type Sign } from './merging.ts';
import type { Palette } from './palette.ts';

// Middle at 0 0, in pixels of the screen; the same paths as in lists and legends.
const PATHS: Readonly<Record<string, string>> = {
  house: 'M0 -11L10 -3V10H-10V-3Z',
  square: 'M-9.5 -9.5H9.5V9.5H-9.5Z',
  cross: 'M-6.2 -11H6.2V-6.2H11V6.2H6.2V11H-6.2V6.2H-11V-6.2H-6.2Z',
  diamond: 'M0 -12.5L12.5 0L0 12.5L-12.5 0Z',
  hexagon: 'M-6 -10.5H6L12 0L6 10.5H-6L-12 0Z',
  'triangle down': 'M0 11.5L12.5 -9.5H-12.5Z',
  'triangle up': 'M0 -11.5L12 9.5H-12Z',
  circle: 'M-10.5 0A10.5 10.5 0 1 0 10.5 0A10.5 10.5 0 1 0 -10.5 0Z',
};
// Where the eye of a shape is: triangles have theirs off the middle.
const EYES: Readonly<Record<string, number>> = { 'triangle down': -2.6, 'triangle up': 3, house: 1 };
const EYE_PX = 2.7;
const HALO_PX = 4.4;
const RING_PX = 2;
const DOT_HALO_PX = 2.6;

const paths = new Map<string, Path2D>();

function findPath(shape: string): Path2D {
  const known = paths.get(shape);
  if (known !== undefined) return known;
  const path = new Path2D(PATHS[shape] ?? PATHS['circle']);
  paths.set(shape, path);
  return path;
}

export interface Look {
  readonly shape: string;
  readonly colour: string;
}

/** Draw one place: its shape in its category's colour, with a halo to stand out from any ground. */
export function drawPlace(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  look: Look,
  palette: Palette,
  isOn: boolean,
): void {
  const path = findPath(look.shape);
  pen.save();
  pen.translate(x, y);
  pen.lineJoin = 'round';
  pen.strokeStyle = isOn ? palette.ink : palette.halo;
  pen.lineWidth = isOn ? HALO_PX + 1.6 : HALO_PX;
  pen.stroke(path);
  pen.fillStyle = look.colour;
  pen.fill(path);
  pen.beginPath();
  pen.arc(0, EYES[look.shape] ?? 0, EYE_PX, 0, 2 * Math.PI);
  pen.fillStyle = palette.categoryInk;
  pen.fill();
  pen.restore();
}

/** Draw several places as a ring that says how many. */
export function drawCluster(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  { count }: Sign,
  says: string,
  palette: Palette,
  isOn: boolean,
): void {
  const radius = findRadius(count);
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = isOn ? palette.lamp : palette.paper;
  pen.fill();
  pen.strokeStyle = palette.ink;
  pen.lineWidth = RING_PX;
  pen.stroke();
  pen.fillStyle = isOn ? '#17211f' : palette.ink;
  pen.font = `700 ${says.length > 3 ? '11' : '13'}px ${palette.font}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(says, x, y + 0.8);
}

/** Draw places as a dot that leaves the ground to be seen; one of several is a little larger. */
export function drawDot(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  { count }: Sign,
  palette: Palette,
  isOn: boolean,
): void {
  pen.beginPath();
  pen.arc(x, y, findDotRadius(count), 0, 2 * Math.PI);
  pen.strokeStyle = palette.halo;
  pen.lineWidth = DOT_HALO_PX;
  pen.stroke();
  pen.fillStyle = isOn ? palette.lamp : palette.ink;
  pen.fill();
}
