import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from './identity';
import { adopt, kill } from './process';
import { readHolder, readRunRecord } from './record';
import { type Servers, type ServersOptions, startServers } from './servers';

const PREFIX = 'little-monster-';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type ThrowawayOptions = Omit<ServersOptions, 'data_dir' | 'ports' | 'durable'>;

/** All servers on random ports and a temporary folder, both gone after `stop()`: once per test run. */
export async function startThrowawayServers(
  options: ThrowawayOptions,
): Promise<Servers & { readonly data_dir: string }> {
  sweep(os.tmpdir());
  const data_dir = mkdtempSync(path.join(os.tmpdir(), PREFIX));
  const forget = endWithThisProcess();
  const remove = () => {
    forget();
    rmSync(data_dir, { recursive: true, force: true });
  };
  try {
    const servers = await startServers({ ...options, data_dir, ports: 'random', durable: false });
    return { ...servers, data_dir, stop: () => servers.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A signal ends a process without its exit handlers, and those end the servers. */
function endWithThisProcess(): () => void {
  const exit = (signal: NodeJS.Signals) => process.exit(128 + os.constants.signals[signal]);
  for (const signal of SIGNALS) process.once(signal, exit);
  return () => SIGNALS.forEach((signal) => process.off(signal, exit));
}

/** What test runs left that were killed. */
export function sweep(tmp: string): void {
  const folders = readdirSync(tmp).filter((name) => name.startsWith(PREFIX));
  for (const folder of folders.map((name) => path.join(tmp, name))) {
    const run = path.join(folder, 'run');
    const holder = readHolder(path.join(run, 'stack.json'));
    if (!holder || isAlive(holder)) continue;
    killRecorded(run);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function killRecorded(run: string): void {
  if (!existsSync(run)) return;
  for (const file of readdirSync(run)) {
    const record = readRunRecord(path.join(run, file));
    if (record && isAlive(record)) kill(adopt(record));
  }
}
