/** The stack that the demo talks to: the one that runs on the data folder already, or one of its own. */
import path from 'node:path';
import type { Config } from '../config';
import { migrate } from '../prisma/migrate';
import type { Screen } from './demo-screen';
import { fetchAssets } from './demo-assets';
import { isAlive } from './identity';
import type { PartError } from './part';
import { readHolder } from './record';
import { startStack } from './stack';

export interface DemoStack {
  readonly api: string;
  /** Unknown where Temporal is someone else's. */
  readonly temporalUi?: string;
  readonly failure?: Promise<PartError>;
  stop(): Promise<void>;
}

/** Undefined where none runs, or one that still starts: then the start says so. */
function runningStack({ data_dir }: Config): DemoStack | undefined {
  const holder = readHolder(path.join(data_dir, 'run', 'stack.json'));
  if (!holder?.urls['api'] || !isAlive(holder)) return undefined;
  const { api, temporal_ui: temporalUi } = holder.urls;
  return { api, temporalUi, stop: async () => undefined };
}

export async function openStack(config: Config, screen: Screen, signal: AbortSignal): Promise<DemoStack> {
  const running = runningStack(config);
  if (running) {
    screen.line(`Using the stack that runs on ${config.data_dir}: ${running.api}`);
    return running;
  }
  await fetchAssets(config, screen, signal);
  screen.line('Starting Temporal, PostgreSQL, Valkey and Chroma, then the worker and the API …');
  const startedAt = Date.now();
  const stack = await startStack(config, { migrate, signal });
  const { api, temporal_ui: temporalUi } = stack.urls;
  screen.line(
    `Ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s: ${api} (logs: ${path.join(config.data_dir, 'logs')})`,
  );
  return {
    ...{ api, temporalUi, failure: stack.failure },
    async stop() {
      screen.line('Stopping the stack …');
      await stack.stop();
    },
  };
}
