/**
 * A vendor on the network that takes its time: the OpenAI-compatible server that the tests also use. It has a
 * process of its own and gives way to all others, because the machine that it stands for is elsewhere.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { createInterface } from 'node:readline';

const PROGRAM = require.resolve('./slow-vendor');

export interface SlowVendor {
  /** What makes a worker use it, for speech in both directions. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

export async function startSlowVendor(delayMs: number): Promise<SlowVendor> {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  os.setPriority(child.pid!, os.constants.priority.PRIORITY_LOW);
  const [baseUrl] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    env: {
      ...{ STT_PROVIDERS: 'openai', TTS_PROVIDERS: 'openai', OPENAI_BASE_URL: baseUrl },
      ...{ OPENAI_TRANSCRIPTION_MODEL: 'fixture', OPENAI_SPEECH_MODEL: 'fixture' },
    },
    close() {
      process.off('exit', kill);
      kill();
    },
  };
}
