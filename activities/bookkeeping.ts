import type { JobOutcome } from '../domain/job';
import { transcriptSchema } from '../domain/transcript';
import type { Db } from '../prisma/client';
import { finishJob, markJobRunning } from '../prisma/jobs';
import type { Blobs } from '../store/blobs';

/** A longer text is fetched as its artifact; the seed's client reads the transcript in the job's result. */
const INLINE_TEXT_BYTES = 65_536;

export function createBookkeepingActivities({ db, blobs }: { db: Db; blobs: Blobs }) {
  /** The text that a transcription's result carries, when it is short enough. */
  async function inlineText(result: Record<string, unknown>): Promise<{ text?: string }> {
    if (typeof result['transcription_id'] !== 'string') return {};
    const row = await db.transcriptions.findUnique({ where: { id: result['transcription_id'] } });
    if (!row) return {};
    const { text } = transcriptSchema.parse(JSON.parse((await blobs.read(row.blob)).toString('utf8')));
    return Buffer.byteLength(text) <= INLINE_TEXT_BYTES ? { text } : {};
  }

  return {
    /** The projection says `running` from the workflow's first task on. */
    async markRunning(input: { job_id: string; run: number }): Promise<void> {
      await markJobRunning(db, input);
    },

    /** Writes down how the job ended; a final status is never overwritten. */
    async recordOutcome(outcome: JobOutcome): Promise<void> {
      const result = outcome.result && { ...outcome.result, ...(await inlineText(outcome.result)) };
      await finishJob(db, { ...outcome, result });
    },
  };
}
