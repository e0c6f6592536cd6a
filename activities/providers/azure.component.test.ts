import { setTimeout as sleep } from 'node:timers/promises';
import { startAzureServer, type AzureServer } from './__fixtures__/azure-server';
import { KEY, LISTEN, SPEAK } from './__fixtures__/azure-sockets';
import type { SocketFaultScript } from './__fixtures__/azure-faults';
import { audioSeconds } from './__fixtures__/media';
import { azureSpeaker } from './azure-speaker';
import { azureTranscriber, type AzureTranscriberSettings } from './azure-transcriber';
import { speakerConformance, transcriberConformance } from './conformance';
import { readSpeech } from './engines/__fixtures__/speech';
import type { ProviderError } from './error';
import type { Units } from './spec';

type Fault = SocketFaultScript[string][number];

let server: AzureServer;
beforeAll(async () => {
  server = await startAzureServer();
});
afterAll(() => server.close());
/** Late enough that an abort meets a call under way. */
const LATE: Fault[] = [{ kind: 'delay', ms: 100 }];
beforeEach(() => server.faults({ [SPEAK]: LATE, [LISTEN]: LATE }));

const VOICE = 'en-US-AvaMultilingualNeural';
const settings = (over: Partial<AzureTranscriberSettings> = {}) => ({
  ...{ key: KEY, region: 'westeurope', endpoint: server.url, voice: VOICE, ...over },
});
/** Nothing listens on port 1. */
const nowhere = () => settings({ endpoint: 'http://127.0.0.1:1' });

const TEXT = 'Plants turn light into sugar.';
const samples = readSpeech();
const seconds = samples.length / 16_000;
const unaborted = new AbortController().signal;

speakerConformance('azure', () => azureSpeaker(settings()), { broken: () => azureSpeaker(nowhere()) });
const heard = /Plants turn light into sugar\. The process/;
transcriberConformance(
  'azure',
  () => azureTranscriber(settings()),
  { samples, language: 'en', heard },
  { broken: () => azureTranscriber(nowhere()) },
);

interface Call {
  readonly over?: Partial<AzureTranscriberSettings>;
  readonly signal?: AbortSignal;
  readonly used?: (units: Units) => void;
}

/** The same of both, so that every fault meets both. */
const CALLS = [
  [
    'the speaker',
    SPEAK,
    ({ over, signal = unaborted, used }: Call = {}) =>
      azureSpeaker(settings(over)).speak({ text: TEXT, signal, used }),
  ],
  [
    'the transcriber',
    LISTEN,
    ({ over, signal = unaborted, used }: Call = {}) =>
      azureTranscriber(settings(over)).transcribe({ samples, language: 'en', signal, used }),
  ],
] as const;

const failureOf = (call: Promise<unknown>): Promise<ProviderError> =>
  call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as ProviderError,
  );

describe.each(CALLS)('%s', (_name, path, call) => {
  const received = () => server.calls()[path]?.received ?? 0;

  it.each<[string, Fault, string, boolean]>([
    ['a wrong key', { kind: 'status', status: 401 }, 'UNAUTHORIZED', false],
    ['a key that may not', { kind: 'status', status: 403 }, 'FORBIDDEN', false],
    ['a wrong region', { kind: 'status', status: 404 }, 'NOT_FOUND', false],
    ['a redirect', { kind: 'status', status: 302, headers: { location: '/x' } }, 'UNEXPECTED_STATUS', false],
    ['too many calls', { kind: 'status', status: 429 }, 'RATE_LIMITED', true],
    ['a rest', { kind: 'status', status: 503 }, 'UNAVAILABLE', true],
    ['a reset', { kind: 'reset' }, 'NETWORK', true],
    ['half an answer', { kind: 'truncate' }, 'NETWORK', true],
    ['a page of a proxy', { kind: 'garbage' }, 'BAD_ANSWER', true],
    ['a malformed message', { kind: 'garbage', text: malformed() }, 'BAD_ANSWER', true],
    [
      'too many at once',
      { kind: 'close', code: 4429, reason: 'The request is throttled' },
      'RATE_LIMITED',
      true,
    ],
    [
      'a quota that is used up',
      { kind: 'close', code: 1007, reason: 'Quota exceeded. Cid: 1' },
      'RATE_LIMITED',
      true,
    ],
    ['a bad request', { kind: 'close', code: 1007, reason: 'Unsupported voice' }, 'BAD_REQUEST', false],
    ['an error of the service', { kind: 'close', code: 1011, reason: 'internal' }, 'UNAVAILABLE', true],
    ['a close for no reason', { kind: 'close', code: 1000 }, 'UNAVAILABLE', true],
  ])('takes %s as it is, and asks once', async (_what, fault, code, transient) => {
    server.faults({ [path]: [fault] });
    const before = received();
    const error = await failureOf(call());
    expect(error).toMatchObject({ name: 'ProviderError', facts: { provider: 'azure', code, transient } });
    // Long enough for the SDK to connect again, which it does at once.
    await sleep(100);
    expect(received()).toBe(before + 1);
    expect(server.open()).toBe(0);
  });

  it.each<[string, Fault, RegExp]>([
    ['a connection that does not open', { kind: 'delay', ms: 2_000 }, /no answer within 0.3 s/],
    ['silence', { kind: 'hang' }, /no answer within 0.3 s/],
    ['what is no message at all', { kind: 'garbage', text: '<html>' }, /no answer within 0.3 s/],
    ['a slow answer', { kind: 'slow', ms: 2_000 }, /no complete answer within 0.3 s/],
  ])('gives %s up in time', async (_what, fault, message) => {
    server.faults({ [path]: [fault] });
    const error = await failureOf(call({ over: { timeoutMs: 300 } }));
    expect(error).toMatchObject({ message: expect.stringMatching(message), facts: { code: 'TIMEOUT' } });
    await until(() => server.open() === 0);
  });

  it('hands on when to come again', async () => {
    server.faults({ [path]: [{ kind: 'status', status: 429, headers: { 'retry-after': '42' } }] });
    expect((await failureOf(call())).facts).toMatchObject({ retryAfterS: 42, status: 429 });
    server.faults({ [path]: [{ kind: 'close', code: 4429, reason: 'Please retry after 26 seconds.' }] });
    expect((await failureOf(call())).facts).toMatchObject({ retryAfterS: 26 });
  });

  it.each<[string, Fault]>([
    ['that does not open', { kind: 'delay', ms: 3_000 }],
    ['on which nothing is said', { kind: 'hang' }],
    ['in the middle of an answer', { kind: 'slow', ms: 3_000 }],
  ])('hangs up a connection %s when the caller aborts', async (_where, fault) => {
    server.faults({ [path]: [fault] });
    const controller = new AbortController();
    const reason = new Error('enough');
    const ended = call({ signal: controller.signal }).catch((error: unknown) => error);
    await until(() => server.open() === 1);
    await sleep(100);
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await ended).toBe(reason);
    await until(() => server.open() === 0);
    expect(performance.now() - abortedAt).toBeLessThan(1_000);
  });

  it('closes its connection when it has its answer', async () => {
    await call();
    await until(() => server.open() === 0);
  });

  it('shows the key to nobody', async () => {
    const faults: Fault[] = [
      { kind: 'close', code: 1007, reason: `Ocp-Apim-Subscription-Key=${KEY} is wrong` },
      { kind: 'status', status: 401 },
      { kind: 'reset' },
    ];
    for (const fault of faults) {
      server.faults({ [path]: [fault] });
      const { message, stack, facts } = await failureOf(call());
      expect([message, stack, JSON.stringify(facts)].join()).not.toContain(KEY);
    }
  });

  it('says nothing home but what it asks', async () => {
    const before = server.heard().length;
    await call();
    await until(() => server.open() === 0);
    const said = server.heard().slice(before);
    const asked = path === SPEAK ? ['synthesis.context', 'ssml'] : ['speech.context'];
    expect(said.map(({ path: of }) => of)).toEqual(['speech.config', ...asked]);
    const { context } = JSON.parse(said[0]!.body.toString());
    expect(context).toMatchObject({ system: { name: 'SpeechSDK' } });
    // Where a recogniser's sound comes from is what the SDK would tell besides.
    expect(context).not.toHaveProperty('audio');
  });

  it('counts what the vendor has answered, and nothing else', async () => {
    const used = jest.fn();
    await call({ used });
    expect(used.mock.calls).toEqual([[path === SPEAK ? { characters: TEXT.length } : { seconds }]]);
    server.faults({ [path]: [{ kind: 'status', status: 429 }] });
    await failureOf(call({ used }));
    expect(used).toHaveBeenCalledTimes(1);
  });

  it('fails for good with settings that the SDK does not accept', async () => {
    const error = await failureOf(call({ over: { key: ' ', endpoint: undefined } }));
    expect(error.facts).toMatchObject({ code: 'NOT_CONFIGURED', transient: false });
  });

  it('does without Node’s own WebSocket, which tells no status', async () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Object.defineProperty(globalThis, 'WebSocket', { configurable: true, value: class NotThisOne {} });
    server.faults({ [path]: [{ kind: 'status', status: 401 }] });
    const error = await failureOf(call());
    if (own) Object.defineProperty(globalThis, 'WebSocket', own);
    else Reflect.deleteProperty(globalThis, 'WebSocket');
    expect(error.facts).toMatchObject({ status: 401 });
  });

  it('takes the address of a WebSocket too', async () => {
    await call({ over: { endpoint: server.url.replace('http', 'ws') } });
  });

  it('keeps many calls apart', async () => {
    server.faults({ [path]: [{ kind: 'status', status: 429, times: 1 }] });
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => call()));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
  });
});

describe('the speaker', () => {
  const speak = (over: { text?: string; voice?: string; language?: string }) =>
    azureSpeaker(settings()).speak({ text: TEXT, signal: unaborted, ...over });
  const ssml = () =>
    server
      .heard()
      .filter(({ path }) => path === 'ssml')
      .at(-1)!
      .body.toString();

  it('gives WAV and when each word is spoken, marks with their words', async () => {
    const { audio, media_type, words = [] } = await speak({});
    expect(media_type).toBe('audio/wav');
    expect(audioSeconds(audio)).toBeCloseTo(TEXT.length / 15, 2);
    expect(words.map(({ text }) => text)).toEqual(['Plants', 'turn', 'light', 'into', 'sugar.']);
    expect(words[1]!.start_s).toBeCloseTo(audioSeconds(audio) / 5, 2);
    expect(words[4]!.end_s).toBeCloseTo(audioSeconds(audio), 2);
  });

  it('sends as text what looks like markup', async () => {
    await speak({ text: '<break time="9s"/> & \u0001 it’s "so" ]]>' });
    expect(ssml()).toContain('&lt;break time=&quot;9s&quot;/&gt; &amp;   it’s &quot;so&quot; ]]&gt;');
  });

  it('speaks in the voice of the language', async () => {
    await speak({ language: 'de' });
    expect(ssml()).toMatch(/xml:lang="de-DE"><voice name="de-DE-KatjaNeural">/);
  });

  it('speaks a long text in pieces, as one', async () => {
    const text = `${TEXT} `.repeat(100);
    const before = server.calls()[SPEAK]!.received;
    const used: Units[] = [];
    const { audio, words = [] } = await azureSpeaker(settings()).speak({
      ...{ text, signal: unaborted, used: (units) => used.push(units) },
    });
    expect(server.calls()[SPEAK]!.received - before).toBe(2);
    expect(used.reduce((sum, { characters = 0 }) => sum + characters, 0)).toBe(text.length);
    expect(audioSeconds(audio)).toBeCloseTo(text.length / 15, 1);
    expect(words).toHaveLength(500);
    const times = words.flatMap(({ start_s, end_s }) => [start_s, end_s]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(words.at(-1)!.end_s).toBeCloseTo(audioSeconds(audio), 1);
  });

  it('takes sound that ends early for no answer, but counts it', async () => {
    server.faults({ [SPEAK]: [{ kind: 'short' }] });
    const used = jest.fn();
    const error = await failureOf(azureSpeaker(settings()).speak({ text: TEXT, signal: unaborted, used }));
    expect(error.facts).toMatchObject({ code: 'BAD_ANSWER', transient: true });
    expect(used).toHaveBeenCalledTimes(1);
  });

  it.each(['', '  ', '…', '\u0001'])('refuses %j, in which there is nothing to say', async (text) => {
    expect((await failureOf(speak({ text }))).facts).toMatchObject({
      code: 'NOTHING_TO_SAY',
      transient: false,
    });
  });
});

describe('the transcriber', () => {
  const context = () =>
    JSON.parse(
      server
        .heard()
        .filter(({ path }) => path === 'speech.context')
        .at(-1)!
        .body.toString(),
    );

  it('sends the samples, and hears several sentences in them', async () => {
    const { language, segments } = await azureTranscriber(settings()).transcribe({
      ...{ samples, language: 'en', signal: unaborted },
    });
    expect(language).toBe('en');
    expect(segments.length).toBeGreaterThan(1);
    expect(segments[0]).toMatchObject({ text: TEXT, start_s: 0, words: { length: 5 } });
    const words = segments.flatMap((segment) => segment.words ?? []);
    expect(words.map(({ text }) => text).join(' ')).toBe(segments.map(({ text }) => text).join(' '));
    expect(words.at(-1)!.end_s).toBeCloseTo(seconds, 1);
    expect(context().phraseOutput).toEqual({ format: 'Detailed', detailed: { options: ['WordTimings'] } });
    expect(context()).toMatchObject({
      phraseDetection: { language: 'en-US', enrichment: { profanity: 'Raw' } },
    });
  });

  it('looks for four languages where none is given, and says which it was', async () => {
    const candidates = ['fi-FI', 'sv-SE', 'nb-NO', 'da-DK'];
    const transcriber = azureTranscriber(settings({ candidates }));
    expect(await transcriber.transcribe({ samples, signal: unaborted })).toMatchObject({ language: 'fi' });
    expect(context()).toMatchObject({ languageId: { languages: candidates, mode: 'DetectAtAudioStart' } });
  });

  it('hears nothing in nothing', async () => {
    const none = await azureTranscriber(settings()).transcribe({
      ...{ samples: new Float32Array(0), language: 'en', signal: unaborted },
    });
    expect(none.segments.flatMap(({ end_s }) => end_s)).toEqual(none.segments.map(() => 0));
  });

  it('sends what it has without waiting for a minute to pass', async () => {
    const long = new Float32Array(10 * 16_000);
    const began = performance.now();
    await azureTranscriber(settings()).transcribe({ samples: long, language: 'en', signal: unaborted });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

function malformed(): string {
  return 'X-RequestId:1\r\nContent-Type:application/json\r\nPath:turn.start\r\n\r\n{"context":';
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('it did not come to that');
    await sleep(10);
  }
}
