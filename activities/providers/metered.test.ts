import { ProviderError } from './error';
import { metered, type ProviderCall } from './metered';
import type { LanguageModel, Question, Call, Speaker, Transcriber } from './spec';

const INFO = { provider: 'vendor', model: 'm', quality: 'standard' } as const;
const signal = () => new AbortController().signal;

function modelThat(generate: LanguageModel['generate']) {
  const calls: ProviderCall[] = [];
  const model = metered<LanguageModel>({ ...INFO, generate }, 'language_model', (call) => calls.push(call));
  const ask = (over: Partial<Call & Question> = {}) =>
    model.generate({ system: '', prompt: '', max_tokens: 1, signal: signal(), ...over });
  return { calls, ask };
}

const ANSWER = { text: 'ok', usage: { prompt_tokens: 1, completion_tokens: 1 } };

test('tells what the adapter says was used, all of it together', async () => {
  const { calls, ask } = modelThat(async ({ used }) => {
    used?.({ input_tokens: 3 });
    used?.({ input_tokens: 4, output_tokens: 5 });
    return ANSWER;
  });
  await expect(ask()).resolves.toBe(ANSWER);
  expect(calls).toEqual([
    {
      ...{ capability: 'language_model', provider: 'vendor', model: 'm', error: null },
      units: { input_tokens: 7, output_tokens: 5 },
      seconds: expect.any(Number),
    },
  ]);
});

test('a billed answer of no use counts, and the failure says why', async () => {
  const truncated = new ProviderError('cut', { provider: 'vendor', code: 'TRUNCATED', transient: false });
  const { calls, ask } = modelThat(async ({ used }) => {
    used?.({ input_tokens: 3, output_tokens: 9 });
    throw truncated;
  });
  await expect(ask()).rejects.toBe(truncated);
  expect(calls).toMatchObject([{ error: 'TRUNCATED', units: { input_tokens: 3, output_tokens: 9 } }]);
});

test('tells an abort from a fault of ours', async () => {
  const { calls, ask } = modelThat(async ({ signal: aborted }) => {
    aborted.throwIfAborted();
    throw new Error('a bug');
  });
  await expect(ask({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  await expect(ask()).rejects.toThrow('a bug');
  expect(calls.map(({ error }) => error)).toEqual(['ABORTED', 'INTERNAL']);
});

test('counts sound in seconds and text in characters by itself, and only what was answered', async () => {
  const calls: ProviderCall[] = [];
  const on = (call: ProviderCall) => void calls.push(call);
  const transcribe = async () => ({ language: 'en', segments: [] });
  const hears: Transcriber = { ...INFO, maxWindowS: 30, languages: 'any', times: 'word', transcribe };
  const speak = jest
    .fn<ReturnType<Speaker['speak']>, []>()
    .mockResolvedValueOnce({ audio: new Uint8Array(), media_type: 'audio/wav' })
    .mockRejectedValueOnce(new ProviderError('no', { provider: 'vendor', code: 'NETWORK', transient: true }));
  const speaks = metered<Speaker>({ ...INFO, voices: [], speak }, 'speaker', on);
  await metered(hears, 'transcriber', on).transcribe({ samples: new Float32Array(24_000), signal: signal() });
  await speaks.speak({ text: 'Grüezi 👋', signal: signal() });
  await expect(speaks.speak({ text: 'again', signal: signal() })).rejects.toThrow('no');
  expect(calls.map(({ units }) => units)).toEqual([{ seconds: 1.5 }, { characters: 8 }, {}]);
});
