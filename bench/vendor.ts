/** A vendor on the network that takes its time: the OpenAI-compatible server that the tests also use. */
import { startOpenAiServer } from '../activities/providers/__fixtures__/openai-server';

export interface SlowVendor {
  /** What makes a worker use it, for speech in both directions. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startSlowVendor(delayMs: number): Promise<SlowVendor> {
  const server = await startOpenAiServer();
  const late = [{ kind: 'delay', ms: delayMs }] as const;
  server.faults({ '/v1/audio/transcriptions': [...late], '/v1/audio/speech': [...late] });
  return {
    env: {
      ...{ STT_PROVIDERS: 'openai', TTS_PROVIDERS: 'openai', OPENAI_BASE_URL: server.baseUrl },
      ...{ OPENAI_TRANSCRIPTION_MODEL: 'fixture', OPENAI_SPEECH_MODEL: 'fixture' },
    },
    close: server.close,
  };
}
