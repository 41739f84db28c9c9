import { Button, CharacterCount, Checkboxes, createAll, ErrorSummary, ExitThisPage, Radios } from 'govuk-frontend';

/** Start the components of govuk-frontend that pages use. */
export function startComponents(): void {
  for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, Radios]) {
    createAll(component);
  }
}
