/** One request at a time for each upload: whoever comes asks the one before to stop, whose connection is mostly dead. */
import type { Locker } from '@tus/server' with { 'resolution-mode': 'import' };

interface Holder {
  readonly stop: () => unknown;
  readonly gone: Promise<void>;
}

/** The package's own asks again with every turn of the event loop, which takes a whole core while it waits. */
export function createLocker(): Locker {
  const holders = new Map<string, Holder>();

  const newLock = (id: string) => {
    let release = () => {};
    return {
      async lock(_signal: AbortSignal, stop: () => unknown): Promise<void> {
        for (let holder = holders.get(id); holder; holder = holders.get(id)) {
          holder.stop();
          await holder.gone;
        }
        holders.set(id, { stop, gone: new Promise((resolve) => (release = resolve)) });
      },
      async unlock(): Promise<void> {
        holders.delete(id);
        release();
      },
    };
  };
  return { newLock };
}
