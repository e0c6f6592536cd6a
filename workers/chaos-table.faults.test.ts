/**
 * The chaos table: each vendor fails in nine ways while a lesson needs it, on stacks of real processes.
 * One vendor or one row: `npm run test:faults -- -t "azure as speaker"`, `… -t "azure as speaker fails: hang"`.
 */
import { writeFile } from 'node:fs/promises';
import { PLANS, RETRY_BASE_S, TIMEOUT_S, WORK, type Capability, type Case } from '../testing/chaos-cases';
import { renderChaos, type ReportRow, type Total } from '../testing/chaos-report';
import { isSame, startChaosRun, type Asked, type ChaosRun, type Row } from '../testing/chaos-rows';
import { answersTo, expectedCalls, expectedWait, plus, type Bounds } from '../testing/chaos-rules';
import { secondsOf, type ChaosJob, type Source } from '../testing/chaos-stack';
import { FAULTS, SHORT_WAIT_S, startVendors, type Fault, type Vendors } from '../testing/chaos-vendors';

const WAITS = { timeoutS: TIMEOUT_S, retryBaseS: RETRY_BASE_S, retryAfterS: SHORT_WAIT_S };
/** Seconds for the next provider's own work, and for a busy machine. */
const SLACK_S = 20;

interface Broken {
  readonly of: Case;
  readonly fault: Fault;
}

const table: ReportRow[] = [];
const totals: Total[] = [];
let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
});

afterAll(async () => {
  await Promise.all(Object.values(vendors ?? {}).map((vendor) => vendor.close()));
  const text = renderChaos(table, totals);
  process.stdout.write(`\n${text}\n`);
  const file = process.env['CHAOS_TABLE'];
  if (file) await writeFile(file, text);
});

const workOf = (capability: string) => WORK[capability as Capability];

const stepOf = (job: ChaosJob, capability: string) =>
  job.steps.find(({ name }) => name === workOf(capability).step);

/** A vendor that does not listen is away in all that it does. */
const isBroken = ({ provider, capability }: Asked, broken?: Broken): broken is Broken =>
  provider === broken?.of.provider && (broken.fault === 'refused' || capability === broken.of.capability);

/** What the rules allow for a lesson, of the healthy as of the broken. */
function allowed(asked: Asked, { job, probes }: Row, broken?: Broken): Bounds {
  const pieces = workOf(asked.capability).pieces(job);
  if (pieces > 0 && isBroken(asked, broken))
    return plus(expectedCalls(broken.fault, pieces), isSame(broken.of)(asked) ? probes : 0);
  const isUsed = stepOf(job, asked.capability)?.provider === asked.provider;
  // On a busy machine a good answer may come too late, and is asked for once more.
  return plus({ least: 0, most: 0 }, isUsed ? pieces + asked.failed : 0);
}

function expectWithin(value: number, { least, most }: Bounds): void {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
}

/** The bill has every call as the vendor saw it; of those that nobody listened to, it alone knows. */
async function expectCounted(row: Row, operator: ChaosRun['operator'], broken?: Broken): Promise<void> {
  for (const asked of row.asked) {
    const { received, calls, failed } = asked;
    expectWithin(calls, allowed(asked, row, broken));
    if (!isBroken(asked, broken)) {
      expect(received).toBe(calls);
      if (failed === 0) continue;
      const view = (await operator.providers()).find(isSame(asked));
      expect(view?.last_failure).toMatchObject({ code: 'TIMEOUT' });
    } else {
      expect(failed).toBe(calls);
      expect(received).toBe(broken.fault === 'refused' ? 0 : calls);
    }
  }
}

function expectFallback(job: ChaosJob, { provider, capability, fallback }: Case): void {
  const { step, artifact, part = '' } = workOf(capability);
  const saysOf = (what: string) =>
    expect.stringMatching(new RegExp(`^${what}made by ${fallback} instead of ${provider}, because .`));
  expect(job.status).toBe('completed');
  expect(stepOf(job, capability)).toMatchObject({ status: 'completed', provider: fallback });
  expect(job.warnings).toContainEqual({ code: 'PROVIDER_FALLBACK', message: saysOf(''), step });
  const made = job.artifacts.filter(({ kind }) => kind === artifact);
  expect(made).not.toEqual([]);
  for (const { provenance } of made) expect(provenance).toMatchObject({ disclosure: saysOf(part) });
}

function expectWithout(job: ChaosJob, { provider, capability }: Case): void {
  const { step } = workOf(capability);
  const why = new RegExp(`^Without vectors: No provider could do it; ${provider} said: ${provider}: .`);
  expect(job).toMatchObject({ status: 'completed_with_warnings', error: null, result: { vectors: null } });
  expect(stepOf(job, capability)).toMatchObject({ status: 'failed' });
  const message = expect.stringMatching(why);
  expect(job.warnings).toContainEqual({ code: 'PROVIDER_UNAVAILABLE', message, step });
}

/** Nothing is asked more often than it may be, and what was asked to wait is waited for. */
async function expectRow(row: Row, operator: ChaosRun['operator'], broken: Broken): Promise<void> {
  const { of, fault } = broken;
  const { job, attempts, whileOpen } = row;
  const pieces = workOf(of.capability).pieces(job);
  if (of.fallback === null) expectWithout(job, of);
  else expectFallback(job, of);
  await expectCounted(row, operator, broken);
  expect(attempts).toHaveLength(pieces);
  expect(Math.max(...attempts)).toBeLessThanOrEqual(answersTo(fault));
  if (whileOpen) expect(whileOpen.received).toBe(whileOpen.probes);
  const { least } = expectedWait(fault, pieces, WAITS);
  expect(secondsOf(stepOf(job, of.capability)!)).toBeGreaterThanOrEqual(least);
}

describe.each(PLANS)('$name', (plan) => {
  let run: ChaosRun;
  const undisturbed = new Map<Source, Row>();
  const lessons: Total[] = [];

  /** Adds a lesson to what vendors were and might have been asked. */
  function note(row: Row, broken?: Broken): void {
    for (const asked of row.asked) {
      const { provider, capability, calls, received } = asked;
      let total = lessons.find(isSame(asked));
      if (!total) lessons.push((total = { provider, capability, calls: 0, received: 0, least: 0, most: 0 }));
      const { least, most } = allowed(asked, row, broken);
      total.calls += calls;
      total.received += received;
      total.least += least;
      total.most += most;
    }
  }

  /** The quicker one of two: what a machine does besides only makes it longer. */
  async function takeTwice(source: Source): Promise<Row> {
    const rows = [await run.undisturbed(source), await run.undisturbed(source)] as const;
    rows.forEach((row) => note(row));
    return rows[0].seconds < rows[1].seconds ? rows[0] : rows[1];
  }

  beforeAll(async () => {
    run = await startChaosRun(plan, vendors);
    for (const source of new Set(plan.cases.map(({ capability }) => workOf(capability).source))) {
      await takeTwice(source); // loads the models
      undisturbed.set(source, await takeTwice(source));
    }
  }, 180_000);

  afterAll(() => run?.stop(), 60_000);

  it('asks a healthy vendor once for each piece of work', async () => {
    for (const row of undisturbed.values()) {
      expect(row.job).toMatchObject({ status: 'completed', warnings: [] });
      await expectCounted(row, run.operator);
      expect(row.asked.filter(({ calls }) => calls > 0)).not.toEqual([]);
    }
  });

  describe.each(plan.cases)('$provider as $capability', (of) => {
    it.each(FAULTS)(
      'fails: %s',
      async (fault) => {
        const broken = { of, fault };
        const index = table.push({ ...of, fault, status: 'did not end', isFailure: true }) - 1;
        const row = await run.row(of, fault);
        note(row, broken);
        const { job, seconds, attempts, whileOpen } = row;
        const { source, step } = workOf(of.capability);
        const by = job.steps.find(({ name, status }) => name === step && status === 'completed');
        const shown = {
          ...{ ...of, fault, status: job.status, by: by?.provider ?? 'nobody' },
          ...{ calls: row.asked.find(isSame(of))?.calls, most: Math.max(...attempts) },
          ...{ whileOpen: whileOpen?.received, lost: seconds - undisturbed.get(source)!.seconds },
        };
        table[index] = { ...shown, isFailure: true };
        await expectRow(row, run.operator, broken);
        const { most } = expectedWait(fault, workOf(of.capability).pieces(job), WAITS);
        expect(shown.lost).toBeLessThanOrEqual(most + SLACK_S);
        table[index] = { ...shown, isFailure: false };
      },
      120_000,
    );
  });

  it('asks nobody more often than the rules allow, and writes every call down', async () => {
    totals.push(...lessons);
    for (const { calls, least, most } of lessons) expectWithin(calls, { least, most });
    for (const sum of await run.sums())
      expect(sum).toMatchObject({ received: sum.duringJobs, calls: sum.billed });
  });
});
