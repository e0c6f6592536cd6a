import { besideDirect, type Beside } from './beside';
import { runJob, wallS } from './client';
import { idleSeconds } from './history';
import { lessonDirectly } from './lesson-steps';
import { median } from './percentile';
import { recordingFor, sampleOf } from './platform';
import { alternate, type Round } from './rounds';
import { seconds, type Figure, type Scenario, type Settings } from './scenario';

const BAR = 0.9;

async function measure({ client, direct, platform, source_id }: Beside, settings: Settings): Promise<Figure> {
  const idle: number[] = [];
  const lessonAsJob = async () => {
    const ended = await runJob(client, 'lesson', { source_id, force: true });
    idle.push(await idleSeconds(platform.temporal, ended.job_id));
    return wallS(ended);
  };
  const ways = { direct: () => lessonDirectly(direct), platform: lessonAsJob };
  return figureOf(await alternate(ways, settings.quick ? 3 : 5, settings.say), median(idle));
}

function figureOf(rounds: readonly Round[], idleS: number): Figure {
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
      `ratios ${ratios.map((one) => one.toFixed(3)).join(', ')}; by Temporal's history ` +
      `no activity was under way for ${seconds(idleS)} of a job (median)`,
  };
}

async function run(settings: Settings): Promise<Figure[]> {
  const name = recordingFor(settings);
  const source = { name, bytes: await sampleOf(name) };
  return [await besideDirect(source, (beside) => measure(beside, settings))];
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
