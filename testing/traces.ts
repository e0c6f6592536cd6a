/** What a finished lesson has left behind, without its ids: two undisturbed runs of one recording leave the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromaVectors } from '../store/vectors';
import { ask } from './made-results';
import type { TestJob, TestStack } from './stack';

export interface Traces {
  readonly status: string;
  readonly warnings: readonly string[];
  readonly steps: readonly string[];
  /** `kind#position`, from the rows. */
  readonly artifacts: readonly string[];
  /** Passages of the transcript that have a row. */
  readonly vector_rows: readonly string[];
  /** Names in Chroma, without the content's id. */
  readonly vectors: readonly string[];
}

const ARTIFACTS = `SELECT kind || '#' || position AS name FROM artifacts WHERE job_id = $1 ORDER BY kind, position`;
const VECTOR_ROWS = `SELECT passage_id AS name FROM transcript_vectors v JOIN transcriptions t ON t.id = v.transcription_id
  WHERE t.content_id = $1 ORDER BY passage_id`;

const BACK_WITHIN_MS = 30_000;

/** A job may end before the part that was killed is back. */
async function onceBack<T>(read: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + BACK_WITHIN_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(200);
    }
  }
}

export const tracesOf = (...args: Parameters<typeof readTraces>): Promise<Traces> =>
  onceBack(() => readTraces(...args));

async function readTraces(
  { urls }: Pick<TestStack, 'urls'>,
  job: TestJob,
  source_id: string,
): Promise<Traces> {
  const names = async (sql: string, id: string) =>
    (await ask<{ name: string }>(urls.database, sql, [id])).map(({ name }) => name);
  const vectors = await chromaVectors(urls.chroma).idsOf(source_id);
  return {
    status: job.status,
    warnings: job.warnings.map(({ code, step }) => `${code} in ${step}`).sort(),
    steps: job.steps.map(({ name, status }) => `${name} ${status}`).sort(),
    artifacts: await names(ARTIFACTS, job.job_id),
    vector_rows: await names(VECTOR_ROWS, source_id),
    vectors: vectors.map((id) => id.replace(source_id, '')).sort(),
  };
}
