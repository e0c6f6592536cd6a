import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { bareEnvironment, type Part } from './part';

const CHECK_TIMEOUT_MS = 1_000;

export interface ChromaOptions {
  readonly dataDir: string;
  readonly port: number;
}

export function chromaPart({ dataDir, port }: ChromaOptions): Part {
  const directory = path.join(dataDir, 'chroma');
  return {
    name: 'chroma',
    title: 'Chroma',
    ports: { main: port },
    readyTimeoutMs: 30_000,
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
    cure: 'Reinstall its native binding with npm ci, or set CHROMA_URL to a server of your own',
    urls: ({ main }) => ({ chroma: `http://127.0.0.1:${main}` }),
    async launch({ main }) {
      mkdirSync(directory, { recursive: true });
      const args = [
        commandLineTool(),
        'run',
        '--path',
        directory,
        '--host',
        '127.0.0.1',
        '--port',
        String(main),
      ];
      return { command: process.execPath, args, env: bareEnvironment(directory) };
    },
    async check({ main }) {
      const heartbeat = `http://127.0.0.1:${main}/api/v2/heartbeat`;
      const answer = await fetch(heartbeat, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
      if (!answer.ok) throw new Error(`its heartbeat answers ${answer.status}`);
    },
  };
}

/** `dist/cli.mjs` of the npm package, which exports only its client, `dist/cjs/chromadb.cjs`. */
function commandLineTool(): string {
  return path.resolve(path.dirname(require.resolve('chromadb')), '..', 'cli.mjs');
}
