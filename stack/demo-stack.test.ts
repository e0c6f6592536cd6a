import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../config';
import { openStack } from './demo-stack';
import { plainScreen } from './demo-screen';
import { identify } from './identity';
import { neededAssets } from './needed-assets';
import { writeRecord } from './record';

describe('what the demo fetches', () => {
  test('is everything that the default providers and services use', () => {
    expect(neededAssets(loadConfig({}))).toEqual([
      ...['temporal-cli', 'valkey', 'ffmpeg', 'whisper-base', 'moonshine-tiny-en'],
      ...['piper-joe', 'espeak-ng-data', 'mpnet'],
    ]);
  });

  test('leaves out what is elsewhere', () => {
    const env = {
      TEMPORAL_ADDRESS: 'elsewhere:7233',
      REDIS_URL: 'redis://elsewhere',
      TTS_PROVIDERS: 'openai',
    };
    const needed = neededAssets(loadConfig({ ...env, STT_PROVIDERS: 'whisper', WHISPER_MODEL: 'tiny.en' }));
    expect(needed).toEqual(['ffmpeg', 'whisper-tiny.en', 'mpnet']);
  });
});

test('a stack that runs on the data folder is used, and left running', async () => {
  const data_dir = mkdtempSync(path.join(os.tmpdir(), 'demo-'));
  const urls = { api: 'http://127.0.0.1:1', temporal_ui: 'http://127.0.0.1:2' };
  writeRecord(path.join(data_dir, 'run', 'stack.json'), { ...identify(process.pid)!, urls });
  let shown = '';
  const screen = plainScreen((text) => (shown += text));
  const config = loadConfig({ LM_DATA_DIR: data_dir });
  const stack = await openStack(config, screen, new AbortController().signal);
  await stack.stop();
  expect(stack).toMatchObject({ api: urls.api, temporalUi: urls.temporal_ui });
  expect(shown).toBe(`Using the stack that runs on ${data_dir}: ${urls.api}\n`);
  rmSync(data_dir, { recursive: true });
});
