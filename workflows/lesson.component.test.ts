import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { StepError } from '../activities/failures';
import type { Activities } from '../activities/index';
import { fakeActivities, TWO_PROVIDERS } from '../testing/fake-activities';
import { startWorkflowWorker, type RunningJob, type WorkflowWorker } from '../testing/workflow-worker';

let worker: WorkflowWorker;
let activities: Partial<Activities>;

const plain = fakeActivities();

beforeAll(async () => {
  worker = await startWorkflowWorker({ activities: () => activities });
});

afterAll(() => worker.close());

beforeEach(() => {
  worker.calls.length = 0;
  worker.outcomes.length = 0;
  activities = {};
});

const lesson = (over = {}): Promise<RunningJob> =>
  worker.start('lesson', { source_id: 'source', quality: 'standard', theme: 'dark', ...over });

/** Lets nobody through before all have come. */
function meeting(of: number) {
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => (open = resolve));
  let here = 0;
  return (): Promise<void> => {
    if ((here += 1) === of) open();
    return all;
  };
}

const broken = (what: string) => () => Promise.reject(new StepError('BROKEN', `${what} is broken`));

const namesOf = (steps: readonly { name: string; status: string }[]) =>
  steps.map(({ name, status }) => `${name} ${status}`);

test('makes everything of one lecture', async () => {
  const job = await lesson({ voice: 'joe' });
  expect(await job.handle.result()).toEqual({
    transcript: expect.objectContaining({ language: 'de', words: 3 }),
    vectors: {
      ...{ collection: 'content', passages: 4, dimension: 768, model: 'first-1' },
      ...{ provider: 'first', quality: 'standard', disclosure: null },
    },
    summary: {
      ...{ title: 'A lecture', key_points: 3, sections: 2, key_terms: 1 },
      ...{ provider: 'first', model: 'first-1', quality: 'basic', disclosure: null },
    },
    slides: { title: 'Photosynthesis', slides: 3, pictures: 2, disclosure: null },
    voiceover: {
      ...{ voices: 2, duration_s: 4.01, provider: 'first', model: 'first-1', quality: 'standard' },
      disclosure: null,
    },
    narration: { title: 'Photosynthesis', slides: 3, voices: 2, duration_s: 7.5, video: true },
  });
  expect(worker.outcomes).toMatchObject([
    { status: 'completed', warnings: [{ code: 'BASIC_QUALITY', step: 'summarize' }] },
  ]);
  expect(namesOf(worker.outcomes[0]!.steps).sort()).toEqual(
    [
      'decode',
      'recognise',
      'merge',
      'passages',
      'embed',
      'summarize',
      'plan',
      'pictures',
      'build',
      'pdf',
      'voiceover',
      'narrate',
      'video',
    ]
      .map((name) => `${name} completed`)
      .sort(),
  );
  expect(worker.callsOf('planSlides')).toEqual([
    {
      ...{ job_id: job.handle.workflowId, owner_id: 'owner', source_id: 'source', theme: 'dark' },
      ...{ summary: 'summary-blob', passages: 'passages-blob', disclosure: null },
    },
  ]);
  const spoken = worker.callsOf('speak').sort((a, b) => Number(a['position']) - Number(b['position']));
  expect(spoken).toMatchObject([
    { of: { deck: 'deck-blob', slide_id: 's2' }, position: 2, voice: 'joe' },
    { of: { deck: 'deck-blob', slide_id: 's3' }, position: 3, voice: 'joe' },
  ]);
  expect(spoken).toHaveLength(2);
  expect(worker.callsOf('buildSlides')[0]!['pictures']).toMatchObject([
    { slide_id: 's2', image: 'image-s2' },
    { slide_id: 's3', image: 'image-s3' },
  ]);
});

test('embeds beside summarizing, and draws beside speaking', async () => {
  const first = meeting(2);
  const second = meeting(4);
  activities.embedPassages = (input) => first().then(() => plain.embedPassages(input));
  activities.summarizePassages = (input) => first().then(() => plain.summarizePassages(input));
  activities.drawPicture = (input) => second().then(() => plain.drawPicture(input));
  activities.speak = (input) => second().then(() => plain.speak(input));
  await (await lesson()).handle.result();
  expect(worker.outcomes).toMatchObject([{ status: 'completed' }]);
});

test('begins with the text where the source is one', async () => {
  activities.openSubject = async () => ({
    ...{ stage: 'text', blob: 'text-blob', passages: null, source_id: 'source', title: 'Notes' },
    language: 'en',
  });
  const job = await lesson();
  expect(await job.handle.result()).toMatchObject({ transcript: null, summary: { title: 'Notes' } });
  expect(worker.callsOf('decodeAudio')).toEqual([]);
  expect(worker.callsOf('cutPassages')).toMatchObject([{ from: 'text', blob: 'text-blob', title: 'Notes' }]);
});

test('has only a transcript where nothing was said', async () => {
  activities.cutPassages = async () => ({ passages: 'passages-blob', count: 0, language: 'und' });
  expect(await (await lesson()).handle.result()).toMatchObject({
    ...{ transcript: { words: 3 }, vectors: null, summary: null, slides: null, voiceover: null },
  });
  expect(worker.outcomes).toMatchObject([{ status: 'completed', warnings: [{ code: 'NO_TEXT' }] }]);
});

test.each([
  [
    'vectors',
    { embedPassages: broken('embedding') },
    { vectors: null, slides: { pictures: 2 }, voiceover: { voices: 2 } },
    { step: 'embed', message: 'Without vectors: embedding is broken' },
  ],
  [
    'summary',
    { summarizePassages: broken('writing') },
    { vectors: { passages: 4 }, summary: null, slides: null, voiceover: null },
    { step: 'summarize', message: expect.stringContaining('writing is broken') },
  ],
  [
    'plan',
    { planSlides: broken('planning') },
    { summary: { sections: 2 }, slides: null, voiceover: null },
    { step: 'plan', message: 'Without slides: planning is broken' },
  ],
  [
    'pictures',
    { drawPicture: broken('drawing') },
    { slides: { slides: 3, pictures: 0 }, voiceover: { voices: 2 } },
    { step: 'pictures', message: 'Without pictures: drawing is broken' },
  ],
  [
    'deck',
    { buildSlides: broken('building') },
    { slides: null, voiceover: { voices: 2 }, narration: null },
    { step: 'build', message: 'Without slides: building is broken' },
  ],
  [
    'PDF',
    { printSlides: broken('printing') },
    { slides: { pictures: 2 }, narration: { video: true } },
    { step: 'pdf', message: 'Without the PDF: printing is broken' },
  ],
  [
    'narrated deck',
    { narrateSlides: broken('narrating') },
    { slides: { pictures: 2 }, voiceover: { voices: 2 }, narration: null },
    { step: 'narrate', message: 'Without the narrated deck: narrating is broken' },
  ],
  [
    'film',
    { filmSlides: broken('filming') },
    { narration: { video: false, slides: 3 } },
    { step: 'video', message: 'Without the video: filming is broken' },
  ],
  [
    'voices',
    { speak: broken('speaking') },
    { slides: { pictures: 2 }, voiceover: null, narration: null },
    { step: 'voiceover', message: 'Without voices: speaking is broken' },
  ],
])('goes on without its %s', async (_part, broken, result, warning) => {
  activities = broken;
  expect(await (await lesson()).handle.result()).toMatchObject(result);
  const [outcome] = worker.outcomes;
  expect(outcome).toMatchObject({ status: 'completed_with_warnings', error: null });
  expect(outcome!.warnings).toContainEqual({ code: 'BROKEN', ...warning });
  expect(namesOf(outcome!.steps)).toContain(`${warning.step} failed`);
});

test('parts that are lost side by side name each its own step, and the cure', async () => {
  const lost = (what: string) => () =>
    Promise.reject(new StepError('BROKEN', `${what} is broken`, `mend ${what}`));
  activities = { embedPassages: lost('embedding'), summarizePassages: lost('writing') };
  await (await lesson()).handle.result();
  const told = worker.outcomes[0]!.warnings.map(({ step, message }) => `${step}: ${message}`);
  expect(told.sort()).toEqual([
    'embed: Without vectors: embedding is broken (cure: mend embedding)',
    'summarize: Without summary: writing is broken (cure: mend writing)',
  ]);
});

test('fails where what all rests on fails', async () => {
  activities.cutPassages = broken('cutting');
  await expect((await lesson()).handle.result()).rejects.toThrow(WorkflowFailedError);
  expect(worker.outcomes).toMatchObject([{ status: 'failed', error: { code: 'BROKEN', step: 'passages' } }]);
});

test('a cancel ends every step that runs, beside each other or not', async () => {
  const hang = () => Context.current().cancelled;
  const slowly = () =>
    hang().catch(async (error: unknown) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      throw error;
    });
  activities.embedPassages = hang;
  activities.summarizePassages = slowly;
  const job = await lesson();
  const started = () => [...worker.callsOf('embedPassages'), ...worker.callsOf('summarizePassages')].length;
  await job.until(() => started() === 2);
  await job.handle.cancel();
  await expect(job.handle.result()).rejects.toThrow(WorkflowFailedError);
  expect(worker.outcomes).toHaveLength(1);
  expect(worker.outcomes[0]!.status).toBe('cancelled');
  expect(namesOf(worker.outcomes[0]!.steps).slice(-2).sort()).toEqual([
    'embed cancelled',
    'summarize cancelled',
  ]);
  expect(worker.outcomes[0]!.steps.every(({ finished_at }) => finished_at !== null)).toBe(true);
});

test('everything that others made than the first choice says so, with who, instead of whom and why', async () => {
  activities.planProviders = async ({ capability }) => ({
    ...TWO_PROVIDERS,
    preferred: { provider: `best-${capability}`, reason: 'its circuit is open' },
  });
  activities.summarizePassages = async (input) => ({
    ...(await plain.summarizePassages(input)),
    disclosure: input.disclosure ?? null,
  });
  activities.speak = async (input) => ({
    ...(await plain.speak(input)),
    disclosure: input.disclosure ?? null,
  });
  const instead = (of: string) => `made by first instead of best-${of}, because its circuit is open`;
  const [text, pictures, voices] = ['language_model', 'illustrator', 'speaker'].map(instead);
  const result = (await (await lesson()).handle.result()) as Record<string, { disclosure: string }>;
  expect(worker.callsOf('saveTranscript')[0]).toMatchObject({ disclosure: instead('transcriber') });
  expect(worker.callsOf('planSlides')[0]).toMatchObject({ disclosure: text });
  const deck = `text ${text}; pictures ${pictures}`;
  expect(worker.callsOf('buildSlides')[0]).toMatchObject({ disclosure: deck });
  expect(worker.callsOf('printSlides')[0]).toMatchObject({ disclosure: deck });
  for (const name of ['narrateSlides', 'filmSlides'] as const)
    expect(worker.callsOf(name)[0]).toMatchObject({ disclosure: `${deck}; voices ${voices}` });
  const disclosures = Object.entries(result).map(([part, { disclosure }]) => [part, disclosure]);
  expect(Object.fromEntries(disclosures)).toMatchObject({
    ...{ vectors: instead('embedder'), summary: text, slides: pictures, voiceover: voices },
  });
  const { steps, warnings } = worker.outcomes[0]!;
  const fallbacks = warnings.filter(({ code }) => code === 'PROVIDER_FALLBACK').map(({ step }) => step);
  expect(fallbacks.sort()).toEqual(['embed', 'pictures', 'recognise', 'summarize', 'voiceover']);
  expect(steps.find(({ name }) => name === 'voiceover')).toMatchObject({
    provider: 'first',
    warning: voices,
  });
});
