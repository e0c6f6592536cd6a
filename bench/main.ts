/** `npm run bench [-- --quick] [-- --only=poll,start]`: one table; exit code 1 where a bar is missed. */
import { boot } from './boot';
import { cancel } from './cancel';
import { embeddings } from './embeddings';
import { film } from './film';
import { length } from './length';
import { memory } from './memory';
import { middleware } from './middleware';
import { readOptions } from './options';
import { peer } from './peer';
import { crud } from './crud';
import { pipeline } from './pipeline';
import { poll } from './poll';
import { keepMeasured } from './report';
import type { Figure, Scenario, Settings } from './scenario';
import { speech } from './speech';
import { start } from './start';
import { plainTable } from './table';
import { waits } from './waits';

const SCENARIOS: readonly Scenario[] = [
  ...[pipeline, speech, peer, embeddings, film],
  ...[length, poll, start, crud, middleware, waits, cancel, boot, memory],
];

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
  const { quick, only } = readOptions(
    process.argv.slice(2),
    SCENARIOS.map(({ name }) => name),
  );
  const scenarios = SCENARIOS.filter(({ name }) => only.length === 0 || only.includes(name));
  const figures: Figure[] = [];
  for (const scenario of scenarios) {
    const measured = await figuresOf(scenario, { quick, say });
    figures.push(...measured);
    // After each one: a run that is cut short leaves what it has. Rough figures are not kept.
    if (!quick) await keepMeasured(SCENARIOS, scenario, measured);
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
