/** A machine that has the programs and not one model: each job says what it lacks, and a retry heals it later. */
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs } from '../assets/programs';
import { requireForTest } from '../assets/require-for-test';
import { loadConfig } from '../config';
import { media, sampleFile } from '../testing/samples';
import { ended, startTestStack, type TestJob, type TestStack } from '../testing/stack';

const { describeIfPresent } = requireForTest('whisper-tiny.en', 'mpnet', 'piper-joe', 'espeak-ng-data');
const FULL_CACHE = loadConfig().cache_dir;
const MARKDOWN = `# Rivers

A river is a stream of fresh water that flows to a lake or to the sea. The place where it begins is its source.
A tributary is a smaller river that ends in a larger one. Where a river meets the sea, it may build a delta.
`;

let stack: TestStack;
let cache: string;
let [transcribe, lesson, slides, lessonOfText]: TestJob[] = [];

const isProgram = (folder: string): boolean =>
  Object.keys(programs).some((name) => folder.startsWith(`${name}-`));

/** Puts assets into the stack's cache, whole, as `npm run assets` does. */
async function bring(wanted: (folder: string) => boolean): Promise<void> {
  const folders = (await readdir(FULL_CACHE)).filter((name) => !name.startsWith('.') && wanted(name));
  await Promise.all(folders.map((name) => symlink(path.join(FULL_CACHE, name), path.join(cache, name))));
}

/** Soon: a job that waits for what cannot come is not honest either. */
const run = async (type: string, source_id: string): Promise<TestJob> =>
  stack.api.until(await stack.api.start(type, { source_id }), ended, 15);

async function engines() {
  type Engine = Record<'capability' | 'provider' | 'reason' | 'cure', string> & { available: boolean };
  return (await stack.api.call<{ engines: Engine[] }>('GET', '/api/health')).data.engines;
}

beforeAll(async () => {
  cache = await mkdtemp(path.join(os.tmpdir(), 'lm-cache-'));
  await bring(isProgram);
  stack = await startTestStack({ LM_CACHE_DIR: cache, WHISPER_MODEL: 'tiny.en' });
  const tenSeconds = media(['-i', sampleFile('two_cities.flac'), '-t', '10'], 'flac');
  const sound = await stack.api.upload(tenSeconds, 'two_cities.flac');
  const text = await stack.api.upload(Buffer.from(MARKDOWN), 'rivers.md');
  const jobs = [run('transcribe', sound), run('lesson', sound), run('slides', text), run('lesson', text)];
  [transcribe, lesson, slides, lessonOfText] = await Promise.all(jobs);
}, 60_000);

afterAll(async () => {
  await stack?.stop();
  await rm(cache, { recursive: true, force: true });
}, 60_000);

const lacks = (step: string, message: string) => ({
  ...{ status: 'failed', result: null, warnings: [] },
  error: {
    ...{ code: 'PROVIDER_UNAVAILABLE', message, step, retryable: true },
    hint: expect.stringContaining('npm run assets'),
  },
});

it('names each engine that is missing, and its cure, in GET /api/health', async () => {
  const missing = (await engines()).filter((one) => !one.available && one.cure.includes('npm run assets'));
  expect(missing.map((one) => `${one.capability} ${one.provider}: ${one.reason}`)).toEqual(
    expect.arrayContaining([
      'transcriber whisper: the Whisper model tiny.en is not on this machine',
      'transcriber moonshine: the Moonshine model is not on this machine',
      'speaker piper: the Piper voice is not on this machine',
      'embedder mpnet: the mpnet model is not on this machine',
      'language_model extractive: the mpnet model is not on this machine',
    ]),
  );
});

it('fails what begins with a recording, and leaves nothing behind that looks like a result', () => {
  const unheard = lacks('recognise', 'whisper: the Whisper model tiny.en is not on this machine');
  for (const job of [transcribe, lesson]) expect(job).toMatchObject({ ...unheard, artifacts: [] });
});

it('fails the slides of a text, and keeps the passages that needed no model', () => {
  const unwritten = lacks('summarize', 'extractive: the mpnet model is not on this machine');
  expect(slides).toMatchObject({ ...unwritten, artifacts: [{ kind: 'passages' }] });
});

it('ends the lesson of a text with its passages, and a warning for each part that is lost', () => {
  expect(lessonOfText).toMatchObject({
    ...{ status: 'completed_with_warnings', error: null, artifacts: [{ kind: 'passages' }] },
    result: { vectors: null, summary: null, slides: null, voiceover: null },
  });
  const told = lessonOfText!.warnings.map(({ code, step, message }) => `${code} ${step} ${message}`);
  // They are lost side by side, in either order.
  expect(told.sort()).toEqual([
    'PROVIDER_UNAVAILABLE embed Without vectors: mpnet: the mpnet model is not on this machine (cure: npm run assets)',
    'PROVIDER_UNAVAILABLE summarize Without summary: extractive: the mpnet model is not on this machine (cure: npm run assets)',
  ]);
});

describeIfPresent('when the models have come, while all runs', () => {
  it('completes the same jobs by a retry', async () => {
    await bring((folder) => !isProgram(folder));
    while (!(await engines()).some((one) => one.provider === 'whisper' && one.available)) await sleep(100);
    const ids = [transcribe!.job_id, lessonOfText!.job_id];
    for (const id of ids) expect((await stack.api.call('POST', `/api/jobs/${id}/retry`)).status).toBe(202);
    const [heard, taught] = await Promise.all(ids.map((id) => stack.api.until(id, ended)));
    expect(heard).toMatchObject({ status: 'completed', error: null, warnings: [] });
    expect(heard?.result).toMatchObject({ text: expect.stringMatching(/best of times/) });
    expect(taught).toMatchObject({ status: 'completed', warnings: [{ code: 'BASIC_QUALITY' }] });
    const lost = Object.entries(taught?.result ?? {}).filter(([, part]) => part === null);
    expect(lost).toEqual([['transcript', null]]);
  }, 60_000);
});
