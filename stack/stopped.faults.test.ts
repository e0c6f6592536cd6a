/** A lesson stopped from outside, on real processes: cancelled in each step, terminated in Temporal, paused for long. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLesson } from '../testing/fault-cells';
import { partialBlobs, stepFolders } from '../testing/leftovers';
import { ask, countMadeResults, madeAgain, type MadeResults } from '../testing/made-results';
import { media, sampleFile } from '../testing/samples';
import { busy, descendants, ended, startTestStack, type TestJob, type TestStack } from '../testing/stack';
import { LESSON_STEPS, watchSteps, type LessonStep, type StepWatch } from '../testing/step-watch';

/** Seconds; an attempt gets ten more before it is taken for one that hangs. */
const STEP_TIMEOUT_S = 2;
const LONGER_THAN_A_STEP_MS = (STEP_TIMEOUT_S + 12) * 1000;

const STEPS = Object.keys(LESSON_STEPS) as LessonStep[];

let temporary: string;
let stack: TestStack;
let watch: StepWatch;
let made: MadeResults;

beforeAll(async () => {
  temporary = await mkdtemp(path.join(os.tmpdir(), 'faults-'));
  const quick = { WHISPER_MODEL: 'tiny.en', STEP_TIMEOUT_S: String(STEP_TIMEOUT_S) };
  stack = await startTestStack({ ...quick, TMPDIR: temporary });
  watch = await watchSteps(stack.urls.temporal);
  made = await countMadeResults(stack.urls.database);
}, 120_000);

afterAll(async () => {
  await watch?.close();
  await stack?.stop();
  await rm(temporary, { recursive: true, force: true });
}, 60_000);

/** Twenty seconds of the recording; another beginning is another recording, of which nothing is in the cache. */
const cut = (from: number): Buffer =>
  media(
    ['-ss', String(from), '-i', sampleFile('two_cities.flac'), '-t', '20', '-ac', '1', '-ar', '16000'],
    'flac',
  );

/** Finished steps are kept, so that what was done before is not done again. */
const start = (bytes: Buffer) => startLesson(stack, bytes, { force: false });

const artifactsOf = async (job_id: string): Promise<number> =>
  (await ask(stack.urls.database, 'SELECT 1 FROM artifacts WHERE job_id = $1', [job_id])).length;

const foldersOfSteps = async (): Promise<string[]> =>
  (await stepFolders(temporary)).filter((name) => name !== path.basename(stack.data_dir));

/** Processes that compute, folders of steps, and files half-written. */
const goingOn = async () => [
  ...(await busy(descendants(await stack.pidOf('worker')))),
  ...(await foldersOfSteps()),
  ...(await partialBlobs(stack.data_dir)),
];

async function expectNothingGoesOn(job_id: string, deadline: number): Promise<void> {
  // Of several calls side by side the last ones hear of it a second after the job's end.
  while ((await goingOn()).length > 0 && Date.now() < deadline) await sleep(100);
  expect(await goingOn()).toEqual([]);
  const artifacts = await artifactsOf(job_id);
  await sleep(2_000);
  expect(await stack.api.job(job_id)).toMatchObject({ status: 'cancelled', error: null, result: null });
  expect(await artifactsOf(job_id)).toBe(artifacts);
}

// The lessons are of one recording: each finds in the cache what the ones before it came to.
it.each(STEPS)(
  'is cancelled within five seconds in the step %s, and nothing goes on or stays behind',
  async (step) => {
    const { api } = stack;
    const { job_id } = await start(cut(0));
    await watch.untilRunning(job_id, step);
    const began = Date.now();
    const answer = await api.call('POST', `/api/jobs/${job_id}/cancel`);
    const job = await api.until(job_id, ended, 10);
    // The last step may be over first; the job has then ended as it should.
    if (step === 'video' && answer.status === 409) return expect(job.status).toMatch(/^completed/);
    expect(answer.status).toBe(202);
    expect(Date.now() - began).toBeLessThanOrEqual(5_000);
    expect(job).toMatchObject({ status: 'cancelled', error: null, result: null });
    await expectNothingGoesOn(job_id, began + 5_000);
  },
  120_000,
);

/** As an undisturbed lesson ends. */
const endedWell = ({ status, error }: TestJob): boolean => status.startsWith('completed') && error === null;

it('settles a lesson that was terminated in Temporal, and a retry makes nothing again', async () => {
  const { api } = stack;
  const last = await made.last();
  const { job_id } = await start(cut(10));
  expect(await watch.untilRunning(job_id, 'embed')).toBe(true);
  await watch.client.workflow.getHandle(job_id).terminate('by hand');
  const terminated = await api.until(job_id, ended, 30);
  const error = { code: 'TERMINATED', retryable: true, hint: 'Retry the job: finished steps are kept' };
  expect(terminated).toMatchObject({ status: 'failed', error, result: null });
  expect((await api.call('POST', `/api/jobs/${job_id}/retry`)).status).toBe(202);
  expect(endedWell(await api.until(job_id, ended))).toBe(true);
  const notes = await made.after(last);
  expect(madeAgain(notes)).toEqual([]);
  expect(notes.filter(({ step, what }) => step === 'decodeAudio' && what === 'kept')).toHaveLength(1);
}, 120_000);

it('goes on after a pause that is longer than a step may take', async () => {
  const { api } = stack;
  const { job_id } = await start(cut(20));
  expect(await watch.untilRunning(job_id, 'recognise')).toBe(true);
  expect((await api.call('POST', `/api/jobs/${job_id}/pause`)).status).toBe(202);
  const at = (job: TestJob) => job.steps.map(({ name, status }) => `${name} ${status}`);
  const beforeMerge = ['decode completed', 'recognise completed'];
  await api.until(job_id, (job) => at(job).join() === beforeMerge.join(), 30);
  await sleep(LONGER_THAN_A_STEP_MS);
  const paused = await api.job(job_id);
  expect(paused.status).toBe('paused');
  expect(at(paused)).toEqual(beforeMerge);
  expect((await api.call('POST', `/api/jobs/${job_id}/resume`)).status).toBe(202);
  const job = await api.until(job_id, ended);
  expect(endedWell(job)).toBe(true);
  expect(job.warnings.map(({ code }) => code)).not.toContain('STEP_TIMED_OUT');
}, 120_000);
