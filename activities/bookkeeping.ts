import { asCost } from '../domain/cost';
import type { JobOutcome } from '../domain/job';
import { transcriptSchema } from '../domain/transcript';
import type { Db } from '../prisma/client';
import { finishJob, markJobRunning } from '../prisma/jobs';
import { usedByJob } from '../prisma/usage';
import type { Blobs } from '../store/blobs';
import { StepError } from './failures';
import { readJson } from './read-json';

/** A longer text is fetched as its artifact; the seed's client reads the transcript in the job's result. */
const INLINE_TEXT_BYTES = 65_536;

export function createBookkeepingActivities({ db, blobs }: { db: Db; blobs: Blobs }) {
  /** A text that was erased meanwhile must not keep the job from its end. */
  async function textOf(blob: string): Promise<string | undefined> {
    try {
      return (await readJson(blobs, blob, transcriptSchema)).text;
    } catch (error) {
      if (error instanceof StepError) return undefined;
      throw error;
    }
  }

  /** The text that a transcription's result carries, when it is short enough. */
  async function inlineText(result: Record<string, unknown>): Promise<{ text?: string }> {
    if (typeof result['transcription_id'] !== 'string') return {};
    const row = await db.transcriptions.findUnique({ where: { id: result['transcription_id'] } });
    if (!row) return {};
    const text = await textOf(row.blob);
    return text !== undefined && Buffer.byteLength(text) <= INLINE_TEXT_BYTES ? { text } : {};
  }

  return {
    /** The projection says `running` from the workflow's first task on. */
    async markRunning(input: { job_id: string; run: number }): Promise<void> {
      await markJobRunning(db, input);
    },

    /** Writes down how the job ended and what it has cost; a final status is never overwritten. */
    async recordOutcome(outcome: JobOutcome): Promise<void> {
      const result = outcome.result && { ...outcome.result, ...(await inlineText(outcome.result)) };
      const cost = asCost(await usedByJob(db, outcome.job_id));
      await finishJob(db, { ...outcome, result }, cost);
    },
  };
}
