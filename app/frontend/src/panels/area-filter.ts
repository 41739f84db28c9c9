// The box that finds a neighbourhood by name; without a script it is not offered.
import type { AreaList } from './area-list.ts';
import { fill, type Words } from '../state/words.ts';

/** Show the box, and tell `onFilter` which areas match what is typed; null when nothing is. */
export function offerFilter(
  root: HTMLElement,
  list: AreaList,
  words: Words,
  onFilter: (codes: ReadonlySet<string> | null) => void,
): void {
  const box = root.querySelector('input');
  const says = root.querySelector('[data-filter-says]');
  if (box === null || says === null) return;
  const number = new Intl.NumberFormat(document.documentElement.lang);
  box.addEventListener('input', () => {
    const { codes, total } = list.filter(box.value);
    if (box.value.trim() === '') {
      says.textContent = '';
      onFilter(null);
      return;
    }
    const counts = { count: number.format(codes.size), total: number.format(total) };
    says.textContent = codes.size === 0 ? words.foundNone : fill(words.found, counts);
    onFilter(codes);
  });
  root.hidden = false;
}
