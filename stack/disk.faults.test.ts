/** The disk is full while a lesson's files are written: said plainly, nothing half-written, and mended by space and a retry. */
import { recording, startLesson } from '../testing/fault-cells';
import { mountSmallDisk, type SmallDisk } from '../testing/full-disk';
import { brokenBlobs, partialBlobs } from '../testing/leftovers';
import { countMadeResults, madeAgain } from '../testing/made-results';
import { ended, startTestStack, type TestStack } from '../testing/stack';
import { watchSteps, type StepWatch } from '../testing/step-watch';
import { tracesOf, type Traces } from '../testing/traces';

let stack: TestStack;
let watch: StepWatch;
let disk: SmallDisk;
let undisturbed: Traces;

beforeAll(async () => {
  stack = await startTestStack({ WHISPER_MODEL: 'tiny.en', TTS_PROVIDERS: 'espeak' });
  disk = await mountSmallDisk(stack);
  watch = await watchSteps(stack.urls.temporal);
  const { job_id, source_id } = await startLesson(stack, recording());
  undisturbed = await tracesOf(stack, await stack.api.until(job_id, ended), source_id);
}, 180_000);

afterAll(async () => {
  await watch?.close();
  await disk?.unmount();
  await stack?.stop();
}, 60_000);

const CURE = /space.*retry/i;

async function expectNothingHalfWritten(): Promise<void> {
  expect(await partialBlobs(stack.data_dir)).toEqual([]);
  expect(await brokenBlobs(stack.data_dir)).toEqual([]);
}

it('refuses an upload that it cannot keep, with the cure', async () => {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(recording())]), 'two_cities.flac');
  await disk.fill();
  const answer = await stack.api.call('POST', '/api/content/uploads', form);
  await disk.makeSpace();
  expect(answer).toMatchObject({ status: 507, error: { code: 'DISK_FULL' } });
  expect(answer.error?.details['hint']).toMatch(/space/);
  await expectNothingHalfWritten();
});

it('fails with the reason and the cure when the sound cannot be written, and completes after space was made', async () => {
  const { api } = stack;
  const source_id = await api.upload(recording(), 'two_cities.flac');
  await disk.fill();
  const job_id = await api.start('lesson', { source_id, language: 'en', force: true });
  const failed = await api.until(job_id, ended, 60);
  expect(failed).toMatchObject({
    status: 'failed',
    error: { code: 'DISK_FULL', step: 'decode', retryable: true },
  });
  expect(failed.error?.hint).toMatch(CURE);
  await expectNothingHalfWritten();

  await disk.makeSpace();
  expect((await api.call('POST', `/api/jobs/${job_id}/retry`)).status).toBe(202);
  expect(await tracesOf(stack, await api.until(job_id, ended), source_id)).toEqual(undisturbed);
}, 120_000);

it('loses only the part that cannot be written, says why, and a retry brings it', async () => {
  const { api } = stack;
  const made = await countMadeResults(stack.urls.database);
  const source_id = await api.upload(recording(), 'two_cities.flac');
  const job_id = await api.start('lesson', { source_id, language: 'en' });
  expect(await watch.untilRunning(job_id, 'plan')).toBe(true);
  await disk.fill();
  const job = await api.until(job_id, ended, 60);
  expect(job).toMatchObject({ status: 'completed_with_warnings', error: null });
  const lost = job.warnings.filter(({ code }) => code === 'DISK_FULL');
  expect(lost).not.toEqual([]);
  for (const { message } of lost) expect(message).toMatch(CURE);
  await expectNothingHalfWritten();

  await disk.makeSpace();
  expect((await api.call('POST', `/api/jobs/${job_id}/retry`)).status).toBe(202);
  expect(await tracesOf(stack, await api.until(job_id, ended), source_id)).toEqual(undisturbed);
  expect(madeAgain(await made.after(0))).toEqual([]);
}, 120_000);
