/** How a job that needs passages comes to them, from wherever it was started. */
import type { CutPassages, Subject } from '../activities/index';
import type { JobInput } from './contracts';
import type { Run } from './job';
import { bookkeeping, cpu } from './proxies';
import { transcribeSource } from './transcribe';

/** Any input that names a source or an artifact. */
export type Named = Pick<JobInput<'embed'>, 'source_id' | 'artifact_id' | 'language' | 'quality' | 'force'>;

/** Passages, and what they are passages of. */
export interface Material extends CutPassages {
  readonly of: 'transcript' | 'text';
  readonly source_id: string;
  readonly title: string;
}

export const openSubject = (run: Run, { source_id, artifact_id }: Named): Promise<Subject> =>
  bookkeeping('Find what the job works on').openSubject({ owner_id: run.owner_id, source_id, artifact_id });

/** Cuts what there is; `blob` is the transcript's or the text's. */
export function cutPassages(
  run: Run,
  subject: Subject,
  from: 'transcript' | 'text',
  blob: string,
): Promise<Material> {
  const { job_id, owner_id } = run;
  const { source_id, title, language } = subject;
  return run.step('passages', async (step) => {
    const work = { job_id, owner_id, source_id, title, language, from, blob };
    const { attempts, ...cut } = await cpu('Cut into passages at sentence ends').cutPassages(work);
    step.did({ attempts });
    if (cut.count === 0) step.warn('NO_TEXT', 'There are no words to work with');
    return { ...cut, of: from, source_id, title };
  });
}

/** A recording is transcribed first; its finished windows come from the cache. */
export async function passagesOf(run: Run, input: Named, subject: Subject): Promise<Material> {
  const { stage, blob, source_id } = subject;
  if (stage === 'recording') {
    const { language, quality, force } = input;
    const heard = await transcribeSource(run, { source_id, language, quality, force });
    return cutPassages(run, subject, 'transcript', heard.blob);
  }
  return cutPassages(run, subject, stage === 'text' ? 'text' : 'transcript', blob);
}
