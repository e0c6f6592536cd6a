import { z } from 'zod';
import { ProviderError } from './error';
import { vendorHttp, type VendorHttpSettings } from './http';

const KEY = 'sk-secret-0123456789';
const answerSchema = z.object({ words: z.array(z.string()) });
const signal = new AbortController().signal;

function http(fetch: typeof globalThis.fetch, settings: Partial<VendorHttpSettings> = {}) {
  return vendorHttp({
    provider: 'vendor',
    baseUrl: 'http://vendor.test/base/',
    headers: { authorization: `Bearer ${KEY}` },
    timeouts: { firstByteMs: 1_000, totalMs: 2_000 },
    fetch,
    now: () => Date.parse('2026-03-01T12:00:00Z'),
    ...settings,
  });
}

const answering = (body: string, init?: ResponseInit) => async () => new Response(body, init);

async function failureOf(fetch: typeof globalThis.fetch, settings?: Partial<VendorHttpSettings>) {
  const error = await http(fetch, settings)
    .forJson({ path: '/ask', json: {}, signal }, answerSchema)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

describe('requests', () => {
  it('posts JSON to the path under the base URL, with the headers', async () => {
    const fetch = jest.fn<Promise<Response>, Parameters<typeof globalThis.fetch>>(
      answering('{"words":["a"]}'),
    );
    await expect(
      http(fetch).forJson({ path: '/ask', json: { q: 1 }, signal }, answerSchema),
    ).resolves.toEqual({
      words: ['a'],
    });
    const sent = new Request(...fetch.mock.calls[0]!);
    expect(sent).toMatchObject({ method: 'POST', url: 'http://vendor.test/base/ask', redirect: 'manual' });
    expect(sent.headers.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(sent.headers.get('content-type')).toBe('application/json');
    expect(await sent.json()).toEqual({ q: 1 });
  });

  it('posts a form as multipart, and without a body it gets, or deletes when told to', async () => {
    const fetch = jest.fn<Promise<Response>, Parameters<typeof globalThis.fetch>>(answering('{"words":[]}'));
    const form = new FormData();
    form.set('model', 'm');
    await http(fetch).forJson({ path: '/form', form, signal }, answerSchema);
    await http(fetch).forBytes({ path: '/get', signal });
    await http(fetch).forBytes({ path: '/get', method: 'DELETE', signal });
    const [posted, got, deleted] = fetch.mock.calls.map((call) => new Request(...call));
    expect(posted!.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/);
    expect([got!.method, deleted!.method]).toEqual(['GET', 'DELETE']);
  });

  it('gives bytes with their media type', async () => {
    const headers = { 'content-type': 'Audio/WAV; rate=24000' };
    const { bytes, mediaType } = await http(answering('abc', { headers })).forBytes({ path: '/', signal });
    expect({ text: Buffer.from(bytes).toString(), mediaType }).toEqual({
      text: 'abc',
      mediaType: 'audio/wav',
    });
  });
});

describe('statuses', () => {
  it.each([
    [400, false, 'BAD_REQUEST'],
    [401, false, 'UNAUTHORIZED'],
    [403, false, 'FORBIDDEN'],
    [404, false, 'NOT_FOUND'],
    [408, true, 'TIMEOUT'],
    [413, false, 'TOO_LARGE'],
    [422, false, 'UNPROCESSABLE'],
    [429, true, 'RATE_LIMITED'],
    [500, true, 'UNAVAILABLE'],
    [502, true, 'UNAVAILABLE'],
    [503, true, 'UNAVAILABLE'],
    [504, true, 'UNAVAILABLE'],
    [302, false, 'UNEXPECTED_STATUS'],
    [418, false, 'UNEXPECTED_STATUS'],
    [501, false, 'UNEXPECTED_STATUS'],
  ])('%i is transient: %s', async (status, transient, code) => {
    const { facts } = await failureOf(answering('', { status }));
    expect(facts).toMatchObject({ provider: 'vendor', status, transient, code });
  });

  it.each([
    ['7', 7],
    [' 120 ', 120],
    ['Sun, 01 Mar 2026 12:01:30 GMT', 90],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
  ])('reads Retry-After %p as %p seconds', async (header, seconds) => {
    const { facts } = await failureOf(answering('', { status: 429, headers: { 'retry-after': header } }));
    expect(facts.retryAfterS).toBe(seconds);
  });

  it.each([
    ['{"error":{"message":"model is loading"}}', 'vendor: HTTP 503: model is loading'],
    ['{"error":"model is loading"}', 'vendor: HTTP 503: model is loading'],
    ['{"message":"model is loading"}', 'vendor: HTTP 503: model is loading'],
    ['<html>', 'vendor: HTTP 503'],
    ['{"detail":[{"input":"what the student wrote"}]}', 'vendor: HTTP 503'],
  ])('says what the vendor said in %s', async (body, message) => {
    expect((await failureOf(answering(body, { status: 503 }))).message).toBe(message);
  });
});

it('goes by the status when the rest of a failure cannot be read', async () => {
  const broken = new ReadableStream({ start: (stream) => stream.error(new TypeError('terminated')) });
  const { facts } = await failureOf(async () => new Response(broken, { status: 401 }));
  expect(facts).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
});

describe('secrets', () => {
  it('hides a key that the vendor repeats, also where the message is cut', async () => {
    const body = JSON.stringify({ error: { message: `${'x'.repeat(190)} ${KEY} is wrong` } });
    const { message } = await failureOf(answering(body, { status: 401 }));
    expect(message).not.toContain(KEY.slice(0, 5));
    expect(message).toContain('[secret');
  });

  it('hides a key that cannot be sent', () => {
    const create = () => http(answering(''), { headers: { authorization: `Bearer ${KEY}\n\n${KEY}` } });
    expect(create).toThrow(/line break in the API key/);
    expect(create).not.toThrow(KEY);
  });
});

describe('answers that are none', () => {
  it.each(['<html>', '', '{"words":"a"}', '{"error":"x"}', 'null'])('%p is transient', async (body) => {
    const { facts } = await failureOf(answering(body));
    expect(facts).toMatchObject({ code: 'BAD_ANSWER', transient: true });
  });

  it('does not repeat the answer in the message', async () => {
    const { message } = await failureOf(answering('{"words":[{"said":"in confidence"}]}'));
    expect(message).toBe(
      'vendor: unexpected answer at "words.0": Invalid input: expected string, received object',
    );
  });

  it('stops reading at the limit', async () => {
    const { facts } = await failureOf(answering('x'.repeat(101)), { maxAnswerBytes: 100 });
    expect(facts).toMatchObject({ code: 'ANSWER_TOO_LARGE', transient: false });
  });
});

describe('the connection', () => {
  it.each([
    ['ECONNREFUSED', 'NETWORK'],
    ['ECONNRESET', 'NETWORK'],
    ['ENOTFOUND', 'NETWORK'],
    ['UND_ERR_SOCKET', 'NETWORK'],
    ['ETIMEDOUT', 'TIMEOUT'],
    ['UND_ERR_CONNECT_TIMEOUT', 'TIMEOUT'],
    ['UND_ERR_HEADERS_TIMEOUT', 'TIMEOUT'],
  ])('%s is transient %s', async (cause, code) => {
    const error = await failureOf(async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: cause }) });
    });
    expect(error.facts).toMatchObject({ code, transient: true });
    expect(error.message).toBe(`vendor: ${cause}`);
  });

  it('is transient when it fails without saying why', async () => {
    const { facts } = await failureOf(async () => {
      throw new TypeError('terminated');
    });
    expect(facts).toMatchObject({ code: 'NETWORK', transient: true });
  });
});

describe('time and abort', () => {
  /** Fetch as it is defined: never answers, and rejects with its signal's reason. */
  const silent: typeof fetch = (_url, init) =>
    new Promise((_resolve, reject) => {
      init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason));
    });

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('times out when no answer begins', async () => {
    const failed = failureOf(silent);
    await jest.advanceTimersByTimeAsync(1_000);
    const { message, facts } = await failed;
    expect(message).toBe('vendor: no answer within 1 s');
    expect(facts).toMatchObject({ code: 'TIMEOUT', transient: true });
  });

  it('times out when an answer does not end', async () => {
    const endless = answeringUntilAborted();
    const failed = failureOf(endless);
    await jest.advanceTimersByTimeAsync(2_000);
    expect((await failed).message).toBe('vendor: no complete answer within 2 s');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects with the reason of the caller, whatever it is', async () => {
    const controller = new AbortController();
    const asked = http(silent).forBytes({ path: '/', signal: controller.signal });
    const reason = { any: 'reason' };
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not call when already aborted', async () => {
    const fetch = jest.fn();
    const asked = http(fetch).forBytes({ path: '/', signal: AbortSignal.abort('before') });
    await expect(asked).rejects.toBe('before');
    expect(fetch).not.toHaveBeenCalled();
  });

  function answeringUntilAborted(): typeof fetch {
    return async (_url, init) =>
      new Response(
        new ReadableStream({
          start: (stream) =>
            init!.signal!.addEventListener('abort', () => stream.error(init!.signal!.reason)),
        }),
      );
  }
});
