/** Removes, now and then, what has had its time: rows by the table in prisma/expiry.ts, artifacts with their bytes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { derivedKinds } from '../../domain/retention';
import type { Db } from '../../prisma/client';
import { EXPIRIES, removeOver } from '../../prisma/expiry';
import { classify, endTerms, removeExpired, startTerms } from '../../prisma/terms';
import type { Blobs } from '../../store/blobs';
import { createStaleResults } from './upkeep-results';

/** Batches of one kind in a row: the rest waits for the next round, so that each kind has its turn. */
const MOST_BATCHES = 100;

export interface UpkeepDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  /** Term of artifacts that can be made again; 0: they have no end. */
  readonly derivedDays: number;
}

export interface UpkeepEvents {
  readonly onError: (error: unknown) => void;
  readonly onDone?: (what: string, count: number) => void;
}

interface Task {
  readonly what: string;
  /** One batch; how many there were. */
  readonly batch: () => Promise<number>;
}

/** Terms are set here alone, so that one process knows the setting, and a term that was told is never shortened. */
const artifactTasks = ({ db, blobs, derivedDays }: UpkeepDeps): Task[] =>
  derivedDays === 0
    ? [{ what: 'terms', batch: () => endTerms(db) }]
    : [
        { what: 'artifacts', batch: () => removeExpired(db, blobs.remove) },
        { what: 'artifacts without a term', batch: () => startTerms(db, derivedDays) },
      ];

async function exhaust({ batch }: Task, signal: AbortSignal | undefined): Promise<number> {
  let count = 0;
  for (let batches = 0; batches < MOST_BATCHES && !signal?.aborted; batches++) {
    const more = await batch();
    count += more;
    if (more === 0) break;
  }
  return count;
}

/** One round. What fails is told, and keeps nothing else from its turn. */
export function createUpkeep(deps: UpkeepDeps, { onError, onDone }: UpkeepEvents) {
  const tasks: readonly Task[] = [
    ...EXPIRIES.map((expiry) => ({ what: expiry.what, batch: () => removeOver(deps.db, expiry) })),
    ...artifactTasks(deps),
    { what: 'results whose bytes are gone', batch: createStaleResults(deps) },
  ];
  return async (signal?: AbortSignal): Promise<void> => {
    for (const task of tasks) {
      try {
        const count = await exhaust(task, signal);
        if (count > 0) onDone?.(task.what, count);
      } catch (error) {
        onError(error);
      }
    }
  };
}

/** Rounds until it is stopped; several processes may do it at once. */
export function startUpkeep(
  deps: UpkeepDeps,
  { everyMs = 60_000, ...events }: UpkeepEvents & { everyMs?: number },
) {
  const round = createUpkeep(deps, events);
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    await classify(deps.db, derivedKinds).catch(events.onError);
    while (!signal.aborted) {
      await round(signal);
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
