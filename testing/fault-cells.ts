/** One cell of the fault table: a lesson on a stack of its own, and one part of it killed while one step runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { STANDARD_BACKOFF } from '../stack/backoff';
import type { PartName } from '../stack/part';
import { begunTwice, countMadeResults, madeAgain } from './made-results';
import { media, sampleFile } from './samples';
import { ended, startTestStack, type TestJob, type TestStack } from './stack';
import { watchSteps, type LessonStep, type StepWatch } from './step-watch';
import { tracesOf, type Traces } from './traces';

export interface FaultStack {
  readonly stack: TestStack;
  readonly watch: StepWatch;
  /** What an undisturbed lesson leaves, of the recording that every lesson here is made of. */
  undisturbed(): Promise<Undisturbed>;
  /** Kills the part with SIGKILL while the step runs. */
  cell(part: PartName, step: LessonStep): Promise<Cell>;
  stop(): Promise<void>;
}

export interface Undisturbed {
  readonly seconds: number;
  readonly traces: Traces;
}

export interface Cell {
  /** From the kill to the job's end. */
  readonly seconds: number;
  /** False when the step was over before it could be seen, and the kill came right after it. */
  readonly during: boolean;
  readonly traces: Traces;
  /** Steps of which something was made again after it was kept. */
  readonly made_again: readonly string[];
  /** Steps of which something was begun again. */
  readonly begun_twice: readonly string[];
}

/** The small models, and the voice that is quick. */
const QUICK = { WHISPER_MODEL: 'tiny.en', TTS_PROVIDERS: 'espeak' };

/** A part that crashes again within this time is restarted later and later, and at last given up. */
const CALM_MS = STANDARD_BACKOFF.wellAfterMs + 3_000;
const CRASHES_WITHOUT_CALM = 2;

/** One window of speech. */
export const recording = (): Buffer =>
  media(['-i', sampleFile('two_cities.flac'), '-t', '12', '-ac', '1', '-ar', '16000'], 'flac');

interface Lesson {
  readonly job_id: string;
  readonly source_id: string;
}

/** `force` makes every step anew, so each lesson can be one of the same recording. */
export async function startLesson({ api }: TestStack, bytes: Buffer, over: object = {}): Promise<Lesson> {
  const source_id = await api.upload(bytes, 'two_cities.flac');
  const input = { source_id, language: 'en', force: true, ...over };
  return { source_id, job_id: await api.start('lesson', input) };
}

/** Sends SIGKILL to the process alone; the supervisor tidies up after it. */
function createKiller(stack: TestStack) {
  const kills = new Map<PartName, number[]>();
  return {
    async untilCalm(part: PartName): Promise<void> {
      const recent = (kills.get(part) ?? []).slice(-CRASHES_WITHOUT_CALM);
      if (recent.length < CRASHES_WITHOUT_CALM) return;
      await sleep(Math.max(0, recent.at(-1)! + CALM_MS - Date.now()));
    },
    async kill(part: PartName): Promise<void> {
      kills.set(part, [...(kills.get(part) ?? []), Date.now()]);
      process.kill(await stack.pidOf(part), 'SIGKILL');
    },
  };
}

export async function startFaultStack(): Promise<FaultStack> {
  const stack = await startTestStack(QUICK);
  const made = await countMadeResults(stack.urls.database);
  const watch = await watchSteps(stack.urls.temporal);
  const killer = createKiller(stack);
  const bytes = recording();

  /** A job that hangs would disturb the next cell. */
  const untilEnded = async ({ job_id }: Lesson): Promise<TestJob> => {
    try {
      return await stack.api.until(job_id, ended, 90);
    } catch (error) {
      await stack.api.call('POST', `/api/jobs/${job_id}/cancel`).catch(() => undefined);
      throw error;
    }
  };

  return {
    stack,
    watch,
    async undisturbed() {
      const began = Date.now();
      const lesson = await startLesson(stack, bytes);
      const job = await untilEnded(lesson);
      const seconds = (Date.now() - began) / 1000;
      return { seconds, traces: await tracesOf(stack, job, lesson.source_id) };
    },
    async cell(part, step) {
      await killer.untilCalm(part);
      const last = await made.last();
      const lesson = await startLesson(stack, bytes);
      const during = await watch.untilRunning(lesson.job_id, step);
      const killedAt = Date.now();
      await killer.kill(part);
      const job = await untilEnded(lesson);
      const seconds = (Date.now() - killedAt) / 1000;
      const traces = await tracesOf(stack, job, lesson.source_id);
      const notes = await made.after(last);
      return { seconds, during, traces, made_again: madeAgain(notes), begun_twice: begunTwice(notes) };
    },
    async stop() {
      await watch.close();
      await stack.stop();
    },
  };
}
