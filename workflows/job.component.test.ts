import { WorkflowFailedError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Activities, DecodedAudio } from '../activities/index';
import { jobStateSchema, type JobState } from '../domain/job';
import { fakeActivities } from '../testing/fake-activities';
import { startWorkflowWorker, type RunningJob, type WorkflowWorker } from '../testing/workflow-worker';

let worker: WorkflowWorker;
let activities: Partial<Activities>;

const plain = fakeActivities();

beforeAll(async () => {
  worker = await startWorkflowWorker({ activities: () => activities });
});

afterAll(() => worker.close());

beforeEach(() => {
  worker.calls.length = 0;
  worker.outcomes.length = 0;
  activities = {};
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A promise that the test settles. */
function held<Value>() {
  let release: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => (release = resolve));
  return { promise, release };
}

const transcribe = (over = {}): Promise<RunningJob> =>
  worker.start('transcribe', { source_id: 'source', quality: 'standard' }, over);

/** Every state that the memo has held, in order. */
async function statesOf({ handle }: RunningJob): Promise<JobState[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const payload = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.['state'];
    return payload ? [defaultPayloadConverter.fromPayload<JobState>(payload)] : [];
  });
}

function expectOneRevisionPerChange(states: readonly JobState[]): void {
  states.slice(1).forEach((state, index) => {
    const { progress: _now, revision, ...facts } = state;
    const { progress: _then, revision: earlier, ...before } = states[index]!;
    const changed = JSON.stringify(facts) !== JSON.stringify(before);
    expect(revision - earlier).toBe(changed ? 1 : 0);
  });
}

const decoded: DecodedAudio = {
  ...{ pcm: 'pcm-blob', duration_s: 15 },
  windows: [
    { start_s: 0, end_s: 5 },
    { start_s: 5, end_s: 15 },
  ],
};

test('the memo tells the job’s state, and its revision rises with every change but a percent', async () => {
  const second = held<void>();
  activities.decodeAudio = async () => decoded;
  activities.recogniseWindow = async (input) => {
    if (input.start_s === 5) await second.promise;
    return plain.recogniseWindow(input);
  };
  const job = await transcribe({ revision: 4 });
  const half = await job.until(({ progress }) => progress?.percent === 33);
  expect(half).toMatchObject({
    ...{ schema: 'job_state/1', run: 1, status: 'running', phase: 'recognise', warnings: [] },
    progress: { done: 5, total: 15, unit: 'seconds of speech', percent: 33 },
    steps: [
      { name: 'decode', status: 'completed', attempts: 1 },
      { name: 'recognise', status: 'running', provider: 'first' },
    ],
  });
  second.release();
  await job.handle.result();

  const states = await statesOf(job);
  for (const state of states) jobStateSchema.parse(state);
  expect(states[0]!.revision).toBeGreaterThan(4 + 1);
  expectOneRevisionPerChange(states);
  const last = states.at(-1)!;
  expect(states.map(({ progress }) => progress?.percent)).toContain(100);
  expect(worker.outcomes[0]!.revision).toBe(last.revision + 1);
  expect(worker.outcomes[0]!.steps).toEqual(last.steps);
});

test('changes of one turn are one revision', async () => {
  activities.decodeAudio = async () => ({ ...decoded, windows: [] });
  const job = await transcribe();
  await job.handle.result();
  const states = await statesOf(job);
  const warned = states.find(({ warnings }) => warnings.length > 0);
  expect(warned).toMatchObject({ warnings: [{ code: 'NO_SPEECH' }], steps: [{ attempts: 1 }] });
  expectOneRevisionPerChange(states);
});

test('a pause is honoured between steps, and a resume goes on', async () => {
  const decoding = held<DecodedAudio>();
  activities.decodeAudio = () => decoding.promise;
  const job = await transcribe();
  await job.until(({ phase }) => phase === 'decode');
  await job.handle.signal('pause');
  await job.handle.signal('pause');
  const paused = await job.until(({ status }) => status === 'paused');
  decoding.release(decoded);
  const waiting = await job.until(({ steps }) => steps[0]?.status === 'completed');
  await sleep(300);
  expect(worker.callsOf('planProviders')).toEqual([]);
  expect(await job.state()).toEqual(waiting);
  expect(waiting.status).toBe('paused');
  expect(waiting.revision).toBeGreaterThan(paused.revision);
  await job.handle.signal('resume');
  await job.handle.result();
  expect(worker.outcomes).toMatchObject([{ status: 'completed' }]);
  const statuses = (await statesOf(job)).map(({ status }) => status);
  expect(statuses.filter((status, at) => status !== statuses[at - 1])).toEqual([
    'running',
    'paused',
    'running',
  ]);
});

test('a paused job can be cancelled', async () => {
  const decoding = held<DecodedAudio>();
  activities.decodeAudio = () => decoding.promise;
  const job = await transcribe();
  await job.until(({ phase }) => phase === 'decode');
  await job.handle.signal('pause');
  decoding.release(decoded);
  await job.until(({ steps }) => steps[0]?.status === 'completed');
  await job.handle.cancel();
  await expect(job.handle.result()).rejects.toThrow(WorkflowFailedError);
  expect(worker.outcomes).toMatchObject([{ status: 'cancelled', steps: [{ status: 'completed' }] }]);
});

test('a job that is cancelled before its first step is cancelled, too', async () => {
  const marking = held<void>();
  activities.markRunning = () => marking.promise;
  const job = await transcribe();
  await job.handle.cancel();
  await sleep(200);
  marking.release();
  await expect(job.handle.result()).rejects.toThrow(WorkflowFailedError);
  expect(worker.outcomes).toMatchObject([{ status: 'cancelled', steps: [], phase: null, error: null }]);
  expect(worker.callsOf('decodeAudio')).toEqual([]);
});

test('says that it runs before it does anything', async () => {
  const job = await transcribe({ run: 3 });
  await job.handle.result();
  expect(worker.calls[0]).toEqual({
    name: 'markRunning',
    input: { job_id: job.handle.workflowId, run: 3 },
  });
  expect(worker.calls.at(-1)?.name).toBe('recordOutcome');
});

test('a bug of ours is no failure of the job: the task is tried again until it is mended', async () => {
  activities.decodeAudio = async () => ({ pcm: 'pcm-blob', duration_s: 1 }) as DecodedAudio;
  const job = await transcribe();
  const failedTasks = async () => {
    const { events } = await job.handle.fetchHistory();
    return (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length;
  };
  while ((await failedTasks()) === 0) await sleep(50);
  await sleep(300);
  expect((await job.handle.describe()).status.name).toBe('RUNNING');
  expect(worker.outcomes).toEqual([]);
  await job.handle.terminate();
});
