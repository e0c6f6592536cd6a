/** The whole engine as real processes on a throw-away folder, for tests that kill them. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '../config';
import type { Cost, EstimatedCost } from '../domain/cost';
import { localToken } from '../stack/local-token';
import { startStack, type Stack } from '../stack/stack';

export interface TestStack {
  readonly urls: Stack['urls'];
  readonly api: TestApi;
  readonly data_dir: string;
  pidOf(part: string): Promise<number>;
  stop(): Promise<void>;
}

const PORTS = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT', 'CHROMA_PORT', 'REDIS_PORT'];

const built = (file: string): string => path.resolve(__dirname, '..', 'dist', file);

/** jest cannot load the schema engine's ES module, so another process applies the migrations. */
const migrate = (url: string) =>
  promisify(execFile)(process.execPath, [built('prisma/migrate.js'), 'apply', url]);

export async function startTestStack(env: Record<string, string> = {}): Promise<TestStack> {
  const data_dir = await mkdtemp(path.join(os.tmpdir(), 'lm-stack-'));
  const ports = Object.fromEntries(PORTS.map((name) => [name, '0']));
  const given = { ...ports, LM_DATA_DIR: data_dir, LOG_LEVEL: 'warn', ...env };
  Object.assign(process.env, given);
  const stack = await startStack(loadConfig(), {
    migrate,
    programs: { api: built('api/server.js'), worker: built('workers/worker.js') },
  });
  return {
    urls: stack.urls,
    api: testApi(stack.urls.api, localToken(data_dir)),
    data_dir,
    async pidOf(part) {
      const record = await readFile(path.join(data_dir, 'run', `${part}.json`), 'utf8');
      return (JSON.parse(record) as { pid: number }).pid;
    },
    async stop() {
      await stack.stop();
      for (const name of Object.keys(given)) delete process.env[name];
      await rm(data_dir, { recursive: true, force: true });
    },
  };
}

/** Processes below `pid`, at any depth. */
export function descendants(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid);
}

/** Clock ticks of CPU time that a process has used; 0 once it is gone. */
async function cpuTicks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return user + system;
}

/** Those that compute: a warm engine without work uses no time at all. */
export async function busy(pids: readonly number[]): Promise<number[]> {
  const before = await Promise.all(pids.map(cpuTicks));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = await Promise.all(pids.map(cpuTicks));
  return pids.filter((_pid, index) => after[index]! - before[index]! > 5);
}

interface Answer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details: Record<string, unknown>;
  };
}

export interface TestJob {
  readonly job_id: string;
  readonly status: string;
  readonly revision: number;
  readonly phase: string | null;
  readonly steps: { name: string; status: string; attempts: number; provider: string | null }[];
  readonly progress: { done: number; total: number; percent: number } | null;
  readonly result: Record<string, unknown> | null;
  readonly error: { code: string; message: string; hint: string | null; step: string | null } | null;
  readonly warnings: { code: string; message: string; step: string | null }[];
  readonly artifacts: TestArtifact[];
  readonly estimated_cost: EstimatedCost | null;
  readonly cost: Cost | null;
}

export interface TestArtifact {
  readonly id: string;
  readonly kind: string;
  readonly href: string;
  readonly bytes: number;
  readonly media_type: string;
  readonly provenance: { readonly provider: string; readonly disclosure: string | null } | null;
}

/** A client written from the contract: fetch, the envelope, nothing else. */
export function testApi(base: string, token?: string) {
  async function call<Data>(
    method: string,
    route: string,
    body?: object | FormData,
    headers: Record<string, string> = {},
  ): Promise<Answer<Data>> {
    const json = body && !(body instanceof FormData);
    const answer = await fetch(new URL(route, base), {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(json && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: json ? JSON.stringify(body) : body,
    });
    const text = await answer.text();
    const { data, error } = (text ? JSON.parse(text) : {}) as Answer<Data>;
    return { status: answer.status, headers: answer.headers, data, error };
  }

  const job = async (id: string, wait = 0) =>
    (await call<TestJob>('GET', `/api/jobs/${id}?wait=${wait}`)).data;

  return {
    call,
    job,
    async download(href: string): Promise<Buffer> {
      const headers = token ? { authorization: `Bearer ${token}` } : undefined;
      const answer = await fetch(new URL(href, base), { headers });
      if (!answer.ok) throw new Error(`${href}: HTTP ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    async upload(bytes: Uint8Array, name: string): Promise<string> {
      const form = new FormData();
      form.set('file', new Blob([Buffer.from(bytes)]), name);
      return (await call<{ id: string }>('POST', '/api/content/uploads', form)).data.id;
    },
    async start(type: string, input: object): Promise<string> {
      return (await call<TestJob>('POST', '/api/jobs', { type, input })).data.job_id;
    },
    /** Waits for a state that `holds`; says the last one seen when it does not come. */
    async until(id: string, holds: (job: TestJob) => boolean, seconds = 120): Promise<TestJob> {
      const giveUpAt = Date.now() + seconds * 1000;
      for (;;) {
        const seen = await job(id).catch(() => undefined);
        if (seen && holds(seen)) return seen;
        if (Date.now() > giveUpAt) throw new Error(`it did not come to that: ${JSON.stringify(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}

export type TestApi = ReturnType<typeof testApi>;

export const ended = (job: TestJob): boolean =>
  ['completed', 'completed_with_warnings', 'failed', 'cancelled'].includes(job.status);
