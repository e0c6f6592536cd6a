/** A stack of real processes with vendors first: its lessons, its operator, and what the engine knows of each piece of work. */
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Cost } from '../domain/cost';
import { media, sampleFile } from './samples';
import { ended, startTestStack, testApi, type TestApi, type TestJob, type TestStack } from './stack';
import { watchSteps } from './step-watch';

export interface ChaosJob extends Omit<TestJob, 'artifacts' | 'steps'> {
  readonly steps: readonly (TestJob['steps'][number] & { started_at: string; finished_at: string })[];
  readonly artifacts: readonly {
    kind: string;
    provenance: { provider: string; disclosure: string | null };
  }[];
  readonly cost: Cost;
  readonly started_at: string;
  readonly finished_at: string;
}

export const secondsOf = ({ started_at, finished_at }: { started_at: string; finished_at: string }): number =>
  (Date.parse(finished_at) - Date.parse(started_at)) / 1_000;

/** What a lesson is made of. */
export type Source = 'recording' | 'text';

/** A few slides' worth, soon spoken. */
const TEXT =
  'Plate tectonics is the theory that the crust moves. The crust is the thin layer of rock that we live on. ' +
  'When two plates meet, the heavier one sinks.';

/** One window of speech; services that are sent sound as it is spoken take the first five seconds at once. */
const recording = (): Buffer =>
  media(['-i', sampleFile('two_cities.flac'), '-t', '5', '-ac', '1', '-ar', '16000'], 'flac');

interface ProviderView {
  readonly capability: string;
  readonly provider: string;
  readonly breaker: string;
  readonly last_failure: { readonly code: string } | null;
  /** Since the calendar month began, which is since the stack did. */
  readonly month: { readonly calls: number; readonly failed: number };
}

interface ProviderEvent {
  readonly kind: string;
  readonly provider: string;
  readonly capability: string | null;
  readonly created_at: string;
}

/** What only operators may see and do. */
export interface Operator {
  /** Asks the provider something small in each of its capabilities: a job whose result says whether it is well. */
  check(provider: string): Promise<ChaosJob>;
  providers(): Promise<readonly ProviderView[]>;
  /** Newest first. */
  events(provider: string): Promise<readonly ProviderEvent[]>;
}

export interface ChaosStack {
  readonly stack: TestStack;
  readonly operator: Operator;
  readonly sources: Readonly<Record<Source, string>>;
  /** Makes everything anew, so that no finished step is found, and waits for the end. */
  run(type: string, input: object): Promise<ChaosJob>;
  /** How often the activity was begun for each piece of work that this provider was asked for. */
  attempts(job_id: string, activity: string, provider: string): Promise<readonly number[]>;
  stop(): Promise<void>;
}

const roleProgram = path.resolve(__dirname, '..', 'dist', 'cli', 'role.js');

async function asOperator({ api, urls }: TestStack): Promise<TestApi> {
  const account = { email: `${randomUUID()}@example.org`, password: randomUUID() };
  await api.call('POST', '/api/auth/register', account);
  const env = { ...process.env, DATABASE_URL: urls.database, REDIS_URL: urls.redis };
  await promisify(execFile)(process.execPath, [roleProgram, account.email, 'admin'], { env });
  const { data } = await api.call<{ access_token: string }>('POST', '/api/auth/login', account);
  return testApi(urls.api, data.access_token);
}

function operatorOf(api: TestApi): Operator {
  return {
    async check(provider) {
      const begun = await api.call<TestJob>('POST', '/api/ops/preflight', { providers: [provider] });
      return (await api.job(begun.data.job_id, 30)) as unknown as ChaosJob;
    },
    async providers() {
      return (await api.call<{ providers: ProviderView[] }>('GET', '/api/ops/providers')).data.providers;
    },
    async events(provider) {
      const route = `/api/ops/provider-events?provider=${provider}&limit=50`;
      return (await api.call<{ items: ProviderEvent[] }>('GET', route)).data.items;
    },
  };
}

export async function startChaosStack(env: Record<string, string>): Promise<ChaosStack> {
  const stack = await startTestStack(env);
  const { api } = stack;
  const watch = await watchSteps(stack.urls.temporal);
  return {
    stack,
    operator: operatorOf(await asOperator(stack)),
    sources: {
      recording: await api.upload(recording(), 'speech.flac'),
      text: await api.upload(Buffer.from(TEXT), 'plates.txt'),
    },
    async run(type, input) {
      const id = await api.start(type, { language: 'en', force: true, ...input });
      const job = await api.until(id, ended, 60);
      return job as unknown as ChaosJob;
    },
    async attempts(job_id, activity, provider) {
      const { events } = await watch.client.workflow.getHandle(job_id).fetchHistory();
      const pieces = new Map<string, number>();
      for (const { eventId, ...event } of events ?? []) {
        const scheduled = event.activityTaskScheduledEventAttributes;
        const [payload] = scheduled?.input?.payloads ?? [];
        const asked = payload && defaultPayloadConverter.fromPayload<{ provider?: string }>(payload);
        if (scheduled?.activityType?.name === activity && asked?.provider === provider)
          pieces.set(String(eventId), 0);
        const started = event.activityTaskStartedEventAttributes;
        const id = String(started?.scheduledEventId);
        if (pieces.has(id)) pieces.set(id, Number(started?.attempt));
      }
      return [...pieces.values()];
    },
    async stop() {
      await watch.close();
      await stack.stop();
    },
  };
}
