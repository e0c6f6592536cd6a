import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { bareEnvironment, type Launch, type Part, type Ports } from './part';
import { knock } from './ports';

const CONNECT_TIMEOUT_MS = 2_000;
const PREPARE_TIMEOUT_MS = 20_000;
/** The dev server's own default is 24 h: too short for anyone who comes back after a weekend. */
const RETENTION_MS = 720 * 3_600_000;

/** All of type Keyword; workflows set them, operators and batches filter by them. */
export const SEARCH_ATTRIBUTES = ['JobType', 'Owner', 'Batch', 'Phase', 'Provider'] as const;
/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const KEYWORD = 2;

/**
 * The dev server has one history shard, whose queues may be read 20 times a second by default: every step
 * of a workflow would wait up to 50 ms. The other values make short timers prompt, let a job run again
 * under its id at once, share queues fairly between users, and keep the server from asking for updates.
 */
const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.visibilityProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxTimeShift="10ms"',
  'history.workflowIdReuseMinimalInterval="10ms"',
  'matching.enableFairness=true',
  // A job's state is a few kilobytes of memo; the default warns above two.
  'limit.memoSize.warn=65536',
  'frontend.enableServerVersionCheck=false',
];

/** Polls are answered from what was last heard of a workflow, so that the API goes before it. */
const NICENESS = 2;

/** Write-ahead log and fewer syncs: three times the workflows per second. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

export interface TemporalOptions {
  readonly executable: string;
  readonly dataDir: string;
  readonly namespace: string;
  readonly port: number;
  readonly uiPort: number;
}

export function temporalPart({ executable, dataDir, namespace, port, uiPort }: TemporalOptions): Part {
  return {
    name: 'temporal',
    title: 'Temporal',
    ports: { main: port, ui: uiPort },
    readyTimeoutMs: 30_000,
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
    cure: 'Check that the Temporal CLI runs on this machine (TEMPORAL_CLI_PATH names another), or set TEMPORAL_ADDRESS to a server of your own',
    urls: ({ main, ui }) => ({ temporal: `127.0.0.1:${main}`, temporal_ui: `http://127.0.0.1:${ui}` }),
    async launch(ports): Promise<Launch> {
      const database = path.join(dataDir, `temporal-${await versionOf(executable)}.db`);
      const args = devServerArguments({ database, namespace, ports });
      return { command: executable, args, env: bareEnvironment(dataDir), niceness: NICENESS };
    },
    check: ({ main }) =>
      withConnection(main, CONNECT_TIMEOUT_MS, (connection) => checkHealth(connection, namespace)),
    prepare: ({ main }) =>
      withConnection(main, PREPARE_TIMEOUT_MS, (connection) => prepareNamespace(connection, namespace)),
  };
}

/** Kept long enough, and searchable: what `server start-dev` does not do for a database file that exists. */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<void> {
  await Promise.all([keepLongEnough(connection, namespace), addMissingAttributes(connection, namespace)]);
}

async function keepLongEnough(connection: Connection, namespace: string): Promise<void> {
  const { config } = await describeNamespace(connection, namespace);
  const keptMs = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000;
  if (keptMs >= RETENTION_MS) return;
  const workflowExecutionRetentionTtl = msToTs(RETENTION_MS);
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}

async function addMissingAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

function describeNamespace(connection: Connection, namespace: string) {
  return connection.workflowService.describeNamespace({ namespace });
}

async function checkHealth(connection: Connection, namespace: string): Promise<void> {
  await connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' });
  await describeNamespace(connection, namespace);
}

async function withConnection(
  port: number,
  timeoutMs: number,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  await knock(port);
  const connection = await Connection.connect({
    address: `127.0.0.1:${port}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  try {
    await connection.withDeadline(Date.now() + timeoutMs, () => use(connection));
  } finally {
    await connection.close();
  }
}

function devServerArguments(given: { database: string; namespace: string; ports: Ports }): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1'],
    ...['--port', String(given.ports.main), '--ui-port', String(given.ports.ui)],
    ...['--namespace', given.namespace, '--db-filename', given.database],
    ...['--log-level', 'warn', '--ui-disable-news-fetch'],
    ...SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...DYNAMIC_CONFIG.flatMap((value) => ['--dynamic-config-value', value]),
  ];
}

/** In the database's name, since a newer CLI does not migrate an older one's file. */
async function versionOf(executable: string): Promise<string> {
  const { stdout } = await promisify(execFile)(executable, ['--version']);
  const version = /temporal version (\S+)/.exec(stdout)?.[1];
  if (!version) throw new Error(`${executable} is not the Temporal CLI: it calls itself "${stdout.trim()}"`);
  return version;
}
