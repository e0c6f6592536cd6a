/** The same request twice with one key: done once, answered twice, also at once, also after a crash. */
import { randomUUID } from 'node:crypto';
import { mountApi, type WorldApi } from '../../testing/api';
import { createWorld, type World } from '../../testing/world';

let world: World;
let api: WorldApi;
beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world);
});
afterEach(() => expect(api.problems.splice(0)).toEqual([]));
afterAll(() => world.close());

interface Accepted {
  readonly job_id: string;
}

const speak = (key: string, text = 'Hello.') =>
  api.call<Accepted>('POST', '/api/tts/speech', { text, idempotency_key: key });
const jobs = () => world.db.jobs.count();

function form(bytes: string, title: string): FormData {
  const data = new FormData();
  data.set('file', new Blob([bytes]), 'notes.txt');
  data.set('title', title);
  return data;
}
const upload = (key: string, bytes = 'Some words.', title = 'Notes') =>
  api.call<{ id: string }>('POST', '/api/content/uploads', form(bytes, title), { 'idempotency-key': key });

it('does it once, and gives the first answer again as 200', async () => {
  const [key, before] = [randomUUID(), await jobs()];
  const [first, second] = [await speak(key), await speak(key)];
  expect([first.status, second.status]).toEqual([202, 200]);
  expect(second.data).toEqual(first.data);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  expect(await jobs()).toBe(before + 1);
});

it('takes the key from the header as well, and refuses two that differ', async () => {
  const key = randomUUID();
  const first = await speak(key);
  const again = await api.call<Accepted>(
    'POST',
    '/api/tts/speech',
    { text: 'Hello.' },
    { 'idempotency-key': key },
  );
  expect(again.data).toEqual(first.data);
  const both = await api.call(
    ...([
      'POST',
      '/api/tts/speech',
      { text: 'Hello.', idempotency_key: key },
      { 'idempotency-key': 'x' },
    ] as const),
  );
  expect([both.status, both.error?.details['field']]).toEqual([422, 'idempotency_key']);
});

it('refuses a key that was used for something else, on the same route', async () => {
  const key = randomUUID();
  await speak(key);
  const { status, error } = await speak(key, 'Something else.');
  expect([status, error?.details['field']]).toEqual([422, 'idempotency_key']);
  expect((await upload(key)).status).toBe(201);
});

it.each(['', ' ', 'a'.repeat(201), 7, { key: 1 }])('refuses %p as a key', async (idempotency_key) => {
  const { status, error } = await api.call('POST', '/api/tts/speech', { text: 'Hello.', idempotency_key });
  expect([status, error?.details['field']]).toEqual([422, 'idempotency_key']);
});

it('lets one of fifty at once do it, and gives all of them its answer', async () => {
  const [key, before] = [randomUUID(), await jobs()];
  const answers = await Promise.all(Array.from({ length: 50 }, () => speak(key)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(49).fill(200), 202]);
  expect(new Set(answers.map(({ data }) => data.job_id)).size).toBe(1);
  expect(await jobs()).toBe(before + 1);
});

it('remembers no failure: the same key may try again', async () => {
  const key = randomUUID();
  const bad = await api.call('POST', '/api/tts/speech', { text: '', idempotency_key: key });
  expect(bad.status).toBe(422);
  expect((await speak(key)).status).toBe(202);
});

it('compares an upload by what is in it', async () => {
  const key = randomUUID();
  const first = await upload(key);
  const again = await upload(key);
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.data).toEqual(first.data);
  expect((await upload(key, 'Other words.')).status).toBe(422);
  expect((await upload(key, 'Some words.', 'Another title')).status).toBe(422);
  expect(await world.db.content.count({ where: { id: first.data.id } })).toBe(1);
});

it('is each user’s own', async () => {
  const key = randomUUID();
  const id = randomUUID();
  await world.db.users.create({ data: { id, email: `${id}@example.org` } });
  const headers = { authorization: `Bearer ${await api.tokenOf(id)}`, 'idempotency-key': key };
  const theirs = await api.call<Accepted>('POST', '/api/tts/speech', { text: 'Hello.' }, headers);
  const mine = await speak(key);
  expect([theirs.status, mine.status]).toEqual([202, 202]);
  expect(mine.data.job_id).not.toBe(theirs.data.job_id);
});

/** As a process leaves it that dies after the job was started and before the answer was kept. */
async function crash(key: string): Promise<string> {
  const { data } = await speak(key);
  const past = new Date(Date.now() - 1_000);
  await world.db.idempotency_keys.updateMany({ data: { status: null, lease_until: past } });
  return data.job_id;
}

it('finds after a crash what was made before it', async () => {
  const [key, before] = [randomUUID(), await jobs()];
  const job_id = await crash(key);
  const again = await speak(key);
  expect([again.status, again.data.job_id]).toEqual([202, job_id]);
  expect(await jobs()).toBe(before + 1);
});

/** A job that has failed, and a retry whose process died before it could answer. */
async function retryAndCrash(): Promise<{ id: string; again: () => ReturnType<typeof api.call> }> {
  const { data } = await speak(randomUUID());
  const where = { id: data.job_id };
  await world.client.workflow.getHandle(data.job_id).terminate();
  const past = new Date(Date.now() - 60_000);
  await world.db.jobs.update({ where, data: { status: 'failed', finished_at: past } });
  const again = () =>
    api.call('POST', `/api/jobs/${data.job_id}/retry`, undefined, { 'idempotency-key': data.job_id });
  expect((await again()).status).toBe(202);
  await world.db.idempotency_keys.updateMany({
    where: { location: `/api/jobs/${data.job_id}` },
    data: { status: null, lease_until: past, created_at: new Date(Date.now() - 40_000) },
  });
  return { id: data.job_id, again };
}

const runOf = async (id: string) => (await world.db.jobs.findUniqueOrThrow({ where: { id } })).run;

it('does not retry a job twice because of a crash, while it runs and after it has ended', async () => {
  const running = await retryAndCrash();
  expect((await running.again()).status).toBe(202);
  expect(await runOf(running.id)).toBe(2);

  const ended = await retryAndCrash();
  const data = { status: 'failed', finished_at: new Date() };
  await world.db.jobs.update({ where: { id: ended.id }, data });
  expect((await ended.again()).status).toBe(202);
  expect(await runOf(ended.id)).toBe(2);
});

it('waits for the first, then says that it still runs', async () => {
  const key = randomUUID();
  await speak(key);
  const soon = new Date(Date.now() + 60_000);
  await world.db.idempotency_keys.updateMany({ data: { status: null, lease_until: soon } });
  const { status, error, headers } = await speak(key);
  expect([status, error?.code]).toEqual([409, 'CONFLICT']);
  expect(headers.get('retry-after')).toBe('5');
}, 20_000);

it('keeps a day', async () => {
  const key = randomUUID();
  const first = await speak(key);
  const long = new Date(Date.now() - 25 * 3_600_000);
  await world.db.idempotency_keys.updateMany({ data: { created_at: long } });
  const { data, status } = await speak(key);
  expect(status).toBe(202);
  expect(data.job_id).not.toBe(first.data.job_id);
});

it('keeps no secret', async () => {
  const key = randomUUID();
  const account = { email: `${key}@example.org`, password: 'a long sentence is best' };
  const register = () => api.call('POST', '/api/auth/register', { ...account, idempotency_key: key });
  expect([(await register()).status, (await register()).status]).toEqual([201, 200]);
  const kept = JSON.stringify(await world.db.idempotency_keys.findMany());
  expect(kept).not.toContain(account.password);
});
