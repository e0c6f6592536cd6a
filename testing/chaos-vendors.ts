/** The vendors of the chaos table: servers on this machine that stand in for them, each healthy until it is broken. */
import { startAzureServer } from '../activities/providers/__fixtures__/azure-server';
import { LISTEN, SPEAK } from '../activities/providers/__fixtures__/azure-sockets';
import { CONVERSE, INVOKE, startBedrockServer } from '../activities/providers/__fixtures__/bedrock-server';
import type { CallCounts, FaultScript } from '../activities/providers/__fixtures__/faults';
import { startOllamaServer } from '../activities/providers/__fixtures__/ollama-server';
import { chatText, type ChatRequest } from '../activities/providers/__fixtures__/openai-answers';
import { startOpenAiServer } from '../activities/providers/__fixtures__/openai-server';
import { startPexelsServer } from '../activities/providers/__fixtures__/pexels-server';
import type { VendorServer } from '../activities/providers/__fixtures__/vendor-server';

/** Seconds: one that is waited for, and one that counts as an open circuit because it is above ten. */
export const SHORT_WAIT_S = 1;
export const LONG_WAIT_S = 11;

/** Far more than the limit of a call, so that the answer is still under way when it ends. */
const SLOW_MS = 60_000;

/** The SDK of AWS reads the failure's name from this header, everybody else passes it over. */
const status = (code: number, name: string, headers: Record<string, string> = {}) => ({
  ...{ kind: 'status' as const, status: code },
  headers: { 'x-amzn-errortype': name, ...headers },
});

export const FAULTS = [
  ...(['refused', 'reset', 'hang', '500', '503 + Retry-After', '429', '401'] as const),
  ...(['malformed', 'slow stream'] as const),
];

export type Fault = (typeof FAULTS)[number];

const SCRIPTS: Readonly<Record<Exclude<Fault, 'refused'>, FaultScript[string][number]>> = {
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
  '500': status(500, 'InternalServerException'),
  '503 + Retry-After': status(503, 'ServiceUnavailableException', { 'retry-after': `${LONG_WAIT_S}` }),
  '429': status(429, 'ThrottlingException', { 'retry-after': `${SHORT_WAIT_S}` }),
  '401': status(401, 'UnrecognizedClientException'),
  malformed: { kind: 'garbage' },
  'slow stream': { kind: 'slow', ms: SLOW_MS },
};

/** A model that does as it is asked: one point for each passage it was shown. */
function obedient(request: ChatRequest): string {
  if (!request.response_format) return chatText(request);
  const shown = request.messages.map(({ content }) => content).join('\n');
  const ids = [...new Set([...shown.matchAll(/<passage id="(p\d+)">/g)].map(([, id]) => id!))];
  const points = ids.map((id) => ({ text: `Passage ${id} tells of plates.`, passages: [id] }));
  const outline = [{ title: 'Plates', points }];
  const abstract = 'The ground moves. It does so slowly.';
  return JSON.stringify({ title: 'The ground', abstract, key_points: points, outline, key_terms: [] });
}

/** A vendor's stand-in; what it is asked is counted by path. */
export interface Vendor {
  readonly url: string;
  received(path: string): number;
  calls(): Record<string, CallCounts>;
  fail(path: string, fault: Fault): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

function vendor(server: VendorServer): Vendor {
  let isAway = false;
  return {
    ...{ url: server.url, calls: server.calls, close: server.close },
    received: (path) => server.calls()[path]?.received ?? 0,
    async fail(path, fault) {
      if (fault !== 'refused') return server.faults({ [path]: [SCRIPTS[fault]] });
      isAway = true;
      await server.refuse();
    },
    async heal() {
      server.faults({});
      if (isAway) await server.accept();
      isAway = false;
    },
  };
}

export type Vendors = Readonly<Record<'azure' | 'bedrock' | 'ollama' | 'openai' | 'pexels', Vendor>>;

export const startVendors = async (): Promise<Vendors> => ({
  azure: vendor(await startAzureServer()),
  bedrock: vendor(await startBedrockServer({ chat: obedient })),
  ollama: vendor(await startOllamaServer({ chat: obedient })),
  openai: vendor(await startOpenAiServer({ chat: obedient })),
  pexels: vendor(await startPexelsServer()),
});

/** Provider → capability → what the vendor is asked for it, by path. */
export const PATHS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  azure: { transcriber: LISTEN, speaker: SPEAK },
  bedrock: { language_model: CONVERSE, embedder: INVOKE },
  ollama: { language_model: '/api/chat', embedder: '/api/embed' },
  openai: {
    transcriber: '/v1/audio/transcriptions',
    speaker: '/v1/audio/speech',
    language_model: '/v1/chat/completions',
  },
  pexels: { illustrator: '/v1/search' },
};
