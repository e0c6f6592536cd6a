import { newFolder, removeFolder, startOn } from './platform';
import { seconds, type Figure, type Scenario, type Settings } from './scenario';

const BAR_S = 6;

async function bootOnce(folder: string): Promise<number> {
  const platform = await startOn(folder);
  await platform.stop();
  return platform.bootMs / 1000;
}

async function run({ quick }: Settings): Promise<Figure[]> {
  const folder = await newFolder();
  try {
    const first = await bootOnce(folder);
    const later: number[] = [];
    for (let count = 0; count < (quick ? 2 : 3); count++) later.push(await bootOnce(folder));
    const slowest = Math.max(...later);
    return [
      {
        what: 'boot of the whole embedded stack, second start',
        measured: seconds(slowest),
        bar: `≤ ${BAR_S} s`,
        held: slowest <= BAR_S,
        beside: `later starts ${later.map(seconds).join(', ')}; the first, on an empty folder, ${seconds(first)}`,
      },
    ];
  } finally {
    await removeFolder(folder);
  }
}

export const boot: Scenario = {
  name: 'boot',
  title: 'Boot',
  how:
    'From the command (`node dist/stack/main.js`, already built, everything fetched) to its line “is ready”: Temporal, ' +
    'PostgreSQL, Valkey, Chroma, migrations, worker, API. The slowest of the starts after the first one counts.',
  run,
};
