/** One row of the chaos table: a lesson while one vendor fails in one way, and everything well again after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { COOLDOWN_S, WORK, type Case, type Plan } from './chaos-cases';
import { secondsOf, startChaosStack, type ChaosJob, type ChaosStack, type Source } from './chaos-stack';
import { LONG_WAIT_S, PATHS, type Fault, type Vendors } from './chaos-vendors';

/** What one vendor was asked in one capability. */
export interface Asked {
  readonly provider: string;
  readonly capability: string;
  /** As the vendor saw it. */
  readonly received: number;
  /** As the job's bill has it. */
  readonly calls: number;
  readonly failed: number;
}

interface Counted {
  readonly job: ChaosJob;
  readonly asked: readonly Asked[];
}

export interface Row extends Counted {
  readonly seconds: number;
  /** Per piece of work, of the provider under test. */
  readonly attempts: readonly number[];
  /** Calls that were let through to see whether the vendor is well again. */
  readonly probes: number;
  /** Calls of a job that came while the circuit was open, and the probes among them; null where none was to come. */
  readonly whileOpen: { readonly received: number; readonly probes: number } | null;
}

/** Since the stack's start, of lessons and of everything else. */
export interface Sum {
  readonly provider: string;
  readonly capability: string;
  /** As the vendor saw it, and how much of it fell into the time of a job. */
  readonly received: number;
  readonly duringJobs: number;
  /** As the operators' table has it, and as the bills of all jobs have it. */
  readonly calls: number;
  readonly billed: number;
}

export interface ChaosRun {
  readonly operator: ChaosStack['operator'];
  /** A lesson with every vendor well. */
  undisturbed(source: Source): Promise<Row>;
  row(of: Case, fault: Fault): Promise<Row>;
  sums(): Promise<readonly Sum[]>;
  stop(): Promise<void>;
}

interface Pair {
  readonly provider: keyof Vendors;
  readonly capability: string;
}

interface Named {
  readonly provider: string;
  readonly capability: string | null;
}

export const isSame = (a: Named) => (b: Named) => a.provider === b.provider && a.capability === b.capability;

/** What a plan's stack may ask vendors for; a vendor may stand in for another one too. */
const pairsOf = ({ cases }: Plan, vendors: Vendors): Pair[] =>
  cases.flatMap(({ provider, capability, fallback }) => [
    { provider, capability },
    ...(fallback !== null && fallback in vendors
      ? [{ provider: fallback as keyof Vendors, capability }]
      : []),
  ]);

/** Counts at the vendors and in the bills, side by side. */
function createCounter(pairs: readonly Pair[], vendors: Vendors) {
  const now = () =>
    pairs.map(({ provider, capability }) => vendors[provider].received(PATHS[provider]![capability]!));
  const atFirst = now();
  const all: Asked[] = [];
  return {
    /** Runs it and counts; what vendors receive meanwhile is nobody else's. */
    async during(run: () => Promise<ChaosJob>): Promise<Counted> {
      const before = now();
      const job = await run();
      const after = now();
      const asked = pairs.map((pair, index): Asked => {
        const { calls = 0, failed = 0 } = job.cost.uses.find(isSame(pair)) ?? {};
        return { ...pair, calls, failed, received: after[index]! - before[index]! };
      });
      all.push(...asked);
      return { job, asked };
    },
    sums: () =>
      now().map((received, index) => {
        const mine = all.filter(isSame(pairs[index]!));
        const sum = (of: 'calls' | 'received') => mine.reduce((total, asked) => total + asked[of], 0);
        const counted = { duringJobs: sum('received'), billed: sum('calls') };
        return { ...pairs[index]!, ...counted, received: received - atFirst[index]! };
      }),
  };
}

interface Check {
  readonly ok: boolean;
}

const MOST_CHECKS = 20;

export async function startChaosRun(plan: Plan, vendors: Vendors): Promise<ChaosRun> {
  const { run, operator, sources, attempts, stop } = await startChaosStack(plan.env(vendors));
  const counter = createCounter(pairsOf(plan, vendors), vendors);

  /** What happened to the circuit, newest first. */
  const eventsSince = async (of: Case, since: number) =>
    (await operator.events(of.provider))
      .filter(isSame(of))
      .filter(({ created_at }) => Date.parse(created_at) >= since);
  const probesSince = async (of: Case, since: number) =>
    (await eventsSince(of, since)).filter(({ kind }) => kind === 'circuit_half_open').length;

  const job = (type: string, source: Source) =>
    counter.during(() => run(type, { source_id: sources[source] }));

  /** One more job for the same vendor, right after the lesson in which its circuit opened. */
  async function askAgain(of: Case): Promise<Row['whileOpen']> {
    const work = WORK[of.capability];
    const since = Date.now();
    const { asked } = await job(work.job, work.source);
    return { received: asked.find(isSame(of))!.received, probes: await probesSince(of, since) };
  }

  async function untilClosed(of: Case, fault: Fault, since: number): Promise<void> {
    const opened = (await eventsSince(of, since)).find(({ kind }) => kind === 'circuit_open');
    const forS = fault === '503 + Retry-After' ? LONG_WAIT_S : COOLDOWN_S;
    if (opened) await sleep(Math.max(0, Date.parse(opened.created_at) + forS * 1_000 + 100 - Date.now()));
    for (let tries = 0; tries < MOST_CHECKS; tries += 1) {
      const check = await counter.during(() => operator.check(of.provider));
      const checks = check.job.result?.['checks'] as Check[];
      if (checks.length > 0 && checks.every(({ ok }) => ok)) return;
      await sleep(1_000);
    }
    throw new Error(`${of.provider} does not become well again`);
  }

  return {
    operator,
    stop,
    async undisturbed(source) {
      const counted = await job('lesson', source);
      return { ...counted, seconds: secondsOf(counted.job), attempts: [], probes: 0, whileOpen: null };
    },
    async row(of, fault) {
      const { source, activity } = WORK[of.capability];
      const vendor = vendors[of.provider];
      const since = Date.now();
      await vendor.fail(PATHS[of.provider]![of.capability]!, fault);
      try {
        const counted = await job('lesson', source);
        return {
          ...counted,
          seconds: secondsOf(counted.job),
          probes: await probesSince(of, since),
          attempts: await attempts(counted.job.job_id, activity, of.provider),
          whileOpen: fault === '503 + Retry-After' ? await askAgain(of) : null,
        };
      } finally {
        await vendor.heal();
        await untilClosed(of, fault, since);
      }
    },
    async sums() {
      const views = await operator.providers();
      return counter.sums().map((sum) => ({ ...sum, calls: views.find(isSame(sum))?.month.calls ?? 0 }));
    },
  };
}
