import { createClient, runJob } from './client';
import { recordingFor, sampleOf, withPlatform } from './platform';
import type { Figure, Scenario, Settings } from './scenario';

const BAR = 4;

async function run(settings: Settings): Promise<Figure[]> {
  const name = recordingFor(settings);
  const figure = await withPlatform({}, async (platform) => {
    const client = createClient(platform);
    const source_id = await client.upload(await sampleOf(name), name);
    const ended = await runJob(client, 'lesson', { source_id });
    client.close();
    return figureOf(ended);
  });
  return [figure];
}

function figureOf({ steps, result }: Awaited<ReturnType<typeof runJob>>): Figure {
  const film = steps.find((step) => step.name === 'video');
  const tookS = (Date.parse(film?.finished_at ?? '') - Date.parse(film?.started_at ?? '')) / 1000;
  const { narration } = result as { narration: { duration_s: number; slides: number } };
  const times = narration.duration_s / tookS;
  return {
    what: 'film of the narrated deck: its length ÷ the time it takes to make',
    measured: `${times.toFixed(1)} ×`,
    bar: `≥ ${BAR} ×`,
    held: times >= BAR,
    beside: `${narration.duration_s.toFixed(0)} s of film, ${narration.slides} slides, made in ${tookS.toFixed(1)} s`,
  };
}

export const film: Scenario = {
  name: 'film',
  title: 'Film',
  how:
    'The step `video` of a `lesson` over the sample lecture: slides rendered at 1920 × 1080, H.264 and AAC, ' +
    'chapters, captions; from the step’s `started_at` to its `finished_at`.',
  run,
};
