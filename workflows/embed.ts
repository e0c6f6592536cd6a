/** Passages become vectors that searches find. */
import type { JobOutput } from './contracts';
import { job, type Run } from './job';
import { openSubject, passagesOf, type Material } from './passages';
import { bookkeeping, onProvider } from './proxies';
import { chooseProviders } from './with-providers';

export function embedMaterial(run: Run, material: Material): Promise<JobOutput<'embed'>> {
  const { owner_id, fresh_for } = run;
  const { passages, source_id, of } = material;
  return run.step('embed', async (step) => {
    const choice = await chooseProviders(step, { capability: 'embedder' });
    const { result, by } = await choice.ask(({ provider }, answers) =>
      onProvider(provider, `${material.count} passages to vectors`).embedPassages({
        ...{ provider, answers, owner_id, fresh_for, passages },
      }),
    );
    const { vectors, dimension, model } = result;
    const store = { owner_id, source_id, of, passages, vectors, dimension, model };
    const stored = await bookkeeping('Write vectors and their rows').storeVectors(store);
    const { provider, quality, disclosure } = by;
    const { collection, passages: count } = stored;
    return { collection, passages: count, dimension, model, provider, quality, disclosure };
  });
}

export const embed = job('embed', async (run, input) => {
  const subject = await openSubject(run, input);
  return embedMaterial(run, await passagesOf(run, input, subject));
});
