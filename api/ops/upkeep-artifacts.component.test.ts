/** Terms of artifacts, and what becomes of their bytes; results in the step cache whose bytes are gone. */
import { randomUUID } from 'node:crypto';
import { createOnce } from '../../activities/once';
import { saveArtifact, type NewArtifact } from '../../activities/save-artifact';
import { artifactKinds, type ArtifactKind } from '../../domain/artifact';
import { newJob } from '../../testing/rows';
import { createWorld, type World } from '../../testing/world';
import { findJobRow, toJob } from '../jobs/view';
import { createUpkeep, type UpkeepDeps } from './upkeep';

let world: World;
let errors: unknown[];
let done: Record<string, number>;

beforeEach(async () => {
  world = await createWorld();
  errors = [];
  done = {};
});
afterEach(() => world.close());

const upkeep = (over: Partial<UpkeepDeps> = {}) =>
  createUpkeep(
    { ...world, derivedDays: 90, ...over },
    {
      onError: (error) => void errors.push(error),
      onDone: (what, count) => {
        done[what] = (done[what] ?? 0) + count;
      },
    },
  )();

const LONG_AGO = new Date(Date.now() - 1000 * 24 * 3_600_000);

async function newEndedJob(status = 'completed', owner_id = world.owner_id): Promise<string> {
  const id = await newJob({ ...world, owner_id }, 'lesson');
  await world.db.jobs.update({ where: { id }, data: { status } });
  return id;
}

async function newUser(): Promise<string> {
  const id = randomUUID();
  await world.db.users.create({ data: { id, email: `${id}@example.org` } });
  return id;
}

const save = (job_id: string, kind: ArtifactKind, data: string, over: Partial<NewArtifact> = {}) =>
  saveArtifact(
    world,
    { job_id, owner_id: world.owner_id, kind, media_type: 'video/mp4', file_name: 'x.mp4', ...over },
    data,
  );

const expire = (job_id: string) =>
  world.db.artifacts.updateMany({
    where: { job_id, expires_at: { not: null } },
    data: { expires_at: new Date(Date.now() - 1000) },
  });

const linksOf = async (job_id: string) => toJob((await findJobRow(world.db, job_id))!).artifacts;

const isThere = async (blob: string) => (await world.blobs.size(blob)) !== undefined;

test('a film has a term, from the end of its job on; nothing else has one, however old', async () => {
  const job_id = await newEndedJob();
  for (const kind of artifactKinds) await save(job_id, kind, kind);
  await world.db.artifacts.updateMany({ data: { created_at: LONG_AGO } });
  await upkeep();
  const rows = await world.db.artifacts.findMany({ where: { expires_at: { not: null } } });
  expect(rows.map(({ kind }) => kind)).toEqual(['video']);
  const days = (rows[0]!.expires_at!.getTime() - Date.now()) / 24 / 3_600_000;
  expect(Math.round(days)).toBe(90);
  const told = (await linksOf(job_id)).map(({ kind, expires_at }) => [kind, expires_at] as const);
  const iso = rows[0]!.expires_at!.toISOString();
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(artifactKinds.map((kind) => [kind, kind === 'video' ? iso : null])),
  );
  expect(errors).toEqual([]);
});

test('a term that was told stays what it was', async () => {
  const job_id = await newEndedJob();
  await save(job_id, 'video', 'film');
  await upkeep();
  const told = await findJobRow(world.db, job_id);
  await upkeep({ derivedDays: 1 });
  expect(await findJobRow(world.db, job_id)).toEqual(told);
});

test('its end takes row and bytes; the job reads well without it, and is another version', async () => {
  const job_id = await newEndedJob();
  const [film, deck] = [await save(job_id, 'video', 'film'), await save(job_id, 'deck', 'deck')];
  await upkeep();
  await expire(job_id);
  const before = await findJobRow(world.db, job_id);
  await upkeep();
  expect(done).toEqual({ 'artifacts without a term': 1, artifacts: 1 });
  expect(await linksOf(job_id)).toMatchObject([{ id: deck.id, kind: 'deck' }]);
  expect(await world.db.jobs.findUnique({ where: { id: job_id } })).toMatchObject({
    ...{ status: 'completed', revision: before!.revision + 1 },
  });
  expect([await isThere(film.blob), await isThere(deck.blob)]).toEqual([false, true]);
  expect(errors).toEqual([]);
});

test('the first version that tells a term is another one than before', async () => {
  const job_id = await newEndedJob();
  await save(job_id, 'video', 'film');
  const before = await findJobRow(world.db, job_id);
  await upkeep();
  expect((await findJobRow(world.db, job_id))!.revision).toBe(before!.revision + 1);
});

test('bytes that another owner has too stay, until his term is over as well', async () => {
  const other = await newUser();
  const [mine, theirs] = [await newEndedJob(), await newEndedJob('completed', other)];
  const { blob } = await save(mine, 'video', 'the same film');
  await save(theirs, 'video', 'the same film', { owner_id: other });
  await upkeep();
  await expire(mine);
  await upkeep();
  expect(await linksOf(mine)).toEqual([]);
  expect([(await linksOf(theirs)).length, await isThere(blob)]).toEqual([1, true]);
  await expire(theirs);
  await upkeep();
  expect([(await linksOf(theirs)).length, await isThere(blob)]).toEqual([0, false]);
});

test.each(['queued', 'running', 'paused'])('a job that is %s keeps what it has', async (status) => {
  const job_id = await newEndedJob();
  await save(job_id, 'video', 'film');
  await upkeep();
  await expire(job_id);
  await world.db.jobs.update({ where: { id: job_id }, data: { status } });
  const { blob } = await save(await newEndedJob(status), 'video', 'another');
  await upkeep();
  expect(await linksOf(job_id)).toHaveLength(1);
  expect(await world.db.artifacts.count({ where: { blob, expires_at: null } })).toBe(1);
  expect(done).toEqual({ 'artifacts without a term': 1 });
});

test('two at once remove everything once', async () => {
  const jobs = await Promise.all(Array.from({ length: 250 }, () => newEndedJob()));
  for (const [n, job_id] of jobs.entries()) await save(job_id, 'video', `film ${n % 50}`);
  await Promise.all([upkeep(), upkeep()]);
  await world.db.artifacts.updateMany({ data: { expires_at: LONG_AGO } });
  const blobs = await world.db.artifacts.findMany({ distinct: ['blob'], select: { blob: true } });
  await Promise.all([upkeep(), upkeep()]);
  expect(errors).toEqual([]);
  expect(done).toEqual({ 'artifacts without a term': 250, artifacts: 250 });
  expect(await world.db.artifacts.count()).toBe(0);
  for (const { blob } of blobs) expect(await isThere(blob)).toBe(false);
});

test('bytes that cannot be removed now keep their row, and go next time', async () => {
  const job_id = await newEndedJob();
  const { blob } = await save(job_id, 'video', 'film');
  await upkeep();
  await expire(job_id);
  const remove = () => Promise.reject(new Error('the disk is away'));
  await upkeep({ blobs: { ...world.blobs, remove } });
  expect(errors).toEqual([new Error('the disk is away')]);
  expect(await linksOf(job_id)).toHaveLength(1);
  await upkeep();
  expect([(await linksOf(job_id)).length, await isThere(blob)]).toEqual([0, false]);
});

test('where the operator wants no end, there is none any more', async () => {
  const job_id = await newEndedJob();
  await save(job_id, 'video', 'film');
  await upkeep();
  await expire(job_id);
  await upkeep({ derivedDays: 0 });
  expect(await world.db.artifacts.findFirst({ where: { job_id } })).toMatchObject({ expires_at: null });
  await upkeep({ derivedDays: 0 });
  expect(await linksOf(job_id)).toHaveLength(1);
});

describe('the step cache', () => {
  const call = () => ({ holder: randomUUID(), signal: new AbortController().signal });
  const once = () => createOnce(world);
  const filmKey = () => ({
    ...{ owner_id: world.owner_id, step: 'filmSlides', version: 1, blobs: [], parameters: {} },
  });

  async function film(job_id: string) {
    let made = 0;
    const { video } = await once()(filmKey(), call(), async () => {
      made++;
      return { video: (await world.blobs.put('film')).sha256, duration_s: 3 };
    });
    await save(job_id, 'video', (await world.blobs.read(video)).toString());
    return made;
  }

  const ageResults = () => world.db.step_results.updateMany({ data: { created_at: LONG_AGO } });

  test('a film that had its time is made anew by the next job, with a term of its own', async () => {
    const [first, second] = [await newEndedJob(), await newEndedJob()];
    expect(await film(first)).toBe(1);
    await upkeep();
    await expire(first);
    await upkeep();
    expect(await film(second)).toBe(1);
    expect(await film(first)).toBe(0);
    await upkeep();
    expect(await linksOf(first)).toHaveLength(1);
  });

  test('a film that another job finds in the cache outlives the first one', async () => {
    const [first, second] = [await newEndedJob(), await newEndedJob()];
    await film(first);
    await upkeep();
    expect(await film(second)).toBe(0);
    await expire(first);
    await upkeep();
    const [link] = await linksOf(second);
    const { blob } = await world.db.artifacts.findUniqueOrThrow({ where: { id: link!.id } });
    expect(await isThere(blob)).toBe(true);
  });

  test('a result goes when bytes that it names are gone, and not before', async () => {
    const results = () => world.db.step_results.findMany();
    await film(await newEndedJob());
    const blob = (await results())[0]!.blob!;
    const { blob: video } = await world.db.artifacts.findFirstOrThrow();
    await ageResults();
    await upkeep();
    expect(await results()).toHaveLength(1);
    await world.blobs.remove(video);
    await upkeep();
    expect([await results(), await isThere(blob)]).toEqual([[], false]);
    expect(done).toMatchObject({ 'results whose bytes are gone': 1 });
  });

  test('a result that is young, or whole, or being made stays; one that is unreadable or lost goes', async () => {
    const put = async (text: string) => (await world.blobs.put(text)).sha256;
    const lost = 'ab'.repeat(32);
    const row = (key: string, blob: string | null, created_at = LONG_AGO) => ({
      ...{ key, blob, created_at, owner_id: world.owner_id, step: 's' },
    });
    const data = [
      row('young', lost, new Date()),
      row('whole', await put(`{"words":3,"audio":"${await put('sound')}"}`)),
      row('being made', null),
      row('unreadable', await put('{"words":')),
      row('lost', lost),
      row('half', await put(`{"audio":"${lost}","captions":"${await put('text')}"}`)),
    ];
    await world.db.step_results.createMany({ data });
    await upkeep();
    const left = await world.db.step_results.findMany({ orderBy: { key: 'asc' } });
    expect(left.map(({ key }) => key)).toEqual(['being made', 'whole', 'young']);
    expect(errors).toEqual([]);
  });

  test('in time it looks at all of them, a page at a time', async () => {
    const data = Array.from({ length: 250 }, (_, n) => ({
      ...{ key: `k${1000 + n}`, owner_id: world.owner_id, step: 's', created_at: LONG_AGO },
      blob: n === 240 ? 'cd'.repeat(32) : '',
    }));
    const { sha256: blob } = await world.blobs.put('{}');
    await world.db.step_results.createMany({ data: data.map((row) => ({ ...row, blob: row.blob || blob })) });
    const round = createUpkeep({ ...world, derivedDays: 90 }, { onError: (error) => errors.push(error) });
    await round();
    expect(await world.db.step_results.count()).toBe(250);
    await round();
    await round();
    expect(await world.db.step_results.findMany({ where: { key: 'k1240' } })).toEqual([]);
    expect(errors).toEqual([]);
  });
});
