import { passagesSchema } from '../domain/passage';
import { besideDirect, type Beside } from './beside';
import { runJob, wallS } from './client';
import { perform } from './direct';
import { median } from './percentile';
import { sampleOf } from './platform';
import { alternate, type Round } from './rounds';
import type { Figure, Scenario, Settings } from './scenario';

const BAR = 1.1;
/** As many at once as the step gives the engine. */
const BATCH = 8;

/** The lecture's text again and again, each time another chapter, so that no two passages are alike. */
async function longText(times: number): Promise<Buffer> {
  const lecture = (await sampleOf('lecture.txt')).toString('utf8');
  const chapters = Array.from(
    { length: times },
    (_none, at) => `Chapter ${at + 1} begins here.\n\n${lecture}`,
  );
  return Buffer.from(chapters.join('\n\n'));
}

async function textsOf({ direct }: Beside, bytes: Buffer): Promise<string[]> {
  const { sha256: blob } = await direct.blobs.put(bytes);
  const who = { job_id: 'direct', owner_id: 'direct', source_id: 'source' };
  const work = { ...who, title: 'Text', language: 'en', from: 'text', blob } as const;
  const cut = await perform(direct.activities.cutPassages, work);
  const { passages } = passagesSchema.parse(
    JSON.parse((await direct.blobs.read(cut.passages)).toString('utf8')),
  );
  return passages.map(({ text }) => text);
}

async function embedDirectly({ direct }: Beside, texts: readonly string[]): Promise<number> {
  const engine = direct.providers.get('embedder', 'mpnet');
  const { signal } = new AbortController();
  const beganAt = performance.now();
  for (let at = 0; at < texts.length; at += BATCH) {
    await engine.embed({ texts: texts.slice(at, at + BATCH), signal });
  }
  return (performance.now() - beganAt) / 1000;
}

function figureOf(rounds: readonly Round[], passages: number): Figure {
  const ratios = rounds.map(({ directS, platformS }) => platformS / directS);
  const rate = (way: keyof Round) => (passages / median(rounds.map((round) => round[way]))).toFixed(1);
  return {
    what: 'embeddings: the `embed` job ÷ the engine called directly',
    measured: median(ratios).toFixed(3),
    bar: `≤ ${BAR.toFixed(2)}`,
    held: median(ratios) <= BAR,
    beside:
      `${passages} passages; as a job ${rate('platformS')} a second, the engine ${rate('directS')} (medians); ` +
      `ratios ${ratios.map((one) => one.toFixed(3)).join(', ')}`,
  };
}

async function run(settings: Settings): Promise<Figure[]> {
  const bytes = await longText(settings.quick ? 6 : 20);
  const figure = await besideDirect({ name: 'lecture.txt', bytes }, async (beside) => {
    const texts = await textsOf(beside, bytes);
    const { client, source_id } = beside;
    const ways = {
      direct: () => embedDirectly(beside, texts),
      platform: async () => wallS(await runJob(client, 'embed', { source_id, force: true })),
    };
    return figureOf(await alternate(ways, settings.quick ? 2 : 3, settings.say), texts.length);
  });
  return [figure];
}

export const embeddings: Scenario = {
  name: 'embeddings',
  title: 'Embeddings',
  how:
    'A long text (the lecture’s words, chapter after chapter), engines warm, in turns: as an `embed` job with ' +
    '`force: true` (from the row’s `created_at` to its `finished_at`: cutting, vectors, Chroma, rows), and the engine ' +
    'called directly with the same passages in the same batches. The median of the rounds’ ratios counts.',
  run,
};
