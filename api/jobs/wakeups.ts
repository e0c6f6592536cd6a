/** Whoever waits for a job sleeps here until it is told of a change, or until its time is over. */
import { EventEmitter } from 'node:events';

export interface Wakeups {
  wake(job_id: string): void;
  isWaited(job_id: string): boolean;
  /** Milliseconds; also ends with the signal. */
  sleep(job_id: string, ms: number, signal: AbortSignal): Promise<void>;
}

export function createWakeups(): Wakeups {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    wake: (job_id) => void emitter.emit(job_id),
    isWaited: (job_id) => emitter.listenerCount(job_id) > 0,
    // No `AbortSignal.any` over `AbortSignal.timeout`: nothing holds the latter, and once it is collected it never fires.
    sleep: (job_id, ms, signal) =>
      new Promise((resolve) => {
        const wakeUp = () => {
          clearTimeout(timer);
          emitter.off(job_id, wakeUp);
          signal.removeEventListener('abort', wakeUp);
          resolve();
        };
        const timer = setTimeout(wakeUp, Math.max(0, ms));
        emitter.on(job_id, wakeUp);
        signal.addEventListener('abort', wakeUp);
        if (signal.aborted) wakeUp();
      }),
  };
}
