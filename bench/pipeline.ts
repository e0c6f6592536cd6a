import { createClient, runJob } from './client';
import { directly } from './direct';
import { lessonDirectly } from './lesson-steps';
import { median } from './percentile';
import { newFolder, removeFolder, sampleOf, withPlatform, type Platform } from './platform';
import { alternate, type Round } from './rounds';
import { seconds, type Figure, type Scenario, type Settings } from './scenario';

const BAR = 0.9;
const RECORDING = 'lecture.mp3';

async function measure({ api, chroma }: Platform, folder: string, settings: Settings): Promise<Round[]> {
  const client = createClient(api);
  const recording = await sampleOf(RECORDING);
  const source_id = await client.upload(recording, RECORDING);
  const direct = await directly(folder, recording, chroma);
  const ways = {
    direct: () => lessonDirectly(direct),
    platform: () => runJob(client, 'lesson', { source_id, force: true }),
  };
  const rounds = await alternate(ways, settings.quick ? 2 : 5, settings.say);
  client.close();
  return rounds;
}

function figureOf(rounds: readonly Round[]): Figure {
  const ratios = rounds.map(({ directS, platformS }) => directS / platformS);
  const ratio = median(ratios);
  const took = (way: keyof Round) => seconds(median(rounds.map((round) => round[way])));
  return {
    what: 'lecture pipeline: steps called directly ÷ the `lesson` job',
    measured: ratio.toFixed(3),
    bar: `≥ ${BAR.toFixed(2)}`,
    held: ratio >= BAR,
    beside:
      `directly ${took('directS')}, as a job ${took('platformS')} (medians); ` +
      `ratios ${ratios.map((one) => one.toFixed(3)).join(', ')}`,
  };
}

async function run(settings: Settings): Promise<Figure[]> {
  const folder = await newFolder();
  try {
    const rounds = await withPlatform({}, (platform) => measure(platform, folder, settings));
    return [figureOf(rounds)];
  } finally {
    await removeFolder(folder);
  }
}

export const pipeline: Scenario = {
  name: 'pipeline',
  title: 'Pipeline efficiency',
  how:
    'The sample lecture (four minutes) becomes a whole lesson in two ways, in turns, each with its own warm engines of ' +
    'the same settings: as a `lesson` job with `force: true` (from the row’s `created_at` to its `finished_at`), and as ' +
    'a plain script that calls the same activities in the same order with the same concurrency in one process, where ' +
    'the database is a stub that answers at once. The median of the rounds’ ratios counts.',
  run,
};
