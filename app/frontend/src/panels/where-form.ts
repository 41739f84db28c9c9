// A form that asks where: what is kept in it besides the words in its box.

const HIDDEN = ['place', 'near', 'bbox'] as const;
export type HiddenField = (typeof HIDDEN)[number];

/** Keep a place that was chosen, and nothing of what was asked before. */
export function keepPlace(form: HTMLFormElement, name: HiddenField, value: string): void {
  forgetPlaces(form);
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = name;
  field.value = value;
  form.append(field);
}

/** Forget the place that belonged to other words in the box. */
export function forgetPlaces(form: HTMLFormElement): void {
  for (const name of HIDDEN) {
    for (const field of form.querySelectorAll(`input[type="hidden"][name="${name}"]`)) field.remove();
  }
}

/** Ask for anywhere in an area: the form may not offer that yet. */
export function chooseWholeArea(form: HTMLFormElement): void {
  const select = form.elements.namedItem('within');
  if (!(select instanceof HTMLSelectElement)) return;
  if (![...select.options].some(({ value }) => value === 'area')) select.add(new Option('', 'area'), 0);
  select.value = 'area';
}

const DECIMALS = 4;

/** Offer to look around where the device is; rounded to about ten metres, which is near enough. */
export function offerLocation(form: HTMLFormElement, onFound: () => void): void {
  const button = form.querySelector<HTMLButtonElement>('[data-locate]');
  const says = form.querySelector<HTMLElement>('[data-locate-says]');
  if (button === null || says === null || !('geolocation' in navigator)) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    says.textContent = button.dataset['locating'] ?? '';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        says.textContent = '';
        const point = [coords.longitude, coords.latitude].map((each) => each.toFixed(DECIMALS));
        keepPlace(form, 'near', point.join(','));
        const box = form.elements.namedItem('where');
        if (box instanceof HTMLInputElement) box.value = '';
        onFound();
      },
      () => {
        says.textContent = button.dataset['refused'] ?? '';
      },
      { maximumAge: 60_000, timeout: 15_000 },
    );
  });
}
