import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultScript } from './__fixtures__/faults';
import { startOllamaServer } from './__fixtures__/ollama-server';
import type { VendorServer } from './__fixtures__/vendor-server';
import { ollamaLanguageModel, type OllamaSettings } from './ollama';
import type { Call, Question, Units } from './spec';

type Fault = FaultScript[string][number];

const CHAT = '/api/chat';

let server: VendorServer;
beforeAll(async () => (server = await startOllamaServer()));
afterAll(() => server.close());
beforeEach(() => server.faults({}));

/** Pieces that came before the stream failed, how it failed, and what was billed. */
async function broken(over: Partial<Question & Call> = {}, timeouts?: OllamaSettings['timeouts']) {
  const pieces: string[] = [];
  const told: Units[] = [];
  const error: unknown = await ollamaLanguageModel({ baseUrl: server.url, model: 'llama3.2:3b', timeouts })
    .generate({
      ...{ system: '', prompt: 'Hello', max_tokens: 200, signal: new AbortController().signal },
      onText: (piece) => void pieces.push(piece),
      used: (units) => void told.push(units),
      ...over,
    })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  return { pieces, told, error };
}

const PIECE = '{"model":"llama3.2:3b","message":{"role":"assistant","content":"Plants"},"done":false}\n';
const streamed = (body: string): Fault => ({
  ...{ kind: 'status', status: 200, headers: { 'content-type': 'application/x-ndjson' }, body },
});

test.each<[string, string, string, RegExp]>([
  [
    'a crash of the model',
    `${PIECE}{"error":"llama runner terminated"}\n`,
    'MODEL_FAILED',
    /runner terminated/,
  ],
  ['a stream that ends too early', PIECE, 'BAD_ANSWER', /ended before the answer did/],
  ['an empty stream', '', 'BAD_ANSWER', /ended before the answer did/],
  ['a line that is no JSON', `${PIECE}<html>\n`, 'BAD_ANSWER', /not JSON/],
  ['half a line', `${PIECE}{"model":"llama3.2:3b","mess`, 'BAD_ANSWER', /not JSON/],
  ['a line of another kind', `${PIECE}{"status":"pulling"}\n`, 'BAD_ANSWER', /unexpected answer/],
])('%s in the midst of a stream is transient', async (_what, body, code, message) => {
  server.faults({ [CHAT]: [streamed(body)] });
  const { pieces, told, error } = await broken();
  expect(pieces.join('')).toBe(body.includes('Plants') ? 'Plants' : '');
  expect(told).toEqual([]);
  expect(error).toMatchObject({
    message: expect.stringMatching(message),
    facts: { provider: 'ollama', code, transient: true },
  });
});

test.each<[string, Fault, string, RegExp]>([
  ['a cut connection', { kind: 'reset' }, 'NETWORK', /./],
  ['half a stream', { kind: 'truncate' }, 'NETWORK', /UND_ERR_SOCKET|ECONNRESET/],
  ['a page of a proxy', { kind: 'garbage' }, 'BAD_ANSWER', /not JSON/],
  ['a model that does not answer', { kind: 'delay', ms: 2_000 }, 'TIMEOUT', /no answer within 0.3 s/],
  ['a model that does not end', { kind: 'slow', ms: 3_000 }, 'TIMEOUT', /no complete answer within 1 s/],
])('%s is transient', async (_what, fault, code, message) => {
  server.faults({ [CHAT]: [fault] });
  const { error } = await broken({}, { firstByteMs: 300, totalMs: 1_000 });
  expect(error).toMatchObject({ message: expect.stringMatching(message), facts: { code, transient: true } });
});

test('a model that falters is given up', async () => {
  server.faults({ [CHAT]: [{ kind: 'slow', ms: 6_000 }] });
  const { error, pieces } = await broken({}, { firstByteMs: 2_000, totalMs: 5_000, betweenMs: 100 });
  expect(pieces.length).toBeLessThan(3);
  expect(error).toMatchObject({
    message: 'ollama: no further piece of the answer within 0.1 s',
    facts: { code: 'TIMEOUT', transient: true },
  });
});

test('hangs up in the midst of a stream when the caller aborts', async () => {
  server.faults({ [CHAT]: [{ kind: 'slow', ms: 5_000 }] });
  const before = server.calls()[CHAT]?.aborted ?? 0;
  const controller = new AbortController();
  const reason = new Error('enough');
  const { error } = await broken({ onText: () => controller.abort(reason), signal: controller.signal });
  expect(error).toBe(reason);
  const abortedAt = performance.now();
  while (server.calls()[CHAT]?.aborted === before) await sleep(10);
  expect(performance.now() - abortedAt).toBeLessThan(1_000);
});

test.each([undefined, () => undefined])('an answer that was cut is billed', async (onText) => {
  const { told, error } = await broken({ max_tokens: 2, onText });
  expect(error).toMatchObject({ facts: { code: 'TRUNCATED', transient: false } });
  expect(told).toEqual([{ input_tokens: 40, output_tokens: 18 }]);
});
