/** The job types that begin with a source, or further on with what an earlier job has made. */
import type { Activities, Subject } from '../activities/index';
import { fakeActivities } from '../testing/fake-activities';
import { startWorkflowWorker, type WorkflowWorker } from '../testing/workflow-worker';
import type { JobType } from './contracts';

let worker: WorkflowWorker;
let subject: Subject;
let cutPassages: Activities['cutPassages'];

const plain = fakeActivities();

beforeAll(async () => {
  worker = await startWorkflowWorker({
    activities: () => ({ openSubject: async () => subject, cutPassages }),
  });
});

afterAll(() => worker.close());

beforeEach(() => {
  worker.calls.length = 0;
  worker.outcomes.length = 0;
  cutPassages = plain.cutPassages;
});

const at = (stage: Subject['stage'], passages: string | null = null): Subject => ({
  ...{ stage, blob: `${stage}-blob`, passages, source_id: 'source', title: 'A lecture', language: 'en' },
});

/** The activities that were called between the job's beginning and its record. */
const work = () =>
  [...new Set(worker.calls.map(({ name }) => name))]
    .filter((name) => !['markRunning', 'openSubject', 'planProviders', 'recordOutcome'].includes(name))
    .sort();

const transcribing = ['decodeAudio', 'recogniseWindow', 'saveTranscript'];
const material = [...transcribing, 'cutPassages'];
const slides = ['drawPicture', 'buildSlides', 'printSlides'];
const film = ['narrateSlides', 'filmSlides'];

test.each<{ type: JobType; from: Subject; expected: string[] }>([
  { type: 'embed', from: at('recording'), expected: [...material, 'embedPassages', 'storeVectors'] },
  { type: 'embed', from: at('text'), expected: ['cutPassages', 'embedPassages', 'storeVectors'] },
  { type: 'embed', from: at('transcript'), expected: ['cutPassages', 'embedPassages', 'storeVectors'] },
  { type: 'summarize', from: at('recording'), expected: [...material, 'summarizePassages'] },
  { type: 'summarize', from: at('transcript'), expected: ['cutPassages', 'summarizePassages'] },
  {
    type: 'slides',
    from: at('text'),
    expected: ['cutPassages', 'summarizePassages', 'planSlides', ...slides],
  },
  {
    type: 'slides',
    from: at('summary', 'passages-blob'),
    expected: ['planSlides', ...slides],
  },
  {
    type: 'voiceover',
    from: at('transcript'),
    expected: ['cutPassages', 'summarizePassages', 'planSlides', 'speak'],
  },
  { type: 'voiceover', from: at('summary', 'passages-blob'), expected: ['planSlides', 'speak'] },
  { type: 'voiceover', from: at('deck_spec'), expected: ['openDeck', 'speak'] },
  { type: 'narrate', from: at('deck_spec'), expected: ['openDeck', ...slides, 'speak', ...film] },
  {
    type: 'narrate',
    from: at('recording'),
    expected: [...material, 'summarizePassages', 'planSlides', ...slides, 'speak', ...film],
  },
])('$type goes on from a $from.stage', async ({ type, from, expected }) => {
  subject = from;
  const job = await worker.start(type, { source_id: 'source', quality: 'standard', theme: 'light' });
  await job.handle.result();
  expect(work()).toEqual([...expected].sort());
  expect(worker.outcomes).toMatchObject([{ status: 'completed', error: null }]);
  const [cut] = worker.callsOf('cutPassages');
  const fromText = from.stage === 'text';
  if (cut) {
    const blob = from.stage === 'recording' ? 'transcript-blob' : from.blob;
    expect(cut).toMatchObject({ from: fromText ? 'text' : 'transcript', blob });
  }
});

test('embeds what the subject is and stores it under the source', async () => {
  subject = at('text');
  const job = await worker.start('embed', { source_id: 'source' });
  expect(await job.handle.result()).toEqual({
    ...{ collection: 'content', passages: 4, dimension: 768, model: 'first-1' },
    ...{ provider: 'first', quality: 'standard', disclosure: null },
  });
  expect(worker.callsOf('storeVectors')).toEqual([
    {
      ...{ owner_id: 'owner', source_id: 'source', of: 'text', passages: 'passages-blob' },
      ...{ vectors: 'vectors-blob', dimension: 768, model: 'first-1' },
    },
  ]);
});

test('speaks a text of its own', async () => {
  const job = await worker.start('voiceover', { text: 'Good morning', voice: 'joe', language: 'en' });
  expect(await job.handle.result()).toMatchObject({ voices: 1, duration_s: 2.01 });
  expect(work()).toEqual(['speak']);
  expect(worker.callsOf('speak')).toMatchObject([
    { of: { text: 'Good morning' }, position: 0, voice: 'joe', language: 'en', source_id: null },
  ]);
  expect(worker.callsOf('planProviders')).toEqual([
    { capability: 'speaker', language: 'en', job_id: expect.any(String) },
  ]);
});

test('narrates other notes than the deck has', async () => {
  subject = at('deck_spec');
  const notes = { s2: 'Something else.' };
  const job = await worker.start('narrate', { artifact_id: 'deck', theme: 'light', notes });
  await job.handle.result();
  expect(worker.callsOf('editNotes')).toMatchObject([{ deck: 'deck_spec-blob', notes }]);
  const spoken = worker.callsOf('speak').sort((a, b) => Number(a['position']) - Number(b['position']));
  expect(spoken).toMatchObject([
    { of: { deck: 'edited-blob', slide_id: 's2' }, position: 2 },
    { of: { deck: 'edited-blob', slide_id: 's3' }, position: 3 },
  ]);
  expect(worker.callsOf('filmSlides')).toMatchObject([
    { deck: 'edited-blob', voices: [{ position: 2 }, { position: 3 }] },
  ]);
});

test('notes of a slide that is not there are refused, and the slides named', async () => {
  subject = at('deck_spec');
  const job = await worker.start('narrate', { artifact_id: 'deck', notes: { s9: 'What?' } });
  await expect(job.handle.result()).rejects.toThrow();
  expect(worker.outcomes).toMatchObject([
    { status: 'failed', error: { code: 'UNKNOWN_SLIDE', hint: 'Name some of s1, s2, s3' } },
  ]);
  expect(work()).toEqual(['openDeck']);
});

test('makes no slides of nothing', async () => {
  subject = at('text');
  cutPassages = async () => ({ passages: 'passages-blob', count: 0, language: 'en' });
  const job = await worker.start('slides', { source_id: 'source', theme: 'light' });
  await expect(job.handle.result()).rejects.toThrow();
  expect(worker.outcomes).toMatchObject([{ status: 'failed', error: { code: 'NO_TEXT' } }]);
  expect(work()).toEqual(['cutPassages']);
});
