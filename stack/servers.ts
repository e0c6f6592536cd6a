import path from 'node:path';
import { ensureAssets, type Progress } from '../assets/fetch';
import type { GivenPaths } from '../assets/locate';
import { chromaPart } from './chroma';
import { type Log, silent } from './log';
import type { Part, PartError, ServerName } from './part';
import { postgresPart } from './postgres';
import { redisPart } from './redis';
import { Supervisor } from './supervisor';
import { temporalPart } from './temporal';

const ALL: readonly ServerName[] = ['temporal', 'database', 'redis', 'chroma'];

export type ServerPorts = Readonly<Record<ServerName | 'temporal_ui', number>>;
const RANDOM: ServerPorts = { temporal: 0, temporal_ui: 0, database: 0, redis: 0, chroma: 0 };

export interface ServersOptions {
  readonly data_dir: string;
  readonly cache_dir: string;
  /** Preferred ports; a taken one moves to a free one. */
  readonly ports: 'random' | ServerPorts;
  /** A server named here is used as it is, and not started. */
  readonly urls?: Partial<Record<ServerName, string>>;
  readonly temporal_namespace?: string;
  /** Paths of programs that are not to be looked for. */
  readonly programs?: GivenPaths;
  /** False for data that is thrown away: faster, and lost in a power cut. */
  readonly durable?: boolean;
  readonly log?: Log;
}

export type ServerUrls = Readonly<Record<ServerName, string>> & { readonly temporal_ui?: string };

export interface Servers {
  readonly urls: ServerUrls;
  /** Resolves when one of them has crashed too often. */
  readonly failure: Promise<PartError>;
  stop(): Promise<void>;
}

/** Temporal, PostgreSQL, Valkey and Chroma alone: for tests and for work on the programs. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const supervisor = new Supervisor(path.resolve(options.data_dir), options.log ?? silent);
  const urls = await startServersUnder(supervisor, options);
  return { urls, failure: supervisor.failure, stop: () => supervisor.stop() };
}

export async function startServersUnder(
  supervisor: Supervisor,
  options: ServersOptions,
  signal?: AbortSignal,
): Promise<ServerUrls> {
  try {
    await supervisor.endLeftovers(['api', 'worker']);
    const started = await supervisor.start(await embeddedParts(options, signal));
    return { ...started, ...given(options.urls) } as ServerUrls;
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

/** A part for every server that has no URL. */
function embeddedParts(options: ServersOptions, signal?: AbortSignal): Promise<Part[]> {
  const ports = options.ports === 'random' ? RANDOM : options.ports;
  const dataDir = path.resolve(options.data_dir);
  const namespace = options.temporal_namespace ?? 'default';
  const make: Record<ServerName, () => Promise<Part>> = {
    temporal: async () => {
      const executable = await findExecutable('temporal-cli', options, signal);
      return temporalPart({
        executable,
        dataDir,
        namespace,
        port: ports.temporal,
        uiPort: ports.temporal_ui,
      });
    },
    database: async () => postgresPart({ dataDir, port: ports.database, durable: options.durable }),
    redis: async () => {
      const executable = await findExecutable('valkey', options, signal);
      return redisPart({ executable, dataDir, port: ports.redis });
    },
    chroma: async () => chromaPart({ dataDir, port: ports.chroma }),
  };
  const wanted = ALL.filter((name) => options.urls?.[name] === undefined);
  return Promise.all(wanted.map((name) => make[name]()));
}

async function findExecutable(
  name: 'temporal-cli' | 'valkey',
  { cache_dir, programs, log = silent }: ServersOptions,
  signal?: AbortSignal,
): Promise<string> {
  const options = { cacheDir: cache_dir, given: programs, signal, onProgress: sayOnce(log) };
  return (await ensureAssets([name], options))[name];
}

/** Progress comes many times a second; one line per thing done is enough here. */
export function sayOnce(log: Log): (progress: Progress) => void {
  const said = new Set<string>();
  return ({ asset, doing }) => {
    if (said.has(asset + doing)) return;
    said.add(asset + doing);
    log('info', 'assets', `${asset}: ${doing}`);
  };
}

function given(urls: ServersOptions['urls'] = {}): Partial<ServerUrls> {
  return Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== undefined));
}
