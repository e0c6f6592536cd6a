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

export interface Row {
  readonly job: ChaosJob;
  readonly seconds: number;
  readonly asked: readonly Asked[];
  /** Per piece of work, of the provider under test. */
  readonly attempts: readonly number[];
  /** Calls that were let through to see whether the vendor is well again. */
  readonly probes: number;
  /** Calls of a job that came while the circuit was open, and the probes among them; null where none was to come. */
  readonly whileOpen: { readonly received: number; readonly probes: number } | null;
}

export interface ChaosRun {
  readonly chaos: ChaosStack;
  /** A lesson with every vendor well. */
  undisturbed(source: Source): Promise<Row>;
  row(of: Case, fault: Fault): Promise<Row>;
  /** What each vendor has been asked since the start, beside what the operators' table says. */
  totals(): Promise<readonly (Asked & { readonly accounted: number })[]>;
  stop(): Promise<void>;
}

type Pair = readonly [provider: keyof Vendors, capability: string];

/** What the plan's stack may ask vendors for. */
const pairsOf = ({ cases }: Plan, extra: readonly Pair[] = []): Pair[] => [
  ...cases.map(({ provider, capability }) => [provider, capability] as const),
  ...extra,
];

export async function startChaosRun(plan: Plan, vendors: Vendors): Promise<ChaosRun> {
  const chaos = await startChaosStack(plan.env(vendors));
  const { operator, sources } = chaos;
  const fallbacks = plan.cases.flatMap(({ fallback, capability }): Pair[] =>
    fallback !== null && fallback in vendors ? [[fallback as keyof Vendors, capability]] : [],
  );
  const pairs = pairsOf(plan, fallbacks);
  const pathOf = ([provider, capability]: Pair): string => PATHS[provider]![capability]!;
  const receivedBy = (pair: Pair): number => vendors[pair[0]].received(pathOf(pair));
  const atFirst = pairs.map(receivedBy);
  /** By pair: calls of lessons and checks, as rows have counted them. */
  const accounted = new Map(pairs.map((pair) => [pathOf(pair), 0]));

  const eventsSince = async ({ provider, capability }: Case, since: number) =>
    (await operator.events(provider)).filter(
      (event) => event.capability === capability && Date.parse(event.created_at) >= since,
    );
  const probesSince = async (of: Case, since: number) =>
    (await eventsSince(of, since)).filter(({ kind }) => kind === 'circuit_half_open').length;

  /** Runs it and counts; what is received meanwhile is nobody else's. */
  async function counted(run: () => Promise<ChaosJob>): Promise<{ job: ChaosJob; asked: Asked[] }> {
    const before = pairs.map(receivedBy);
    const job = await run();
    const asked = pairs.map((pair, index): Asked => {
      const [provider, capability] = pair;
      const received = receivedBy(pair) - before[index]!;
      const path = pathOf(pair);
      accounted.set(path, accounted.get(path)! + received);
      const use = job.cost.uses.find((one) => one.provider === provider && one.capability === capability);
      return { provider, capability, received, calls: use?.calls ?? 0, failed: use?.failed ?? 0 };
    });
    return { job, asked };
  }

  const lesson = (source: Source) => counted(() => chaos.run('lesson', { source_id: sources[source] }));

  /** One more job for the same vendor, right after the lesson in which its circuit opened. */
  async function askAgain(of: Case): Promise<Row['whileOpen']> {
    const { job, source } = WORK[of.capability];
    const since = Date.now();
    const { asked } = await counted(() => chaos.run(job, { source_id: sources[source] }));
    const mine = asked.find((one) => one.provider === of.provider && one.capability === of.capability);
    return { received: mine!.received, probes: await probesSince(of, since) };
  }

  /** Checks of a provider whose circuit is open call nobody, so they are asked until all is well. */
  async function untilWell(of: Case): Promise<void> {
    const before = pairs.map(receivedBy);
    for (let tries = 0; ; tries += 1) {
      const checks = await operator.check(of.provider);
      if (checks.length > 0 && checks.every(({ ok }) => ok)) break;
      if (tries === 20) throw new Error(`${of.provider} is not well again: ${JSON.stringify(checks)}`);
      await sleep(1_000);
    }
    pairs.forEach((pair, index) => {
      const path = pathOf(pair);
      accounted.set(path, accounted.get(path)! + receivedBy(pair) - before[index]!);
    });
  }

  async function openUntil(of: Case, fault: Fault, since: number): Promise<number> {
    const opened = (await eventsSince(of, since)).find(({ kind }) => kind === 'circuit_open');
    const forS = fault === '503 + Retry-After' ? LONG_WAIT_S : COOLDOWN_S;
    return opened ? Date.parse(opened.created_at) + forS * 1_000 + 100 : 0;
  }

  return {
    chaos,
    async undisturbed(source) {
      const { job, asked } = await lesson(source);
      return { job, asked, seconds: secondsOf(job), attempts: [], probes: 0, whileOpen: null };
    },
    async row(of, fault) {
      const vendor = vendors[of.provider];
      const { source, activity } = WORK[of.capability];
      const since = Date.now();
      await vendor.fail(PATHS[of.provider]![of.capability]!, fault);
      try {
        const { job, asked } = await lesson(source);
        const probes = await probesSince(of, since);
        const attempts = await chaos.attempts(job.job_id, activity, of.provider);
        const whileOpen = fault === '503 + Retry-After' ? await askAgain(of) : null;
        return { job, asked, attempts, probes, whileOpen, seconds: secondsOf(job) };
      } finally {
        await vendor.heal();
        await sleep(Math.max(0, (await openUntil(of, fault, since)) - Date.now()));
        await untilWell(of);
      }
    },
    async totals() {
      const views = await operator.providers();
      return pairs.map((pair, index) => {
        const [provider, capability] = pair;
        const view = views.find((one) => one.provider === provider && one.capability === capability);
        const { calls = 0, failed = 0 } = view?.month ?? {};
        const received = receivedBy(pair) - atFirst[index]!;
        return { provider, capability, received, calls, failed, accounted: accounted.get(pathOf(pair))! };
      });
    },
    stop: () => chaos.stop(),
  };
}
