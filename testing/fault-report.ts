/** The fault table as text: Markdown that reads well in a terminal too. */
import { markdownTable } from './markdown-table';
import type { Undisturbed } from './fault-cells';

export interface Outcome {
  readonly seconds?: number;
  readonly during?: boolean;
  /** Absent when all went well. */
  readonly failure?: string;
}

export interface FaultTable {
  readonly steps: readonly string[];
  readonly parts: readonly string[];
  /** By `<step> <part>`. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly healthy: Undisturbed | undefined;
}

function cellOf(outcome: Outcome | undefined): string {
  if (!outcome) return '';
  if (outcome.failure) return `**${outcome.failure}**`;
  return `${outcome.seconds?.toFixed(1)}${outcome.during ? '' : '*'}`;
}

export function renderTable({ steps, parts, outcomes, healthy }: FaultTable): string {
  const rows = steps.map((step) => [step, ...parts.map((part) => cellOf(outcomes.get(`${step} ${part}`)))]);
  const unharmed = healthy ? `An undisturbed lesson took ${healthy.seconds.toFixed(1)} s in all.` : '';
  return `# The fault table

Each part was killed (\`kill -9\`) while each step of a lesson ran. Cells are seconds from the kill to the job's end;
\`*\` marks a step that was over before it could be seen, so that the kill came right after it.
A cell has a number only if the lesson ended with the status, warnings, steps, artifacts, rows and vectors
of an undisturbed one, and no finished result was made again.
${unharmed}

${markdownTable([['step', ...parts], ...rows])}

Printed by \`npm run faults:table\`.
`;
}
