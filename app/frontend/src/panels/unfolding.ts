// Opening what an entry of a list is folded into.

/** Open every fold around an element, itself included. */
export function unfold(element: Element): void {
  let fold = element.closest('details');
  while (fold !== null) {
    fold.open = true;
    fold = fold.parentElement?.closest('details') ?? null;
  }
}
