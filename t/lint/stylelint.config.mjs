/*
 * Style sheets: known properties and units, nothing twice, and no request to
 * any server.
 */

export default {
    rules: {
        'block-no-empty': true,
        'color-no-invalid-hex': true,
        'custom-property-no-missing-var-function': true,
        'declaration-block-no-duplicate-custom-properties': true,
        'declaration-block-no-duplicate-properties':
            [true, { ignore: ['consecutive-duplicates'] }],
        'declaration-block-no-shorthand-property-overrides': true,
        'declaration-no-important': true,
        'declaration-property-value-no-unknown': true,
        'font-family-no-duplicate-names': true,
        'function-calc-no-unspaced-operator': true,
        'function-no-unknown': true,
        'function-disallowed-list': ['url', 'image-set', 'expression'],
        'at-rule-disallowed-list': ['import', 'charset', 'font-face'],
        'at-rule-no-unknown': true,
        'media-feature-name-no-unknown': true,
        'named-grid-areas-no-invalid': true,
        'no-duplicate-at-import-rules': true,
        'no-duplicate-selectors': true,
        'no-invalid-double-slash-comments': true,
        'property-no-unknown': true,
        'property-no-vendor-prefix':
            [true, { ignoreProperties: ['text-size-adjust'] }],
        'selector-anb-no-unmatchable': true,
        'selector-pseudo-class-no-unknown': true,
        'selector-pseudo-element-no-unknown': true,
        'selector-type-no-unknown': true,
        'shorthand-property-no-redundant-values': true,
        'string-no-newline': true,
        'unit-no-unknown': true,
    },
};
