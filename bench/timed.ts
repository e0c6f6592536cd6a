/** How long each kind of request took, from when it left. */
import { percentile } from './percentile';
import { ms } from './scenario';

export interface Timed<Kind extends string> {
  /** Does it, and notes its time unless it fails. */
  run(kind: Kind, request: () => Promise<unknown>): Promise<void>;
  of(kind: Kind): readonly number[];
  /** What was noted until now does not count. */
  clear(): void;
  /** Of each kind the median and p99, and how many there were. */
  table(): string;
}

export function createTimed<Kind extends string>(now: () => number = () => performance.now()): Timed<Kind> {
  const took = new Map<Kind, number[]>();
  const of = (kind: Kind): number[] => took.get(kind) ?? [];
  return {
    of,
    async run(kind, request) {
      const leftAt = now();
      await request();
      const times = of(kind);
      times.push(now() - leftAt);
      took.set(kind, times);
    },
    clear: () => took.clear(),
    table: () =>
      [...took]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(
          ([kind, all]) =>
            `${kind} ${ms(percentile(all, 0.5))} / ${ms(percentile(all, 0.99))} (${all.length} times)`,
        )
        .join(', '),
  };
}
