import { requireForTest } from '../../assets/require-for-test';
import { loadConfig } from '../../config';
import { wordError } from '../../testing/samples';
import { planFrom } from '../plan-providers';
import { speakerConformance } from './conformance';
import { expectProviderError } from './conformance-suite';
import { pcmOf, resample } from './engines/__fixtures__/speech';
import { espeak, VOICES } from './espeak';
import { moonshine } from './moonshine';
import { createProviders } from './registry';

const unaborted = new AbortController().signal;
const SAMPLE_RATE = 22_050;

const make = (from?: string) => espeak({ processes: 1, idleMs: 10_000, from });

speakerConformance('espeak', () => make(), { broken: () => make('/nowhere/espeak-ng.js') });

describe('espeak', () => {
  const speaker = make();
  const speak = (text: string, more: { voice?: string; language?: string } = {}) =>
    speaker.speak({ text, ...more, signal: unaborted });
  const secondsOf = async (...said: Parameters<typeof speak>) =>
    pcmOf((await speak(...said)).audio).length / SAMPLE_RATE;

  it('has every voice that it lists', async () => {
    for (const { id } of VOICES) expect(await secondsOf('1 2 3', { voice: id })).toBeGreaterThan(0.5);
  });

  // By its length: espeak mixes noise in, so two takes of a text are never equal.
  it('speaks a text in its language, of the region where it can', async () => {
    const text = 'Gente de Lisboa, 22 estradas.';
    const same = async (one: object, other: object) => {
      const [first, second] = [await secondsOf(text, one), await secondsOf(text, other)];
      return Math.abs(first - second) < 0.02;
    };
    expect(await same({}, { voice: 'en-us' })).toBe(true);
    expect(await same({ language: 'de-CH' }, { voice: 'de' })).toBe(true);
    expect(await same({ language: 'pt-PT' }, { voice: 'pt' })).toBe(true);
    expect(await same({ language: 'no' }, { voice: 'nb' })).toBe(true);
    expect(await same({ language: 'de', voice: 'fr' }, { voice: 'fr' })).toBe(true);
    expect(await same({ voice: 'pt-br' }, { voice: 'pt' })).toBe(false);
    expect(await same({ voice: 'de' }, {})).toBe(false);
    await expectProviderError(speak(text, { language: 'zxx' }), { code: 'LANGUAGE_UNSUPPORTED' });
  });

  it('reads markup as text and obeys no command within it', async () => {
    expect(await secondsOf('one <break time="30s"/> two')).toBeLessThan(5);
    expect(await secondsOf('one <audio src="/etc/passwd"/> two')).toBeGreaterThan(3);
    const plain = await secondsOf('one 50S two three four five');
    expect(await secondsOf('one \u000150S two three four five')).toBeCloseTo(plain, 1);
    expect(await secondsOf('one\0 50S two three four five')).toBeCloseTo(plain, 1);
  });

  it.each(['', '   ', '<', '\0', '\ud800', '&amp;', '[[', 'a \u{1f600} b', '\u202e\uffff\ue000'])(
    'makes sound of %j',
    async (text) => {
      const { audio } = await speak(text);
      expect(Buffer.from(audio).toString('latin1', 0, 4)).toBe('RIFF');
    },
  );

  it('speaks ten thousand characters to the end', async () => {
    const sentence = 'Plants turn light into sugar. ';
    const times = Math.ceil(10_000 / sentence.length);
    const [once, all] = [await secondsOf(sentence), await secondsOf(sentence.repeat(times))];
    expect(all / (once * times)).toBeGreaterThan(0.9);
    expect(all / (once * times)).toBeLessThan(1.3);
  });
});

describe('without the weights of piper', () => {
  const providers = createProviders({
    ...{ order: loadConfig({}).providers, processes: 1, idleMs: 1_000, breakerCooldownS: 1 },
    ...{
      whisperModel: 'base',
      paths: () => ({}),
      vendors: {},
      loadMetrics: () => Promise.reject(new Error()),
    },
  });
  const planned = (language: string) => planFrom(providers.offers(), { capability: 'speaker', language });

  it('is planned in its place, and planning says why', () => {
    const preferred = { provider: 'piper', reason: 'the Piper voice is not on this machine' };
    const instead = [{ provider: 'espeak', model: 'espeak-ng', quality: 'basic' }];
    for (const language of ['en', 'de']) {
      expect(planned(language)).toMatchObject({ providers: instead, preferred });
    }
  });
});

const { paths, describeIfPresent } = requireForTest('moonshine-tiny-en');

describeIfPresent('espeak', () => {
  it('is understood by a machine that listens', async () => {
    const text = 'The water cycle moves water from the sea to the sky and back to the land.';
    const { audio } = await make().speak({ text, signal: unaborted });
    const samples = resample(pcmOf(audio), SAMPLE_RATE, 16_000);
    const listener = moonshine({ modelDir: paths['moonshine-tiny-en'], processes: 1, idleMs: 1_000 });
    const { segments } = await listener.transcribe({ samples, signal: unaborted });
    expect(wordError(text, segments[0]?.text ?? '')).toBeLessThanOrEqual(0.35);
  }, 60_000);
});
