/** Four kinds of tests, told apart by the file's name; `faults` kills processes and runs by `npm run test:faults`. */
const swc = ({ ignoreDynamic }) => [
  '<rootDir>/testing/swc-transform.js',
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
    // These import on demand, which jest does by `require` only.
    '/prisma/generated/.+\\.ts$|/api/content/tus\\.ts$|/node_modules/pptxgenjs/.+\\.js$': swc({
      ignoreDynamic: false,
    }),
    // ES modules all through.
    '/node_modules/(@tus|srvx)/.+\\.m?js$': swc({ ignoreDynamic: true }),
    '^.+\\.ts$': swc({ ignoreDynamic: true }),
  },
  transformIgnorePatterns: ['/node_modules/(?!(pptxgenjs|@tus|srvx)/)'],
  ...over,
});

/** Temporal, PostgreSQL, Valkey and Chroma, started once for the whole run. */
const servers = {
  globalSetup: '<rootDir>/testing/start-servers.ts',
  globalTeardown: '<rootDir>/testing/stop-servers.ts',
};

/** Statements in percent, for each room as a whole: the pyramid's unit, component and API code. */
const atLeast = (statements, ...rooms) =>
  Object.fromEntries(rooms.map((room) => [`./${room}/`, { statements }]));

module.exports = {
  coverageProvider: 'babel', // the only one that can take in what ran in Temporal's sandbox
  collectCoverageFrom: [
    '{activities,api,assets,domain,prisma,stack,store,workers,workflows}/**/*.ts',
    '{config,log}.ts',
    '!**/{*.test,*.d,conformance*,require-for-test}.ts',
    '!**/{__fixtures__,generated}/**',
    // Programs that only run as processes of their own, where jest measures nothing.
    '!{api/server,prisma/migrate,workers/bundle,workers/worker}.ts',
  ],
  coverageThreshold: {
    ...atLeast(80, 'activities/audio', 'activities/text', 'activities/deck', 'domain', 'workflows'),
    ...atLeast(60, 'activities', 'activities/providers', 'activities/writer'),
    ...atLeast(60, 'assets', 'prisma', 'stack', 'store', 'workers'),
    ...atLeast(90, 'api'),
  },
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
