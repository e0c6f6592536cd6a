/** A deck with voices becomes files: a PowerPoint that plays by itself, captions, a PDF, a film. */
import { spawnSync } from 'node:child_process';
import JSZip from 'jszip';
import { PASSAGES, SUMMARY } from './deck/__fixtures__/photosynthesis';
import { fitDeck } from './deck/fit';
import { planDeck } from './deck/plan';
import { LIGHT } from './deck/themes';
import { newJob, newSource, runActivity } from '../testing/rows';
import { ffmpegPath, media } from '../testing/samples';
import { createWorld, type World } from '../testing/world';
import { createBuildSlidesActivities } from './build-slides';
import { createFilmActivities } from './film-slides';
import { loadFontFiles, loadMetrics } from './load-fonts';
import { createNarrateActivities } from './narrate-slides';
import { createOnce } from './once';
import { createPrintActivities } from './print-slides';

let world: World;
let work: { job_id: string; owner_id: string; source_id: string; deck: string };
let slides: number;

const VOICES = [
  { position: 2, seconds: 2 },
  { position: 3, seconds: 3.2 },
];

beforeAll(async () => {
  world = await createWorld();
  const { blobs, owner_id } = world;
  const planned = planDeck({ summary: SUMMARY, passages: PASSAGES, theme: LIGHT });
  const deck = fitDeck(planned, await loadMetrics());
  slides = deck.slides.length;
  const { sha256 } = await blobs.put(JSON.stringify(deck));
  const [job_id, source_id] = await Promise.all([newJob(world, 'narrate'), newSource(world, 'text')]);
  work = { job_id, owner_id, source_id, deck: sha256 };
});
afterAll(() => world.close());

async function voices() {
  const made = VOICES.map(async ({ position, seconds }) => {
    const mp3 = media(['-f', 'lavfi', '-i', `sine=d=${seconds}`, '-ac', '1', '-ar', '44100'], 'mp3');
    const { sha256: audio } = await world.blobs.put(mp3);
    return { position, audio, duration_s: seconds };
  });
  return Promise.all(made);
}

const deps = () => ({ ...world, loadMetrics, loadFontFiles, once: createOnce(world), ffmpeg: ffmpegPath() });
/** Two slides speak and pause half a second; the others stand for five. */
const lengthS = () => 2 + 3.2 + 2 * 0.5 + (slides - 2) * 5;

const artifacts = (kind: string) =>
  world.db.artifacts.findMany({ where: { job_id: work.job_id, kind }, orderBy: { position: 'asc' } });

test('narrates the finished PowerPoint, and captions say what is spoken when', async () => {
  const { buildSlides } = createBuildSlidesActivities(deps());
  const { pptx } = await runActivity(buildSlides, { ...work, pictures: [] });
  const { narrateSlides } = createNarrateActivities(world);
  const input = { ...work, pptx, voices: await voices() };
  const narrated = await runActivity(narrateSlides, input);
  expect(narrated.duration_s).toBeCloseTo(lengthS(), 1);
  await runActivity(narrateSlides, input);

  const [deck, ...others] = await artifacts('narrated_deck');
  expect(others).toEqual([]);
  const zip = await JSZip.loadAsync(await world.blobs.read(deck!.blob));
  expect(Object.keys(zip.files).filter((name) => name.endsWith('.mp3'))).toHaveLength(2);
  const captions = await artifacts('narration_captions');
  expect(captions.map(({ position }) => position)).toEqual([0, 2, 3]);
  for (const { blob } of captions) expect(String(await world.blobs.read(blob))).toMatch(/^WEBVTT\n\n00:/);
});

test('prints a page per slide', async () => {
  const { printSlides } = createPrintActivities(deps());
  await runActivity(printSlides, { ...work, pictures: [] });
  const [pdf] = await artifacts('deck_pdf');
  const { stdout } = spawnSync('pdfinfo', [await world.blobs.file(pdf!.blob)], { encoding: 'utf8' });
  expect(stdout).toMatch(new RegExp(`Pages: +${slides}\n`));
});

test('films the slides with their voices, once', async () => {
  const { filmSlides } = createFilmActivities(deps());
  const input = { ...work, fresh_for: null, pictures: [], voices: await voices() };
  const film = await runActivity(filmSlides, input);
  expect(film.duration_s).toBeCloseTo(lengthS(), 1);
  const [video] = await artifacts('video');
  const file = await world.blobs.file(video!.blob);
  const { stderr } = spawnSync(ffmpegPath(), ['-hide_banner', '-i', file], { encoding: 'utf8' });
  expect(stderr).toMatch(/Video: h264.*1920x1080/);
  expect(stderr).toMatch(/Audio: aac/);
  expect(stderr).toMatch(/Subtitle: mov_text/);
  expect(stderr.match(/Chapter #/g)).toHaveLength(slides);
  const beganAt = Date.now();
  expect(await runActivity(filmSlides, input)).toEqual(film);
  expect(Date.now() - beganAt).toBeLessThan(1_000);
}, 60_000);
