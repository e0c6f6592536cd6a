import { toFloat32 } from '../activities/audio/levels';
import { inPool } from '../workflows/pool';
import { besideDirect, type Beside } from './beside';
import { runJob, wallS } from './client';
import { perform, type Direct } from './direct';
import { median } from './percentile';
import { recordingFor, sampleOf } from './platform';
import { alternate, type Round } from './rounds';
import type { Figure, Scenario, Settings } from './scenario';

const BAR = 1.1;
const LANGUAGE = 'en';
const BYTES_PER_SECOND = 32_000;

interface Recording {
  readonly duration_s: number;
  readonly windows: readonly Float32Array[];
}

/** The windows that the platform cuts. */
async function decoded({ activities, blobs }: Direct): Promise<Recording> {
  const source = { owner_id: 'direct', source_id: 'source', fresh_for: null };
  const { pcm, windows, duration_s } = await perform(activities.decodeAudio, source);
  const bytes = await blobs.read(pcm);
  const at = (s: number) => Math.round((s * BYTES_PER_SECOND) / 2) * 2;
  return {
    duration_s,
    windows: windows.map(({ start_s, end_s }) => toFloat32(bytes.subarray(at(start_s), at(end_s)))),
  };
}

async function hearDirectly({ providers, config }: Direct, { windows }: Recording): Promise<number> {
  const engine = providers.get('transcriber', 'whisper');
  const { signal } = new AbortController();
  const beganAt = performance.now();
  await inPool(windows, config.worker.cpu_slots, (samples) =>
    engine.transcribe({ samples, language: LANGUAGE, signal }),
  );
  return (performance.now() - beganAt) / 1000;
}

async function measure({ client, direct, source_id }: Beside, settings: Settings): Promise<Figure> {
  const recording = await decoded(direct);
  const ways = {
    direct: () => hearDirectly(direct, recording),
    platform: async () =>
      wallS(await runJob(client, 'transcribe', { source_id, language: LANGUAGE, force: true })),
  };
  return figureOf(await alternate(ways, settings.quick ? 3 : 5, settings.say), recording);
}

function figureOf(rounds: readonly Round[], { duration_s, windows }: Recording): Figure {
  const ratios = rounds.map(({ directS, platformS }) => platformS / directS);
  const ratio = median(ratios);
  const factor = (way: keyof Round) => (median(rounds.map((round) => round[way])) / duration_s).toFixed(4);
  return {
    what: 'speech: real-time factor of the `transcribe` job ÷ the engine called directly',
    measured: ratio.toFixed(3),
    bar: `≤ ${BAR.toFixed(2)}`,
    held: ratio <= BAR,
    beside:
      `job ${factor('platformS')}, engine ${factor('directS')} (medians) over ${duration_s.toFixed(0)} s of sound ` +
      `in ${windows.length} windows; ratios ${ratios.map((one) => one.toFixed(3)).join(', ')}`,
  };
}

async function run(settings: Settings): Promise<Figure[]> {
  const name = recordingFor(settings);
  const source = { name, bytes: await sampleOf(name) };
  return [await besideDirect(source, (beside) => measure(beside, settings))];
}

export const speech: Scenario = {
  name: 'speech',
  title: 'Speech',
  how:
    'The sample lecture, English given, Whisper base, engines warm, in turns: as a `transcribe` job with `force: true` ' +
    '(from the row’s `created_at` to its `finished_at`: decoding, recognising, merging, captions), and the engine ' +
    'called directly over the same windows, already decoded, with as many processes as the worker has. ' +
    'The median of the rounds’ ratios counts.',
  run,
};
