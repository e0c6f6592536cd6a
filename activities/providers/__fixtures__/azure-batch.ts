/** Batch transcription as its reference documents it: https://learn.microsoft.com/rest/api/speechtotext/transcriptions */
import { randomUUID } from 'node:crypto';
import { ticks } from './azure-protocol';
import { sentencesOf } from './azure-speech';
import type { Answer } from './faults';
import { wavSeconds } from './openai-answers';
import { jsonAnswer } from './vendor-server';

export interface BatchRequest {
  readonly contentUrls: readonly string[];
  readonly locale: string;
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly languageIdentification?: { readonly candidateLocales: readonly string[] };
  };
}

interface Job {
  readonly asked: BatchRequest;
  /** What is still to be seen, in order; the last one stays. */
  readonly states: string[];
  readonly seconds: number;
  readonly message?: string;
}

export interface BatchOptions {
  /** Seen by those who ask before it is done. */
  readonly states?: readonly string[];
  /** Where results are said to lie, which else is this server. */
  readonly elsewhere?: string;
}

const noContent: Answer = { status: 204, headers: {}, body: Buffer.alloc(0) };
const error = (status: number, code: string, message: string) =>
  jsonAnswer({ error: { code, message } }, status);

/** By the length that its header says, or a minute for what is no WAV. */
async function listenTo(url: string): Promise<Pick<Job, 'seconds' | 'message'>> {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) return { seconds: 0, message: `The recording could not be read from ${url}.` };
  const bytes = Buffer.from(await response.arrayBuffer());
  return { seconds: bytes.toString('latin1', 0, 4) === 'RIFF' ? wavSeconds(bytes) : 60 };
}

export function createBatch({ states = ['NotStarted', 'Running'], elsewhere }: BatchOptions) {
  const jobs = new Map<string, Job>();
  const submitted: BatchRequest[] = [];

  async function submit(origin: string, body: Buffer): Promise<Answer> {
    const asked = JSON.parse(body.toString()) as BatchRequest;
    submitted.push(asked);
    const { timeToLiveHours = 0 } = asked.properties as { timeToLiveHours?: number };
    if (timeToLiveHours < 6) return error(400, 'InvalidRequest', 'timeToLiveHours is required.');
    const heard = await listenTo(asked.contentUrls[0] ?? '');
    const id = randomUUID();
    const end = heard.message === undefined ? 'Succeeded' : 'Failed';
    jobs.set(id, { asked, states: [...states, end], ...heard });
    return jsonAnswer(describe(origin, id, 'NotStarted'), 201);
  }

  function describe(origin: string, id: string, status: string) {
    const { asked, message, seconds } = jobs.get(id)!;
    const self = `${origin}/speechtotext/transcriptions/${id}`;
    const failure = status === 'Failed' && { error: { code: 'InvalidData', message } };
    return {
      ...{ self: `${self}?api-version=2024-11-15`, status, locale: asked.locale, displayName: 'Recording' },
      links: { files: `${self}/files?api-version=2024-11-15` },
      properties: { ...asked.properties, durationMilliseconds: seconds * 1_000, ...failure },
    };
  }

  function get(origin: string, id: string): Answer {
    const { states: left } = jobs.get(id)!;
    const status = left.length > 1 ? left.shift() : left[0];
    return jsonAnswer(describe(origin, id, status!));
  }

  function files(origin: string, id: string): Answer {
    const file = (kind: string, name: string) => ({
      ...{ self: `${origin}/speechtotext/transcriptions/${id}/files/${kind}`, name, kind },
      ...{ properties: { size: 200 }, createdDateTime: '2026-11-01T09:00:00Z' },
      links: { contentUrl: `${elsewhere ?? origin}/results/${id}/${name}?sp=r&sig=a-signature` },
    });
    return jsonAnswer({
      values: [file('TranscriptionReport', 'report.json'), file('Transcription', 'contenturl_0.json')],
    });
  }

  /** By the path behind `/speechtotext/transcriptions` or `/results`. */
  async function answer(method: string, url: URL, body: Buffer): Promise<Answer | undefined> {
    const [, id = '', rest = ''] =
      /^\/(?:speechtotext\/transcriptions|results)\/([\w-]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const isApi = url.pathname.startsWith('/speechtotext/');
    if (isApi && url.searchParams.get('api-version') !== '2024-11-15')
      return error(400, 'InvalidRequest', 'The api-version is not supported.');
    if (url.pathname === '/speechtotext/transcriptions:submit' && method === 'POST')
      return submit(url.origin, body);
    if (method === 'DELETE')
      return jobs.delete(id) ? noContent : error(404, 'NotFound', 'The entity was not found.');
    if (id === '') return undefined;
    if (!jobs.has(id)) return error(404, 'NotFound', 'The entity was not found.');
    if (url.pathname.startsWith('/results/')) return jsonAnswer(resultOf(jobs.get(id)!));
    return rest === '/files' ? files(url.origin, id) : get(url.origin, id);
  }

  return { answer, submitted };
}

function resultOf({ asked, seconds }: Job) {
  const timesOf = ({ start, end }: { start: number; end: number }) => ({
    ...{ offset: `PT${start}S`, duration: `PT${end - start}S` },
    ...{ offsetInTicks: ticks(start), durationInTicks: ticks(end - start) },
  });
  const locale = asked.properties.languageIdentification?.candidateLocales[0];
  const recognizedPhrases = sentencesOf(seconds).map(({ text, words, ...span }) => ({
    ...{ recognitionStatus: 'Success', channel: 0, ...timesOf(span), ...(locale && { locale }) },
    nBest: [
      {
        ...{ confidence: 0.95, lexical: text.toLowerCase(), itn: text, maskedITN: text, display: text },
        words: words.map((word) => ({ word: word.word.toLowerCase(), ...timesOf(word), confidence: 0.9 })),
        displayWords: words.map((word) => ({ displayText: word.word, ...timesOf(word) })),
      },
    ],
  }));
  const durations = { durationInTicks: ticks(seconds), duration: `PT${seconds}S` };
  return { source: '…', timestamp: '2026-11-01T09:00:00Z', ...durations, recognizedPhrases };
}
