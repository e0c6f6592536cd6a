/** Whom the chaos table breaks, on which stack, and who is left to do the work. */
import { KEY as AZURE_KEY } from '../activities/providers/__fixtures__/azure-sockets';
import { KEY as PEXELS_KEY } from '../activities/providers/__fixtures__/pexels-server';
import type { ChaosJob, Source } from './chaos-stack';
import type { Vendors } from './chaos-vendors';

export type Capability = 'transcriber' | 'speaker' | 'language_model' | 'illustrator' | 'embedder';

export interface Case {
  readonly provider: keyof Vendors;
  readonly capability: Capability;
  /** Who does it instead; null where nobody can. */
  readonly fallback: string | null;
}

export interface Plan {
  readonly name: string;
  readonly env: (vendors: Vendors) => Record<string, string>;
  readonly cases: readonly Case[];
}

/** Seconds that a vendor may take, and that a circuit stays open. */
export const TIMEOUT_S = 2;
export const COOLDOWN_S = 3;
export const RETRY_BASE_S = 0.2;

const COMMON = {
  ...{ PROVIDER_TIMEOUT_S: `${TIMEOUT_S}`, BREAKER_COOLDOWN_S: `${COOLDOWN_S}` },
  ...{ RETRY_BASE_S: `${RETRY_BASE_S}`, ENGINE_IDLE_S: '3600', TTS_PROVIDERS: 'espeak' },
};

/** A step whose only provider is away for longer than this goes without it, instead of waiting. */
const NO_PATIENCE = { STEP_TIMEOUT_S: '2' };

const openai = ({ openai: { url } }: Vendors) => ({
  ...{ OPENAI_BASE_URL: url, OPENAI_TRANSCRIPTION_MODEL: 'whisper-1' },
  ...{ OPENAI_SPEECH_MODEL: 'tts-1', OPENAI_CHAT_MODEL: 'gpt-4o' },
});

const bedrock = ({ bedrock: { url } }: Vendors) => ({
  ...{ BEDROCK_REGION: 'us-east-1', BEDROCK_ENDPOINT: url },
  ...{ BEDROCK_CHAT_MODEL: 'claude', BEDROCK_EMBEDDING_MODEL: 'titan' },
  ...{ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' },
});

const ollama = ({ ollama: { url } }: Vendors) => ({ OLLAMA_BASE_URL: url, OLLAMA_CHAT_MODEL: 'llama3.2:3b' });

const azure = ({ azure: { url } }: Vendors) => ({
  ...{ AZURE_SPEECH_KEY: AZURE_KEY, AZURE_SPEECH_REGION: 'westeurope' },
  AZURE_SPEECH_ENDPOINT: url.replace('http', 'ws'),
});

const pexels = ({ pexels: { url } }: Vendors) => ({ PEXELS_API_KEY: PEXELS_KEY, PEXELS_BASE_URL: url });

export const PLANS: readonly Plan[] = [
  {
    name: 'OpenAI, Bedrock and Pexels before local engines',
    env: (vendors) => ({
      ...{ ...COMMON, ...openai(vendors), ...bedrock(vendors), ...pexels(vendors) },
      ...{ STT_PROVIDERS: 'openai,moonshine', TTS_PROVIDERS: 'openai,espeak' },
      ...{ LLM_PROVIDERS: 'bedrock,extractive', IMAGE_PROVIDERS: 'pexels,drawn' },
    }),
    cases: [
      { provider: 'openai', capability: 'transcriber', fallback: 'moonshine' },
      { provider: 'openai', capability: 'speaker', fallback: 'espeak' },
      { provider: 'bedrock', capability: 'language_model', fallback: 'extractive' },
      { provider: 'pexels', capability: 'illustrator', fallback: 'drawn' },
    ],
  },
  {
    name: 'Azure and Ollama before local engines',
    env: (vendors) => ({
      ...{ ...COMMON, ...azure(vendors), ...ollama(vendors) },
      ...{ STT_PROVIDERS: 'azure,moonshine', TTS_PROVIDERS: 'azure,espeak' },
      LLM_PROVIDERS: 'ollama,extractive',
    }),
    cases: [
      { provider: 'azure', capability: 'transcriber', fallback: 'moonshine' },
      { provider: 'azure', capability: 'speaker', fallback: 'espeak' },
      { provider: 'ollama', capability: 'language_model', fallback: 'extractive' },
    ],
  },
  {
    name: 'OpenAI before Bedrock, and nobody behind Ollama',
    env: (vendors) => ({
      ...{ ...COMMON, ...NO_PATIENCE, ...openai(vendors), ...bedrock(vendors), ...ollama(vendors) },
      ...{ LLM_PROVIDERS: 'openai,bedrock', EMBEDDING_PROVIDERS: 'ollama' },
    }),
    cases: [
      { provider: 'openai', capability: 'language_model', fallback: 'bedrock' },
      { provider: 'ollama', capability: 'embedder', fallback: null },
    ],
  },
  {
    name: 'Nobody behind Bedrock',
    env: (vendors) => ({
      ...{ ...COMMON, ...NO_PATIENCE, ...openai(vendors), ...bedrock(vendors) },
      ...{ LLM_PROVIDERS: 'openai', EMBEDDING_PROVIDERS: 'bedrock' },
    }),
    cases: [{ provider: 'bedrock', capability: 'embedder', fallback: null }],
  },
];

interface Work {
  readonly step: string;
  readonly activity: string;
  /** What tells who made it, and of which part of it it speaks then. */
  readonly artifact: string | null;
  readonly part?: string;
  readonly source: Source;
  /** The shortest job that asks for it. */
  readonly job: string;
  /** How many calls of a healthy provider the lesson needs. */
  pieces(job: ChaosJob): number;
}

const part = (job: ChaosJob, name: string) => job.result?.[name] as Record<string, number> | null | undefined;
const isHeard = (job: ChaosJob) => job.steps.some(({ name }) => name === 'recognise');

export const WORK: Readonly<Record<Capability, Work>> = {
  transcriber: {
    ...{ step: 'recognise', activity: 'recogniseWindow', artifact: 'transcript', source: 'recording' },
    ...{ job: 'transcribe', pieces: (job) => (isHeard(job) ? 1 : 0) },
  },
  speaker: {
    ...{ step: 'voiceover', activity: 'speak', artifact: 'voiceover', source: 'text' },
    ...{ job: 'voiceover', pieces: (job) => part(job, 'voiceover')?.['voices'] ?? 0 },
  },
  language_model: {
    ...{ step: 'summarize', activity: 'summarizePassages', artifact: 'summary', source: 'text' },
    ...{ job: 'summarize', pieces: () => 1 },
  },
  illustrator: {
    ...{ step: 'pictures', activity: 'drawPicture', artifact: 'deck', part: 'pictures ' },
    ...{ source: 'text', job: 'slides', pieces: (job) => part(job, 'slides')?.['pictures'] ?? 0 },
  },
  embedder: {
    ...{ step: 'embed', activity: 'embedPassages', artifact: null, source: 'text' },
    ...{ job: 'embed', pieces: () => 1 },
  },
};
