/** A job's stream of events, as a browser reads it. */
import { randomUUID } from 'node:crypto';
import { mountApi, type WorldApi } from '../../testing/api';
import { ended, type TestJob } from '../../testing/stack';
import { startTestWorker, type TestWorker } from '../../testing/worker';
import { createWorld, type World } from '../../testing/world';
import { createJobEngine } from './temporal';

let world: World;
let api: WorldApi;
let worker: TestWorker;
let describes = 0;

beforeAll(async () => {
  world = await createWorld();
  const engine = createJobEngine(world);
  const counting = (id: string) => {
    describes += 1;
    return engine.describe(id);
  };
  api = await mountApi(world, { engine: { ...engine, describe: counting } });
  worker = await startTestWorker(world);
});
afterAll(() => world.close());
afterEach(() => worker.vendor.faults({}));

interface Event {
  readonly id?: string;
  readonly event?: string;
  readonly data: TestJob;
}

let texts = 0;
const speak = () => api.start('voiceover', { text: `A sentence that nobody spoke before: ${++texts}.` });
const slowly = (ms: number) =>
  worker.vendor.faults({ '/v1/audio/speech': [{ kind: 'delay', ms, times: 1 }] });

const open = (id: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${api.url}/api/jobs/${id}/events`, { headers: { accept: 'text/event-stream', ...headers }, signal });

/** A field of an event: `name: value`. */
const fieldsOf = (block: string): Record<string, string> =>
  Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));

/** Comments and the time to come back are no events. */
function eventsOf(text: string): Event[] {
  const blocks = text.split('\n\n').map(fieldsOf);
  return blocks.flatMap((fields) =>
    fields['data'] ? [{ ...fields, data: JSON.parse(fields['data']) as TestJob }] : [],
  );
}

test('tells each revision once, in order, and closes at the end', async () => {
  slowly(700);
  const answer = await open(await speak());
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const text = await answer.text();
  expect(text).toMatch(/^retry: \d+\n\n/);
  const jobs = eventsOf(text).filter(({ event }) => event === 'job');
  const revisions = jobs.map(({ id, data }) => {
    expect(id).toBe(String(data.revision));
    return data.revision;
  });
  expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  expect(revisions.length).toBeGreaterThanOrEqual(3);
  expect(jobs.at(-1)!.data).toMatchObject({ status: 'completed', result: { voices: 1 } });
});

test('says an end at once, not at the next look', async () => {
  const id = await speak();
  slowly(300);
  const { data } = eventsOf(await (await open(id)).text()).at(-1)! as Event & {
    data: TestJob & { finished_at: string };
  };
  expect(ended(data)).toBe(true);
  expect(Date.now() - Date.parse(data.finished_at)).toBeLessThan(900);
});

test('who comes back is told what he missed, or nothing, or to stay away', async () => {
  slowly(1_500);
  const id = await speak();
  await api.until(id, (job) => job.phase === 'voiceover');
  const gone = new AbortController();
  const first = (await open(id, {}, gone.signal)).body!.getReader();
  await first.read();
  gone.abort();
  const { revision } = await api.job(id);
  const again = eventsOf(await (await open(id, { 'last-event-id': String(revision) })).text());
  expect(again.filter(({ event }) => event === 'job')[0]!.data.revision).toBeGreaterThan(revision);
  const last = again.at(-1)!.id!;
  expect((await open(id, { 'last-event-id': last })).status).toBe(204);
  expect(eventsOf(await (await open(id)).text())).toMatchObject([{ id: last, event: 'job' }]);
});

test('twenty listeners cost Temporal no more than one', async () => {
  slowly(1_500);
  const id = await speak();
  const before = describes;
  const texts = await Promise.all(Array.from({ length: 20 }, async () => (await open(id)).text()));
  for (const text of texts) expect(eventsOf(text).at(-1)!.data.status).toBe('completed');
  expect(describes - before).toBeLessThan(20);
});

test('others’ jobs have no events', async () => {
  const as = randomUUID();
  await world.db.users.create({ data: { id: as, email: `${as}@example.org` } });
  const stranger = await mountApi(world, { as });
  const id = await speak();
  expect((await fetch(`${stranger.url}/api/jobs/${id}/events`)).status).toBe(404);
  expect((await open('nonsense')).status).toBe(404);
});
