// Which parts of the picture are taken, so that names do not lie on one another.

export interface Box {
  readonly left: number;
  readonly upper: number;
  readonly right: number;
  readonly lower: number;
}

export function makeBox(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, upper: y - height / 2, right: x + width / 2, lower: y + height / 2 };
}

const CELL_PX = 64;

export class Rooms {
  readonly #cells = new Map<string, Box[]>();

  /** Take a part if nobody has any of it; returns whether it was free. */
  take(box: Box): boolean {
    if (!this.isFree(box)) return false;
    this.occupy(box);
    return true;
  }

  occupy(box: Box): void {
    for (const key of listCells(box)) {
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [box]);
      else cell.push(box);
    }
  }

  isFree(box: Box): boolean {
    return listCells(box).every(
      (key) => this.#cells.get(key)?.every((other) => isApart(box, other)) ?? true,
    );
  }
}

function listCells({ left, upper, right, lower }: Box): string[] {
  const keys: string[] = [];
  for (let x = Math.floor(left / CELL_PX); x <= Math.floor(right / CELL_PX); x += 1) {
    for (let y = Math.floor(upper / CELL_PX); y <= Math.floor(lower / CELL_PX); y += 1) {
      keys.push(`${String(x)} ${String(y)}`);
    }
  }
  return keys;
}

function isApart(one: Box, other: Box): boolean {
  return (
    one.right <= other.left ||
    other.right <= one.left ||
    one.lower <= other.upper ||
    other.lower <= one.upper
  );
}
