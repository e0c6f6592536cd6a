/** Beats for an activity while it runs; what a beat carries survives failures, time-outs and crashes. */
import { Context } from '@temporalio/activity';

/** The heartbeat's details: read by the next attempt and by whoever describes the workflow. */
export interface Beat {
  /** Answers this provider has given to this piece of work. */
  answers: number;
  /** Milliseconds since the epoch when the first attempt began. */
  first_started_at: number;
  /** How far the attempt is. */
  done?: number;
  total?: number;
  unit?: string;
}

/** Cancellation arrives with a beat's answer, so one a second means half a second on average. */
const BEAT_MS = 1_000;

const beats = new WeakMap<Context, Beat>();

/** Starts beating for the activity of `context` and returns its beat and the way to stop. */
export function startBeating(context: Context): { beat: Beat; stop(): void } {
  const before = context.info.heartbeatDetails as Partial<Beat> | undefined;
  const beat: Beat = {
    answers: before?.answers ?? 0,
    first_started_at: before?.first_started_at ?? Date.now(),
  };
  beats.set(context, beat);
  if (!context.info.heartbeatTimeoutMs) return { beat, stop: () => {} };
  context.heartbeat({ ...beat });
  const timer = setInterval(() => context.heartbeat({ ...beat }), BEAT_MS);
  return { beat, stop: () => clearInterval(timer) };
}

/** Says how far the running activity is; sent with the next beat. */
export function reportProgress(done: number, total: number, unit: string): void {
  const beat = beats.get(Context.current());
  if (beat) Object.assign(beat, { done, total, unit });
}
