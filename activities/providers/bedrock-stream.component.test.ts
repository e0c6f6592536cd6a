import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONVERSE, startBedrockServer, STREAM } from './__fixtures__/bedrock-server';
import type { FaultScript } from './__fixtures__/faults';
import type { VendorServer } from './__fixtures__/vendor-server';
import { bedrockLanguageModel, type BedrockSettings } from './bedrock';
import type { Call, Question, Units } from './spec';

type Fault = FaultScript[string][number];

let server: VendorServer;
beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIAFIXTURE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'a-secret-of-a-fixture';
  server = await startBedrockServer();
});
afterAll(() => server.close());
beforeEach(() => server.faults({}));

const QUESTION = { system: '', prompt: 'Hello', max_tokens: 200, signal: new AbortController().signal };
const ask = (over: Partial<Question & Call> = {}, timeouts?: BedrockSettings['timeouts']) =>
  bedrockLanguageModel({ region: 'eu-central-1', model: 'claude', endpoint: server.url, timeouts }).generate({
    ...{ ...QUESTION, ...over },
  });

/** Pieces that came before the stream failed, and how it failed. */
async function broken(over: Partial<Question & Call> = {}, timeouts?: BedrockSettings['timeouts']) {
  const pieces: string[] = [];
  const error: unknown = await ask({ onText: (piece) => void pieces.push(piece), ...over }, timeouts).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { pieces, error };
}

test.each([
  ['throttlingException', 'RATE_LIMITED', true],
  ['modelStreamErrorException', 'MODEL_FAILED', true],
  ['internalServerException', 'UNAVAILABLE', true],
  ['serviceUnavailableException', 'UNAVAILABLE', true],
  ['validationException', 'BAD_REQUEST', false],
  ['somethingNewException', 'MODEL_FAILED', true],
  ['error', 'MODEL_FAILED', true],
])('%s in the midst of a stream is %s, transient: %s', async (name, code, transient) => {
  const { pieces, error } = await broken({ prompt: `break: ${name}` });
  expect(pieces).not.toHaveLength(0);
  expect(error).toMatchObject({
    message: expect.stringContaining(`said by ${name}`),
    facts: { provider: 'bedrock', code, transient },
  });
});

test.each([
  ['that ends before the answer does', 'end'],
  ['with something else in it', 'garbage'],
])('a stream %s is no answer', async (_what, prompt) => {
  const { error } = await broken({ prompt: `break: ${prompt}` });
  expect(error).toMatchObject({ facts: { code: 'BAD_ANSWER', transient: true } });
});

test.each<[string, Fault, string, RegExp]>([
  ['a cut connection', { kind: 'reset' }, 'NETWORK', /connection failed/],
  ['half a stream', { kind: 'truncate' }, 'NETWORK', /ECONNRESET/],
  ['a page of a proxy', { kind: 'garbage' }, 'BAD_ANSWER', /./],
  ['a stream that does not begin', { kind: 'delay', ms: 2_000 }, 'TIMEOUT', /300 ms/],
  ['a stream that does not end', { kind: 'slow', ms: 3_000 }, 'TIMEOUT', /no complete answer within 1 s/],
])('%s is transient', async (_what, fault, code, message) => {
  server.faults({ [STREAM]: [fault] });
  const { error } = await broken({}, { firstByteMs: 300, totalMs: 1_000 });
  expect(error).toMatchObject({ message: expect.stringMatching(message), facts: { code, transient: true } });
});

test('a stream that falters is given up', async () => {
  server.faults({ [STREAM]: [{ kind: 'slow', ms: 6_000 }] });
  const { error } = await broken({}, { firstByteMs: 2_000, totalMs: 5_000, betweenMs: 100 });
  expect(error).toMatchObject({
    message: 'bedrock: no further piece of the answer within 0.1 s',
    facts: { code: 'TIMEOUT', transient: true },
  });
});

const aborted = (path: string) => server.calls()[path]?.aborted ?? 0;

test('no answer may take longer than the whole call', async () => {
  server.faults({ [CONVERSE]: [{ kind: 'slow', ms: 3_000 }] });
  const before = aborted(CONVERSE);
  await expect(ask({}, { firstByteMs: 1_000, totalMs: 600 })).rejects.toMatchObject({
    message: 'bedrock: no complete answer within 0.6 s',
    facts: { code: 'TIMEOUT', transient: true },
  });
  while (aborted(CONVERSE) === before) await sleep(10);
});

test.each([
  ['the caller aborts', (controller: AbortController) => controller.abort(new Error('enough'))],
  [
    'its listener throws',
    () => {
      throw new Error('enough');
    },
  ],
])('hangs up in the midst of a stream when %s', async (_what, act) => {
  server.faults({ [STREAM]: [{ kind: 'slow', ms: 5_000 }] });
  const before = aborted(STREAM);
  const controller = new AbortController();
  const began = performance.now();
  const asked = ask({ onText: () => act(controller), signal: controller.signal });
  await expect(asked).rejects.toThrow(/^enough$/);
  while (aborted(STREAM) === before) await sleep(10);
  expect(performance.now() - began).toBeLessThan(4_000);
});

test.each([undefined, () => undefined])('an answer that was cut is billed', async (onText) => {
  const told: Units[] = [];
  const cut = ask({ max_tokens: 2, onText, used: (units) => void told.push(units) });
  await expect(cut).rejects.toMatchObject({ facts: { code: 'TRUNCATED', transient: false } });
  expect(told).toEqual([{ input_tokens: 40, output_tokens: 20 }]);
});

describe('a search for credentials that takes too long', () => {
  const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  let kept: (string | undefined)[];
  let silent: Server;

  beforeAll(async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    kept = KEYS.map((key) => process.env[key]);
    KEYS.forEach((key) => delete process.env[key]);
    const { port } = silent.address() as AddressInfo;
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = `http://127.0.0.1:${port}/`;
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
    delete process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
    KEYS.forEach((key, index) => (process.env[key] = kept[index]));
  });

  test.each([undefined, () => undefined])('is within the time of the whole call', async (onText) => {
    await expect(ask({ onText }, { firstByteMs: 5_000, totalMs: 300 })).rejects.toMatchObject({
      message: 'bedrock: no complete answer within 0.3 s',
    });
  });

  test('ends when the caller aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 100);
    const began = performance.now();
    await expect(ask({ signal: controller.signal })).rejects.toBe(reason);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
