import { types } from 'node:util';

/** What the supervisor knows of a part: one record per process that it can run. */

export type ServerName = 'temporal' | 'database' | 'redis' | 'chroma';
export type ProgramName = 'worker' | 'api';
export type PartName = ServerName | ProgramName;

/** `temporal` is host:port, the others are URLs. The worker has none. */
export type Urls = Readonly<Record<ServerName | 'temporal_ui' | 'api', string>>;

export interface Ports {
  readonly main: number;
  readonly ui?: number;
}

/** How to start one process. `env` is complete: nothing is inherited. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** A Node program, which says over IPC that it is ready. */
  readonly ipc?: boolean;
  /** Above 0: gives way to the others (POSIX nice). */
  readonly niceness?: number;
}

export interface Part {
  readonly name: PartName;
  readonly title: string;
  /** Preferred ports; 0 stands for any free one. */
  readonly ports: Ports;
  readonly readyTimeoutMs: number;
  readonly stopSignal: NodeJS.Signals;
  /** From the stop signal to SIGKILL. */
  readonly graceMs: number;
  /** Lines that look like a warning and are none. */
  readonly harmless?: RegExp;
  /** What the reader can do when it fails, as one sentence. */
  readonly cure: string;
  urls(ports: Ports): Partial<Urls>;
  /** Prepares what the process needs on disk; called before every start. */
  launch(ports: Ports): Promise<Launch>;
  /**
   * Rejects until the part really serves. A part without it sends `{ ready: true }` over IPC,
   * and is never adopted from an earlier supervisor.
   */
  check?(ports: Ports): Promise<void>;
  /** Runs once it serves, after every start: it must be idempotent. */
  prepare?(ports: Ports): Promise<void>;
}

/** One line: which part, why, what to do. */
export class PartError extends Error {
  override readonly name = 'PartError';
  constructor(title: string, why: string, cure: string) {
    super(`${title} ${oneLine(why)}. ${oneLine(cure)}`);
  }
}

export function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}

export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const parts = error instanceof AggregateError ? error.errors.map(reasonOf) : [];
  return error.message || parts.join('; ');
}

/**
 * For servers: the settings and secrets of whoever started us are not theirs
 * (`TEMPORAL_*` and `PG*` variables would even change what they do).
 */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, TZ: 'UTC', LC_ALL: 'C' };
}
