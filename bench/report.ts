/** `docs/benchmarks.json`, what each scenario measured last, and `docs/benchmarks.md`, the same to read. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Figure, Scenario } from './scenario';
import { markdownTable } from './table';

/** Where it was called: npm runs scripts in the folder of package.json. */
const FOLDER = path.resolve('docs');
const DATA = path.join(FOLDER, 'benchmarks.json');
const PAGE = path.join(FOLDER, 'benchmarks.md');

interface Measured {
  /** ISO 8601, to the minute. */
  readonly at: string;
  readonly machine: string;
  readonly figures: readonly Figure[];
}

/** By the scenario's name. */
type All = Readonly<Record<string, Measured>>;

const machine = (): string =>
  [
    `${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${(os.totalmem() / 2 ** 30).toFixed(0)} GB of memory, ${os.type()} ${os.arch()}, Node ${process.versions.node}`,
  ].join(', ');

async function readMeasured(): Promise<All> {
  try {
    return JSON.parse(await readFile(DATA, 'utf8')) as All;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** In place of what the scenario had measured before. */
export async function keepMeasured(
  scenarios: readonly Scenario[],
  { name }: Scenario,
  figures: readonly Figure[],
): Promise<void> {
  const at = `${new Date().toISOString().slice(0, 16)}Z`;
  const all = { ...(await readMeasured()), [name]: { at, machine: machine(), figures } };
  await mkdir(FOLDER, { recursive: true });
  await writeFile(DATA, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(PAGE, pageOf(scenarios, all));
}

const besideOf = ({ what, beside }: Figure): string[] => (beside ? [`- **${what}**: ${beside}.`] : []);

const howOf = ({ name, title, how }: Scenario, { at, machine: on }: Measured): string =>
  `### ${title} (\`${name}\`)\n\n${how}\n\nMeasured at ${at} on ${on}.\n`;

export function pageOf(scenarios: readonly Scenario[], all: All): string {
  const done = scenarios.flatMap((scenario) => {
    const measured = all[scenario.name];
    return measured ? [{ scenario, measured }] : [];
  });
  const figures = done.flatMap(({ measured }) => measured.figures);
  return [
    '# Benchmarks',
    '',
    'Ratios and limits rather than absolute speed: what the platform adds to the work itself, and what it promises',
    'whatever the work is. `npm run bench` measures all of it (fifty minutes) and writes this page and `benchmarks.json`;',
    '`npm run bench -- --only=poll,start` measures some of it anew. `--quick` shows in minutes that everything works and',
    'writes nothing. Load, its sender and the vendor it calls run on the same machine as the engine, which does nothing else.',
    '',
    markdownTable(figures),
    '',
    '## Beside these figures',
    '',
    ...figures.flatMap(besideOf),
    '',
    '## How each figure is made',
    '',
    'Each scenario starts the whole engine (API, worker, Temporal, PostgreSQL, Valkey, Chroma) as processes of their own',
    'on a new folder and free ports, and talks to it by HTTP. Quick runs take a recording of 44 s for the lecture.',
    '',
    done.map(({ scenario, measured }) => howOf(scenario, measured)).join('\n'),
  ].join('\n');
}
