/** Every variable that the program knows, with its rules; `config.ts` reads them. */
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
const seconds = z.coerce.number().positive();
const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
const list = <T extends string>(...names: [T, ...T[]]) =>
  z
    .string()
    .transform((value) => value.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(names)).min(1));

const split = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** `name=token`; short tokens can be guessed. */
const serviceToken = z
  .string()
  .regex(/^[a-z0-9-]{1,40}=\S{32,}$/, { error: 'must be name=token, the token of 32 characters or more' })
  .transform((pair) => ({
    name: pair.slice(0, pair.indexOf('=')),
    token: pair.slice(pair.indexOf('=') + 1),
  }));

/**
 * `.env.example` lists the same names, and a test holds them together.
 * A URL that is given means: use that service instead of starting one.
 */
export const environmentSchema = z.object({
  // Where things live
  LM_DATA_DIR: z.string().default('.data'),
  LM_CACHE_DIR: z.string().default(path.join(os.homedir(), '.cache', 'little-monster')),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),

  // The HTTP process
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8000),
  TRUST_PROXY: z.coerce.number().int().nonnegative().default(0),
  CORS_ORIGINS: z.string().default('').transform(split),
  SERVICE_TOKEN: z.string().default('').transform(split).pipe(z.array(serviceToken)),
  SMTP_URL: url('smtp:', 'smtps:').optional(),
  MAIL_FROM: z.string().default('Little Monster <noreply@localhost>'),
  MAX_UPLOAD_BYTES: z.coerce.number().int().positive().default(1_073_741_824),
  RETENTION_DERIVED_DAYS: z.coerce.number().int().min(0).max(36_500).default(90),

  // Services of one's own
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  CHROMA_URL: url('http:', 'https:').optional(),

  // Blobs in S3 instead of a folder
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ENDPOINT: url('http:', 'https:').optional(),
  S3_PREFIX: z.string().optional(),

  // The embedded ones: preferred ports (a taken one moves to a free one) and programs
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  POSTGRES_PORT: port.default(5433),
  CHROMA_PORT: port.default(8001),
  REDIS_PORT: port.default(6380),
  TEMPORAL_CLI_PATH: z.string().optional(),
  FFMPEG_PATH: z.string().optional(),

  // Providers, each list in the order of preference
  STT_PROVIDERS: list('whisper', 'moonshine', 'azure', 'openai').default(['whisper', 'moonshine']),
  TTS_PROVIDERS: list('piper', 'espeak', 'azure', 'openai').default(['piper', 'espeak']),
  EMBEDDING_PROVIDERS: list('mpnet', 'bedrock', 'ollama').default(['mpnet']),
  LLM_PROVIDERS: list('bedrock', 'openai', 'ollama', 'extractive').default(['extractive']),
  IMAGE_PROVIDERS: list('drawn', 'pexels').default(['drawn']),
  OCR_PROVIDERS: list('tesseract', 'bedrock', 'ollama').default(['tesseract']),
  WHISPER_MODEL: z.enum(['base', 'tiny.en']).default('base'),
  OPENAI_BASE_URL: url('http:', 'https:').optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_CHAT_MODEL: z.string().optional(),
  OPENAI_SPEECH_MODEL: z.string().optional(),
  OPENAI_VOICE: z.string().optional(),
  OPENAI_TRANSCRIPTION_MODEL: z.string().optional(),
  BEDROCK_REGION: z.string().optional(),
  BEDROCK_CHAT_MODEL: z.string().optional(),
  BEDROCK_VISION_MODEL: z.string().optional(),
  BEDROCK_EMBEDDING_MODEL: z.string().default('amazon.titan-embed-text-v2:0'),
  BEDROCK_ENDPOINT: url('http:', 'https:').optional(),
  OLLAMA_BASE_URL: url('http:', 'https:').optional(),
  OLLAMA_CHAT_MODEL: z.string().optional(),
  OLLAMA_VISION_MODEL: z.string().optional(),
  OLLAMA_EMBEDDING_MODEL: z.string().default('nomic-embed-text'),
  AZURE_SPEECH_KEY: z.string().optional(),
  AZURE_SPEECH_REGION: z.string().optional(),
  AZURE_SPEECH_VOICE: z.string().default('en-US-AvaMultilingualNeural'),
  AZURE_SPEECH_ENDPOINT: url('ws:', 'wss:', 'http:', 'https:').optional(),
  PEXELS_API_KEY: z.string().optional(),
  PEXELS_BASE_URL: url('http:', 'https:').optional(),

  // Money, in US dollars
  BUDGET_JOB_USD: z.coerce.number().nonnegative().optional(),
  BUDGET_USER_USD: z.coerce.number().nonnegative().optional(),

  // The worker
  WORKER_METRICS_ADDRESS: z.string().optional(),
  CPU_SLOTS: z.coerce.number().int().min(1).default(os.availableParallelism()),
  ENGINE_IDLE_S: seconds.default(120),
  STEP_TIMEOUT_S: seconds.default(6 * 3600),
  BREAKER_COOLDOWN_S: seconds.default(30),
  RETRY_BASE_S: seconds.default(1),
  PROVIDER_TIMEOUT_S: seconds.optional(),
});

export type Environment = z.output<typeof environmentSchema>;
