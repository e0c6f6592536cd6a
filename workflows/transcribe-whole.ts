/** A long recording left to a vendor that works on its own: Temporal waits, and looks again now and then. */
import { CancellationScope, isCancellation, sleep, TemporalFailure } from '@temporalio/workflow';
import type { Activities, Attempted, DecodedAudio, RecognisedWindow, WholeHeard } from '../activities/index';
import { readFailure } from './failure';
import type { Run, Step } from './job';
import { onProvider } from './proxies';
import type { AskedProvider } from './with-providers';

/** Beyond this, and the recording's own length, the vendor has had its chance. */
const PATIENCE_S = 3_600;

/** A cancelled job ends within seconds, and a finished one does not wait; the vendor removes what is left by itself. */
const DISCARD = { scheduleToCloseTimeout: '3s' } as const;

/** Ends what lies at the vendor, also when the job is cancelled. */
const discard = (provider: string, id: string) =>
  CancellationScope.nonCancellable(async () => {
    try {
      await onProvider(provider, 'Remove it at the vendor', DISCARD).discardTranscription({ provider, id });
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
    }
  });

type Asked = Parameters<Activities['collectTranscription']>[0];

/** What a vendor that is away, or held, has not said is asked again later: the work is handed in, and paid. */
const LATER = ['CircuitOpen', 'ProviderExhausted'];

async function look(asked: Asked): Promise<(WholeHeard & Attempted) | undefined> {
  try {
    return await onProvider(asked.provider, 'Look what came of it').collectTranscription(asked);
  } catch (error) {
    if (isCancellation(error) || !LATER.includes(readFailure(error).type)) throw error;
    return undefined;
  }
}

/**
 * One window as long as the recording, or undefined where the first choice takes no whole recordings, or failed at it:
 * it is then heard window by window, and a warning says why.
 */
export async function hearWhole(
  run: Run,
  { pcm, duration_s, windows }: DecodedAudio,
  { by, language, step }: { by: AskedProvider; language?: string; step: Step },
): Promise<RecognisedWindow | undefined> {
  const { provider, batch_from_s } = by;
  // Plans of before this was possible say nothing of it.
  if (!batch_from_s || duration_s < batch_from_s || windows.length === 0) return undefined;
  const { owner_id, fresh_for } = run;
  const work = { provider, answers: 0, owner_id, fresh_for, pcm, language };
  const began = Date.now();
  const isLate = () => (Date.now() - began) / 1_000 > PATIENCE_S + duration_s;
  const heardIn = ({ blob, language: spoken }: WholeHeard): RecognisedWindow | undefined =>
    blob === null ? undefined : { start_s: 0, end_s: duration_s, blob, language: spoken ?? 'und' };
  let submitted: string | null = null;
  try {
    const begun = await onProvider(provider, 'Hand in the whole recording').submitTranscription(work);
    submitted = begun.id;
    if (begun.blob !== null) return heardIn(begun);
    while (submitted && !isLate()) {
      await sleep(begun.look_every_s * 1_000);
      const heard = await look({ ...work, id: submitted });
      if (!heard) continue;
      step.did({ attempts: heard.attempts, provider, quality: by.quality });
      if (heard.blob !== null) return heardIn(heard);
    }
    if (submitted) step.warn('BATCH_FAILED', `${provider} did not end in time: heard window by window`);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    step.warn('BATCH_FAILED', `${readFailure(error).message}: heard window by window`);
  } finally {
    if (submitted) await discard(provider, submitted);
  }
  return undefined;
}
