import { Button, CharacterCount, createAll, ErrorSummary, ExitThisPage } from 'govuk-frontend';

/** Start the components of govuk-frontend that pages use. */
export function startComponents(): void {
  for (const component of [Button, CharacterCount, ErrorSummary, ExitThisPage]) createAll(component);
}
