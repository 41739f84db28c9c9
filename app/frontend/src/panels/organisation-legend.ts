// How many organisations a circle of which size stands for.

const SVG = 'http://www.w3.org/2000/svg';
const LINE_PX = 1;

/** Draw one circle for each number; `findRadius` is the map's own. */
export function showOrganisationSizes(
  holder: HTMLElement,
  totals: readonly number[],
  findRadius: (total: number) => number,
): void {
  const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  const signs = totals.map((total) => {
    const radius = findRadius(total);
    const size = 2 * (radius + LINE_PX);
    const drawing = document.createElementNS(SVG, 'svg');
    drawing.setAttribute('width', String(size));
    drawing.setAttribute('height', String(size));
    drawing.setAttribute('aria-hidden', 'true');
    drawing.setAttribute('class', 'ha-circle');
    const circle = document.createElementNS(SVG, 'circle');
    for (const name of ['cx', 'cy']) circle.setAttribute(name, String(size / 2));
    circle.setAttribute('r', String(radius));
    drawing.append(circle);
    const sign = document.createElement('span');
    sign.className = 'ha-circles__one';
    sign.append(drawing, number.format(total));
    return sign;
  });
  const row = holder.querySelector('.ha-circles') ?? document.createElement('p');
  row.className = 'ha-circles';
  row.replaceChildren(...signs);
  holder.append(row);
}
