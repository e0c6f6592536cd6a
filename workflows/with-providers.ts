/** The one place for provider order, fallback, circuit waits and the counting of a vendor's answers. */
import { isCancellation, sleep, TemporalFailure } from '@temporalio/workflow';
import type { Attempted, PlannedProvider, ProviderNeeds, ProviderPlan, Wanted } from '../activities/index';
import { failure, readFailure, type ReadFailure } from './failure';
import type { Step } from './job';
import { bookkeeping } from './proxies';

/** Whom to ask; `disclosure` says instead of whom and why, where it is not the first choice. */
export interface AskedProvider extends PlannedProvider {
  readonly disclosure: string | null;
}

/** One piece of work put to one provider; `answers` counts what that provider has answered to it before. */
export type Ask<Result> = (provider: AskedProvider, answers: number) => Promise<Result & Attempted>;

/** What came of it, and who did it. */
export interface Done<Result> {
  readonly result: Result;
  readonly by: AskedProvider;
}

export interface ProviderChoice {
  /** Whom the plan would ask first. */
  readonly first: AskedProvider;
  /** Asks the providers in order until one has done it. Many pieces of work may be put side by side. */
  ask<Result>(work: Ask<Result>): Promise<Done<Result>>;
}

/** The words of DESIGN's failure kinds, here so that no activity value enters the workflow bundle. */
const ENDS_PROVIDER = new Set(['ProviderExhausted', 'ProviderRejected']);
const CIRCUIT_OPEN = 'CircuitOpen';

/** A circuit that gives no time is asked again after this long. */
const DEFAULT_WAIT_S = 30;

interface Tally {
  readonly answers: Map<string, number>;
  readonly finished: Set<string>;
  readonly waits: Map<string, number>;
  /** The latest of each provider, in the order in which they came. */
  readonly problems: Map<string, ReadFailure>;
}

const newTally = (): Tally => ({
  answers: new Map(),
  finished: new Set(),
  waits: new Map(),
  problems: new Map(),
});

function note(tally: Tally, provider: string, problem: ReadFailure): void {
  tally.answers.set(provider, Math.max(problem.answers, tally.answers.get(provider) ?? 0));
  tally.problems.delete(provider);
  tally.problems.set(provider, problem);
  if (ENDS_PROVIDER.has(problem.type)) tally.finished.add(provider);
  else tally.waits.set(provider, problem.retry_after_s ?? DEFAULT_WAIT_S);
}

/** Waits in vain grow up to this, so that hours of them fit into a history. */
const LONGEST_WAIT_S = 60;

/**
 * One wait at a time for a whole step: pieces of work that find every circuit open share it, and what follows it.
 * Each wait without a success since the one before is twice as long.
 */
function createGate(afterwards: () => Promise<void>) {
  let waiting: Promise<void> | undefined;
  let inVain = 0;
  return {
    succeeded: () => void (inVain = 0),
    wait(seconds: number): Promise<void> {
      if (waiting) return waiting;
      const atLeast = Math.min(2 ** inVain, LONGEST_WAIT_S);
      inVain += 1;
      waiting = sleep(Math.ceil(Math.max(seconds, atLeast) * 1000))
        .then(afterwards)
        .finally(() => {
          waiting = undefined;
        });
      return waiting;
    },
  };
}

const unavailable = (
  needs: ProviderNeeds,
  last: ReadFailure | undefined,
  planned: readonly PlannedProvider[],
) =>
  failure({
    code: last?.code === 'BUDGET_EXHAUSTED' ? last.code : 'PROVIDER_UNAVAILABLE',
    message: last
      ? `No provider could do it; ${last.provider ?? 'the last one'} said: ${last.message}`
      : `No provider for ${needs.capability} is available`,
    hint: last?.hint ?? 'See what is missing at GET /api/health, then retry the job',
    provider: last?.provider ?? planned[0]?.provider ?? null,
    retryable: true,
  });

/** A result of another provider than the first choice says by whom, instead of whom and why. */
function disclosureOf(
  preferred: ProviderPlan['preferred'],
  used: string,
  problems: ReadonlyMap<string, ReadFailure> = new Map(),
): string | null {
  if (!preferred || preferred.provider === used) return null;
  const reason = problems.get(preferred.provider)?.message ?? preferred.reason;
  const why = reason ? `, because ${reason}` : '';
  return `made by ${used} instead of ${preferred.provider}${why}`;
}

/** The order: configured, able, not paused, healthy first. */
const plan = (needs: ProviderNeeds): Promise<ProviderPlan> =>
  bookkeeping(`Plan ${needs.capability}`).planProviders(needs);

/** Of several reasons money is the one that somebody can do something about. */
function nobody(needs: ProviderNeeds, plan: ProviderPlan) {
  const missing = plan.missing.find(({ code }) => code === 'BUDGET_EXHAUSTED') ?? plan.missing[0];
  const message = missing ? `${missing.provider}: ${missing.reason}` : `No provider for ${needs.capability}`;
  const code = missing?.code ?? 'PROVIDER_UNAVAILABLE';
  return failure({ code, message, hint: missing?.cure ?? null, retryable: true });
}

/** Plans whom to ask, and plans anew whenever it had to wait. */
export async function chooseProviders(step: Step, wanted: Wanted): Promise<ProviderChoice> {
  const needs = { ...wanted, job_id: step.job_id };
  const atFirst = await plan(needs);
  const { preferred, total_s } = atFirst;
  let { providers } = atFirst;
  const [first] = providers;
  if (!first) throw nobody(needs, atFirst);
  const began = Date.now();
  const gate = createGate(async () => {
    const anew = await plan(needs);
    if (anew.providers.length > 0) providers = anew.providers;
  });
  const disclosed = new Set<string>();

  async function tryOne<Result>(
    work: Ask<Result>,
    provider: PlannedProvider,
    tally: Tally,
  ): Promise<Done<Result> | undefined> {
    const by = { ...provider, disclosure: disclosureOf(preferred, provider.provider, tally.problems) };
    try {
      const { attempts, ...result } = await work(by, tally.answers.get(provider.provider) ?? 0);
      gate.succeeded();
      step.did({ attempts, provider: provider.provider, quality: provider.quality });
      if (by.disclosure && !disclosed.has(provider.provider)) step.warn('PROVIDER_FALLBACK', by.disclosure);
      disclosed.add(provider.provider);
      // TypeScript cannot see that a generic type without what was added to it is the type itself.
      return { result: result as unknown as Result, by };
    } catch (error) {
      if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
      const problem = readFailure(error);
      if (!ENDS_PROVIDER.has(problem.type) && problem.type !== CIRCUIT_OPEN) throw error;
      note(tally, provider.provider, problem);
      step.did({ attempts: problem.answers, provider: provider.provider });
      return undefined;
    }
  }

  async function ask<Result>(work: Ask<Result>): Promise<Done<Result>> {
    const tally = newTally();
    for (;;) {
      tally.waits.clear();
      for (const provider of providers) {
        if (tally.finished.has(provider.provider)) continue;
        const done = await tryOne(work, provider, tally);
        if (done) return done;
      }
      const waitS = Math.min(...tally.waits.values());
      const leftS = total_s - (Date.now() - began) / 1000;
      if (tally.waits.size === 0 || waitS > leftS) {
        throw unavailable(needs, [...tally.problems.values()].at(-1), providers);
      }
      await gate.wait(waitS);
    }
  }

  return { first: { ...first, disclosure: disclosureOf(preferred, first.provider) }, ask };
}
