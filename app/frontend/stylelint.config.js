// Style sheets: no slips, and no left and right, so that a page reads from either side.
const PHYSICAL = [
  'left', 'right', 'top', 'bottom', 'float', 'width', 'height', 'min-width', 'min-height',
  'max-width', 'max-height', '/^(margin|padding|border)-(left|right|top|bottom)/',
];

/** @type {import('stylelint').Config} */
export default {
  rules: {
    'block-no-empty': true,
    'color-no-invalid-hex': true,
    'declaration-block-no-duplicate-properties': true,
    'font-family-no-missing-generic-family-keyword': true,
    'function-no-unknown': true,
    'media-feature-name-no-unknown': true,
    'no-duplicate-selectors': true,
    'no-invalid-double-slash-comments': true,
    'property-no-unknown': true,
    'selector-pseudo-class-no-unknown': true,
    'selector-pseudo-element-no-unknown': true,
    'selector-type-no-unknown': true,
    'unit-no-unknown': true,
    'property-disallowed-list': [
      PHYSICAL,
      { message: (property) => `Say ${property} logically (inline, block, start, end)` },
    ],
    'declaration-property-value-disallowed-list': { 'text-align': ['left', 'right'] },
  },
};
