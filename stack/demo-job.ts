/** Follows one job to its end, step by step as they appear. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoApi, Job, Step } from './demo-api';
import type { Screen } from './demo-screen';

/** Each look is a long poll: the end is known at once, progress every second. */
const LOOK_S = 1;
/** A cancelled job is final within five seconds; more means that something is wrong. */
const CANCEL_S = 10;

const SILENCE_MS = 30_000;
const RETRY_MS = 500;

const FINAL = ['completed', 'completed_with_warnings', 'failed', 'cancelled'];

export const hasEnded = ({ status }: Job): boolean => FINAL.includes(status);

/** Several steps may run side by side, and the job tells one progress: its unit says whose it is. */
const STEP_OF_UNIT: Readonly<Record<string, string>> = {
  'seconds of speech': 'recognise',
  passages: 'embed',
  pictures: 'pictures',
  voices: 'voiceover',
};

function shareOf(step: Step, { progress }: Job): number | undefined {
  if (step.status === 'completed') return 1;
  if (step.status !== 'running' || !progress || progress.total <= 0) return undefined;
  return STEP_OF_UNIT[progress.unit] === step.name ? progress.done / progress.total : undefined;
}

const secondsBetween = (from: string, to: number): number => Math.max(0, (to - Date.parse(from)) / 1000);

const detailOf = ({ attempts, provider }: Step): string =>
  [provider, attempts > 1 && `${attempts} attempts`].filter(Boolean).join(', ');

function showSteps(job: Job, screen: Screen): void {
  for (const step of job.steps) {
    const until = step.finished_at === null ? Date.now() : Date.parse(step.finished_at);
    const seconds = step.started_at === null ? undefined : secondsBetween(step.started_at, until);
    const { name, status: state } = step;
    screen.show({ name, state, share: shareOf(step, job), seconds, detail: detailOf(step) });
  }
}

/** The supervisor starts a crashed API again, and the job goes on meanwhile: only a long silence is an end. */
async function look(api: DemoApi, id: string, signal: AbortSignal): Promise<Job> {
  const giveUpAt = Date.now() + SILENCE_MS;
  for (;;) {
    try {
      return await api.job(id, LOOK_S, signal);
    } catch (error) {
      // fetch() throws a TypeError when it cannot connect.
      if (!(error instanceof TypeError)) throw error;
      if (Date.now() > giveUpAt) throw new Error('The API no longer answers', { cause: error });
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

/** Resolves with the job as it ended; on abort it is cancelled first. */
export async function follow(api: DemoApi, id: string, screen: Screen, signal: AbortSignal): Promise<Job> {
  try {
    for (;;) {
      const job = await look(api, id, signal);
      showSteps(job, screen);
      if (hasEnded(job)) return job;
    }
  } catch (error) {
    if (signal.aborted) await cancel(api, id, screen);
    throw error;
  } finally {
    screen.endBars();
  }
}

async function cancel(api: DemoApi, id: string, screen: Screen): Promise<void> {
  screen.line('Cancelling the job …');
  await api.cancel(id);
  const { status } = await api.job(id, CANCEL_S);
  screen.line(`The job is ${status}.`);
}
