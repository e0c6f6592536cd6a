/** A program of ours beside the platform: a process of its own that prints its URL as its first line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Program {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

export async function startProgram(file: string, args: readonly string[] = []): Promise<Program> {
  const child = spawn(process.execPath, [...process.execArgv, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it listened`);
  });
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [url] = await Promise.race([line, ended]);
  ended.catch(() => undefined);
  return {
    url,
    pid: child.pid ?? 0,
    stop() {
      process.off('exit', kill);
      kill();
    },
  };
}
