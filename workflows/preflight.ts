/** Asks every provider something small, so that a wrong key shows before a lecture needs it. */
import { isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { Attempted, Candidate, ProviderCheck } from '../activities/index';
import { readFailure } from './failure';
import { job } from './job';
import { bookkeeping, onProvider } from './proxies';

type Checked = ProviderCheck & Attempted;

const ask = (candidate: Candidate): Promise<Checked> => {
  const { provider, capability, missing } = candidate;
  return missing
    ? bookkeeping(`${provider} is missing`).reportMissing(candidate)
    : onProvider(provider, `Check ${provider} as ${capability}`).checkProvider(candidate);
};

/** What kept us from asking is an answer too. */
async function check(candidate: Candidate): Promise<Checked> {
  try {
    return await ask(candidate);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    const { code, message, hint } = readFailure(error);
    const { capability, provider } = candidate;
    return { capability, provider, model: null, ok: false, code, message, hint, took_s: 0, attempts: 0 };
  }
}

export const preflight = job('preflight', (run, { providers }) =>
  run.step('check', async (step) => {
    const { candidates } = await bookkeeping('List the providers').listCandidates({ providers });
    let done = 0;
    const checking = candidates.map(async (candidate) => {
      const { attempts, ...checked } = await check(candidate);
      step.did({ attempts });
      done += 1;
      step.progress(done, candidates.length, 'providers');
      return checked;
    });
    const checks = await Promise.all(checking);
    const failed = checks
      .filter(({ ok }) => !ok)
      .map(({ provider, capability }) => `${provider} (${capability})`);
    if (failed.length > 0) step.warn('PREFLIGHT_FAILED', `Not ready: ${failed.join(', ')}`);
    return { ready: failed.length === 0, checks };
  }),
);
