export interface Turns {
  /** Resolves when it is the caller's turn; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void>;
  giveBack(): void;
}

/** Lets `count` callers in at a time, the others in the order they came. */
export function createTurns(count: number): Turns {
  const waiting: (() => void)[] = [];
  let free = count;

  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiting.splice(waiting.indexOf(enter), 1);
          reject(signal.reason);
        };
        const enter = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        waiting.push(enter);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    giveBack() {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}
