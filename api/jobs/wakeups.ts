/** Whoever waits for a job sleeps here until it is told of a change, or until its time is over. */
import { EventEmitter, once } from 'node:events';

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
    async sleep(job_id, ms, signal) {
      const over = AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, ms))]);
      // Time and abort end the sleep as a change does; the sleeper looks for itself.
      await once(emitter, job_id, { signal: over }).catch(() => undefined);
    },
  };
}
