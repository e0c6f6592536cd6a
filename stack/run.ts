import { type Config } from '../config';
import { type Level, logTo } from './log';
import { FACTS, lackingAssets } from './needed-assets';
import { reasonOf } from './part';
import { type Stack, type StackOptions, startStack } from './stack';

/** As shells report an end by SIGINT. */
const INTERRUPTED = 130;

/** Boots, says where everything is, and stays until Ctrl-C or a failure. Resolves with the exit code. */
export async function run(
  config: Config,
  options: Pick<StackOptions, 'migrate' | 'programs'>,
): Promise<number> {
  const startedAt = Date.now();
  const { signal } = interruptionBySignals();
  const log = logTo((text) => process.stdout.write(text), thresholdOf(config));
  try {
    const stack = await startStack(config, { ...options, log, signal });
    process.stdout.write(report(stack, Date.now() - startedAt) + stillLacking(config));
    return await stay(stack, signal);
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    process.stderr.write(`${reasonOf(error)}\n`);
    return 1;
  }
}

/** The first Ctrl-C stops in order; the second ends everything at once, in the supervisor's exit handler. */
function interruptionBySignals(): AbortController {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(INTERRUPTED);
      interruption.abort();
    });
  }
  return interruption;
}

async function stay(stack: Stack, signal: AbortSignal): Promise<number> {
  const interrupted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const failure = await Promise.race([stack.failure, interrupted]);
  if (failure) process.stderr.write(`${failure.message}\n`);
  else process.stdout.write('\nStopping: running steps may finish. Ctrl-C again ends everything at once.\n');
  await stack.stop();
  return failure ? 1 : 0;
}

function thresholdOf({ log_level }: Config): Level {
  if (log_level === 'trace' || log_level === 'debug') return 'debug';
  return log_level === 'info' ? 'info' : 'warn';
}

function report({ urls }: Stack, tookMs: number): string {
  const rows = [
    ['API', urls.api],
    ['Temporal Web UI', urls.temporal_ui ?? 'with the configured server'],
    ['Temporal', urls.temporal],
    ['PostgreSQL', withoutPassword(urls.database)],
    ['Redis', withoutPassword(urls.redis)],
    ['Chroma', urls.chroma],
  ];
  const table = rows.map(([name = '', url]) => `  ${name.padEnd(17)}${url}\n`).join('');
  return `\nLittle Monster is ready after ${(tookMs / 1000).toFixed(1)} s. Ctrl-C stops it.\n\n${table}\n`;
}

/** What jobs will miss, before the first one misses it. */
function stillLacking(config: Config): string {
  const lacking = lackingAssets(config).map((name) => `  ${name}: ${FACTS[name].what}\n`);
  if (lacking.length === 0) return '';
  return `Not here yet; \`npm run assets\` fetches it, while this runs:\n${lacking.join('')}\n`;
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = '';
  return url.href;
}
