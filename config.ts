/** The only reader of `process.env`: every problem is listed at once, each with its cure. */
import path from 'node:path';
import { environmentSchema, type Environment } from './environment';

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
    vision_model: env.BEDROCK_VISION_MODEL,
    embedding_model: env.BEDROCK_EMBEDDING_MODEL,
  },
  ollama: {
    base_url: env.OLLAMA_BASE_URL,
    chat_model: env.OLLAMA_CHAT_MODEL,
    vision_model: env.OLLAMA_VISION_MODEL,
    embedding_model: env.OLLAMA_EMBEDDING_MODEL,
  },
  azure: {
    key: env.AZURE_SPEECH_KEY,
    region: env.AZURE_SPEECH_REGION,
    voice: env.AZURE_SPEECH_VOICE,
    endpoint: env.AZURE_SPEECH_ENDPOINT,
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
    s3: {
      bucket: env.S3_BUCKET,
      region: env.S3_REGION,
      endpoint: env.S3_ENDPOINT,
      prefix: env.S3_PREFIX ?? '',
    },
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
      ocr: env.OCR_PROVIDERS,
    },
    whisper_model: env.WHISPER_MODEL,
    vendors: vendorsOf(env),
    budgets: { job_usd: env.BUDGET_JOB_USD, user_usd: env.BUDGET_USER_USD },
    worker: {
      metrics_address: env.WORKER_METRICS_ADDRESS,
      cpu_slots: env.CPU_SLOTS,
      engine_idle_s: env.ENGINE_IDLE_S,
      step_timeout_s: env.STEP_TIMEOUT_S,
      breaker_cooldown_s: env.BREAKER_COOLDOWN_S,
      retry_base_s: env.RETRY_BASE_S,
      provider_timeout_s: env.PROVIDER_TIMEOUT_S,
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
