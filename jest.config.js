/** Four kinds of tests, told apart by the file's name; `faults` kills processes and runs by `npm run test:faults`. */
const swc = ({ ignoreDynamic }) => [
  '@swc/jest',
  {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs', ignoreDynamic },
    sourceMaps: 'inline',
  },
];

const KINDS = ['component', 'api', 'e2e', 'faults'];

const project = (name, over = {}) => ({
  displayName: name,
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/**/*.${name}.test.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.data/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  // Prisma's generated client is TypeScript that names its files as they will be once compiled.
  moduleNameMapper: { '^(\\.{1,2}/(?:internal|models|enums|commonInputTypes)\\b.*)\\.js$': '$1' },
  transform: {
    // Prisma's client imports CommonJS on demand, which jest loads by `require` only.
    '/prisma/generated/.+\\.ts$': swc({ ignoreDynamic: false }),
    '^.+\\.ts$': swc({ ignoreDynamic: true }),
  },
  ...over,
});

/** Temporal, PostgreSQL, Valkey and Chroma, started once for the whole run. */
const servers = {
  globalSetup: '<rootDir>/testing/start-servers.ts',
  globalTeardown: '<rootDir>/testing/stop-servers.ts',
};

module.exports = {
  projects: [
    project('unit', {
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '/dist/',
        '/.data/',
        ...KINDS.map((kind) => `\\.${kind}\\.test\\.ts$`),
      ],
    }),
    project('component', servers),
    project('api', servers),
    project('e2e', { globalSetup: '<rootDir>/testing/fetch-assets.ts' }),
    project('faults', { globalSetup: '<rootDir>/testing/fetch-assets.ts' }),
  ],
  testTimeout: 60_000,
  maxWorkers: 2,
};
