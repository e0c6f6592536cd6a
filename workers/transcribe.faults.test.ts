/** The human recording on the real path (API, Temporal, Whisper) while processes are killed and jobs cancelled. */
import { Client, Connection } from '@temporalio/client';
import { media, sample, sampleFile, wordError } from '../testing/samples';
import { busy, descendants, ended, startTestStack, type TestStack } from '../testing/stack';

interface Done {
  readonly id: string;
  readonly at: number;
}

let stack: TestStack;
let temporal: Client;

beforeAll(async () => {
  stack = await startTestStack();
  temporal = new Client({ connection: await Connection.connect({ address: stack.urls.temporal }) });
}, 120_000);

afterAll(async () => {
  await temporal?.connection.close();
  await stack?.stop();
}, 60_000);

/** Two minutes and more, so that there is a middle to kill in. */
const longRecording = (times: number) =>
  media(
    ['-stream_loop', String(times - 1), '-i', sampleFile('two_cities.flac'), '-ac', '1', '-ar', '16000'],
    'flac',
  );

/** Windows whose recognition Temporal's history says is complete. */
async function finishedWindows(job_id: string): Promise<Done[]> {
  const { events } = await temporal.workflow.getHandle(job_id).fetchHistory();
  const scheduled = new Set<string>();
  const done: Done[] = [];
  for (const event of events ?? []) {
    const started = event.activityTaskScheduledEventAttributes;
    if (started?.activityType?.name === 'recogniseWindow') scheduled.add(String(event.eventId));
    const id = String(event.activityTaskCompletedEventAttributes?.scheduledEventId);
    if (scheduled.has(id)) done.push({ id, at: Number(event.eventTime?.seconds) });
  }
  return done;
}

const countTranscribed = (job: { progress: { percent: number } | null }): number =>
  job.progress?.percent ?? 0;

it('transcribes the human recording word for word', async () => {
  const { api } = stack;
  const source_id = await api.upload(await sample('two_cities.flac'), 'two_cities.flac');
  const job = await api.until(await api.start('transcribe', { source_id }), ended);
  expect(job).toMatchObject({ status: 'completed', error: null, warnings: [] });
  const reference = (await sample('two_cities.txt')).toString('utf8');
  expect(wordError(reference, String(job.result?.['text']))).toBeLessThanOrEqual(0.05);
});

it('costs no finished window when the worker is killed in the middle', async () => {
  const { api } = stack;
  const source_id = await api.upload(longRecording(4), 'long.flac');
  const id = await api.start('transcribe', { source_id });
  await api.until(id, (job) => countTranscribed(job) >= 30);
  const before = await finishedWindows(id);
  process.kill(await stack.pidOf('worker'), 'SIGKILL');
  const job = await api.until(id, ended);
  expect(job).toMatchObject({ status: 'completed', error: null });
  const after = await finishedWindows(id);
  expect(before.length).toBeGreaterThanOrEqual(3);
  expect(after.length).toBeGreaterThan(before.length);
  // Finished is finished: the same completions stand in the history, once each.
  expect(after.slice(0, before.length)).toEqual(before);
  expect(new Set(after.map((window) => window.id)).size).toBe(after.length);
  expect(job.artifacts.map((artifact) => artifact.kind).sort()).toEqual([
    'captions_srt',
    'captions_vtt',
    'transcript',
    'transcript_text',
  ]);
}, 180_000);

it('finds every step in the cache when the same recording comes again', async () => {
  const { api } = stack;
  const source_id = await api.upload(longRecording(4), 'again.flac');
  const began = Date.now();
  const job = await api.until(await api.start('transcribe', { source_id }), ended);
  const anew = Date.now() - began;
  expect(job.status).toBe('completed');
  // Three minutes of speech take a quarter of a minute to recognise; reading them back takes a moment.
  expect(anew).toBeLessThan(5_000);
}, 60_000);

it('cancels within five seconds, and no engine works on', async () => {
  const { api } = stack;
  const source_id = await api.upload(longRecording(5), 'cancelled.flac');
  const id = await api.start('transcribe', { source_id });
  await api.until(id, (job) => job.phase === 'recognise' && countTranscribed(job) > 0);
  const worker = await stack.pidOf('worker');
  expect(await busy(descendants(worker))).not.toEqual([]);
  const began = Date.now();
  expect((await api.call('POST', `/api/jobs/${id}/cancel`)).status).toBe(202);
  const job = await api.until(id, ended, 6);
  expect(Date.now() - began).toBeLessThanOrEqual(5_000);
  expect(job).toMatchObject({ status: 'cancelled', error: null });
  expect(await busy(descendants(worker))).toEqual([]);

  const retried = await api.call('POST', `/api/jobs/${id}/retry`);
  expect(retried.status).toBe(202);
  expect(await api.until(id, ended)).toMatchObject({ status: 'completed' });
}, 180_000);
