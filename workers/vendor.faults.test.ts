/** A vendor over HTTP that fails in every way, and a worker that is killed while it answers: each call is counted. */
import { startOpenAiServer, type OpenAiServer } from '../activities/providers/__fixtures__/openai-server';
import { media, sampleFile } from '../testing/samples';
import { ended, startTestStack, type TestJob, type TestStack } from '../testing/stack';

const ROUTE = '/v1/audio/transcriptions';

let vendor: OpenAiServer;
let stack: TestStack;

beforeAll(async () => {
  vendor = await startOpenAiServer({ port: 0, transcript: () => SENTENCE });
  stack = await startTestStack({
    STT_PROVIDERS: 'openai,moonshine',
    OPENAI_BASE_URL: vendor.baseUrl,
    OPENAI_TRANSCRIPTION_MODEL: 'whisper-1',
    RETRY_BASE_S: '0.2',
    BREAKER_COOLDOWN_S: '2',
  });
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  await vendor?.close();
}, 60_000);

/** A recording that no other test has sent, so that nothing is in the cache. */
const recording = (times: number, tempo: number) =>
  media(
    [
      ...['-stream_loop', String(times - 1), '-i', sampleFile('two_cities.flac')],
      ...['-af', `atempo=${tempo}`, '-ac', '1', '-ar', '16000'],
    ],
    'flac',
  );

async function start(times: number, tempo: number): Promise<string> {
  const source_id = await stack.api.upload(recording(times, tempo), 'speech.flac');
  return stack.api.start('transcribe', { source_id });
}

const SENTENCE = 'it was the best of times';

const heardByVendor = (job: TestJob): number => String(job.result?.['text']).split(SENTENCE).length - 1;

const received = (): number => vendor.calls()[ROUTE]?.received ?? 0;
const answered = (): number => vendor.calls()[ROUTE]?.answered ?? 0;

/** Ten seconds from somewhere in the recording: one window, and one that no other test has sent. */
async function startOneWindow(from: number): Promise<string> {
  const cut = [
    '-ss',
    String(from),
    '-i',
    sampleFile('two_cities.flac'),
    '-t',
    '10',
    '-ac',
    '1',
    '-ar',
    '16000',
  ];
  const source_id = await stack.api.upload(media(cut, 'flac'), 'short.flac');
  return stack.api.start('transcribe', { source_id });
}

it('asks three times in all when the vendor fails, and then goes to the next provider and says so', async () => {
  vendor.faults({ [ROUTE]: [{ kind: 'status', status: 500 }] });
  const before = received();
  const job = await stack.api.until(await startOneWindow(0), ended);
  expect(job.status).toBe('completed');
  expect(job.warnings.map((warning) => warning.code)).toEqual(['PROVIDER_FALLBACK']);
  expect(received() - before).toBe(3);
}, 120_000);

it('comes back to a vendor that is well again', async () => {
  vendor.faults({});
  const job = await stack.api.until(await startOneWindow(10), ended);
  expect(job).toMatchObject({ status: 'completed', warnings: [] });
  expect(heardByVendor(job)).toBe(1);
}, 120_000);

it.each([
  [
    'a rate limit with its own pause',
    { kind: 'status', status: 429, headers: { 'retry-after': '1' }, times: 2 } as const,
    1.02,
  ],
  ['a reset connection', { kind: 'reset', times: 2 } as const, 1.03],
  ['an answer cut short', { kind: 'truncate', times: 2 } as const, 1.04],
  ['garbage', { kind: 'garbage', times: 2 } as const, 1.05],
])(
  'gets over %s within the three answers',
  async (_name, fault, tempo) => {
    vendor.faults({ [ROUTE]: [fault] });
    const job = await stack.api.until(await start(1, tempo), ended);
    expect(job).toMatchObject({ status: 'completed', warnings: [] });
    expect(job.steps.find((step) => step.name === 'recognise')).toMatchObject({ provider: 'openai' });
  },
  120_000,
);

it('pays no finished window twice when the worker is killed while the vendor answers', async () => {
  vendor.faults({ [ROUTE]: [{ kind: 'delay', ms: 1_500 }] });
  const before = answered();
  const id = await start(6, 1.005);
  await stack.api.until(id, (job) => (job.progress?.percent ?? 0) >= 30);
  process.kill(await stack.pidOf('worker'), 'SIGKILL');
  const job = await stack.api.until(id, ended);
  vendor.faults({});
  expect(job.status).toBe('completed');
  const windows = heardByVendor(job);
  const inFlight = 8;
  expect(windows).toBeGreaterThan(inFlight);
  // Answers that were on their way when the worker died are asked for again; no other one is.
  expect(answered() - before).toBeLessThanOrEqual(windows + inFlight);
}, 180_000);
