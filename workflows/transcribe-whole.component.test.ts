/** A vendor that takes whole recordings: begun once, asked now and then, left with nothing. */
import { CircuitOpenError, ProviderError } from '../activities/providers/error';
import type { Activities } from '../activities/index';
import { fakeActivities, planned, TWO_PROVIDERS } from '../testing/fake-activities';
import { startWorkflowWorker, type WorkflowWorker } from '../testing/workflow-worker';

let worker: WorkflowWorker;
let activities: Partial<Activities>;

beforeAll(async () => {
  worker = await startWorkflowWorker({ activities: () => activities });
});
afterAll(() => worker.close());

const plain = fakeActivities();
const first = { ...planned('first'), batch_from_s: 10 };

beforeEach(() => {
  worker.calls.length = 0;
  worker.outcomes.length = 0;
  activities = {
    planProviders: async () => ({ ...TWO_PROVIDERS, providers: [first, planned('second')] }),
  };
});

const start = () => worker.start('transcribe', { source_id: 'source', quality: 'standard', force: false });
const rejected = (provider: string) =>
  new ProviderError(`${provider}: no`, { provider, code: 'FORBIDDEN', transient: false });
const windowsOf = () => worker.callsOf('saveTranscript')[0]?.['windows'];
const inWindows = [0, 5, 10].map((start_s) => expect.objectContaining({ start_s, blob: `said-${start_s}` }));
const warnings = () => worker.outcomes[0]!.warnings.map(({ code, message }) => `${code} ${message}`);

test('is handed the recording, asked until it is done, and rid of it', async () => {
  let looks = 0;
  activities.collectTranscription = async () =>
    (looks += 1) < 3 ? { blob: null, language: null } : { blob: 'said-whole', language: 'de' };
  await (await start()).handle.result();
  expect(worker.callsOf('submitTranscription')).toMatchObject([{ provider: 'first', pcm: 'pcm-blob' }]);
  expect(worker.callsOf('collectTranscription').map(({ id }) => id)).toEqual(Array(3).fill('batch-1'));
  expect(worker.callsOf('discardTranscription')).toEqual([{ provider: 'first', id: 'batch-1' }]);
  expect(worker.callsOf('recogniseWindow')).toEqual([]);
  expect(windowsOf()).toEqual([{ start_s: 0, end_s: 15, blob: 'said-whole', language: 'de' }]);
  expect(worker.outcomes).toMatchObject([{ status: 'completed', warnings: [] }]);
});

test('a vendor that is away, or held, while it works is asked again later: the work is paid', async () => {
  const away = [
    new CircuitOpenError('first', 0.05, 'paused by an operator: lunch'),
    new ProviderError('first: HTTP 503', { provider: 'first', code: 'UNAVAILABLE', transient: true }),
  ];
  activities.collectTranscription = async () => {
    const error = away[0];
    if (error instanceof CircuitOpenError || worker.callsOf('collectTranscription').length === 4)
      away.shift();
    if (error) throw error;
    return { blob: 'said-whole', language: 'de' };
  };
  await (await start()).handle.result();
  expect(windowsOf()).toMatchObject([{ blob: 'said-whole' }]);
  expect(worker.callsOf('collectTranscription')).toHaveLength(5);
  expect(worker.outcomes).toMatchObject([{ status: 'completed', warnings: [] }]);
});

test('a silent recording is handed to nobody', async () => {
  activities.decodeAudio = async (input) => ({ ...(await plain.decodeAudio(input)), windows: [] });
  await (await start()).handle.result();
  expect(worker.callsOf('submitTranscription')).toEqual([]);
});

test('what was heard before needs nobody', async () => {
  activities.submitTranscription = async () => ({
    ...{ id: null, blob: 'said-before', language: 'fr', look_every_s: 0.05 },
  });
  await (await start()).handle.result();
  expect(worker.callsOf('collectTranscription')).toEqual([]);
  expect(windowsOf()).toMatchObject([{ blob: 'said-before' }]);
});

test.each<[string, Partial<Activities>, number]>([
  ['refuses it', { submitTranscription: () => Promise.reject(rejected('first')) }, 0],
  ['fails at it', { collectTranscription: () => Promise.reject(rejected('first')) }, 1],
])('one that %s hears it window by window, and the job says why', async (_what, over, discarded) => {
  activities = { ...activities, ...over };
  await (await start()).handle.result();
  expect(windowsOf()).toEqual(inWindows);
  expect(warnings()).toEqual(['BATCH_FAILED first: no: heard window by window']);
  expect(worker.callsOf('discardTranscription')).toHaveLength(discarded);
});

test('blobs that nobody can fetch from elsewhere are heard window by window, without a word', async () => {
  activities.submitTranscription = async () => ({
    ...{ id: null, blob: null, language: null, look_every_s: 0.05 },
  });
  await (await start()).handle.result();
  expect([windowsOf(), warnings()]).toEqual([inWindows, []]);
});

test('a short recording is not worth while', async () => {
  activities.decodeAudio = async (input) => ({ ...(await plain.decodeAudio(input)), duration_s: 9 });
  await (await start()).handle.result();
  expect(worker.callsOf('submitTranscription')).toEqual([]);
});

test('a cancelled job leaves nothing at the vendor, and a vendor that is away then is no failure', async () => {
  activities.collectTranscription = async () => ({ blob: null, language: null });
  activities.discardTranscription = () => Promise.reject(rejected('first'));
  const job = await start();
  await job.until(() => worker.callsOf('collectTranscription').length > 1);
  await job.handle.cancel();
  await expect(job.handle.result()).rejects.toThrow();
  expect(worker.callsOf('discardTranscription')).toHaveLength(1);
  expect(worker.outcomes).toMatchObject([{ status: 'cancelled', warnings: [] }]);
});
