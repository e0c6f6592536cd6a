import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Redis from 'ioredis';
import { bareEnvironment, type Part } from './part';
import { knock } from './ports';

const CHECK_TIMEOUT_MS = 1_000;

/** It is never the only home of anything: nothing is written to disk, and the oldest is dropped when full. */
const CACHE_ONLY = [
  '--save',
  '',
  '--appendonly',
  'no',
  '--maxmemory',
  '256mb',
  '--maxmemory-policy',
  'allkeys-lru',
];

export interface RedisOptions {
  /** valkey-server or redis-server. */
  readonly executable: string;
  readonly dataDir: string;
  readonly port: number;
}

export function redisPart({ executable, dataDir, port }: RedisOptions): Part {
  const directory = path.join(dataDir, 'redis');
  const urlOf = (main: number) => `redis://127.0.0.1:${main}`;
  return {
    name: 'redis',
    title: 'Valkey (Redis)',
    ports: { main: port },
    readyTimeoutMs: 15_000,
    stopSignal: 'SIGTERM',
    graceMs: 5_000,
    harmless: /Memory overcommit must be enabled/, // a need of background saves: it makes none
    cure: 'Check that valkey-server or redis-server runs on this machine, or set REDIS_URL to a server of your own',
    urls: ({ main }) => ({ redis: urlOf(main) }),
    async launch({ main }) {
      mkdirSync(directory, { recursive: true });
      const args = ['--bind', '127.0.0.1', '--port', String(main), '--dir', directory, ...CACHE_ONLY];
      return { command: executable, args, env: bareEnvironment(directory) };
    },
    async check({ main }) {
      await knock(main);
      await ping(urlOf(main));
    },
  };
}

async function ping(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CHECK_TIMEOUT_MS,
    commandTimeout: CHECK_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined); // the rejected call says it
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
