/** Passages become title, abstract, key points, outline and key terms. */
import type { Summarized } from '../activities/index';
import { job, type Run } from './job';
import { openSubject, passagesOf, type Material } from './passages';
import { onProvider } from './proxies';
import { chooseProviders } from './with-providers';

export function summarizeMaterial(run: Run, material: Material): Promise<Summarized> {
  const { job_id, owner_id, fresh_for } = run;
  const { passages, source_id, title } = material;
  return run.step('summarize', async (step) => {
    const choice = await chooseProviders(step, { capability: 'language_model' });
    const { result } = await choice.ask(({ provider, disclosure }, answers) =>
      onProvider(provider, `Summary by ${provider}`).summarizePassages({
        ...{ provider, disclosure, answers, job_id, owner_id, fresh_for, passages, source_id, title },
      }),
    );
    if (result.quality === 'basic') {
      step.warn('BASIC_QUALITY', 'Made of the speaker’s own sentences, without a language model');
    }
    return result;
  });
}

export const summarize = job('summarize', async (run, input) => {
  const subject = await openSubject(run, input);
  const { summary: _blob, ...facts } = await summarizeMaterial(run, await passagesOf(run, input, subject));
  return facts;
});
