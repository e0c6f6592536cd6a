/** `npm run bench [-- --quick] [-- --only=poll,start]`: one table; exit code 1 where a bar is missed. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { boot } from './boot';
import { cancel } from './cancel';
import { embeddings } from './embeddings';
import { film } from './film';
import { length } from './length';
import { memory } from './memory';
import { readOptions } from './options';
import { peer } from './peer';
import { pipeline } from './pipeline';
import { poll } from './poll';
import { markdownReport } from './report';
import type { Figure, Scenario, Settings } from './scenario';
import { speech } from './speech';
import { start } from './start';
import { plainTable } from './table';

const SCENARIOS: readonly Scenario[] = [
  ...[pipeline, speech, peer, embeddings, film],
  ...[length, poll, start, cancel, boot, memory],
];

/** Where it was called: npm runs scripts in the folder of package.json. */
const TARGET = path.resolve('docs', 'benchmarks.md');

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A scenario that breaks is a bar that is not held. */
async function figuresOf(scenario: Scenario, settings: Settings): Promise<Figure[]> {
  say(`${scenario.name} …`);
  try {
    return await scenario.run(settings);
  } catch (error) {
    const beside = error instanceof Error ? error.message : String(error);
    return [{ what: scenario.title, measured: 'failed', bar: '–', held: false, beside }];
  }
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const { quick, only } = readOptions(
    args,
    SCENARIOS.map(({ name }) => name),
  );
  const scenarios = SCENARIOS.filter(({ name }) => only.length === 0 || only.includes(name));
  const figures: Figure[] = [];
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  await mkdir(path.dirname(TARGET), { recursive: true });
  for (const scenario of scenarios) {
    figures.push(...(await figuresOf(scenario, { quick, say })));
    // After each one: a run that is cut short leaves what it has.
    if (only.length === 0) await writeFile(TARGET, markdownReport({ command, quick, figures, scenarios }));
  }
  process.stdout.write(`\n${plainTable(figures)}\n`);
  return figures.every(({ held }) => held) ? 0 : 1;
}

// A signal alone would leave an engine behind: what is started ends with this program's exit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
