/** Starts rows that a crash left `queued`, and settles rows whose execution is over without a record. */
import type { Db } from '../../prisma/client';
import { settle, settleUnstarted } from './settle';
import type { JobStarter } from './start';
import type { JobEngine } from './temporal';
import type { JobRow } from './view';

/** Rows younger than this belong to a request that is still under way. */
const GRACE_MS = 5_000;
/** A cancelled job whose worker does not answer is ended for it after this long. */
export const CANCEL_PATIENCE_MS = 4_000;
const PAGE = 200;

export interface SweepDeps {
  readonly db: Db;
  readonly engine: JobEngine;
  readonly starter: JobStarter;
}

/** What one row needs now; harmless when it needs nothing. */
export async function reconcile({ db, engine, starter }: SweepDeps, row: JobRow): Promise<void> {
  const execution = await engine.describe(row.id);
  const isThisRun = execution.status !== 'closed' || execution.run === row.run;
  if (execution.status === 'absent' || !isThisRun) {
    if (row.cancel_requested_at) await settleUnstarted(db, row);
    else await starter.launch(row);
    return;
  }
  if (execution.status === 'closed') {
    await settle(db, row, execution);
    return;
  }
  const waitedMs = row.cancel_requested_at ? Date.now() - row.cancel_requested_at.getTime() : 0;
  if (waitedMs < CANCEL_PATIENCE_MS) return;
  await engine.terminate(row.id, 'cancelled; the worker did not answer in time');
  await settle(db, row, { status: 'closed', how: 'CANCELLED', live: execution.live });
}

export async function sweep(deps: SweepDeps): Promise<void> {
  const rows = await deps.db.jobs.findMany({
    where: {
      status: { in: ['queued', 'running', 'paused'] },
      created_at: { lt: new Date(Date.now() - GRACE_MS) },
    },
    include: { artifacts: true },
    orderBy: { created_at: 'asc' },
    take: PAGE,
  });
  for (const row of rows) await reconcile(deps, row);
}

/** Sweeps now and then; a sweep that fails is told about and the next one tries again. */
export function startSweeping(
  deps: SweepDeps,
  { everyMs = 5_000, onError }: { everyMs?: number; onError: (error: unknown) => void },
) {
  let running: Promise<void> | undefined;
  const tick = () => {
    running ??= sweep(deps)
      .catch(onError)
      .finally(() => (running = undefined));
  };
  tick();
  const timer = setInterval(tick, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
