/** Says across processes that a job has changed: a hint to look again, never the truth; a lost one costs a second. */
import { Redis } from 'ioredis';

const CHANNEL = 'lm:job-changes';

export interface Change {
  readonly job_id: string;
  /** The job has this revision now, or will in a moment. */
  readonly revision: number;
}

export interface ChangePublisher {
  publish(change: Change): void;
  close(): void;
}

/** Without Redis whoever waits looks for himself. */
export const nobodyHears: ChangePublisher = { publish: () => undefined, close: () => undefined };

/** What cannot be sent at once is dropped: nobody must wait for a hint. */
export function publishChanges(url: string): ChangePublisher {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  // Whether Redis is there is health's business; the connection comes back by itself.
  redis.on('error', () => undefined);
  return {
    publish: (change) => void redis.publish(CHANNEL, JSON.stringify(change)).catch(() => undefined),
    close: () => redis.disconnect(),
  };
}

/** Hears every change until closed; subscribes anew after Redis was away. */
export function hearChanges(url: string, hear: (change: Change) => void): { close(): void } {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  redis.on('message', (_channel, message) => hear(JSON.parse(message) as Change));
  void redis.subscribe(CHANNEL).catch(() => undefined);
  return { close: () => redis.disconnect() };
}
