import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { StepError } from '../activities/failures';
import type { Activities } from '../activities/index';
import { startWorkflowWorker, type WorkflowWorker } from '../testing/workflow-worker';

let worker: WorkflowWorker;
/** What this test's window recognition does. */
let recogniseWindow: Activities['recogniseWindow'];
let decodeAudio: Activities['decodeAudio'];

const WINDOWS = Array.from({ length: 12 }, (_window, at) => ({ start_s: at * 5, end_s: at * 5 + 5 }));

beforeAll(async () => {
  worker = await startWorkflowWorker({
    activities: () => ({ recogniseWindow, decodeAudio }),
  });
});

afterAll(() => worker.close());

beforeEach(() => {
  worker.calls.length = 0;
  worker.outcomes.length = 0;
  recogniseWindow = async ({ start_s }) => ({ blob: `said-${start_s}`, language: 'de' });
  decodeAudio = async () => ({ pcm: 'pcm-blob', duration_s: 60, windows: WINDOWS });
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Runs until the job is cancelled, as a real engine does. */
const hang = () => Context.current().cancelled;

test('recognises the first window alone, then the rest side by side in its language, and merges in order', async () => {
  let running = 0;
  let most = 0;
  recogniseWindow = async ({ start_s }) => {
    most = Math.max(most, (running += 1));
    await sleep(start_s === 5 ? 600 : 300);
    running -= 1;
    return { blob: `said-${start_s}`, language: start_s === 0 ? 'de' : 'nl' };
  };
  const job = await worker.start('transcribe', { source_id: 'source', quality: 'standard', force: false });
  expect(await job.handle.result()).toEqual({
    ...{
      transcription_id: '3b241101-e2bb-4255-8caf-4136c566a962',
      language: 'de',
      duration_s: 60,
      words: 12,
    },
    ...{ provider: 'first', model: 'first-1', quality: 'standard', disclosure: null },
  });
  const asked = worker.callsOf('recogniseWindow');
  expect(asked[0]).toEqual({
    ...{ owner_id: 'owner', fresh_for: null, pcm: 'pcm-blob', start_s: 0, end_s: 5 },
    ...{ provider: 'first', answers: 0 },
  });
  expect(asked.slice(1).map((input) => input['language'])).toEqual(Array(11).fill('de'));
  expect(most).toBe(8);
  const [merged] = worker.callsOf('saveTranscript');
  expect(merged).toMatchObject({ provider: 'first', model: 'first-1', quality: 'standard' });
  expect(merged!['windows']).toEqual(
    WINDOWS.map((window) => ({
      ...window,
      blob: `said-${window.start_s}`,
      language: window.start_s === 0 ? 'de' : 'nl',
    })),
  );
  expect(worker.outcomes).toHaveLength(1);
  expect(worker.outcomes[0]).toMatchObject({
    ...{ status: 'completed', run: 1, error: null, warnings: [], phase: 'merge' },
    steps: [
      { name: 'decode', status: 'completed', attempts: 1, provider: null },
      { name: 'recognise', status: 'completed', attempts: 1, provider: 'first', quality: 'standard' },
      { name: 'merge', status: 'completed', attempts: 1, provider: 'first', quality: 'standard' },
    ],
  });
});

test('takes the language that was asked for, and makes everything anew when told to', async () => {
  const input = { source_id: 'source', language: 'fr', quality: 'fast', force: true };
  const job = await worker.start('transcribe', input, { run: 2 });
  await job.handle.result();
  for (const asked of worker.callsOf('recogniseWindow')) {
    expect(asked).toMatchObject({ language: 'fr', fresh_for: `${job.handle.workflowId}:2` });
  }
  expect(worker.callsOf('planProviders')).toEqual([
    { capability: 'transcriber', quality: 'fast', language: 'fr', job_id: expect.any(String) },
  ]);
});

test('silence is a transcript without words, and a warning', async () => {
  decodeAudio = async () => ({ pcm: 'pcm-blob', duration_s: 60, windows: [] });
  const job = await worker.start('transcribe', { source_id: 'source', quality: 'standard' });
  expect(await job.handle.result()).toMatchObject({ words: 0 });
  expect(worker.outcomes).toMatchObject([{ status: 'completed', warnings: [{ code: 'NO_SPEECH' }] }]);
  expect(worker.callsOf('recogniseWindow')).toEqual([]);
});

test('an input that cannot be worked on fails the job with its cure', async () => {
  decodeAudio = () => Promise.reject(new StepError('NO_AUDIO_TRACK', 'no sound in it', 'take another'));
  const job = await worker.start('transcribe', { source_id: 'source', quality: 'standard' });
  await expect(job.handle.result()).rejects.toThrow(WorkflowFailedError);
  expect(worker.callsOf('decodeAudio')).toHaveLength(1);
  expect(worker.outcomes).toMatchObject([
    {
      ...{ status: 'failed', result: null },
      error: {
        ...{ code: 'NO_AUDIO_TRACK', message: 'no sound in it', hint: 'take another', step: 'decode' },
        ...{ provider: null, retryable: false },
      },
      steps: [{ name: 'decode', status: 'failed' }],
    },
  ]);
});

test('a failed window starts no further one', async () => {
  recogniseWindow = async ({ start_s }) => {
    if (start_s > 5) await sleep(300);
    if (start_s === 5) throw new StepError('BROKEN', 'this one not');
    return { blob: `said-${start_s}`, language: 'de' };
  };
  const job = await worker.start('transcribe', { source_id: 'source', quality: 'standard' });
  await expect(job.handle.result()).rejects.toThrow(WorkflowFailedError);
  await sleep(500);
  expect(worker.callsOf('recogniseWindow')).toHaveLength(9);
  expect(worker.outcomes).toMatchObject([{ status: 'failed', error: { code: 'BROKEN', step: 'recognise' } }]);
});

test('a crash of ours is tried again and shows as attempts', async () => {
  let crashes = 0;
  decodeAudio = async () => {
    crashes += 1;
    if (crashes === 1) throw new Error('disk away');
    return { pcm: 'pcm-blob', duration_s: 60, windows: WINDOWS };
  };
  const job = await worker.start('transcribe', { source_id: 'source', quality: 'standard' });
  await job.handle.result();
  expect(worker.outcomes[0]).toMatchObject({ status: 'completed', steps: [{ attempts: 2 }, {}, {}] });
});

test('a cancel in the middle is recorded once, and nothing overwrites it', async () => {
  const ended: number[] = [];
  recogniseWindow = async ({ start_s }) => {
    if (start_s === 0) return { blob: 'said-0', language: 'de' };
    await hang().finally(() => ended.push(start_s));
    return { blob: 'never', language: 'de' };
  };
  const job = await worker.start('transcribe', { source_id: 'source', quality: 'standard' });
  await job.until(() => worker.callsOf('recogniseWindow').length === 9);
  const began = Date.now();
  await job.handle.cancel();
  const failed = await job.handle.result().catch((error: unknown) => error);
  expect((failed as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  expect(Date.now() - began).toBeLessThan(5_000);
  await sleep(500);
  // The engines were let go of, all eight, before the job said that it is cancelled.
  expect(ended).toHaveLength(8);
  expect(worker.outcomes).toMatchObject([
    {
      ...{ status: 'cancelled', error: null, result: null },
      steps: [
        { name: 'decode', status: 'completed' },
        { name: 'recognise', status: 'cancelled' },
      ],
    },
  ]);
  expect(worker.callsOf('saveTranscript')).toEqual([]);
});

test('a long recording goes on in a new history, without hearing a window twice', async () => {
  const many = Array.from({ length: 700 }, (_window, at) => ({ start_s: at * 5, end_s: at * 5 + 5 }));
  decodeAudio = async () => ({ pcm: 'pcm-blob', duration_s: 3_500, windows: many });
  const job = await worker.start('transcribe', { source_id: 'source', quality: 'standard', force: false });
  const first = (await job.handle.describe()).runId;
  await job.handle.result();
  const last = await job.handle.describe();
  expect(last.runId).not.toBe(first);
  expect(last.memo).toMatchObject({ run: 1, state: { steps: Array(3).fill({ status: 'completed' }) } });
  expect(last.historyLength).toBeLessThan(2_500);
  expect((await worker.handleOf(last.workflowId, first).describe()).historyLength).toBeLessThan(2_500);

  const asked = worker.callsOf('recogniseWindow').map(({ start_s }) => start_s);
  expect(new Set(asked).size).toBe(700);
  expect(asked).toHaveLength(700);
  expect(worker.callsOf('decodeAudio')).toHaveLength(1);
  const [saved] = worker.callsOf('saveTranscript');
  expect((saved!['windows'] as { start_s: number }[]).map(({ start_s }) => start_s)).toEqual(
    many.map(({ start_s }) => start_s),
  );
  expect(worker.outcomes).toMatchObject([{ status: 'completed', warnings: [] }]);
  expect(worker.outcomes[0]!.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
    ...['decode completed', 'recognise completed', 'merge completed'],
  ]);
}, 120_000);
