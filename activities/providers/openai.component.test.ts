import type { FaultScript } from './__fixtures__/faults';
import { startOpenAiServer, type OpenAiServer } from './__fixtures__/openai-server';
import { speakerConformance, transcriberConformance } from './conformance';
import { languageModelConformance } from './conformance-language-model';
import { guard } from './guard';
import { openaiLanguageModel, openaiSpeaker, openaiTranscriber, type OpenaiSettings } from './openai';

const CHAT = '/v1/chat/completions';

type Fault = FaultScript[string][number];

let server: OpenAiServer;
beforeAll(async () => (server = await startOpenAiServer()));
afterAll(() => server.close());
/** Late enough that an abort meets a call under way. */
const LATE: FaultScript[string] = [{ kind: 'delay', ms: 100 }];
beforeEach(() => server.faults({ [CHAT]: LATE, '/v1/audio/speech': LATE, '/v1/audio/transcriptions': LATE }));

const settings = (): OpenaiSettings => ({ baseUrl: server.baseUrl, model: 'fixture' });
/** Nothing listens on port 1. */
const unreachable: OpenaiSettings = { baseUrl: 'http://127.0.0.1:1', model: 'fixture' };

const twoSeconds = Float32Array.from({ length: 32_000 }, (_, index) => 0.3 * Math.sin(index / 12));

languageModelConformance('openai', () => openaiLanguageModel(settings()), {
  broken: () => openaiLanguageModel(unreachable),
});
speakerConformance('openai', () => openaiSpeaker(settings()), { broken: () => openaiSpeaker(unreachable) });
transcriberConformance(
  'openai',
  () => openaiTranscriber({ ...settings(), languages: ['en'] }),
  { samples: twoSeconds, language: 'en', heard: /Plants turn light/ },
  { broken: () => openaiTranscriber(unreachable) },
);

const callsOfChat = () => server.calls()[CHAT] ?? { received: 0, answered: 0, aborted: 0 };

const ask = (over: Partial<OpenaiSettings> = {}, signal = new AbortController().signal) =>
  openaiLanguageModel({ ...settings(), ...over }).generate({
    system: '',
    prompt: 'Hello',
    max_tokens: 9,
    signal,
  });

describe('faults of a real connection', () => {
  const shortTime = { timeouts: { firstByteMs: 300, totalMs: 600 } };

  it.each<[string, Fault, string, RegExp]>([
    ['a reset', { kind: 'reset' }, 'NETWORK', /UND_ERR_SOCKET|ECONNRESET/],
    ['half an answer', { kind: 'truncate' }, 'NETWORK', /UND_ERR_SOCKET|ECONNRESET/],
    ['a page of a proxy', { kind: 'garbage' }, 'BAD_ANSWER', /not JSON/],
    ['a late answer', { kind: 'delay', ms: 2_000 }, 'TIMEOUT', /no answer within 0.3 s/],
    ['a slow answer', { kind: 'slow', ms: 2_000 }, 'TIMEOUT', /no complete answer within 0.6 s/],
    [
      'a full queue',
      { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
      'RATE_LIMITED',
      /HTTP 429/,
    ],
  ])('%s is a transient ProviderError', async (_title, fault, code, message) => {
    server.faults({ [CHAT]: [fault] });
    const error: unknown = await ask(shortTime).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ProviderError', message: expect.stringMatching(message) });
    expect(error).toMatchObject({ facts: { provider: 'openai', code, transient: true } });
  });

  it('hands Retry-After on', async () => {
    server.faults({ [CHAT]: [{ kind: 'status', status: 503, headers: { 'retry-after': '42' } }] });
    await expect(ask()).rejects.toMatchObject({ facts: { retryAfterS: 42 } });
  });

  it('hangs up on the vendor when the caller aborts, in the wait and in the answer', async () => {
    for (const kind of ['delay', 'slow'] as const) {
      server.faults({ [CHAT]: [{ kind, ms: 1_500 }] });
      const before = callsOfChat().aborted;
      const reason = new Error(kind);
      await expect(ask({}, abortingAfter(200, reason))).rejects.toBe(reason);
      await until(() => callsOfChat().aborted === before + 1);
    }
  });

  it('stops calling a sick vendor, and calls again when it has recovered', async () => {
    const model = guard(openaiLanguageModel(settings()), { threshold: 3, cooldownS: 0.2 });
    const guardedAsk = () =>
      model.generate({ system: '', prompt: 'Hello', max_tokens: 9, signal: new AbortController().signal });
    server.faults({ [CHAT]: [{ kind: 'status', status: 500, times: 3 }] });
    const before = callsOfChat().received;

    const answers = [];
    for (let call = 0; call < 8; call++) answers.push(await guardedAsk().catch((error: Error) => error.name));
    expect(answers).toEqual([...Array(3).fill('ProviderError'), ...Array(5).fill('CircuitOpenError')]);
    expect(callsOfChat().received - before).toBe(3);

    await until(() => model.circuit.retry_after_s === 0);
    await expect(guardedAsk()).resolves.toMatchObject({ text: expect.any(String) });
    expect(model.circuit.state).toBe('closed');
  });
});

function abortingAfter(ms: number, reason: unknown): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
