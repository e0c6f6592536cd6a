import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from './client';
import { withPlatform, type Platform } from './platform';
import type { Figure, Scenario, Settings } from './scenario';
import { memoryOf, type Memory } from './usage';

const BAR_MB = 450;
const PARTS = ['api', 'worker'] as const;

async function idleMemory(platform: Platform, quick: boolean): Promise<Figure> {
  const client = createClient(platform);
  await client.send('/api/health');
  await client.send('/api/jobs');
  await sleep(quick ? 5_000 : 30_000);
  client.close();
  const parts = await Promise.all(PARTS.map((part) => memoryOf(platform.pidOf(part))));
  const total = (field: keyof Memory) => parts.reduce((sum, memory) => sum + memory[field], 0);
  const each = PARTS.map((part, index) => `${part} ${parts[index]?.rssMb.toFixed(0)} MB`).join(', ');
  return {
    what: 'idle memory of API + worker, models not loaded (RSS)',
    measured: `${total('rssMb').toFixed(0)} MB`,
    bar: `≤ ${BAR_MB} MB`,
    held: total('rssMb') <= BAR_MB,
    beside: `${each}; with shared pages counted once (PSS) ${total('pssMb').toFixed(0)} MB together`,
  };
}

export const memory: Scenario = {
  name: 'memory',
  title: 'Idle memory',
  how:
    'A fresh stack, `GET /api/health` and `GET /api/jobs` once each, half a minute of rest, then `Rss` of both ' +
    'processes from `/proc/<pid>/smaps_rollup`, added up. Pages that both share (Node itself) count twice in it.',
  run: async ({ quick }: Settings) => [await withPlatform({}, (platform) => idleMemory(platform, quick))],
};
