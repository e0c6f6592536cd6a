import { join } from 'node:path';
import { requireForTest } from '../../assets/require-for-test';
import { speakerConformance } from './conformance';
import { pcmOf, resample } from './engines/__fixtures__/speech';
import { wordError } from '../../testing/samples';
import { moonshine } from './moonshine';
import { piper } from './piper';

const { paths, describeIfPresent } = requireForTest('piper-joe', 'espeak-ng-data', 'moonshine-tiny-en');
const unaborted = new AbortController().signal;

const make = (folder = paths['piper-joe']) =>
  piper({
    modelPath: join(folder, 'voice.onnx'),
    tokensPath: join(folder, 'tokens.txt'),
    espeakDataDir: paths['espeak-ng-data'],
    processes: 1,
    idleMs: 10_000,
  });
const broken = () => make('/nowhere');

describeIfPresent('piper', () => {
  speakerConformance('piper', () => make(), { broken });

  it('is understood by a machine that listens', async () => {
    const text = 'Plants turn light into sugar. The process happens in the leaves.';
    const { audio, media_type } = await make().speak({ text, signal: unaborted });
    expect(media_type).toBe('audio/wav');
    const samples = resample(pcmOf(audio), 22_050, 16_000);
    const listener = moonshine({ modelDir: paths['moonshine-tiny-en'], processes: 1, idleMs: 1_000 });
    const { segments } = await listener.transcribe({ samples, signal: unaborted });
    // The voice adds a little noise of its own each time: a word of eleven may be misheard.
    expect(wordError(text, segments[0]?.text ?? '')).toBeLessThanOrEqual(0.1);
  }, 60_000);
});
