// What the map asks of whoever knows the figures.
import type { Classes } from '../state/classes.ts';

export interface Shading {
  /**
   * The classes of a layer's areas by gid. Null: nothing is measured, all is plain land.
   * Undefined: not known as yet, or nothing valid for this kind of area: hatched.
   */
  readonly classesOf: (layer: string) => Classes | null | undefined;
  /** What to say of an area; empty: nothing is known. */
  readonly describe: (layer: string, gid: number) => string;
}

export const PLAIN: Shading = { classesOf: () => null, describe: () => '' };
