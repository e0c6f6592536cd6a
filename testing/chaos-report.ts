/** The chaos table as text: Markdown that reads well in a terminal too. */
import { markdownTable } from './markdown-table';
import type { Bounds } from './chaos-rules';

export interface ReportRow {
  readonly provider: string;
  readonly capability: string;
  readonly fault: string;
  readonly status: string;
  readonly isFailure: boolean;
  /** What follows is absent for a lesson that did not end. */
  readonly by?: string;
  readonly calls?: number;
  readonly most?: number;
  /** Absent where the circuit was not to open. */
  readonly whileOpen?: number;
  readonly lost?: number;
}

/** Of all lessons of a stack. */
export interface Total {
  readonly provider: string;
  readonly capability: string;
  calls: number;
  received: number;
  least: number;
  most: number;
}

const words = (name: string): string => name.replaceAll('_', ' ');

const HEAD = ['provider', 'as', 'fault', 'lesson', 'made by', 'calls', 'most', 'open', 'lost'];

const cellsOf = ({ provider, capability, fault, status, isFailure, ...row }: ReportRow): string[] => [
  ...[provider, words(capability), fault, isFailure ? `**${words(status)}**` : words(status)],
  ...[row.by, row.calls, row.most, row.whileOpen, row.lost?.toFixed(1)].map((cell) => `${cell ?? ''}`),
];

const range = ({ least, most }: Bounds): string => (least === most ? `${least}` : `${least}–${most}`);

const totalOf = (total: Total): string[] => [
  ...[total.provider, words(total.capability), range(total), `${total.calls}`, `${total.received}`],
];

export function renderChaos(rows: readonly ReportRow[], totals: readonly Total[]): string {
  return `# The chaos table

Each vendor failed in nine ways, each time for one lesson, on stacks of real processes; the others answered at once.
\`lesson\` is how the lesson ended, \`made by\` who did the vendor's work in the end; \`calls\` is how often the vendor was
called in all, and \`most\` how often for one piece of work. \`open\` is how often it was called by a further job that came
while its circuit was open. \`lost\` is by how many seconds the lesson was longer than an undisturbed one.
A row is bold if it broke a rule: a lesson fails only where nobody is left to do the work; a vendor answers three times
at most to one piece of work, and once with 401; an open circuit lets nothing through but probes; every call is counted,
by the vendor as by the bill; and what another provider made says instead of whom, and why.

${markdownTable([HEAD, ...rows.map(cellsOf)])}

## All calls of lessons

Of these lessons and the undisturbed ones: what the rules allow, what was called, and what of it reached the vendor.
It is a range where pieces of work were under way side by side when a circuit opened.

${markdownTable([['provider', 'as', 'allowed', 'called', 'reached'], ...totals.map(totalOf)])}

Printed by \`npm run chaos:table\`.
`;
}
