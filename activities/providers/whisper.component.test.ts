import { requireForTest } from '../../assets/require-for-test';
import { transcriberConformance } from './conformance';
import { noise, readSpeech } from './engines/__fixtures__/speech';
import { whisper } from './whisper';

const { paths, describeIfPresent } = requireForTest('whisper-base', 'whisper-tiny.en');
const speech = readSpeech();
const unaborted = new AbortController().signal;
const lifetime = { processes: 1, idleMs: 10_000 };

const tiny = () => whisper({ model: 'tiny.en', modelPath: paths['whisper-tiny.en'], ...lifetime });
const base = () => whisper({ model: 'base', modelPath: paths['whisper-base'], ...lifetime });
const broken = () => whisper({ model: 'base', modelPath: '/nowhere/ggml-base.bin', ...lifetime });

const texts = (segments: readonly { readonly text: string }[]) => segments.map(({ text }) => text).join(' ');

describeIfPresent('whisper', () => {
  const sample = { samples: speech, language: 'en', heard: /best of times, it was the worst of times/i };
  transcriberConformance('whisper tiny.en', tiny, sample, { broken, abortAfterMs: 200 });
  transcriberConformance('whisper base', base, { ...sample, language: undefined }, { abortAfterMs: 200 });

  it('finds out the language', async () => {
    expect(await base().transcribe({ samples: speech, signal: unaborted })).toMatchObject({ language: 'en' });
  }, 60_000);

  it('times words and cuts segments at sentence ends', async () => {
    const { segments } = await tiny().transcribe({ samples: speech, signal: unaborted });
    const words = segments.flatMap((segment) => segment.words ?? []);
    expect(words.map(({ text }) => text).join(' ')).toBe(texts(segments));
    const worst = words.find(({ text }) => text === 'worst');
    expect(worst?.start_s).toBeGreaterThan(2.5);
    expect(worst?.end_s).toBeLessThan(4.8);
  }, 60_000);

  it('invents nothing for silence, before, after and instead of speech', async () => {
    const room = noise(4, 0.001);
    expect(await tiny().transcribe({ samples: room, signal: unaborted })).toEqual({
      language: 'en',
      segments: [],
    });
    const samples = Float32Array.from([...room, ...speech, ...room]);
    const { segments } = await base().transcribe({ samples, language: 'en', signal: unaborted });
    expect(texts(segments)).toMatch(/^It was the best of times.*worst of times\.?$/);
    expect(segments[0]?.start_s).toBeGreaterThan(3.5);
  }, 60_000);

  it('hears a single short word', async () => {
    const word = speech.slice(2.1 * 16_000, 2.85 * 16_000); // "times"
    const { segments } = await tiny().transcribe({ samples: word, signal: unaborted });
    expect(texts(segments)).toMatch(/times/i);
  }, 60_000);

  it('loses nothing of a window that is longer than it asks for', async () => {
    const samples = Float32Array.from([...speech, ...noise(9, 0.001), ...speech]);
    const { segments } = await tiny().transcribe({ samples, signal: unaborted });
    expect(texts(segments).match(/worst of times/gi)).toHaveLength(2);
    expect(segments.at(-1)?.start_s).toBeGreaterThan(13);
  }, 60_000);
});

it('speaks no language that its model does not', () => {
  expect(tiny().languages).toEqual(['en']);
  expect(base().languages).toContain('de');
});
