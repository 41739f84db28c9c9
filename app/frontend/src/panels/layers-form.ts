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

/** Bring a form up to date with one the server wrote, without taking away the focus. */
export function renewForm(form: HTMLFormElement, renewed: HTMLFormElement): void {
  const focused = document.activeElement;
  const name = focused instanceof HTMLElement && form.contains(focused) ? nameField(focused) : '';
  form.replaceChildren(...renewed.childNodes);
  if (name === '') return;
  const again = [...form.elements].find(
    (each) => each instanceof HTMLElement && nameField(each) === name,
  );
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

function nameField(element: HTMLElement): string {
  const value = element instanceof HTMLInputElement && isTicked(element) ? element.value : '';
  return `${element.tagName} ${element.getAttribute('name') ?? element.id} ${value}`;
}

function isTicked({ type }: HTMLInputElement): boolean {
  return type === 'checkbox' || type === 'radio';
}
