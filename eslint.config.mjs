import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { fenceRule } from './testing/fence-rule.mjs';
import { FENCES } from './testing/fences.mjs';

const TESTS = ['**/*.test.ts', '**/__fixtures__/**', 'testing/**'];

/** Tools want these, and read the default export. */
const TOOL_FILES = ['*.config.{js,mjs,ts}', 'testing/{start,stop}-servers.ts', 'testing/fetch-assets.ts'];

const MAY_READ_ENVIRONMENT = [...TESTS, ...TOOL_FILES, 'config.ts', 'assets/require-for-test.ts'];

const NO_ENVIRONMENT = [
  'MemberExpression[object.name="process"][property.name="env"]',
  'MemberExpression[object.name="process"][property.value="env"]',
  'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]',
  'ImportDeclaration[source.value=/^(node:)?process$/]',
].map((selector) => ({
  selector,
  message: 'Only config.ts reads process.env: add the variable there and take its value as an argument.',
}));

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that one thing has one name everywhere.',
};

const HOUSE_SYNTAX = [
  { selector: 'TSEnumDeclaration', message: 'Write a const object (or a zod enum) and derive the type.' },
  { selector: 'ExportAllDeclaration', message: 'Re-export by name: a wall of `export *` hides cycles.' },
];

/** What pure code has without importing it. */
const WORLD = ['fetch', 'process', 'WebSocket', 'XMLHttpRequest'];

const fenceConfigs = FENCES.map((fence) => ({
  name: `fence/${fence.name}`,
  files: fence.files,
  ignores: TESTS,
  rules: {
    'house/fence': ['error', fence],
    ...(fence.pure && {
      'no-restricted-globals': [
        'error',
        ...WORLD.map((name) => ({ name, message: `Fence "${fence.name}": ${fence.cure}` })),
      ],
    }),
  },
}));

export default tseslint.config(
  {
    name: 'not ours',
    ignores: ['**/dist/', '**/node_modules/', '**/coverage/', '**/.data/', 'prisma/generated/'],
  },
  {
    name: 'all code',
    extends: [tseslint.configs.recommendedTypeChecked],
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { house: { rules: { fence: fenceRule } }, import: importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createTypeScriptImportResolver()],
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'import/no-cycle': ['error', { ignoreExternal: true }],
      'max-lines': ['error', 200],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...HOUSE_SYNTAX, NO_DEFAULT_EXPORT, ...NO_ENVIRONMENT],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // An abort passes through as the signal's reason, whatever that is.
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      // A function of an async interface is async, so that it rejects and never throws.
      '@typescript-eslint/require-await': 'off',
      // Our objects are closures without `this`, and are taken apart freely.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    name: 'the environment',
    files: MAY_READ_ENVIRONMENT,
    rules: { 'no-restricted-syntax': ['error', ...HOUSE_SYNTAX, NO_DEFAULT_EXPORT] },
  },
  {
    name: 'files of tools',
    files: TOOL_FILES,
    rules: { 'no-restricted-syntax': ['error', ...HOUSE_SYNTAX] },
  },
  ...fenceConfigs,
  {
    name: 'tests',
    files: TESTS,
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      // A test checks what comes back by comparing it.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
