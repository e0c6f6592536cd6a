/** What processes use, as Linux counts it. */
import { readFile } from 'node:fs/promises';
import type { Part, Platform } from './platform';

const PARTS: readonly Part[] = ['api', 'worker', 'temporal', 'database'];
/** `sysconf(_SC_CLK_TCK)` on every Linux that Node runs on. */
const TICK_MS = 10;

const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** Processes directly below a process. */
const childrenOf = async (pid: number): Promise<number[]> =>
  (await read(`/proc/${pid}/task/${pid}/children`)).split(' ').filter(Boolean).map(Number);

/** What `/proc/<pid>/stat` (proc_pid_stat(5)) says: user and system time, its own and that of children that have ended. */
export function cpuMsIn(stat: string): number {
  const afterName = stat.slice(stat.lastIndexOf(')')).split(' ');
  return afterName.slice(12, 16).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
}

/** Milliseconds of processor time of a process and all below it. */
async function cpuMs(pid: number): Promise<number> {
  const own = cpuMsIn(await read(`/proc/${pid}/stat`));
  const below = await Promise.all((await childrenOf(pid)).map(cpuMs));
  return below.reduce((sum, one) => sum + one, own);
}

/** Says what each part has spent per request since it was made: a busy neighbour does not change that. */
export async function meterCpu({ pidOf }: Platform): Promise<(requests: number) => Promise<string>> {
  const now = () => Promise.all(PARTS.map((part) => cpuMs(pidOf(part))));
  const before = await now();
  return async (requests) => {
    const after = await now();
    const spent = PARTS.map(
      (part, index) => `${part} ${(((after[index] ?? 0) - (before[index] ?? 0)) / requests).toFixed(1)} ms`,
    );
    return `processor time per request: ${spent.join(', ')}`;
  };
}

export interface Memory {
  readonly rssMb: number;
  readonly pssMb: number;
}

/** Resident pages, and the same with shared pages divided among those who share them. */
export async function memoryOf(pid: number): Promise<Memory> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024;
  return { rssMb: mb('Rss'), pssMb: mb('Pss') };
}

/** Megabytes (PSS) of a process and all below it; one that ends meanwhile counts nothing. */
export async function memoryOfTree(pid: number): Promise<number> {
  const own = await memoryOf(pid).catch(() => ({ pssMb: 0 }));
  const below = await Promise.all((await childrenOf(pid)).map(memoryOfTree));
  return below.reduce((sum, mb) => sum + mb, own.pssMb);
}
