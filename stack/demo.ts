/** `npm run demo [-- FILE]`: boots the stack and sends one lecture through everything, by the public API alone. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Config, loadConfig } from '../config';
import { demoApi, type Job } from './demo-api';
import { follow } from './demo-job';
import { localToken } from './local-token';
import { saveArtifacts, tell } from './demo-results';
import { type Screen, screenOf } from './demo-screen';
import { type DemoStack, openStack } from './demo-stack';
import { reasonOf } from './part';

/** As shells report an end by SIGINT. */
const INTERRUPTED = 130;

const OUTPUT = 'demo-output';

/** Compiled code lies in dist/, the samples beside the sources. */
const root =
  path.basename(path.dirname(__dirname)) === 'dist' ? path.join(__dirname, '../..') : path.dirname(__dirname);

const SAMPLE = path.join(root, 'samples', 'lecture.mp3');

/** The first Ctrl-C cancels and stops in order, the second ends everything at once. */
function interruptionBySignals(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(INTERRUPTED);
      interruption.abort();
    });
  }
  return interruption.signal;
}

function workflowUrl({ temporalUi }: DemoStack, { temporal_namespace }: Config, { job_id }: Job): string {
  const ui = temporalUi ?? 'the Web UI of your Temporal server, at ';
  return `${ui}/namespaces/${encodeURIComponent(temporal_namespace)}/workflows/${job_id}`;
}

interface Setting {
  readonly config: Config;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** Exit code: 0 for a lesson, if need be with warnings. */
async function teach(file: string, stack: DemoStack, { config, screen, signal }: Setting): Promise<number> {
  const api = demoApi(stack.api, localToken(config.data_dir));
  const { id: source_id, title } = await api.upload(file, signal);
  const startedAt = Date.now();
  const { job_id, estimated_time } = await api.start('lesson', { source_id });
  screen.line(`\nA lesson of ${path.basename(file)}: job ${job_id}, about ${estimated_time} s`);
  const job = await follow(api, job_id, screen, signal);
  const took_s = (Date.now() - startedAt) / 1000;
  if (job.status.startsWith('completed')) {
    tell(job, await saveArtifacts({ api, job, title }, OUTPUT, signal), took_s, screen);
  } else {
    const { code = '', message = '', hint = '' } = job.error ?? {};
    screen.line(`\nThe job is ${job.status}. ${[code, message, hint].filter(Boolean).join('\n')}`);
  }
  screen.line(`In Temporal: ${workflowUrl(stack, config, job)}\n`);
  return job.status.startsWith('completed') ? 0 : 1;
}

async function demo(file: string, setting: Setting): Promise<number> {
  const { config, screen, signal } = setting;
  if (!existsSync(file)) throw new Error(`There is no ${file}`);
  const stack = await openStack(config, screen, signal);
  try {
    const broken =
      stack.failure?.then((error) => Promise.reject(error)) ?? new Promise<never>(() => undefined);
    return await Promise.race([teach(file, stack, setting), broken]);
  } finally {
    await stack.stop();
  }
}

async function main(): Promise<number> {
  const signal = interruptionBySignals();
  const screen = screenOf(process.stdout);
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return await demo(process.argv[2] ?? SAMPLE, { config: loadConfig(), screen, signal });
  } catch (error) {
    screen.endBars();
    if (signal.aborted) return INTERRUPTED;
    process.stderr.write(`${reasonOf(error)}\n`);
    return 1;
  }
}

if (require.main === module) void main().then((code) => process.exit(code));
