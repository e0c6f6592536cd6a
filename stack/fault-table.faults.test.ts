/**
 * The fault table: each part of the engine killed (SIGKILL) while each step of a lesson runs. The lesson must end as
 * an undisturbed one does, leave the same rows, files and vectors, and make nothing again that was finished.
 * One row or one cell: `npm run test:faults -- -t "embed"`, `… -t "worker is killed during embed"`.
 */
import { writeFile } from 'node:fs/promises';
import { startFaultStack, type Cell, type FaultStack, type Undisturbed } from '../testing/fault-cells';
import { renderTable, type Outcome } from '../testing/fault-report';
import { LESSON_STEPS, type LessonStep } from '../testing/step-watch';
import type { PartName } from './part';

const STEPS = Object.keys(LESSON_STEPS) as LessonStep[];
const PARTS: readonly PartName[] = ['worker', 'api', 'chroma', 'database', 'redis', 'temporal'];

const outcomes = new Map<string, Outcome>();
let faults: FaultStack;
let healthy: Undisturbed;

beforeAll(async () => {
  faults = await startFaultStack();
  await faults.undisturbed(); // loads the models
  healthy = await faults.undisturbed();
}, 180_000);

afterAll(async () => {
  await faults?.stop();
  const table = renderTable({ steps: STEPS, parts: PARTS, outcomes, healthy });
  process.stdout.write(`\n${table}\n`);
  const file = process.env['FAULT_TABLE'];
  if (file) await writeFile(file, table);
}, 60_000);

/** Notes how it went, whatever becomes of it. */
async function run(part: PartName, step: LessonStep): Promise<Cell> {
  const note = (outcome: Outcome) => outcomes.set(`${step} ${part}`, outcome);
  try {
    const cell = await faults.cell(part, step);
    note({ failure: 'other traces' });
    return cell;
  } catch (error) {
    note({ failure: 'did not end' });
    throw error;
  }
}

describe.each(STEPS)('%s', (step) => {
  it.each(PARTS)(
    `ends as if nothing had been when the %s is killed during ${step}`,
    async (part) => {
      const { traces, made_again, seconds, during, begun_twice } = await run(part, step);
      expect(traces).toEqual(healthy.traces);
      expect(made_again).toEqual([]);
      // Only what dies with its worker is begun once more.
      if (part !== 'worker') expect(begun_twice).toEqual([]);
      outcomes.set(`${step} ${part}`, { seconds, during });
    },
    180_000,
  );
});
