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
    activities: { openSubject: async () => subject, cutPassages: (input) => cutPassages(input) },
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
  [...new Set(worker.calls.map(({ name }) => name))].filter(
    (name) => !['markRunning', 'openSubject', 'planProviders', 'recordOutcome'].includes(name),
  );

const transcribing = ['decodeAudio', 'recogniseWindow', 'saveTranscript'];
const material = [...transcribing, 'cutPassages'];

test.each<{ type: JobType; from: Subject; expected: string[] }>([
  { type: 'embed', from: at('recording'), expected: [...material, 'embedPassages', 'storeVectors'] },
  { type: 'embed', from: at('text'), expected: ['cutPassages', 'embedPassages', 'storeVectors'] },
  { type: 'embed', from: at('transcript'), expected: ['cutPassages', 'embedPassages', 'storeVectors'] },
  { type: 'summarize', from: at('recording'), expected: [...material, 'summarizePassages'] },
  { type: 'summarize', from: at('transcript'), expected: ['cutPassages', 'summarizePassages'] },
  {
    type: 'slides',
    from: at('text'),
    expected: ['cutPassages', 'summarizePassages', 'planSlides', 'drawPicture', 'buildSlides'],
  },
  {
    type: 'slides',
    from: at('summary', 'passages-blob'),
    expected: ['planSlides', 'drawPicture', 'buildSlides'],
  },
  {
    type: 'voiceover',
    from: at('transcript'),
    expected: ['cutPassages', 'summarizePassages', 'planSlides', 'speak'],
  },
  { type: 'voiceover', from: at('summary', 'passages-blob'), expected: ['planSlides', 'speak'] },
  { type: 'voiceover', from: at('deck_spec'), expected: ['openDeck', 'speak'] },
])('$type goes on from a $from.stage', async ({ type, from, expected }) => {
  subject = from;
  const job = await worker.start(type, { source_id: 'source', quality: 'standard', theme: 'light' });
  await job.handle.result();
  expect(work()).toEqual(expected);
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
    ...{ provider: 'first', quality: 'standard' },
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
  expect(worker.callsOf('planProviders')).toEqual([{ capability: 'speaker', language: 'en' }]);
});

test('makes no slides of nothing', async () => {
  subject = at('text');
  cutPassages = async () => ({ passages: 'passages-blob', count: 0, language: 'en' });
  const job = await worker.start('slides', { source_id: 'source', theme: 'light' });
  await expect(job.handle.result()).rejects.toThrow();
  expect(worker.outcomes).toMatchObject([{ status: 'failed', error: { code: 'NO_TEXT' } }]);
  expect(work()).toEqual(['cutPassages']);
});
