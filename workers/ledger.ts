/** What an activity's attempt used of providers: gathered while it runs, written once when it ends, however it ends. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { addUnits, type Units } from '../domain/cost';
import { microUsdFor, priceOf } from '../domain/prices';
import type { ProviderCall } from '../activities/providers/registry';
import type { Db } from '../prisma/client';
import { uuidOf } from '../prisma/ids';
import { isDatabaseAway } from '../prisma/away';
import { writeUsage, type Usage } from '../prisma/usage';

export interface Attempt {
  readonly job_id: string;
  /** The activity's type. */
  readonly step: string;
  /** Different for every attempt there ever was. */
  readonly id: string;
}

export interface Ledger {
  /** Notes a call for the attempt in which it was made. */
  note(call: ProviderCall): void;
  keep<Result>(attempt: Attempt, run: () => Promise<Result>): Promise<Result>;
  /** The attempt in which we are. */
  current(): Attempt | undefined;
  /** Tries once more to write what is not written yet. */
  flush(): Promise<void>;
}

export const noLedger: Ledger = {
  ...{ note: () => undefined, current: () => undefined },
  ...{ keep: (_attempt, run) => run(), flush: async () => undefined },
};

/** While the database is away; of more than this the oldest are lost, and said. */
const MOST_UNWRITTEN = 10_000;

/** Columns count in whole numbers, all but seconds. */
const whole = ({ seconds, ...units }: Units): Units => ({
  ...Object.fromEntries(Object.entries(units).map(([unit, count]) => [unit, Math.round(count)])),
  ...(seconds !== undefined && { seconds }),
});

/** One row for each model that was asked. */
export function usagesOf(attempt: Attempt, calls: readonly ProviderCall[], at = new Date()): Usage[] {
  const groups = new Map<string, ProviderCall[]>();
  for (const call of calls) {
    const model = JSON.stringify([call.capability, call.provider, call.model]);
    groups.set(model, [...(groups.get(model) ?? []), call]);
  }
  return [...groups.values()].map((group) => {
    const { capability, provider, model } = group[0]!;
    const units = group.reduce<Units>((sum, call) => addUnits(sum, call.units), {});
    const price = priceOf({ provider, model }, at);
    return {
      id: uuidOf('usage', attempt.id, capability, provider, model),
      ...{ job_id: attempt.job_id, step: attempt.step, capability, provider, model },
      ...{ calls: group.length, failed: group.filter(({ error }) => error !== null).length },
      units: whole(units),
      micro_usd: price ? microUsdFor(units, price) : null,
    };
  });
}

export function createLedger({ db, onError }: { db: Db; onError: (error: unknown) => void }): Ledger {
  const current = new AsyncLocalStorage<{ readonly attempt: Attempt; readonly calls: ProviderCall[] }>();
  let unwritten: Usage[] = [];

  /** Money is not forgotten because the database is away, and work is not held up by it. */
  async function write(usages: readonly Usage[]): Promise<void> {
    const all = [...unwritten, ...usages];
    unwritten = [];
    const left: Usage[] = [];
    for (const usage of all) {
      try {
        if (left.length === 0) await writeUsage(db, usage);
        else left.push(usage);
      } catch (error) {
        onError(error);
        // One that cannot be written at all must not stand before the others.
        if (isDatabaseAway(error)) left.push(usage);
      }
    }
    unwritten = [...left, ...unwritten];
    const lost = unwritten.splice(0, unwritten.length - MOST_UNWRITTEN).length;
    if (lost > 0) onError(new Error(`What ${lost} attempts have used is lost`));
  }

  return {
    note: (call) => void current.getStore()?.calls.push(call),
    current: () => current.getStore()?.attempt,
    flush: () => write([]),
    keep: async (attempt, run) => {
      const calls: ProviderCall[] = [];
      try {
        return await current.run({ attempt, calls }, run);
      } finally {
        if (calls.length > 0) await write(usagesOf(attempt, calls));
      }
    },
  };
}
