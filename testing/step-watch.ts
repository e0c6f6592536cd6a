/** Sees a lesson's steps run, through Temporal itself: polls of the API are too slow for steps of a few milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { JobState } from '../domain/job';

/** A lesson's steps in their order, each with the activity that does its work. */
export const LESSON_STEPS = {
  decode: 'decodeAudio',
  recognise: 'recogniseWindow',
  merge: 'saveTranscript',
  passages: 'cutPassages',
  embed: 'embedPassages',
  summarize: 'summarizePassages',
  plan: 'planSlides',
  pictures: 'drawPicture',
  build: 'buildSlides',
  pdf: 'printSlides',
  voiceover: 'speak',
  narrate: 'narrateSlides',
  video: 'filmSlides',
} as const;

export type LessonStep = keyof typeof LESSON_STEPS;

/** temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED */
const STARTED = 2;
const LOOK_EVERY_MS = 10;

export interface StepWatch {
  readonly client: Client;
  /** True once a worker works on the step; false when it was over before it could be seen. */
  untilRunning(job_id: string, step: LessonStep): Promise<boolean>;
  close(): Promise<void>;
}

export async function watchSteps(address: string): Promise<StepWatch> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });

  async function look(job_id: string, step: LessonStep): Promise<'running' | 'over' | undefined> {
    const { raw, memo, status } = await client.workflow.getHandle(job_id).describe();
    const isRunning = raw.pendingActivities?.some(
      ({ activityType, state }) => activityType?.name === LESSON_STEPS[step] && Number(state) === STARTED,
    );
    if (isRunning) return 'running';
    const { steps } = (memo?.['state'] as JobState | undefined) ?? { steps: [] };
    const isOver = steps.some((one) => one.name === step && one.status !== 'running');
    return isOver || status.name !== 'RUNNING' ? 'over' : undefined;
  }

  return {
    client,
    async untilRunning(job_id, step) {
      const giveUpAt = Date.now() + 120_000;
      for (;;) {
        // A job is known to Temporal a moment after its row is written.
        const seen = await look(job_id, step).catch(() => undefined);
        if (seen) return seen === 'running';
        if (Date.now() > giveUpAt) throw new Error(`the step ${step} never came`);
        await sleep(LOOK_EVERY_MS);
      }
    },
    close: () => connection.close(),
  };
}
