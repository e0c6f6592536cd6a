import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { speechWav } from './__fixtures__/openai-answers';
import { openaiLanguageModel, openaiSpeaker, openaiTranscriber, type OpenaiSettings } from './openai';
import type { Units } from './spec';

/** Answers as OpenAI's API reference shows them. */
const recorded = (name: string) =>
  readFileSync(join(__dirname, '__fixtures__/openai', `${name}.json`), 'utf8');
const signal = new AbortController().signal;

/** Settings whose vendor gives one answer, and what was sent to it. */
function vendor(body: string | Uint8Array, status = 200) {
  const sent: Request[] = [];
  const settings: OpenaiSettings = {
    baseUrl: 'http://vendor.test',
    apiKey: 'sk-test-0123456789',
    model: 'm',
    fetch: async (...request) => {
      sent.push(new Request(...request));
      return new Response(body, { status });
    },
  };
  return { settings, sent };
}

describe('the base URL', () => {
  it.each([
    ['http://vendor.test', 'http://vendor.test/v1/chat/completions'],
    ['http://vendor.test/', 'http://vendor.test/v1/chat/completions'],
    ['http://vendor.test/v1', 'http://vendor.test/v1/chat/completions'],
    ['http://vendor.test/openai/v1/', 'http://vendor.test/openai/v1/chat/completions'],
  ])('%s calls %s', async (baseUrl, url) => {
    const { settings, sent } = vendor(recorded('chat-completion'));
    await openaiLanguageModel({ ...settings, baseUrl }).generate({
      system: '',
      prompt: '',
      max_tokens: 1,
      signal,
    });
    expect(sent[0]!.url).toBe(url);
  });
});

describe('language model', () => {
  const question = { system: 'Be brief.', prompt: 'Hello!', max_tokens: 50, signal };

  it('asks and reads the answer', async () => {
    const { settings, sent } = vendor(recorded('chat-completion'));
    await expect(openaiLanguageModel(settings).generate(question)).resolves.toEqual({
      text: 'Hello! How can I assist you today?',
      usage: { prompt_tokens: 19, completion_tokens: 10 },
    });
    expect(sent[0]!.headers.get('authorization')).toBe('Bearer sk-test-0123456789');
    expect(await sent[0]!.json()).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello!' },
      ],
      max_tokens: 50,
    });
  });

  it('hands a schema over', async () => {
    const { settings, sent } = vendor(recorded('chat-completion'));
    const schema = { type: 'object' };
    await openaiLanguageModel({ ...settings, tokenLimit: 'max_completion_tokens' }).generate({
      ...question,
      schema,
    });
    expect(await sent[0]!.json()).toMatchObject({
      max_completion_tokens: 50,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    });
  });

  it.each([
    ['a refusal', { message: { content: null, refusal: 'I cannot.' } }, 'REFUSED', false],
    ['a filtered text', { message: { content: 'I' }, finish_reason: 'content_filter' }, 'REFUSED', false],
    ['a text cut short', { message: { content: 'Once upon' }, finish_reason: 'length' }, 'TRUNCATED', false],
    ['an empty text', { message: { content: '' }, finish_reason: 'stop' }, 'BAD_ANSWER', true],
  ])('takes %s for no answer', async (_title, choice, code, transient) => {
    const { settings } = vendor(JSON.stringify({ choices: [choice] }));
    const asked = openaiLanguageModel(settings).generate(question);
    await expect(asked).rejects.toMatchObject({ name: 'ProviderError', facts: { code, transient } });
  });

  it('needs nothing but the text', async () => {
    const { settings } = vendor('{"choices":[{"message":{"content":"Hi"}}]}');
    const usage = { prompt_tokens: 0, completion_tokens: 0 };
    await expect(openaiLanguageModel(settings).generate(question)).resolves.toEqual({ text: 'Hi', usage });
  });

  it('does not repeat the key that the vendor quotes', async () => {
    const { settings } = vendor(recorded('error-key'), 401);
    const error: unknown = await openaiLanguageModel(settings)
      .generate(question)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      facts: { code: 'UNAUTHORIZED', hint: 'Check the API key.', transient: false },
    });
    expect(String(error)).toContain('Incorrect API key provided: [secret]');
  });
});

describe('speaker', () => {
  it('asks for WAV in the default voice', async () => {
    const { settings, sent } = vendor(new Uint8Array(speechWav('Hello')));
    const { audio, media_type } = await openaiSpeaker({ ...settings, voice: 'nova' }).speak({
      text: 'Hello',
      signal,
    });
    expect(media_type).toBe('audio/wav');
    expect(Buffer.compare(audio, speechWav('Hello'))).toBe(0);
    expect(await sent[0]!.json()).toEqual({
      model: 'm',
      input: 'Hello',
      voice: 'nova',
      response_format: 'wav',
    });
  });

  it('puts the default voice first, also one that only this server has', () => {
    const { settings } = vendor('');
    expect(openaiSpeaker({ ...settings, voice: 'nova' }).voices[0]).toMatchObject({ id: 'nova' });
    expect(openaiSpeaker({ ...settings, voice: 'af_bella' }).voices[0]).toMatchObject({ id: 'af_bella' });
    expect(openaiSpeaker({ ...settings, voice: 'nova' }).voices).toHaveLength(9);
  });

  it('refuses an unknown voice without asking', async () => {
    const { settings, sent } = vendor('');
    const spoken = openaiSpeaker(settings).speak({ text: 'Hello', voice: 'nobody', signal });
    await expect(spoken).rejects.toMatchObject({ facts: { code: 'VOICE_UNKNOWN', transient: false } });
    expect(sent).toEqual([]);
  });

  it('takes a page for no audio, though it is billed', async () => {
    const { settings } = vendor('<html>');
    const told: Units[] = [];
    const used = (units: Units) => void told.push(units);
    const spoken = openaiSpeaker(settings).speak({ text: 'Hello 😀', signal, used });
    await expect(spoken).rejects.toMatchObject({ facts: { code: 'BAD_ANSWER', transient: true } });
    expect(told).toEqual([{ characters: 7 }]);
  });
});

describe('transcriber', () => {
  /** As long as the recorded answer says. */
  const samples = new Float32Array(8.47 * 16_000);

  it('sends the samples as WAV and asks for word times', async () => {
    const { settings, sent } = vendor(recorded('transcription-verbose'));
    await openaiTranscriber(settings).transcribe({ samples, language: 'en', signal });
    const form = await sent[0]!.formData();
    expect(form.get('file')).toMatchObject({
      name: 'audio.wav',
      type: 'audio/wav',
      size: 44 + samples.length * 2,
    });
    expect(form.getAll('timestamp_granularities[]')).toEqual(['word', 'segment']);
    expect([form.get('model'), form.get('response_format'), form.get('language')]).toEqual([
      'm',
      'verbose_json',
      'en',
    ]);
  });

  it('reads segments with their words, cut to the length of the samples', async () => {
    const { settings } = vendor(recorded('transcription-verbose'));
    const { language, segments } = await openaiTranscriber(settings).transcribe({ samples, signal });
    expect(language).toBe('en');
    expect(segments.map(({ text, words }) => [text, words?.length])).toEqual([
      ['The beach was a popular spot on a hot summer day.', 11],
      ['People were swimming.', 3],
    ]);
    expect(segments[1]!.end_s).toBeCloseTo(8.47);
    expect(segments[1]!.words![2]).toEqual({ text: 'swimming', start_s: 4.4, end_s: segments[1]!.end_s });
  });

  it('says how much sound is billed', async () => {
    const { settings } = vendor(recorded('transcription-verbose'));
    const told: Units[] = [];
    await openaiTranscriber(settings).transcribe({
      ...{ samples, signal, used: (units) => void told.push(units) },
    });
    expect(told).toEqual([{ seconds: 8.47 }]);
  });

  it('does with a model that gives only text', async () => {
    const { settings, sent } = vendor(recorded('transcription-text'));
    const { segments } = await openaiTranscriber({ ...settings, times: 'window' }).transcribe({
      samples,
      signal,
    });
    expect(segments).toMatchObject([{ text: "Imagine the wildest idea that you've ever had.", start_s: 0 }]);
    const form = await sent[0]!.formData();
    expect([form.get('response_format'), form.has('timestamp_granularities[]')]).toEqual(['json', false]);
  });

  it('refuses a language that it was not told to speak', async () => {
    const { settings, sent } = vendor('');
    const spoken = openaiTranscriber({ ...settings, languages: ['en', 'de'] });
    await expect(spoken.transcribe({ samples, language: 'fi', signal })).rejects.toMatchObject({
      facts: { code: 'LANGUAGE_UNSUPPORTED', transient: false },
    });
    expect(sent).toEqual([]);
  });
});
