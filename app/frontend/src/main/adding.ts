// The questions by which something is added: hints while typing, and a point on a map. Every page
// works without this.
import { AddingPart } from '../panels/adding-part.ts';
import { Announcer } from '../panels/announcer.ts';
import { startPointing } from './pointing.ts';

const ALIKE_FIELDS = ['name', 'postcode', 'where', 'lat', 'lon'];
const PREVIEW_FIELDS = ['phone', 'email', 'web', 'private', 'visibility', 'findable', 'organisation'];
/** What a search finds while somebody types, by what the server calls it. */
const FOUND_FIELDS: Readonly<Record<string, readonly string[]>> = {
  listed: ['place_words', 'place_near'],
  areas: ['area_words'],
};

/** Bring the form of a question to life. */
export function startAdding(form: HTMLFormElement): void {
  const announcer = new Announcer(form.querySelector('[data-announce]'));
  const onNews = (sentence: string): void => {
    announcer.say(sentence);
  };
  const alike = form.querySelector<HTMLElement>('[data-alike]');
  let part: AddingPart | null = null;
  if (alike !== null) {
    part = new AddingPart({ name: 'alike', form, holder: alike, fields: ALIKE_FIELDS, onNews });
  }
  const preview = form.querySelector<HTMLElement>('[data-preview]');
  if (preview !== null) {
    new AddingPart({ name: 'seen', form, holder: preview, fields: PREVIEW_FIELDS, onNews });
  }
  for (const holder of form.querySelectorAll<HTMLElement>('[data-found]')) {
    const name = holder.dataset['found'] ?? '';
    new AddingPart({ name, form, holder, fields: FOUND_FIELDS[name] ?? [], onNews });
  }
  startPointing(form, () => part?.askSoon());
}
