import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = path.join(__dirname, '..');

interface Snippet {
  readonly file: string;
  readonly code: string;
}

interface Message {
  readonly ruleId: string | null;
  readonly message: string;
}

async function lint(snippets: readonly Snippet[]): Promise<Message[][]> {
  const child = execFile(process.execPath, ['testing/lint-snippets.mjs'], { cwd: ROOT });
  child.stdin?.end(JSON.stringify(snippets));
  const [out, problems] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  if (problems) throw new Error(problems);
  return JSON.parse(out) as Message[][];
}

const value = (from: string) => `export { x } from '${from}';\n`;
const type = (from: string) => `export type { X } from '${from}';\n`;

/** Fence, a file behind it, what it must not say, and what it may. */
const CASES: readonly (readonly [fence: string, file: string, refused: string, allowed: string])[] = [
  ['config', 'config.ts', value('./assets/locate'), value('zod')],
  ['prisma.config', 'prisma.config.ts', value('./config'), value('prisma/config')],
  ['domain', 'domain/new.ts', value('../prisma/ids'), value('./transcript')],
  ['domain', 'domain/new.ts', type('node:fs'), value('zod')],
  ['workflows', 'workflows/new.ts', value('../activities/index'), type('../activities/index')],
  ['workflows', 'workflows/new.ts', value('./contracts'), type('./contracts')],
  ['workflows', 'workflows/new.ts', value('../domain/transcript'), type('../domain/transcript')],
  ['workflows', 'workflows/new.ts', type('../activities/once'), value('./proxies')],
  ['workflows', 'workflows/new.ts', value('zod'), value('@temporalio/workflow')],
  ['workflows', 'workflows/new.ts', value('node:crypto'), value('./queues')],
  ['workflows/contracts', 'workflows/contracts.ts', value('./queues'), value('../domain/deck')],
  ['workflows/queues', 'workflows/queues.ts', type('zod'), 'export const x = 1;\n'],
  ['activities', 'activities/new.ts', value('../api/http/errors'), value('../store/blobs')],
  ['activities', 'activities/new.ts', value('../config'), value('@temporalio/activity')],
  ['activities', 'activities/new.ts', value('./providers/whisper'), type('./providers/registry')],
  ['activities', 'activities/new.ts', value('../workflows/contracts'), type('../workflows/contracts')],
  ['activities/text', 'activities/text/new.ts', value('../../store/blobs'), value('./siblings')],
  ['activities/audio', 'activities/audio/new.ts', value('node:fs'), type('../providers/spec')],
  ['activities/deck', 'activities/deck/new.ts', value('node:fs/promises'), value('pptxgenjs')],
  ['activities/writer', 'activities/writer/new.ts', value('../once'), type('../providers/spec')],
  ['activities/providers', 'activities/providers/new.ts', value('@temporalio/activity'), value('./http')],
  ['activities/providers', 'activities/providers/new.ts', value('../../store/blobs'), value('zod')],
  [
    'activities/providers/openai',
    'activities/providers/openai.ts',
    value('./guard'),
    value('./openai-audio'),
  ],
  ['activities/providers/whisper', 'activities/providers/whisper.ts', value('./openai'), value('./engine')],
  [
    'activities/providers/moonshine',
    'activities/providers/moonshine.ts',
    value('./engines/moonshine'),
    type('./engines/moonshine'),
  ],
  [
    'activities/providers/mpnet',
    'activities/providers/mpnet.ts',
    value('onnxruntime-node'),
    value('./engine'),
  ],
  ['activities/providers/piper', 'activities/providers/piper.ts', value('./whisper'), value('./error')],
  [
    'activities/providers/espeak',
    'activities/providers/espeak.ts',
    value('./piper'),
    type('./engines/espeak'),
  ],
  ['activities/providers/drawn', 'activities/providers/drawn.ts', value('./openai'), value('../deck/draw')],
  ['activities/providers/guard', 'activities/providers/guard.ts', value('./whisper'), value('cockatiel')],
  [
    'activities/providers/adapters',
    'activities/providers/adapters.ts',
    value('../../prisma/client'),
    value('./whisper'),
  ],
  [
    'activities/providers/registry',
    'activities/providers/registry.ts',
    value('./whisper'),
    value('./adapters'),
  ],
  [
    'activities/providers/conformance',
    'activities/providers/conformance-suite.ts',
    value('./whisper'),
    value('@jest/globals'),
  ],
  [
    'activities/providers/engines',
    'activities/providers/engines/new.ts',
    value('../registry'),
    value('onnxruntime-node'),
  ],
  ['api', 'api/new/routes.ts', value('../../activities/index'), value('../../workflows/contracts')],
  ['api', 'api/new/routes.ts', value('../../activities/providers/whisper'), value('../http/errors')],
  ['api', 'api/new/routes.ts', value('../../workflows/index'), type('../../workflows/index')],
  ['api', 'api/new/routes.ts', type('../../config'), value('@temporalio/client')],
  ['api', 'api/new/routes.ts', value('../server'), value('../../prisma/jobs')],
  ['api', 'api/new/routes.ts', value('../../testing/world'), value('../../domain/job')],
  ['api/server', 'api/server.ts', value('../workers/slots'), value('../config')],
  ['workers', 'workers/new.ts', value('../config'), value('../activities/index')],
  ['workers/worker', 'workers/worker.ts', value('../api/app'), value('../config')],
  ['prisma', 'prisma/new.ts', value('../domain/job'), type('../domain/job')],
  ['store', 'store/new.ts', value('../prisma/client'), value('ioredis')],
  ['assets', 'assets/new.ts', value('../config'), value('yauzl')],
  ['assets/main', 'assets/main.ts', value('../stack/log'), value('../config')],
  ['assets/require-for-test', 'assets/require-for-test.ts', value('../config'), value('@jest/globals')],
  ['stack', 'stack/new.ts', value('../workers/worker'), value('../config')],
  ['bench', 'bench/new.ts', value('../testing/world'), value('../stack/throwaway')],
];

/** Other ways over the same fence. */
const WAYS: readonly (readonly [way: string, code: string])[] = [
  ['import', `import { x } from '../store/blobs';\nconsole.log(x);\n`],
  ['import for its effects', `import '../store/blobs';\n`],
  ['import type', `import type { X } from '../store/blobs';\nexport type Y = X;\n`],
  ['import of an inline type', `import { type X } from '../store/blobs';\nexport type Y = X;\n`],
  ['import()', `export const x = () => import('../store/blobs');\n`],
  ['with its extension', `export { x } from '../store/blobs.js';\n`],
  ['by a detour', `export { x } from '../domain/../store/blobs';\n`],
];

const ENVIRONMENT = [
  'export const x = process.env.X;\n',
  `export const x = process['env'];\n`,
  'export const { env } = process;\n',
  `import { env } from 'node:process';\nexport const x = env.X;\n`,
];

/** Tests, and what may import any package. */
const withoutFence = (file: string) =>
  /\.test\.ts$|__fixtures__|^(testing|bench|prisma\/generated)\//.test(file);

/** Every program file of the tree. */
function sources(folder = ''): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'coverage'].includes(entry.name)) return [];
    if (entry.isDirectory()) return sources(name);
    return name.endsWith('.ts') && !name.endsWith('.d.ts') && !withoutFence(name) ? [name] : [];
  });
}

const INTRUDER = value('nobody-may-import-this');

/** One program lints all snippets; a test picks its own answer. */
const asked: Snippet[] = [];
const ask = (file: string, code: string) => asked.push({ file, code }) - 1;
let answers: Message[][];
beforeAll(async () => {
  answers = await lint(asked);
});

describe('a fence lets through what it should and nothing else', () => {
  const cases = CASES.map(
    ([fence, file, refused, allowed]) =>
      [fence, refused.trim(), allowed.trim(), ask(file, refused), ask(file, allowed)] as const,
  );
  test.each(cases)('%s: not %s but %s', (fence, _refused, _allowed, bad, good) => {
    expect(answers[bad]).toEqual([
      { ruleId: 'house/fence', message: expect.stringMatching(`^Fence "${fence}": ".+" is .+\\. .{20}`) },
    ]);
    expect(answers[good]).toEqual([]);
  });

  const ways = WAYS.map(([way, code]) => [way, ask('workflows/new.ts', code)] as const);
  test.each(ways)('whatever the way: %s', (_way, index) => {
    expect(answers[index]).toEqual([
      { ruleId: 'house/fence', message: expect.stringContaining('"./store/blobs" is not imported here') },
    ]);
  });

  const old = [
    `import x = require('../store/blobs');\nexport { x };\n`,
    `export const x: unknown = require('../store/blobs');\n`,
    `export type X = import('../store/blobs').Blobs;\n`,
  ].map((code) => [code.trim(), ask('workflows/new.ts', code)] as const);
  test.each(old)('beside what another rule says: %s', (_code, index) => {
    expect(answers[index]?.map(({ ruleId }) => ruleId)).toContain('house/fence');
  });

  const mixed = ask('workflows/new.ts', `import { type A, b } from './contracts';\nexport const x: A = b;\n`);
  test('a value beside an inline type is a value', () => {
    expect(answers[mixed]).toEqual([
      { ruleId: 'house/fence', message: expect.stringContaining('for its types only') },
    ]);
  });

  const inline = ask('workflows/new.ts', `import { type A } from './contracts';\nexport type X = A;\n`);
  test('an inline type is a type', () => expect(answers[inline]).toEqual([]));

  const test_file = ask('workflows/new.test.ts', `${value('../store/blobs')}${value('../testing/world')}`);
  test('a test may import everything', () => expect(answers[test_file]).toEqual([]));

  const files = sources().map((file) => [file, ask(file, INTRUDER)] as const);
  test('every program file is behind one', () => {
    const open = files.filter(([, index]) => !answers[index]?.some(({ ruleId }) => ruleId === 'house/fence'));
    expect(open.map(([file]) => file)).toEqual([]);
  });
});

describe('pure code has no world', () => {
  const rooms = ['domain', 'workflows', 'activities/text', 'activities/audio', 'activities/deck'];
  const cases = rooms.map(
    (room) => [room, ask(`${room}/new.ts`, `export const x = () => fetch('/');\n`)] as const,
  );
  test.each(cases)('%s', (room, index) => {
    expect(answers[index]).toEqual([
      { ruleId: 'no-restricted-globals', message: expect.stringContaining(`Fence "${room}": `) },
    ]);
  });
});

describe('only config.ts reads the environment', () => {
  const cases = ENVIRONMENT.map(
    (code) => [code.trim(), ask('stack/new.ts', code), ask('config.ts', code)] as const,
  );
  test.each(cases)('%s', (_code, elsewhere, there) => {
    expect(answers[elsewhere]).toEqual([
      {
        ruleId: 'no-restricted-syntax',
        message: expect.stringContaining('Only config.ts reads process.env'),
      },
    ]);
    expect(answers[there]).toEqual([]);
  });
});

describe('house syntax', () => {
  const cases = (
    [
      ['an enum', 'export enum X {}\n', 'no-restricted-syntax'],
      ['a wall of exports', `export * from './part';\n`, 'no-restricted-syntax'],
      ['a default export', 'export default 1;\n', 'no-restricted-syntax'],
      ['any', 'export const x = (y: any) => y as unknown;\n', '@typescript-eslint/no-explicit-any'],
      [
        'a type by import',
        `import { X } from './part';\nexport type Y = X;\n`,
        '@typescript-eslint/consistent-type-imports',
      ],
      ['a loose comparison', 'export const x = (y: number) => y == 1;\n', 'eqeqeq'],
      ['a file over 200 lines', 'export {};\n'.repeat(201), 'max-lines'],
      [
        'a function over 60 lines',
        `export function x() {\n${'  console.log();\n'.repeat(60)}}\n`,
        'max-lines-per-function',
      ],
    ] as const
  ).map(([name, code, rule]) => [name, rule, ask('stack/new.ts', code)] as const);
  const cycle = ask('stack/stack.ts', value('./run'));
  test('refuses a cycle: run.ts imports stack.ts already', () => {
    expect(answers[cycle]?.map(({ ruleId }) => ruleId)).toEqual(['import/no-cycle']);
  });

  test.each(cases)('refuses %s', (_name, rule, index) => {
    expect(answers[index]?.map(({ ruleId }) => ruleId)).toEqual([rule]);
  });
});
