// What the map asks of whoever knows the figures.
import type { Classes } from '../state/classes.ts';
import type { LayersView } from '../state/view.ts';

export interface Shading {
  /**
   * The classes of a layer's areas by gid. Null: nothing is measured, all is plain land.
   * Undefined: not known as yet, or nothing valid for this kind of area: hatched.
   */
  readonly classesOf: (layer: string) => Classes | null | undefined;
  /** What to say of an area; empty: nothing is known. */
  readonly describe: (layer: string, gid: number) => string;
}

/** Which of two maps side by side, or both indicators on one. */
export type Side = 'first' | 'second' | 'both';

/** Whoever knows the figures of a page. */
export interface Shader {
  readonly shade: (view: LayersView, side: Side) => Shading;
}

export const PLAIN: Shading = { classesOf: () => null, describe: () => '' };
