/**
 * A vendor on the network that takes its time: the OpenAI-compatible server that the tests also use. It has a
 * process of its own and gives way to all others, because the machine that it stands for is elsewhere.
 */
import os from 'node:os';
import { startProgram } from './program';

const PROGRAM = require.resolve('./slow-vendor');

export interface SlowVendor {
  /** What makes a worker use it, for speech in both directions. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

export async function startSlowVendor(delayMs: number): Promise<SlowVendor> {
  const { url, pid, stop: close } = await startProgram(PROGRAM, [String(delayMs)]);
  os.setPriority(pid, os.constants.priority.PRIORITY_LOW);
  return {
    env: {
      ...{ STT_PROVIDERS: 'openai', TTS_PROVIDERS: 'openai', OPENAI_BASE_URL: url },
      ...{ OPENAI_TRANSCRIPTION_MODEL: 'fixture', OPENAI_SPEECH_MODEL: 'fixture' },
    },
    close,
  };
}
