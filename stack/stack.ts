import path from 'node:path';
import { ensureAssets } from '../assets/fetch';
import type { Config } from '../config';
import { LOCAL_SERVICE, localToken } from './local-token';
import { type Log, silent } from './log';
import { PartError, type ProgramName, reasonOf, type Urls } from './part';
import { apiPart, type Environment, programFile, workerPart } from './programs';
import { sayOnce, type ServerUrls, startServersUnder } from './servers';
import { Supervisor } from './supervisor';

export interface StackOptions {
  /** Brings the database to the current schema. */
  migrate(databaseUrl: string): Promise<unknown>;
  readonly log?: Log;
  /** Breaks off the start, and stops what has started. */
  readonly signal?: AbortSignal;
  /** The programs' files, where they are not the built ones. */
  readonly programs?: Partial<Record<ProgramName, string>>;
}

export interface Stack {
  readonly urls: ServerUrls & Pick<Urls, 'api'>;
  /** Resolves when a part has crashed too often. */
  readonly failure: Promise<PartError>;
  stop(): Promise<void>;
}

/** The whole engine: servers side by side, then migrations, then the worker and the API. */
export async function startStack(config: Config, options: StackOptions): Promise<Stack> {
  const supervisor = new Supervisor(config.data_dir, options.log ?? silent);
  const interrupt = () => void supervisor.stop();
  options.signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const urls = await boot(supervisor, config, options);
    return { urls, failure: supervisor.failure, stop: () => supervisor.stop() };
  } catch (error) {
    await supervisor.stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
  }
}

async function boot(supervisor: Supervisor, config: Config, options: StackOptions): Promise<Stack['urls']> {
  const servers = await startServersUnder(supervisor, serversOptions(config, options.log), options.signal);
  await migrated(servers.database, options.migrate);
  const env = programEnvironment(config, servers, await findFfmpeg(config, options));
  const fileOf = (name: ProgramName) => options.programs?.[name] ?? programFile(name);
  const started = await supervisor.start([
    workerPart({ file: fileOf('worker'), env }),
    apiPart({
      file: fileOf('api'),
      env: { ...env, SERVICE_TOKEN: serviceTokens(config) },
      port: config.http.port,
    }),
  ]);
  return { ...servers, ...started } as Stack['urls'];
}

function serversOptions(config: Config, log?: Log) {
  const { embedded } = config;
  return {
    data_dir: config.data_dir,
    cache_dir: config.cache_dir,
    ports: {
      temporal: embedded.temporal_port,
      temporal_ui: embedded.temporal_ui_port,
      database: embedded.postgres_port,
      redis: embedded.redis_port,
      chroma: embedded.chroma_port,
    },
    urls: config.urls,
    temporal_namespace: config.temporal_namespace,
    programs: { 'temporal-cli': embedded.temporal_cli_path },
    log,
  };
}

function programEnvironment(config: Config, urls: ServerUrls, ffmpeg: string | undefined): Environment {
  return {
    DATABASE_URL: urls.database,
    REDIS_URL: urls.redis,
    CHROMA_URL: urls.chroma,
    TEMPORAL_ADDRESS: urls.temporal,
    LM_DATA_DIR: config.data_dir,
    LM_CACHE_DIR: path.resolve(config.cache_dir),
    ...(ffmpeg ? { FFMPEG_PATH: ffmpeg } : {}),
  };
}

/** Those of the configuration, and one for this machine. */
const serviceTokens = ({ service_tokens, data_dir }: Config): string =>
  [...service_tokens, { name: LOCAL_SERVICE, token: localToken(data_dir) }]
    .map(({ name, token }) => `${name}=${token}`)
    .join(',');

async function migrated(databaseUrl: string, migrate: StackOptions['migrate']): Promise<void> {
  try {
    await migrate(databaseUrl);
  } catch (error) {
    const cure = 'Check that DATABASE_URL (or LM_DATA_DIR) belongs to this version of the program';
    throw new PartError('The database', `could not be migrated: ${reasonOf(error)}`, cure);
  }
}

/** Without it the worker says what it cannot do; everything else works. */
async function findFfmpeg(
  config: Config,
  { log = silent, signal }: StackOptions,
): Promise<string | undefined> {
  const options = { cacheDir: config.cache_dir, given: { ffmpeg: config.ffmpeg_path }, signal };
  try {
    return (await ensureAssets(['ffmpeg'], { ...options, onProgress: sayOnce(log) })).ffmpeg;
  } catch (error) {
    log('warn', 'assets', reasonOf(error));
    return undefined;
  }
}
