/** The steps that ask a provider, with a real vendor's server on the other side, and those after them. */
import { randomUUID } from 'node:crypto';
import { deckSchema } from '../domain/deck';
import { passagesSchema } from '../domain/passage';
import { summarySchema, type Summary } from '../domain/summary';
import { transcriptSchema } from '../domain/transcript';
import { chromaVectors } from '../store/vectors';
import { newJob, newSource, runActivity } from '../testing/rows';
import { ffmpegPath, media, sample } from '../testing/samples';
import { createWorld, serverUrls, type World } from '../testing/world';
import { noBudgets } from './budgets';
import { createActivities, type Activities } from './index';
import { loadMetrics } from './load-fonts';
import { startOpenAiServer, type OpenAiServer } from './providers/__fixtures__/openai-server';
import { createProviders } from './providers/registry';
import { readJson } from './read-json';

let world: World;
let vendor: OpenAiServer;
let activities: Activities;

const SAID = 'Plants turn light into sugar. The process happens in the chloroplasts.';

beforeAll(async () => {
  [world, vendor] = await Promise.all([createWorld(), startOpenAiServer({ transcript: () => SAID })]);
  const models = { chat_model: 'chat', speech_model: 'speech', transcription_model: 'whisper-1' };
  activities = createActivities({
    budgets: noBudgets,
    ...world,
    vectors: chromaVectors(serverUrls().chroma, `test-${randomUUID()}`),
    providers: createProviders({
      order: {
        ...{ transcriber: ['openai'], speaker: ['openai'], embedder: [], language_model: ['openai'] },
        illustrator: ['drawn'],
        ocr: [],
      },
      ...{ processes: 1, idleMs: 1000, breakerCooldownS: 1, whisperModel: 'tiny.en', paths: () => ({}) },
      ...{ vendors: { openai: { base_url: `${vendor.url}/v1`, ...models } }, loadMetrics },
    }),
    ...{ ffmpeg: ffmpegPath(), stepTimeoutS: 60, embedder: 'mpnet', loadMetrics },
  });
});

afterAll(() => Promise.all([world?.close(), vendor?.close()]));

const answered = (route: string): number => vendor.calls()[route]?.answered ?? 0;

const asked = () => ({ provider: 'openai', answers: 0, owner_id: world.owner_id, fresh_for: null });

async function recognised() {
  const { blobs, owner_id } = world;
  const pcm = media(['-f', 'lavfi', '-i', 'sine=d=6', '-ac', '1', '-ar', '16000'], 's16le');
  const { sha256 } = await blobs.put(Buffer.concat([pcm, Buffer.from(randomUUID())]));
  const window = { ...asked(), owner_id, pcm: sha256, start_s: 1, end_s: 4 };
  return { window, made: await runActivity(activities.recogniseWindow, window) };
}

test('recognises the window’s seconds, and a second time asks nobody', async () => {
  const before = answered('/v1/audio/transcriptions');
  const { window, made } = await recognised();
  expect(await runActivity(activities.recogniseWindow, window)).toEqual(made);
  expect(answered('/v1/audio/transcriptions')).toBe(before + 1);
  const recognition = JSON.parse(String(await world.blobs.read(made.blob))) as {
    segments: { end_s: number }[];
  };
  expect(recognition.segments.at(-1)!.end_s).toBeCloseTo(3, 0);
  const other = await runActivity(activities.recogniseWindow, { ...window, fresh_for: 'job:1' });
  expect(other.language).toBe(made.language);
  expect(answered('/v1/audio/transcriptions')).toBe(before + 2);
});

async function savedTranscript() {
  const { owner_id } = world;
  const source_id = await newSource(world, randomUUID());
  const job_id = await newJob(world);
  const { window, made } = await recognised();
  const windows = [{ start_s: window.start_s, end_s: window.end_s, ...made }];
  const provenance = { provider: 'openai', model: 'whisper-1', quality: 'high' };
  const input = { job_id, owner_id, source_id, duration_s: 6, windows, ...provenance };
  return { input, saved: await runActivity(activities.saveTranscript, input) };
}

test('saves a transcript in four forms and one row; twice leaves the same set', async () => {
  const { input, saved } = await savedTranscript();
  const rows = () =>
    world.db.artifacts.findMany({ where: { job_id: input.job_id }, orderBy: { kind: 'asc' } });
  const before = await rows();
  expect(await runActivity(activities.saveTranscript, input)).toEqual(saved);
  expect(await rows()).toEqual(before);
  expect(before.map(({ kind, file_name, media_type }) => [kind, file_name, media_type])).toEqual([
    ['captions_srt', 'A lecture.srt', 'application/x-subrip'],
    ['captions_vtt', 'A lecture.vtt', 'text/vtt; charset=utf-8'],
    ['transcript', 'A lecture.json', 'application/json'],
    ['transcript_text', 'A lecture.txt', 'text/plain; charset=utf-8'],
  ]);
  expect(before[0]!.metadata).toEqual({
    ...{ provider: 'openai', model: 'whisper-1', quality: 'high', disclosure: null },
  });
  const transcript = await readJson(world.blobs, saved.blob, transcriptSchema);
  expect(transcript.text).toBe(SAID);
  expect(transcript.segments[0]!.start_s).toBe(1);
  expect(saved).toMatchObject({ words: 11, duration_s: 6, provider: 'openai' });
  const row = await world.db.transcriptions.findMany({ where: { content_id: input.source_id } });
  expect(row).toMatchObject([{ id: saved.transcription_id, blob: saved.blob, duration_s: 6 }]);
});

test('a newer transcript takes the older one’s place', async () => {
  const { input, saved } = await savedTranscript();
  const job_id = await newJob(world);
  const newer = await runActivity(activities.saveTranscript, { ...input, job_id, model: 'whisper-2' });
  expect(newer.transcription_id).toBe(saved.transcription_id);
  const rows = await world.db.transcriptions.findMany({ where: { content_id: input.source_id } });
  expect(rows).toMatchObject([{ model: 'whisper-2', blob: newer.blob }]);
});

async function cutSample(from: 'text' | 'transcript' = 'text') {
  const { owner_id } = world;
  const facts = { job_id: await newJob(world), owner_id, title: 'Two Cities', language: 'und' };
  if (from === 'transcript') {
    const { input, saved } = await savedTranscript();
    return runActivity(activities.cutPassages, {
      ...facts,
      source_id: input.source_id,
      from,
      blob: saved.blob,
    });
  }
  const text = await sample('two_cities.txt');
  const source_id = await newSource(world, text, { kind: 'text' });
  const { sha256: blob } = await world.blobs.put(text);
  return runActivity(activities.cutPassages, { ...facts, source_id, from, blob });
}

test.each(['text', 'transcript'] as const)('cuts a %s into passages', async (from) => {
  const cut = await cutSample(from);
  const { passages, language } = await readJson(world.blobs, cut.passages, passagesSchema);
  expect(passages).toHaveLength(cut.count);
  expect(cut.count).toBeGreaterThan(0);
  expect([cut.language, language]).toEqual(['en', 'en']);
  expect(passages.every(({ start_s }) => (start_s === undefined) === (from === 'text'))).toBe(true);
});

async function summaryBlob(passageIds: readonly string[]): Promise<string> {
  const [first = 'p1'] = passageIds;
  const point = (text: string) => ({ text, passages: [first] });
  const summary: Summary = {
    ...{
      schema: 'summary/1',
      language: 'en',
      title: 'Two Cities',
      abstract: 'The best and the worst of times.',
    },
    key_points: [point('It was the best of times.'), point('It was the worst of times.')],
    outline: [
      { title: 'The times', points: [point('Light and darkness lay side by side.')], passages: [first] },
      { title: 'The season', points: [point('Spring was hope, winter was despair.')], passages: [first] },
    ],
    key_terms: [{ term: 'Season', definition: 'A part of the year.', passages: [first] }],
    ...{ provider: 'openai', model: 'chat', quality: 'high' },
  };
  return (await world.blobs.put(JSON.stringify(summarySchema.parse(summary)))).sha256;
}

test('plans a deck, draws its pictures and builds it, each kept under the job', async () => {
  const { owner_id } = world;
  const cut = await cutSample();
  const { passages } = await readJson(world.blobs, cut.passages, passagesSchema);
  const source_id = await newSource(world, 'x');
  const job_id = await newJob(world, 'slides');
  const work = { job_id, owner_id, source_id };
  const summary = await summaryBlob(passages.map(({ id }) => id));
  const planned = await runActivity(activities.planSlides, {
    ...{ ...work, summary, passages: cut.passages, theme: 'dark' },
  });
  expect(planned.slides.length).toBeGreaterThanOrEqual(3);
  const deck = await readJson(world.blobs, planned.deck, deckSchema);
  expect(deck.slides.map(({ id }) => id)).toEqual(planned.slides.map(({ id }) => id));
  expect(await runActivity(activities.openDeck, { deck: planned.deck })).toEqual(planned);

  const pictures = [];
  for (const { id: slide_id } of planned.slides.filter(({ has_picture }) => has_picture)) {
    const draw = { ...asked(), provider: 'drawn', deck: planned.deck, slide_id };
    pictures.push(await runActivity(activities.drawPicture, draw));
  }
  for (const { image } of pictures) {
    expect((await world.blobs.read(image)).subarray(1, 4).toString()).toBe('PNG');
  }
  const built = await runActivity(activities.buildSlides, { ...work, deck: planned.deck, pictures });
  const row = await world.db.artifacts.findFirstOrThrow({ where: { job_id, kind: 'deck' } });
  expect(Number(row.bytes)).toBe(built.bytes);
  expect((await world.blobs.read(row.blob)).subarray(0, 2).toString()).toBe('PK');
});

test('speaks a text as an MP3 of even loudness, and a second time asks nobody', async () => {
  const job_id = await newJob(world, 'voiceover');
  const input = {
    ...asked(),
    job_id,
    source_id: null,
    of: { text: `Good morning ${randomUUID()}` },
    position: 3,
  };
  const spoken = await runActivity(activities.speak, input);
  const calls = answered('/v1/audio/speech');
  expect(await runActivity(activities.speak, input)).toEqual(spoken);
  expect(answered('/v1/audio/speech')).toBe(calls);
  expect(spoken).toMatchObject({ provider: 'openai', model: 'speech' });
  expect(spoken.duration_s).toBeGreaterThan(0.2);
  const row = await world.db.artifacts.findFirstOrThrow({ where: { job_id } });
  expect(row).toMatchObject({
    ...{ kind: 'voiceover', media_type: 'audio/mpeg', file_name: 'slide-03.mp3', position: 3 },
    ...{ content_id: null, blob: spoken.audio },
    metadata: { provider: 'openai', model: 'speech', quality: spoken.quality, duration_s: spoken.duration_s },
  });
  const [first, second] = await world.blobs.read(spoken.audio);
  expect(first === 0x49 || (first === 0xff && (second! & 0xe0) === 0xe0)).toBe(true);
});

test('a vendor’s no passes through with its reason, and nothing is kept', async () => {
  vendor.faults({
    '/v1/audio/speech': [{ kind: 'status', status: 401, times: 1, body: { error: 'no key' } }],
  });
  const job_id = await newJob(world, 'voiceover');
  const input = { ...asked(), job_id, source_id: null, of: { text: randomUUID() }, position: 0 };
  await expect(runActivity(activities.speak, input)).rejects.toMatchObject({
    ...{ name: 'ProviderError', facts: { provider: 'openai', transient: false } },
  });
  expect(await world.db.artifacts.count({ where: { job_id } })).toBe(0);
  const spoken = await runActivity(activities.speak, input);
  expect(spoken.duration_s).toBeGreaterThan(0);
  expect(await world.db.artifacts.findFirst({ where: { job_id } })).toMatchObject({
    file_name: 'speech.mp3',
  });
});
