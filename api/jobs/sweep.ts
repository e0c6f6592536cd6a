/** Starts rows that a crash left `queued`, and settles rows whose execution is over without a record. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../prisma/client';
import { noteExecution, OPEN_STATUSES } from '../../prisma/jobs';
import { launch } from './launch';
import { settle } from './settle';
import type { Execution, JobEngine } from './temporal';
import type { JobRow } from './view';

/** Rows younger than this belong to a request that is still under way. */
const GRACE_MS = 5_000;
/** A cancelled job whose worker does not answer is ended for it after this long: within the 5 s that are promised. */
export const CANCEL_PATIENCE_MS = 3_500;
/** Rows of each kind that one sweep looks at; the next one goes on behind them. */
const PAGE = 100;
/** So many failures one after another mean that Temporal or the database is away: the next sweep tries again. */
const MOST_FAILURES = 3;

export interface SweepDeps {
  readonly db: Db;
  readonly engine: JobEngine;
}

/** The execution is there and is this run's: the row learns of it; a cancel that nobody heeds is enforced. */
async function followUp(
  { db, engine }: SweepDeps,
  row: JobRow,
  execution: Execution & { status: 'running' },
) {
  if (!row.cancel_requested_at) {
    const status = row.status === 'queued' ? undefined : execution.live?.state.status;
    if (execution.run_id !== row.run_id || (status && status !== row.status))
      await noteExecution(db, row, { run_id: execution.run_id, status });
    return;
  }
  if (Date.now() - row.cancel_requested_at.getTime() < CANCEL_PATIENCE_MS)
    return void (await engine.cancel(row.id));
  await engine.terminate(row.id, 'cancelled; the worker did not answer in time');
  await settle(db, row, { how: 'CANCELLED', live: execution.live });
}

/** What one row needs now; harmless when it needs nothing. */
export async function reconcile(deps: SweepDeps, row: JobRow): Promise<void> {
  const execution = await deps.engine.describe(row.id);
  const ours = execution.status !== 'absent' && execution.run === row.run;
  if (ours && execution.status === 'running') return followUp(deps, row, execution);
  if (ours && execution.status === 'closed') return void (await settle(deps.db, row, execution));
  // The run before this one is about to close.
  if (execution.status === 'running') return;
  const neverStarted = row.status === 'queued' && row.run_id === null;
  if (neverStarted && !row.cancel_requested_at) await launch(deps, row);
  else await settle(deps.db, row, {});
}

const findRows = (db: Db, where: object, after: string | undefined): Promise<JobRow[]> =>
  db.jobs.findMany({
    where: {
      ...{ status: { in: OPEN_STATUSES }, created_at: { lt: new Date(Date.now() - GRACE_MS) } },
      ...where,
      ...(after && { id: { gt: after } }),
    },
    include: { artifacts: true },
    orderBy: { id: 'asc' },
    take: PAGE,
  });

/** Goes round and round through rows that match, a page at a time. */
function patrol({ db, engine }: SweepDeps, where: object, onError: (error: unknown) => void) {
  let after: string | undefined;
  return async () => {
    const rows = await findRows(db, where, after);
    after = rows.length === PAGE ? rows.at(-1)?.id : undefined;
    let failures = 0;
    for (const row of rows) {
      try {
        await reconcile({ db, engine }, row);
        failures = 0;
      } catch (error) {
        onError(error);
        if (++failures === MOST_FAILURES) return;
      }
    }
  };
}

/** One sweep: first what waits for us, then a part of what runs, for somebody may have ended it in the Web UI. */
export function createSweep(deps: SweepDeps, { onError }: { onError: (error: unknown) => void }) {
  const waiting = patrol(deps, { OR: [{ run_id: null }, { cancel_requested_at: { not: null } }] }, onError);
  const running = patrol(deps, { run_id: { not: null }, cancel_requested_at: null }, onError);
  return async (): Promise<void> => {
    await waiting();
    await running();
  };
}

/** Sweeps now and then; a sweep that fails is told about and the next one tries again. */
export function startSweeping(
  deps: SweepDeps,
  { everyMs = 5_000, onError }: { everyMs?: number; onError: (error: unknown) => void },
) {
  const sweep = createSweep(deps, { onError });
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    while (!signal.aborted) {
      await sweep().catch(onError);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
