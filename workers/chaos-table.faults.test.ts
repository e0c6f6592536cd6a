/**
 * The chaos table: each vendor fails in nine ways while a lesson needs it, on stacks of real processes.
 * One vendor or one row: `npm run test:faults -- -t "azure as speaker"`, `… -t "azure as speaker .* hang"`.
 */
import { writeFile } from 'node:fs/promises';
import { PLANS, RETRY_BASE_S, TIMEOUT_S, WORK, type Capability, type Case } from '../testing/chaos-cases';
import { renderChaos, type ReportRow, type Total } from '../testing/chaos-report';
import { startChaosRun, type Asked, type ChaosRun, type Row } from '../testing/chaos-rows';
import { answersTo, expectedCalls, expectedWait, plus, type Bounds } from '../testing/chaos-rules';
import { secondsOf, type ChaosJob, type Source } from '../testing/chaos-stack';
import { FAULTS, SHORT_WAIT_S, startVendors, type Fault, type Vendors } from '../testing/chaos-vendors';

const WAITS = { timeoutS: TIMEOUT_S, retryBaseS: RETRY_BASE_S, retryAfterS: SHORT_WAIT_S };
/** Seconds for the next provider's own work, and for a busy machine. */
const SLACK_S = 20;

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

const stepOf = (job: ChaosJob, { capability }: Pick<Case, 'capability'>) =>
  job.steps.find(({ name }) => name === WORK[capability].step);

const piecesOf = (job: ChaosJob, capability: string) => WORK[capability as Capability].pieces(job);

/** A vendor that does not listen is away in all that it does. */
const isBroken = (asked: Asked, of: Case, fault: Fault): boolean =>
  asked.provider === of.provider && (fault === 'refused' || asked.capability === of.capability);

const isOf = (of: Case) => (asked: Asked) =>
  asked.provider === of.provider && asked.capability === of.capability;

/** What the rules allow for a lesson, of the healthy ones as of the broken one. */
function allowed(asked: Asked, { job, probes }: Row, broken?: { of: Case; fault: Fault }): Bounds {
  const pieces = piecesOf(job, asked.capability);
  if (broken && isBroken(asked, broken.of, broken.fault)) {
    const bounds = pieces === 0 ? { least: 0, most: 0 } : expectedCalls(broken.fault, pieces);
    return isOf(broken.of)(asked) ? plus(bounds, probes) : bounds;
  }
  const isUsed = stepOf(job, asked as Pick<Case, 'capability'>)?.provider === asked.provider;
  return plus({ least: 0, most: 0 }, isUsed ? pieces : 0);
}

function expectWithin(value: number, { least, most }: Bounds): void {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
}

/** The bill has every call as the vendor saw it; of those that nobody listened to, it alone knows. */
function expectCounted(row: Row, broken?: { of: Case; fault: Fault }): void {
  for (const asked of row.asked) {
    const fails = broken !== undefined && isBroken(asked, broken.of, broken.fault);
    const received = fails && broken.fault === 'refused' ? 0 : asked.calls;
    expect(asked).toMatchObject({ received, failed: fails ? asked.calls : 0 });
    expectWithin(asked.calls, allowed(asked, row, broken));
  }
}

function expectFallback(job: ChaosJob, { provider, capability, fallback }: Case): void {
  const { step, artifact } = WORK[capability];
  const says = expect.stringMatching(new RegExp(`^made by ${fallback} instead of ${provider}, because .`));
  expect(job.status).toBe('completed');
  expect(stepOf(job, { capability })).toMatchObject({ status: 'completed', provider: fallback });
  expect(job.warnings).toContainEqual({ code: 'PROVIDER_FALLBACK', message: says, step });
  const made = job.artifacts.filter(({ kind }) => kind === artifact);
  expect(made).not.toEqual([]);
  for (const { provenance } of made) expect(provenance).toMatchObject({ disclosure: says });
}

function expectWithout(job: ChaosJob, { provider, capability }: Case): void {
  const { step } = WORK[capability];
  const why = new RegExp(`^Without vectors: No provider could do it; ${provider} said: ${provider}: .`);
  expect(job).toMatchObject({ status: 'completed_with_warnings', error: null, result: { vectors: null } });
  expect(stepOf(job, { capability })).toMatchObject({ status: 'failed' });
  const message = expect.stringMatching(why);
  expect(job.warnings).toContainEqual({ code: 'PROVIDER_UNAVAILABLE', message, step });
}

describe.each(PLANS)('$name', (plan) => {
  let run: ChaosRun;
  const undisturbed = new Map<Source, Row>();
  const bounds = new Map<string, Bounds>();
  let unseen = 0;

  function note(row: Row, broken?: { of: Case; fault: Fault }): void {
    for (const asked of row.asked) {
      const key = `${asked.provider} ${asked.capability}`;
      const more = allowed(asked, row, broken);
      const { least, most } = bounds.get(key) ?? { least: 0, most: 0 };
      bounds.set(key, { least: least + more.least, most: most + more.most });
      unseen += asked.calls - asked.received;
    }
  }

  beforeAll(async () => {
    run = await startChaosRun(plan, vendors);
    for (const source of new Set(plan.cases.map(({ capability }) => WORK[capability].source))) {
      note(await run.undisturbed(source)); // loads the models
      undisturbed.set(source, await run.undisturbed(source));
      note(undisturbed.get(source)!);
    }
  }, 180_000);

  afterAll(() => run?.stop(), 60_000);

  it('asks a healthy vendor once for each piece of work', () => {
    for (const row of undisturbed.values()) {
      expect(row.job).toMatchObject({ status: 'completed', warnings: [] });
      expectCounted(row);
      expect(row.asked.filter(({ calls }) => calls > 0)).not.toEqual([]);
    }
  });

  describe.each(plan.cases)('$provider as $capability', (of) => {
    it.each(FAULTS)(
      'fails: %s',
      async (fault) => {
        const index = table.length;
        const nothing = { calls: 0, whileOpen: null, madeBy: null, isFailure: true };
        table.push({ ...of, fault, status: 'did not end', ...nothing });
        const row = await run.row(of, fault);
        const { job, seconds, attempts, whileOpen } = row;
        note(row, { of, fault });
        const lost = seconds - undisturbed.get(WORK[of.capability].source)!.seconds;
        const mine = row.asked.find(isOf(of))!;
        const step = stepOf(job, of)!;
        const { most, least } = expectedWait(fault, piecesOf(job, of.capability), WAITS);
        table[index] = {
          ...{ ...of, fault, status: job.status, madeBy: step.status === 'completed' ? step.provider : null },
          ...{ calls: mine.calls, most: Math.max(...attempts), lost, isFailure: true },
          whileOpen: whileOpen && whileOpen.received,
        };

        if (of.fallback === null) expectWithout(job, of);
        else expectFallback(job, of);
        expectCounted(row, { of, fault });
        expect(attempts).toHaveLength(piecesOf(job, of.capability));
        expect(Math.max(...attempts)).toBeLessThanOrEqual(answersTo(fault));
        if (whileOpen) expect(whileOpen.received).toBe(whileOpen.probes);
        expect(secondsOf(step)).toBeGreaterThanOrEqual(least);
        expect(lost).toBeLessThanOrEqual(most + SLACK_S);
        table[index] = { ...table[index], isFailure: false };
      },
      120_000,
    );
  });

  it('has called nobody more often than the rules allow, and has every call on the bill', async () => {
    for (const total of await run.totals()) {
      const { provider, capability, received, accounted } = total;
      expect(received).toBe(accounted);
      totals.push({ ...total, ...bounds.get(`${provider} ${capability}`)!, unseen: total.calls - received });
    }
    expect(unseen).toBeGreaterThan(0);
  });
});
