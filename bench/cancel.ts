import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from './client';
import { percentile } from './percentile';
import { sampleOf, withPlatform } from './platform';
import { seconds, type Figure, type Scenario, type Settings } from './scenario';

const BAR_S = 5;
const CANCELS = 10;

/** Seconds from the request to the first answer that says `cancelled`. */
async function cancelOnce(client: Client, source_id: string, pauseMs: number): Promise<number> {
  const id = await client.start('transcribe', { source_id, force: true });
  const isHeard = (percent = 0) => percent > 0;
  await client.until(id, (job) => job.phase === 'recognise' && isHeard(job.progress?.percent), {
    everyMs: 100,
  });
  await sleep(pauseMs);
  const askedAt = performance.now();
  await client.cancel(id);
  await client.until(id, (job) => job.status === 'cancelled', { everyMs: 25, withinS: 60 });
  return (performance.now() - askedAt) / 1000;
}

async function run({ quick }: Settings): Promise<Figure[]> {
  return withPlatform({}, async (platform) => {
    const client = createClient(platform);
    const source_id = await client.upload(await sampleOf('lecture.mp3'), 'lecture.mp3');
    const took: number[] = [];
    for (let count = 0; count < (quick ? 5 : CANCELS); count++) {
      // Now here, now there in a window.
      took.push(await cancelOnce(client, source_id, (count * 270) % 1_000));
    }
    client.close();
    const p95 = percentile(took, 0.95);
    return [
      {
        what: 'cancel to `cancelled`, while Whisper works, p95',
        measured: seconds(p95),
        bar: `≤ ${BAR_S} s`,
        held: p95 <= BAR_S,
        beside: `${took.length} cancels, p50 ${seconds(percentile(took, 0.5))}, each: ${took.map(seconds).join(', ')}`,
      },
    ];
  });
}

export const cancel: Scenario = {
  name: 'cancel',
  title: 'Cancel',
  how:
    'A `transcribe` job of the sample lecture is cancelled in `recognise`, after its first window and at different ' +
    'moments of the next ones; from `POST …/cancel` to the first `GET` that says `cancelled`, asked every 25 ms.',
  run,
};
