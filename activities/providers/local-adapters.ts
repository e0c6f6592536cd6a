/** The engines that run on this machine: there when their weights are. */
import path from 'node:path';
import { drawn } from './drawn';
import { espeak } from './espeak';
import { moonshine } from './moonshine';
import { mpnet } from './mpnet';
import type { Missing } from './offers';
import { piper } from './piper';
import type { AdapterSettings } from './settings';
import { tesseractOcr } from './tesseract';
import { whisper } from './whisper';

const weightsMissing = (what: string): Missing => ({
  reason: `${what} is not on this machine`,
  cure: 'npm run assets',
});

const filesOfVoice = (folder: string) => ({
  modelPath: path.join(folder, 'voice.onnx'),
  tokensPath: path.join(folder, 'tokens.txt'),
});

export function localAdapters(settings: AdapterSettings) {
  const { processes, idleMs, whisperModel, loadMetrics } = settings;
  const paths = settings.paths();
  const engine = { processes, idleMs };
  return {
    whisper: () =>
      paths.whisper
        ? whisper({ model: whisperModel, modelPath: paths.whisper, ...engine })
        : weightsMissing(`the Whisper model ${whisperModel}`),
    moonshine: () =>
      paths.moonshine
        ? moonshine({ modelDir: paths.moonshine, ...engine })
        : weightsMissing('the Moonshine model'),
    piper: () =>
      paths.piper && paths.espeakData
        ? piper({ ...filesOfVoice(paths.piper), espeakDataDir: paths.espeakData, ...engine })
        : weightsMissing('the Piper voice'),
    espeak: () => espeak(engine),
    mpnet: () =>
      paths.mpnet
        ? mpnet({ modelDir: paths.mpnet, threads: processes, idleMs })
        : weightsMissing('the mpnet model'),
    drawn: () => drawn({ loadMetrics }),
    tesseract: () => tesseractOcr(engine),
  };
}
