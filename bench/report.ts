/** `docs/benchmarks.md`: the table, the command, the machine, and how each figure is made. */
import os from 'node:os';
import type { Figure, Scenario } from './scenario';
import { markdownTable } from './table';

export interface Report {
  readonly command: string;
  readonly quick: boolean;
  readonly figures: readonly Figure[];
  readonly scenarios: readonly Scenario[];
}

const QUICK =
  'This was a **quick** run (short loads, few rounds), on a machine that did other work too: the figures are rough.';

const machine = (): string =>
  [
    `${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${(os.totalmem() / 2 ** 30).toFixed(0)} GB of memory, ${os.type()} ${os.arch()}, Node ${process.versions.node}`,
  ].join(', ');

export function markdownReport({ command, quick, figures, scenarios }: Report): string {
  const beside = figures.flatMap(({ what, beside: more }) => (more ? [`- **${what}**: ${more}.`] : []));
  const how = scenarios.map(({ name, title, how: made }) => `### ${title} (\`${name}\`)\n\n${made}\n`);
  return [
    '# Benchmarks',
    '',
    'Ratios and limits rather than absolute speed: what the platform adds to the work itself, and what it promises',
    'whatever the work is. This file is written by the command below.',
    '',
    markdownTable(figures),
    '',
    '```',
    command,
    '```',
    '',
    ...(quick ? [QUICK, ''] : []),
    `Machine: ${machine()}; everything on it, the senders of the load included.`,
    '',
    '## Beside these figures',
    '',
    ...beside,
    '',
    '## How each figure is made',
    '',
    'Each scenario starts the whole engine (API, worker, Temporal, PostgreSQL, Valkey, Chroma) as processes of their own',
    'on a new folder and free ports, and talks to it by HTTP. `--quick` makes loads shorter and rounds fewer, `--only=` with',
    'names from below runs these alone and leaves this file as it is. Quick runs take a recording of 44 s for the lecture.',
    '',
    how.join('\n'),
  ].join('\n');
}
