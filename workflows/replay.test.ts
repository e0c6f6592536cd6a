/** Recorded histories run through today's code: what is under way when a worker is replaced must go on. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { mergeCoverage, quietRuntime, testSinks, workflowBundle } from '../testing/workflow-worker';
import { contracts } from './contracts';

const FOLDER = path.join(__dirname, '__histories__');
const files = readdirSync(FOLDER);

const read = (file: string): string => readFileSync(path.join(FOLDER, file), 'utf8');

let workflowBundleAt: { codePath: string };

beforeAll(async () => {
  quietRuntime();
  workflowBundleAt = await workflowBundle();
});

afterAll(mergeCoverage);

/** The workflow's id is the job's, and stands in its input. */
function jobIdOf(history: string): string {
  const { events } = JSON.parse(history) as {
    events: {
      workflowExecutionStartedEventAttributes?: { input: { payloads: { data: string }[] } };
    }[];
  };
  const [payload] = events[0]!.workflowExecutionStartedEventAttributes!.input.payloads;
  return (JSON.parse(Buffer.from(payload!.data, 'base64').toString()) as { job_id: string }).job_id;
}

const replay = (history: string): Promise<void> =>
  Worker.runReplayHistory(
    { workflowBundle: workflowBundleAt, ...testSinks(true) },
    JSON.parse(history),
    jobIdOf(history),
  );

test('every job type has a history', () => {
  const types = new Set(files.map((file) => file.replace(/(-\d+)?\.json$/, '')));
  expect([...types].sort()).toEqual(Object.keys(contracts).sort());
});

test.each(files)('%s runs on', async (file) => {
  await replay(read(file));
});

test('a history that does not fit is found out', async () => {
  const other = read('transcribe.json').replaceAll('"saveTranscript"', '"somethingElse"');
  await expect(replay(other)).rejects.toThrow('Nondeterminism');
});
