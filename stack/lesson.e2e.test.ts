/** The main job as a user runs it: the demo lecture in, every artifact out, each one opened. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import type { Deck } from '../domain/deck';
import type { Passages } from '../domain/passage';
import type { Summary } from '../domain/summary';
import { connectDb } from '../prisma/client';
import { ffmpegPath, sample, wordError } from '../testing/samples';
import { ended, startTestStack, type TestJob, type TestStack } from '../testing/stack';
import { describeWithTools, runTool } from '../testing/tools';

const run = promisify(execFile);

let stack: TestStack;
let lesson: TestJob;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  folder = await mkdtemp(path.join(os.tmpdir(), 'lm-lesson-'));
  const source_id = await stack.api.upload(await sample('lecture.mp3'), 'lecture.mp3');
  lesson = await stack.api.until(await stack.api.start('lesson', { source_id }), ended, 300);
}, 360_000);

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** How often a step's result was made, whoever asked for it. */
async function resultsOf(step: string): Promise<number> {
  const db = connectDb(stack.urls.database);
  const made = await db.step_results.count({ where: { step } });
  await db.$disconnect();
  return made;
}

const linksOf = (kind: string) => lesson.artifacts.filter((artifact) => artifact.kind === kind);

async function download(href: string): Promise<Buffer> {
  return stack.api.download(href);
}

async function artifact(kind: string): Promise<Buffer> {
  return download(linksOf(kind)[0]!.href);
}

const json = async <T>(kind: string): Promise<T> => JSON.parse((await artifact(kind)).toString('utf8')) as T;

it('completes, says that the summary is of basic quality, and loses no part', () => {
  expect(lesson).toMatchObject({ status: 'completed', error: null });
  expect(lesson.warnings.map((warning) => warning.code)).toEqual(['BASIC_QUALITY']);
  const steps = [
    ...['decode', 'recognise', 'merge', 'passages', 'embed', 'summarize', 'plan', 'pictures'],
    ...['voiceover', 'build', 'pdf', 'narrate', 'video'],
  ];
  expect(lesson.steps.map(({ name }) => name).sort()).toEqual([...steps].sort());
  expect(lesson.steps.filter(({ status }) => status !== 'completed')).toEqual([]);
});

it('hears the lecture with a word error of 0.08 at most', async () => {
  const reference = (await sample('lecture.txt')).toString('utf8');
  expect(wordError(reference, (await artifact('transcript_text')).toString('utf8'))).toBeLessThanOrEqual(
    0.08,
  );
});

it('rests every point of the summary on passages that are there', async () => {
  const summary = await json<Summary>('summary');
  const known = new Set((await json<Passages>('passages')).passages.map((passage) => passage.id));
  const points = [
    ...summary.key_points,
    ...summary.outline.flatMap((section) => section.points),
    ...summary.key_terms,
  ];
  expect(points.length).toBeGreaterThan(10);
  for (const point of points) expect(point.passages.every((id) => known.has(id))).toBe(true);
});

const DECKS = ['deck', 'narrated_deck'];

describeWithTools('soffice', 'pdfinfo')('in LibreOffice', () => {
  it.each(DECKS)(
    'the %s renders, every slide of it',
    async (kind) => {
      const file = path.join(folder, `${kind}.pptx`);
      await writeFile(file, await artifact(kind));
      const profile = `-env:UserInstallation=file://${folder}/profile`;
      runTool('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, file]);
      const facts = runTool('pdfinfo', [path.join(folder, `${kind}.pdf`)]);
      const { slides } = await json<Deck>('deck_spec');
      expect(Number(/Pages:\s+(\d+)/.exec(facts)?.[1])).toBe(slides.length);
    },
    120_000,
  );
});

describeWithTools('openxml-audit')('in openxml-audit', () => {
  it.each(DECKS)(
    'the %s has not a single violation',
    async (kind) => {
      const file = path.join(folder, 'audited.pptx');
      await writeFile(file, await artifact(kind));
      const [report] = JSON.parse(runTool('openxml-audit', ['-o', 'json', '-m', '0', file])) as unknown[];
      expect(report).toMatchObject({ valid: true, error_count: 0, errors: [] });
    },
    60_000,
  );
});

it('gives each slide with notes a voice, all equally loud', async () => {
  const { slides } = await json<Deck>('deck_spec');
  const voices = linksOf('voiceover');
  expect(voices).toHaveLength(slides.filter((slide) => slide.notes).length);
  const loudness: number[] = [];
  for (const [index, voice] of voices.entries()) {
    const file = path.join(folder, `voice-${index}.mp3`);
    await writeFile(file, await download(voice.href));
    const measure = [
      '-hide_banner',
      '-nostats',
      '-i',
      file,
      '-af',
      'loudnorm=print_format=json',
      '-f',
      'null',
      '-',
    ];
    const { stderr } = await run(ffmpegPath(), measure);
    loudness.push(Number(/"input_i"\s*:\s*"([^"]+)"/.exec(stderr)?.[1]));
  }
  expect(Math.max(...loudness) - Math.min(...loudness)).toBeLessThanOrEqual(2);
}, 60_000);

it('says in its film what its notes say', async () => {
  const { slides } = await json<Deck>('deck_spec');
  const film = await stack.api.upload(await artifact('video'), 'film.mp4');
  const heard = await stack.api.until(
    await stack.api.start('transcribe', { source_id: film, language: 'en' }),
    ended,
    300,
  );
  const notes = slides.map((slide) => slide.notes).join(' ');
  expect(wordError(notes, String(heard.result?.['text']))).toBeLessThanOrEqual(0.05);
}, 300_000);

it('speaks one slide anew where one slide’s notes are new', async () => {
  const { slides } = await json<Deck>('deck_spec');
  const spoken = slides.filter((slide) => slide.notes)[1]!;
  const before = await resultsOf('speak');
  const artifact_id = linksOf('deck_spec')[0]!.id;
  const notes = { [spoken.id]: 'These are the new notes of this slide.' };
  const job = await stack.api.until(await stack.api.start('narrate', { artifact_id, notes }), ended, 200);
  expect(job).toMatchObject({ status: 'completed', warnings: [], result: { video: true } });
  expect(await resultsOf('speak')).toBe(before + 1);
}, 300_000);

it('shows every step in Temporal under a name that a person understands', async () => {
  const connection = await Connection.connect({ address: stack.urls.temporal });
  const client = new Client({ connection });
  const { events } = await client.workflow.getHandle(lesson.job_id).fetchHistory();
  await connection.close();
  const scheduled = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes);
  const summaries = scheduled.map((event) =>
    Buffer.from(event.userMetadata?.summary?.data ?? []).toString('utf8'),
  );
  expect(summaries.length).toBeGreaterThan(30);
  expect(summaries.filter((summary) => summary.length < 5)).toEqual([]);
});
