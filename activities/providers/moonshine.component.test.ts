import { requireForTest } from '../../assets/require-for-test';
import { transcriberConformance } from './conformance';
import { noise, readSpeech } from './engines/__fixtures__/speech';
import { moonshine } from './moonshine';

const { paths, describeIfPresent } = requireForTest('moonshine-tiny-en');
const speech = readSpeech();
const unaborted = new AbortController().signal;

const make = (modelDir = paths['moonshine-tiny-en']) => moonshine({ modelDir, processes: 1, idleMs: 10_000 });
const broken = () => make('/nowhere');

describeIfPresent('moonshine', () => {
  const sample = { samples: speech, heard: /best of times.*worst of times/i };
  transcriberConformance('moonshine', () => make(), sample, { broken });

  it('gives the time of the voice within the window', async () => {
    const samples = Float32Array.from([...noise(3, 0.001), ...speech, ...noise(3, 0.001)]);
    const { segments } = await make().transcribe({ samples, signal: unaborted });
    expect(segments).toHaveLength(1);
    expect(segments[0]?.start_s).toBeGreaterThan(2.5);
    expect(segments[0]?.end_s).toBeLessThan(8.5);
  }, 60_000);

  it('invents nothing for silence', async () => {
    const { segments } = await make().transcribe({ samples: noise(4, 0.001), signal: unaborted });
    expect(segments).toEqual([]);
  }, 60_000);
});
