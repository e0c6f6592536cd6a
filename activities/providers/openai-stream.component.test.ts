import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultScript } from './__fixtures__/faults';
import { startOpenAiServer, type OpenAiServer } from './__fixtures__/openai-server';
import { openaiLanguageModel, type OpenaiSettings } from './openai';
import type { Call, Question, Units } from './spec';

type Fault = FaultScript[string][number];

const CHAT = '/v1/chat/completions';
const KEY = 'sk-test-0123456789';

let server: OpenAiServer;
beforeAll(async () => (server = await startOpenAiServer()));
afterAll(() => server.close());
beforeEach(() => server.faults({}));

/** Pieces that came, how it ended, and what was billed. */
async function stream(over: Partial<Question & Call> = {}, timeouts?: OpenaiSettings['timeouts']) {
  const pieces: string[] = [];
  const told: Units[] = [];
  const settings = { baseUrl: server.baseUrl, model: 'm', apiKey: KEY, timeouts };
  const asked = openaiLanguageModel(settings).generate({
    ...{ system: '', prompt: 'Hello', max_tokens: 200, signal: new AbortController().signal },
    onText: (piece) => void pieces.push(piece),
    used: (units) => void told.push(units),
    ...over,
  });
  const [{ value: answer, reason: error }] = (await Promise.allSettled([asked])) as [
    { value?: unknown; reason?: unknown },
  ];
  return { pieces, told, answer, error };
}

const chunk = (choice: object) =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, ...choice }] })}\n\n`;
const PIECE = chunk({ delta: { content: 'Plants' }, finish_reason: null });
const failure = (error: unknown) => `${PIECE}data: ${JSON.stringify({ error })}\n\n`;
const streamed = (body: string): Fault => ({
  ...{ kind: 'status', status: 200, headers: { 'content-type': 'text/event-stream' }, body },
});

test.each<[string, unknown, string, boolean]>([
  ['an overload', { message: 'busy', type: 'server_error', code: null }, 'MODEL_FAILED', true],
  ['a limit', { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' }, 'RATE_LIMITED', true],
  ['a bad request', { message: 'no', type: 'invalid_request_error' }, 'BAD_REQUEST', false],
  ['a status as a number', { message: 'no', code: 400 }, 'BAD_REQUEST', false],
  ['a status as a word', { message: 'away', code: '502' }, 'UNAVAILABLE', true],
  ['a bare text', 'the engine has died', 'MODEL_FAILED', true],
])('%s in the midst of a stream is told apart', async (_what, error, code, transient) => {
  server.faults({ [CHAT]: [streamed(failure(error))] });
  const ended = await stream();
  expect(ended.pieces).toEqual(['Plants']);
  const said = typeof error === 'string' ? error : (error as { message: string }).message;
  expect(ended.error).toMatchObject({
    message: expect.stringContaining(said),
    facts: { provider: 'openai', code, transient },
  });
});

test('a failure in a stream does not repeat the key', async () => {
  server.faults({ [CHAT]: [streamed(failure({ message: `the key ${KEY} has expired` }))] });
  const { error } = await stream();
  expect(String(error)).toContain('the key [secret] has expired');
});

test.each<[string, string]>([
  ['a stream that ends too early', PIECE],
  ['an empty stream', ''],
  ['a piece that is no JSON', `${PIECE}data: <html>\n\n`],
  ['half a piece', PIECE + PIECE.slice(0, 40)],
  ['one answer instead of a stream', JSON.stringify({ choices: [{ message: { content: 'Plants' } }] })],
])('%s is transient', async (_what, body) => {
  server.faults({ [CHAT]: [streamed(body)] });
  const { error, told } = await stream();
  expect(error).toMatchObject({ facts: { code: 'BAD_ANSWER', transient: true } });
  expect(told).toEqual([]);
});

test('reads what the specification of events allows, and an answer about "error"', async () => {
  const text = 'An "error" is a difference.';
  const body = [
    ': keep-alive\r\n\r\nevent: message\r\nid: 1\r\nretry: 100\r\n',
    `data:${JSON.stringify({ choices: [{ delta: { content: text } }] })}\r\n\r\n`,
    chunk({ delta: { content: null }, finish_reason: 'stop' }),
    'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}',
  ].join('');
  server.faults({ [CHAT]: [streamed(body)] });
  const { pieces, answer, told } = await stream();
  expect(answer).toEqual({ text, usage: { prompt_tokens: 3, completion_tokens: 4 } });
  expect(pieces).toEqual([text]);
  expect(told).toEqual([{ input_tokens: 3, output_tokens: 4 }]);
});

test('does without the usage where a server does not say it', async () => {
  server.faults({ [CHAT]: [streamed(`${PIECE}data: [DONE]\n\n`)] });
  const { answer, told } = await stream();
  expect(answer).toEqual({ text: 'Plants', usage: { prompt_tokens: 0, completion_tokens: 0 } });
  expect(told).toEqual([{}]);
});

test.each<[string, string, string]>([
  ['a refusal', chunk({ delta: { refusal: 'I cannot.' }, finish_reason: 'stop' }), 'REFUSED'],
  ['a filtered answer', PIECE + chunk({ delta: {}, finish_reason: 'content_filter' }), 'REFUSED'],
  ['an answer that was cut', PIECE + chunk({ delta: {}, finish_reason: 'length' }), 'TRUNCATED'],
])('%s is billed and permanent', async (_what, body, code) => {
  const usage = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\ndata: [DONE]\n\n';
  server.faults({ [CHAT]: [streamed(body + usage)] });
  const { error, told } = await stream();
  expect(error).toMatchObject({ facts: { code, transient: false } });
  expect(told).toEqual([{ input_tokens: 3, output_tokens: 4 }]);
});

test.each<[string, Fault, string, RegExp]>([
  ['a cut connection', { kind: 'reset' }, 'NETWORK', /./],
  ['half a stream', { kind: 'truncate' }, 'NETWORK', /UND_ERR_SOCKET|ECONNRESET/],
  ['a page of a proxy', { kind: 'garbage' }, 'BAD_ANSWER', /not a stream of events/],
  ['a late stream', { kind: 'delay', ms: 2_000 }, 'TIMEOUT', /no answer within 0.3 s/],
  ['a stream that does not end', { kind: 'slow', ms: 3_000 }, 'TIMEOUT', /no complete answer within 1 s/],
])('%s fails the call for now', async (_what, fault, code, message) => {
  server.faults({ [CHAT]: [fault] });
  const { error } = await stream({}, { firstByteMs: 300, totalMs: 1_000 });
  expect(error).toMatchObject({ message: expect.stringMatching(message), facts: { code, transient: true } });
});

test('a stream that falters is given up', async () => {
  server.faults({ [CHAT]: [{ kind: 'slow', ms: 6_000 }] });
  const { error } = await stream({}, { firstByteMs: 2_000, totalMs: 5_000, betweenMs: 100 });
  expect(error).toMatchObject({ message: expect.stringMatching(/no further piece .* within 0.1 s/) });
});

test('hangs up in the midst of a stream when the caller aborts', async () => {
  server.faults({ [CHAT]: [{ kind: 'slow', ms: 5_000 }] });
  const before = server.calls()[CHAT]?.aborted ?? 0;
  const controller = new AbortController();
  const reason = new Error('enough');
  const { error } = await stream({ onText: () => controller.abort(reason), signal: controller.signal });
  expect(error).toBe(reason);
  const abortedAt = performance.now();
  while (server.calls()[CHAT]?.aborted === before) await sleep(10);
  expect(performance.now() - abortedAt).toBeLessThan(1_000);
});
