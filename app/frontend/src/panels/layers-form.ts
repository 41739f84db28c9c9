// The question of the page: which form of it was meant, as an address.

/** The address that a form leads to with what is chosen in it. */
export function readAddress(form: HTMLFormElement): URL {
  const address = new URL(form.action, location.href);
  address.search = readQuery(form).toString();
  return address;
}

/** What is chosen in a form; fields left empty are not part of the question. */
export function readQuery(form: HTMLFormElement): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value !== '') query.append(name, value);
  }
  return query;
}

/** What the option chosen in a field says of itself in a data attribute; empty: nothing. */
export function readOption(form: HTMLFormElement, field: string, name: string): string {
  const select = form.elements.namedItem(field);
  if (!(select instanceof HTMLSelectElement)) return '';
  return select.selectedOptions[0]?.dataset[name] ?? '';
}

/** Choose in a form what an address says; what it does not name is as at the beginning. */
export function fillForm(form: HTMLFormElement, query: URLSearchParams): void {
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && isTicked(field)) {
      field.checked = query.getAll(field.name).includes(field.value);
    } else if (field instanceof HTMLInputElement) field.value = query.get(field.name) ?? '';
    else if (field instanceof HTMLSelectElement) chooseOptions(field, query);
  }
}

function chooseOptions(field: HTMLSelectElement, query: URLSearchParams): void {
  const values = query.getAll(field.name);
  for (const option of field.options) option.selected = values.includes(option.value);
  if (!field.multiple && field.selectedIndex < 0) field.selectedIndex = 0;
}

/** Call `onChange` when something is chosen, and when the form is sent. */
export function followForm(form: HTMLFormElement, onChange: () => void): void {
  form.addEventListener('change', onChange);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onChange();
  });
}

/** Bring a form up to date with one the server wrote, without touching the field in use. */
export function renewForm(form: HTMLFormElement, renewed: HTMLFormElement): void {
  const used = document.activeElement;
  const isUsed = used instanceof HTMLElement && form.contains(used) && used !== form;
  const name = isUsed ? nameField(used) : '';
  const twin = [...renewed.elements].find(
    (each) => each instanceof HTMLElement && nameField(each) === name,
  );
  if (!isUsed || twin === undefined) form.replaceChildren(...renewed.childNodes);
  else replaceAround(form, renewed, used, twin);
}

// A field that is taken out, even to be put back, forgets what is being typed in it, and what is
// folded around it folds up. So it stays, and only what is beside it is replaced.
function replaceAround(former: Element, renewed: Element, used: Element, twin: Element): void {
  if (former === used) {
    if (used instanceof HTMLSelectElement && twin instanceof HTMLSelectElement) renewOptions(used, twin);
    return;
  }
  const kept = [...former.children].find((each) => each.contains(used));
  const place = [...renewed.children].find((each) => each.contains(twin));
  if (kept === undefined || place === undefined) return;
  for (const each of [...former.childNodes]) if (each !== kept) each.remove();
  const others = [...renewed.childNodes];
  const at = others.indexOf(place);
  kept.before(...others.slice(0, at));
  kept.after(...others.slice(at + 1));
  replaceAround(kept, place, used, twin);
}

function renewOptions(used: HTMLSelectElement, twin: HTMLSelectElement): void {
  const list = ({ options }: HTMLSelectElement): string =>
    [...options].map(({ value, text }) => `${value} ${text}`).join('\n');
  const { value } = twin;
  if (list(used) !== list(twin)) used.replaceChildren(...twin.childNodes);
  if (used.value !== value) used.value = value;
}

function nameField(element: HTMLElement): string {
  const value = element instanceof HTMLInputElement && isTicked(element) ? element.value : '';
  return `${element.tagName} ${element.getAttribute('name') ?? element.id} ${value}`;
}

function isTicked({ type }: HTMLInputElement): boolean {
  return type === 'checkbox' || type === 'radio';
}
