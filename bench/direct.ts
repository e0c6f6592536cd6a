/** The worker's own activities in this process: no Temporal, no HTTP, no rows. */
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { noBudgets } from '../activities/budgets';
import { createActivities, type Activities } from '../activities/index';
import { loadMetrics } from '../activities/load-fonts';
import { createProviders, type Providers } from '../activities/providers/registry';
import { locateAsset } from '../assets/locate';
import { loadConfig, type Config } from '../config';
import type { Db } from '../prisma/client';
import { diskBlobs, type Blobs } from '../store/blobs';
import { chromaVectors } from '../store/vectors';

const NEVER_MS = 3_600_000;

export interface Direct {
  readonly config: Config;
  readonly blobs: Blobs;
  readonly providers: Providers;
  readonly activities: Activities;
}

/** What the activities read from rows: the source that they work on, and who claimed the collection. */
function answersOf(blob: string): Record<string, unknown> {
  return {
    'content.findFirst': { id: 'source', blob, kind: 'audio', title: 'Lecture', language: null },
    'vector_collections.findUniqueOrThrow': { model: 'all-mpnet-base-v2', dimension: 768 },
    'step_results.findUnique': null,
  };
}

/** A database that answers at once and keeps nothing. */
function noDatabase(answers: Record<string, unknown>): Db {
  const table = (name: string) =>
    new Proxy({}, { get: (_none, method) => async () => answers[`${name}.${String(method)}`] ?? null });
  const whole = {
    $queryRaw: async () => [{}],
    $executeRaw: async () => 1,
    $transaction: async (work: unknown): Promise<unknown> =>
      typeof work === 'function' ? (work as (tx: unknown) => unknown)(db) : Promise.all(work as unknown[]),
  };
  const db: unknown = new Proxy(whole, {
    get: (known, name): unknown => Reflect.get(known, name) ?? table(String(name)),
  });
  return db as Db;
}

function localEngines(config: Config): Providers {
  const { worker, cache_dir, whisper_model } = config;
  const at = (name: Parameters<typeof locateAsset>[0]) => locateAsset(name, cache_dir);
  return createProviders({
    order: config.providers,
    processes: worker.cpu_slots,
    idleMs: NEVER_MS,
    breakerCooldownS: worker.breaker_cooldown_s,
    whisperModel: whisper_model,
    paths: () => ({
      ...{ whisper: at(`whisper-${whisper_model}`), moonshine: at('moonshine-tiny-en'), mpnet: at('mpnet') },
      ...{ piper: at('piper-joe'), espeakData: at('espeak-ng-data') },
    }),
    vendors: {},
    loadMetrics,
  });
}

/** `recording` is what the source row names; `chroma` is where vectors go, beside the platform's own. */
export async function directly(folder: string, recording: Buffer, chroma: string): Promise<Direct> {
  const config = loadConfig();
  const blobs = diskBlobs(path.join(folder, 'direct'));
  const { sha256 } = await blobs.put(recording);
  const providers = localEngines(config);
  const activities = createActivities({
    budgets: noBudgets,
    ...{ db: noDatabase(answersOf(sha256)), blobs, providers, loadMetrics },
    ffmpeg: config.ffmpeg_path ?? locateAsset('ffmpeg', config.cache_dir) ?? 'ffmpeg',
    vectors: chromaVectors(chroma, 'bench'),
    stepTimeoutS: config.worker.step_timeout_s,
    embedder: config.providers.embedder[0] ?? 'mpnet',
  });
  return { config, blobs, providers, activities };
}

/** Activities want to know which execution they are part of, and a signal. */
export const perform = <Input, Output>(
  activity: (input: Input) => Promise<Output>,
  input: Input,
): Promise<Output> => new MockActivityEnvironment().run(activity, input);
