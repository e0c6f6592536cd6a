import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startAzureServer, type AzureServer } from './__fixtures__/azure-server';
import { KEY } from './__fixtures__/azure-sockets';
import { speechWav } from './__fixtures__/openai-answers';
import { azureBatch } from './azure-batch';
import type { AzureTranscriberSettings } from './azure-transcriber';
import { expectProviderError } from './conformance-suite';

const TEXT = 'Plants turn light into sugar. The process happens in the chloroplasts. Oxygen leaves.';
const wav = speechWav(TEXT);
const seconds = TEXT.length / 15;

let server: AzureServer;
let storage: Server;
let audioUrl: string;
beforeAll(async () => {
  server = await startAzureServer();
  storage = createServer((_request, response) => response.end(wav)).listen(0, '127.0.0.1');
  await once(storage, 'listening');
  audioUrl = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/lecture.wav?sig=a-signature`;
});
afterAll(async () => {
  storage.closeAllConnections();
  storage.close();
  await server.close();
});
afterEach(() => server.faults({}));

const settings = (over: Partial<AzureTranscriberSettings> = {}) => ({
  ...{ key: KEY, region: 'westeurope', endpoint: server.url, ...over },
});
const { signal } = new AbortController();
const SUBMIT = '/speechtotext/transcriptions:submit';
const JOB = '/speechtotext/transcriptions/:id';

/** Submitted, and asked about until it is done. */
async function done(batch = azureBatch(settings()), language?: string) {
  const { id } = await batch.submit({ audioUrl, language, signal });
  for (let asked = 1; ; asked++) {
    const recognition = await batch.collect({ id, signal });
    if (recognition) return { id, asked, recognition };
  }
}

it('gives the phrases of a recording with the times of their words, once it is done', async () => {
  const { asked, recognition } = await done(undefined, 'en');
  expect(asked).toBe(3);
  expect(recognition).toMatchObject({ language: 'en' });
  const [first] = recognition.segments;
  expect(first).toMatchObject({ text: 'Plants turn light into sugar.', start_s: 0, words: { length: 5 } });
  expect(first!.words!.at(-1)).toMatchObject({ text: 'sugar.', end_s: first!.end_s });
  const end = recognition.segments.at(-1)!.end_s;
  expect(end).toBeCloseTo(seconds, 1);
});

it('asks for what it needs, in the language that it is told', async () => {
  await azureBatch(settings()).submit({ audioUrl, language: 'de', signal });
  expect(server.submitted().at(-1)).toEqual({
    ...{ displayName: 'Recording', locale: 'de-DE', contentUrls: [audioUrl] },
    properties: {
      ...{ wordLevelTimestampsEnabled: true, displayFormWordLevelTimestampsEnabled: true },
      ...{ punctuationMode: 'DictatedAndAutomatic', profanityFilterMode: 'None' },
      ...{ channels: [0], timeToLiveHours: 48 },
    },
  });
});

it('finds out the language where it is not told', async () => {
  const batch = azureBatch(settings({ candidates: ['sv-SE', 'fi-FI'] }));
  expect((await done(batch)).recognition.language).toBe('sv');
});

it('refuses a language that the service does not know', async () => {
  const call = azureBatch(settings()).submit({ audioUrl, language: 'zxx', signal });
  await expectProviderError(call, { code: 'LANGUAGE_UNSUPPORTED', transient: false });
});

it('counts the seconds of what it gives, once', async () => {
  const batch = azureBatch(settings());
  const { id } = await batch.submit({ audioUrl, signal });
  const used = jest.fn();
  while (!(await batch.collect({ id, signal, used })));
  expect(used.mock.calls).toEqual([[{ seconds: expect.closeTo(seconds, 1) }, 'speech-to-text-batch']]);
});

it('fails for good where the service could not read the recording, without saying where it is', async () => {
  const batch = azureBatch(settings());
  const { id } = await batch.submit({ audioUrl: 'http://127.0.0.1:1/a.wav?sig=a-signature', signal });
  const last = async () => {
    while (!(await batch.collect({ id, signal })));
  };
  const error = (await last().catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({ facts: { code: 'TRANSCRIPTION_FAILED', transient: false } });
  expect(error.message).toBe(
    'azure: the transcription failed: The recording could not be read from [address]',
  );
});

it('removes what is there, done or not, and what is not', async () => {
  const batch = azureBatch(settings());
  const { id } = await batch.submit({ audioUrl, signal });
  await batch.discard({ id, signal });
  await expectProviderError(batch.collect({ id, signal }), { code: 'NOT_FOUND', transient: false });
  await batch.discard({ id, signal });
});

it.each([
  ['http://169.254.169.254'],
  ['https://storage.example.org'],
  ['https://results.blob.core.windows.net.example.org'],
  ['http://results.blob.core.windows.net'],
])('does not fetch a result from %s', async (elsewhere) => {
  const lured = await startAzureServer({ elsewhere, states: [] });
  const batch = azureBatch(settings({ endpoint: lured.url }));
  const { id } = await batch.submit({ audioUrl, signal });
  await expect(batch.collect({ id, signal })).rejects.toMatchObject({
    message: `azure: the result lies at ${elsewhere}`,
    facts: { code: 'BAD_ANSWER' },
  });
  await lured.close();
});

it.each([
  [401, 'UNAUTHORIZED', false],
  [403, 'FORBIDDEN', false],
  [429, 'RATE_LIMITED', true],
  [503, 'UNAVAILABLE', true],
])('takes a %d as it is', async (status, code, transient) => {
  server.faults({ [SUBMIT]: [{ kind: 'status', status, headers: { 'retry-after': '60' } }] });
  const call = azureBatch(settings()).submit({ audioUrl, signal });
  await expectProviderError(call, { code, transient, status, retryAfterS: 60 });
});

it('a wrong key is refused, and is not shown', async () => {
  const error = (await azureBatch(settings({ key: 'wrong-key-of-azure' }))
    .submit({ audioUrl, signal })
    .catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({ facts: { code: 'UNAUTHORIZED' } });
  expect(JSON.stringify(error) + error.message).not.toContain('wrong-key-of-azure');
});

it('gives up what does not come, and what is not wanted any more', async () => {
  server.faults({ [JOB]: [{ kind: 'delay', ms: 600 }] });
  const { id } = await azureBatch(settings()).submit({ audioUrl, signal });
  const impatient = azureBatch(settings({ timeoutMs: 200 }));
  await expectProviderError(impatient.collect({ id, signal }), { code: 'TIMEOUT', transient: true });
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 100);
  await expect(azureBatch(settings()).collect({ id, signal: controller.signal })).rejects.toBe(reason);
});

it('does not reach what is not there', async () => {
  const call = azureBatch(settings({ endpoint: 'http://127.0.0.1:1' })).submit({ audioUrl, signal });
  await expectProviderError(call, { code: 'NETWORK', transient: true });
});

it('is steered from another process', async () => {
  const control = { method: 'POST', body: JSON.stringify({ [SUBMIT]: [{ kind: 'status', status: 503 }] }) };
  expect(await (await fetch(`${server.url}/__faults`, control)).json()).toEqual({ ok: true });
  await expectProviderError(azureBatch(settings()).submit({ audioUrl, signal }), { status: 503 });
  const calls: unknown = await (await fetch(`${server.url}/__calls`)).json();
  expect(calls).toMatchObject({ [SUBMIT]: { received: expect.any(Number) } });
});
