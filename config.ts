/** The only reader of `process.env`: every problem is listed at once, each with its cure. */
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
 * Every variable the program knows. `.env.example` lists the same names, and a test holds them together.
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

  // The embedded ones: preferred ports (a taken one moves to a free one) and programs
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  POSTGRES_PORT: port.default(5433),
  CHROMA_PORT: port.default(8001),
  REDIS_PORT: port.default(6380),
  TEMPORAL_CLI_PATH: z.string().optional(),
  FFMPEG_PATH: z.string().optional(),

  // Providers, each list in the order of preference
  STT_PROVIDERS: list('whisper', 'moonshine', 'openai').default(['whisper', 'moonshine']),
  TTS_PROVIDERS: list('piper', 'espeak', 'openai').default(['piper', 'espeak']),
  EMBEDDING_PROVIDERS: list('mpnet', 'bedrock', 'ollama').default(['mpnet']),
  LLM_PROVIDERS: list('bedrock', 'openai', 'ollama', 'extractive').default(['extractive']),
  IMAGE_PROVIDERS: list('drawn', 'pexels').default(['drawn']),
  WHISPER_MODEL: z.enum(['base', 'tiny.en']).default('base'),
  OPENAI_BASE_URL: url('http:', 'https:').optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_CHAT_MODEL: z.string().optional(),
  OPENAI_SPEECH_MODEL: z.string().optional(),
  OPENAI_VOICE: z.string().optional(),
  OPENAI_TRANSCRIPTION_MODEL: z.string().optional(),
  BEDROCK_REGION: z.string().optional(),
  BEDROCK_CHAT_MODEL: z.string().optional(),
  BEDROCK_EMBEDDING_MODEL: z.string().default('amazon.titan-embed-text-v2:0'),
  BEDROCK_ENDPOINT: url('http:', 'https:').optional(),
  OLLAMA_BASE_URL: url('http:', 'https:').optional(),
  OLLAMA_CHAT_MODEL: z.string().optional(),
  OLLAMA_EMBEDDING_MODEL: z.string().default('nomic-embed-text'),
  PEXELS_API_KEY: z.string().optional(),
  PEXELS_BASE_URL: url('http:', 'https:').optional(),

  // The worker
  CPU_SLOTS: z.coerce.number().int().min(1).default(os.availableParallelism()),
  ENGINE_IDLE_S: seconds.default(120),
  STEP_TIMEOUT_S: seconds.default(6 * 3600),
  BREAKER_COOLDOWN_S: seconds.default(30),
  RETRY_BASE_S: seconds.default(1),
});

type Environment = z.output<typeof environmentSchema>;

/** What each vendor needs to be used. */
const vendorsOf = (env: Environment) => ({
  openai: {
    base_url: env.OPENAI_BASE_URL,
    api_key: env.OPENAI_API_KEY,
    chat_model: env.OPENAI_CHAT_MODEL,
    speech_model: env.OPENAI_SPEECH_MODEL,
    voice: env.OPENAI_VOICE,
    transcription_model: env.OPENAI_TRANSCRIPTION_MODEL,
  },
  bedrock: {
    region: env.BEDROCK_REGION,
    endpoint: env.BEDROCK_ENDPOINT,
    chat_model: env.BEDROCK_CHAT_MODEL,
    embedding_model: env.BEDROCK_EMBEDDING_MODEL,
  },
  ollama: {
    base_url: env.OLLAMA_BASE_URL,
    chat_model: env.OLLAMA_CHAT_MODEL,
    embedding_model: env.OLLAMA_EMBEDDING_MODEL,
  },
  pexels: { api_key: env.PEXELS_API_KEY, base_url: env.PEXELS_BASE_URL },
});

/** Grouped by who needs it; each part is handed on as an argument. */
export function arrange(env: Environment) {
  return {
    data_dir: path.resolve(env.LM_DATA_DIR),
    cache_dir: path.resolve(env.LM_CACHE_DIR),
    log_level: env.LOG_LEVEL,
    http: {
      host: env.HOST,
      port: env.PORT,
      trust_proxy: env.TRUST_PROXY,
      max_upload_bytes: env.MAX_UPLOAD_BYTES,
      cors_origins: env.CORS_ORIGINS,
    },
    service_tokens: env.SERVICE_TOKEN,
    retention_derived_days: env.RETENTION_DERIVED_DAYS,
    mail: { smtp_url: env.SMTP_URL, from: env.MAIL_FROM },
    urls: {
      temporal: env.TEMPORAL_ADDRESS,
      database: env.DATABASE_URL,
      redis: env.REDIS_URL,
      chroma: env.CHROMA_URL,
    },
    temporal_namespace: env.TEMPORAL_NAMESPACE,
    embedded: {
      temporal_port: env.TEMPORAL_PORT,
      temporal_ui_port: env.TEMPORAL_UI_PORT,
      postgres_port: env.POSTGRES_PORT,
      chroma_port: env.CHROMA_PORT,
      redis_port: env.REDIS_PORT,
      temporal_cli_path: env.TEMPORAL_CLI_PATH,
    },
    ffmpeg_path: env.FFMPEG_PATH,
    providers: {
      transcriber: env.STT_PROVIDERS,
      speaker: env.TTS_PROVIDERS,
      embedder: env.EMBEDDING_PROVIDERS,
      language_model: env.LLM_PROVIDERS,
      illustrator: env.IMAGE_PROVIDERS,
    },
    whisper_model: env.WHISPER_MODEL,
    vendors: vendorsOf(env),
    worker: {
      cpu_slots: env.CPU_SLOTS,
      engine_idle_s: env.ENGINE_IDLE_S,
      step_timeout_s: env.STEP_TIMEOUT_S,
      breaker_cooldown_s: env.BREAKER_COOLDOWN_S,
      retry_base_s: env.RETRY_BASE_S,
    },
  } as const;
}

export type Config = ReturnType<typeof arrange>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the environment (an empty variable counts as absent) or says everything that is wrong with it. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return arrange(parsed.data);
  const problems = parsed.error.issues.map(
    (issue) =>
      `  ${issue.path.join('.')}: ${issue.message}. Correct it in the environment or in .env, or remove it for the default.`,
  );
  throw new ConfigError(`The configuration has ${problems.length} problem(s):\n${problems.join('\n')}`);
}

/** The environment of a program that we start: ours, with what has been found out for it. */
export function childEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}
