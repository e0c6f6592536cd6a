/**
 * Records one history per job type into `workflows/__histories__`, for the replay test: `npx tsx testing/record-histories.ts`.
 * A recorded history stays as it is: changed workflow code is `patched`, and its new shape is recorded beside the
 * old one, by a suffix: `npx tsx testing/record-histories.ts 2`.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { StepError } from '../activities/failures';
import type { Activities } from '../activities/index';
import { CircuitOpenError, ProviderError } from '../activities/providers/error';
import { loadConfig } from '../config';
import { startThrowawayServers } from '../stack/throwaway';
import { contracts, type JobType } from '../workflows/contracts';
import { fakeActivities } from './fake-activities';
import { startWorkflowWorker } from './workflow-worker';

const FOLDER = path.join(__dirname, '..', 'workflows', '__histories__');

const INPUTS: { [Type in JobType]: object } = {
  transcribe: { source_id: 'source', quality: 'standard', force: false },
  embed: { source_id: 'source', quality: 'standard', force: false },
  summarize: { source_id: 'source', quality: 'standard', force: false },
  slides: { source_id: 'source', quality: 'standard', force: false, theme: 'light' },
  voiceover: { source_id: 'source', quality: 'standard', force: false, theme: 'light' },
  narrate: { source_id: 'source', quality: 'standard', force: false, theme: 'light' },
  preflight: {},
  lesson: { source_id: 'source', quality: 'standard', force: false, theme: 'light' },
};

/** Attempts, a wait for a circuit, a fallback: a history is worth most where the code branches. */
const troubled = (): Partial<Activities> => {
  const plain = fakeActivities();
  const seen = new Map<string, number>();
  return {
    recogniseWindow: async (input) => {
      const key = `${input.provider}:${input.start_s}`;
      const before = seen.get(key) ?? 0;
      seen.set(key, before + 1);
      const { provider } = input;
      const no = new ProviderError('no', { provider, code: 'HTTP_401', transient: false });
      if (input.start_s === 5 && before < 1) throw new CircuitOpenError(provider, 0.3);
      if (input.start_s === 10 && provider === 'first') throw no;
      return plain.recogniseWindow(input);
    },
  };
};

const withoutPictures = (): Partial<Activities> => ({
  drawPicture: () => Promise.reject(new StepError('BROKEN', 'no picture')),
});

/** Names of machines (`123@host`) and paths of this one say nothing about the workflow. */
const withoutPlace = (key: string, value: unknown): unknown => {
  if (key === 'stackTrace') return '';
  return typeof value === 'string' && /^\d+@/.test(value) ? 'worker' : value;
};

async function record(type: JobType, suffix: string): Promise<string> {
  const file = path.join(FOLDER, `${type}${suffix}.json`);
  if (existsSync(file)) return `${file} is there already`;
  const troubles: { [Type in JobType]?: Partial<Activities> } = {
    transcribe: troubled(),
    lesson: withoutPictures(),
  };
  const activities = troubles[type];
  const worker = await startWorkflowWorker({ activities: () => activities ?? {} });
  const job = await worker.start(type, INPUTS[type]);
  await job.handle.result();
  const history: unknown = JSON.parse(historyToJSON(await job.handle.fetchHistory()));
  await worker.close();
  await writeFile(file, `${JSON.stringify(history, withoutPlace, 2)}\n`);
  return file;
}

async function main([version]: string[]): Promise<void> {
  const servers = await startThrowawayServers({ cache_dir: loadConfig().cache_dir });
  process.env['LM_TEST_SERVERS'] = JSON.stringify(servers.urls);
  await mkdir(FOLDER, { recursive: true });
  try {
    for (const type of Object.keys(contracts) as JobType[]) {
      console.log(await record(type, version ? `-${version}` : ''));
    }
  } finally {
    await servers.stop();
  }
}

void main(process.argv.slice(2)).then(() => process.exit(0));
