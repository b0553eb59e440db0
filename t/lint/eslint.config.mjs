/*
 * Rules for the scripts that readers get, and for those that test them.
 */

import js from '@eslint/js';

const names = list => Object.fromEntries(
    list.split(' ').map(name => [name, 'readonly']));

const browser = names('window document navigator location fetch URL FormData '
    + 'URLSearchParams HTMLFormElement HTMLElement Event CustomEvent Intl '
    + 'localStorage sessionStorage setTimeout clearTimeout '
    + 'IntersectionObserver MutationObserver AbortController '
    + 'requestAnimationFrame getComputedStyle performance history CSS '
    + 'crypto self DOMParser innerWidth innerHeight PerformanceObserver');

const node = names('process console Buffer URL URLSearchParams fetch '
    + 'setTimeout clearTimeout performance');

/* for all scripts */
const common = {
    'eqeqeq': 'error',
    'no-eval': 'error',
    'no-implied-eval': 'error',
    'no-new-func': 'error',
    'no-implicit-globals': 'error',
    'no-shadow': 'error',
    'no-unused-vars': ['error', { caughtErrors: 'none' }],
    'no-use-before-define': ['error', { functions: false }],
    'no-throw-literal': 'error',
    'no-return-assign': 'error',
    'consistent-return': 'error',
    'no-trailing-spaces': 'error',
    'no-tabs': 'error',
    'no-control-regex': 'off',
};

/* for scripts of pages; a field named "action" hides form.action, so use
 * getAttribute() */
const assets = {
    ...common,
    'strict': ['error', 'function'],
    'no-alert': 'error',
    'no-restricted-properties': ['error',
        ...['outerHTML', 'insertAdjacentHTML', 'cookie', 'write',
            'writeln', 'referrer', 'action', 'srcdoc', 'cssText']
            .map(property => ({
                property, message: 'not in what readers get'
            })),
    ],
    /* only HTML that the server has rendered, the member html of its answer */
    'no-restricted-syntax': ['error',
        "MemberExpression[property.name='innerHTML']"
        + ":not(AssignmentExpression[right.property.name='html'] > *)"],
};

export default [
    js.configs.recommended,
    {
        files: ['**/src/assets/*.js'],
        languageOptions: {
            ecmaVersion: 2022, sourceType: 'script', globals: browser,
        },
        rules: assets,
    },
    {
        files: ['**/t/**/*.mjs'],
        languageOptions: {
            ecmaVersion: 2024, sourceType: 'module',
            globals: { ...node, ...browser },
        },
        rules: common,
    },
];
