// The box that asks where: suggestions while typing, and the place of the device.
import { fetchNamedAreas, fetchPostcodes } from '../api/places.ts';
import { Combobox, type Suggestion } from '../panels/combobox.ts';
import { chooseWholeArea, forgetPlaces, keepPlace, offerLocation } from '../panels/where-form.ts';
import { fill } from '../state/words.ts';

const MOST = 6;

/** Bring the boxes of a page, or of a part that is new, to life. */
export function startWhere(root: ParentNode): void {
  for (const holder of root.querySelectorAll<HTMLElement>('[data-where]:not([data-where-live])')) {
    const input = holder.querySelector<HTMLInputElement>('input');
    const form = input?.form;
    if (input === null || form === null || form === undefined) continue;
    holder.dataset['whereLive'] = '';
    offer(holder, input, form);
  }
}

function offer(holder: HTMLElement, input: HTMLInputElement, form: HTMLFormElement): void {
  const { suggest = '', suggested = '', suggestedNone = '' } = holder.dataset;
  input.addEventListener('input', () => {
    forgetPlaces(form);
  });
  new Combobox(input, {
    label: suggest,
    says: (count) => (count === 0 ? suggestedNone : fill(suggested, { count: String(count) })),
    suggest: findPlaces,
    onChoose: ({ value }) => {
      forgetPlaces(form);
      if (value !== '') {
        keepPlace(form, 'place', value);
        chooseWholeArea(form);
      }
      form.requestSubmit();
    },
  });
  offerLocation(form, () => {
    form.submit();
  });
}

async function findPlaces(typed: string, signal: AbortSignal): Promise<Suggestion[]> {
  const hasDigit = /\d/.test(typed);
  const [postcodes, areas] = await Promise.all([
    hasDigit ? fetchPostcodes(typed, MOST, signal) : [],
    hasDigit ? [] : fetchNamedAreas(typed, MOST, signal),
  ]);
  return [
    ...postcodes.map((text) => ({ text, about: '', value: '' })),
    ...areas.map(({ place, name, kind, within }) => ({
      text: name,
      about: within === '' ? kind : `${kind}, ${within}`,
      value: place,
    })),
  ];
}
