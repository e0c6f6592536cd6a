/** Batch transcription: https://learn.microsoft.com/rest/api/speechtotext/transcriptions (version 2024-11-15) */
import { z } from 'zod';
import { PROVIDER, restUrl, TICKS_PER_SECOND, timeoutsOf } from './azure';
import { CANDIDATES, LOCALES } from './azure-languages';
import { batchResultSchema, phrasesOf, recognitionOf } from './azure-phrases';
import type { AzureTranscriberSettings } from './azure-transcriber';
import { requireLanguage } from './engines/language';
import { permanent, ProviderError } from './error';
import { badAnswer, vendorHttp, type Timeouts } from './http';
import type { BatchTranscriber, Call } from './spec';

/** The work may wait half an hour for its turn. */
const FROM_S = 3_600;
const TIMEOUTS: Timeouts = { firstByteMs: 30_000, totalMs: 120_000 };
const VERSION = 'api-version=2024-11-15';
/** A result is discarded once it has been read; this is for those that nobody comes for. */
const TIME_TO_LIVE_H = 48;
/** Some hours of lecture, each word four times over. */
const MAX_RESULT_BYTES = 256 * 1024 * 1024;

/** Where the service keeps results. */
const STORAGE = /\.blob\.core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/;

const createdSchema = z.object({ self: z.string() });
const jobSchema = z.object({
  status: z.string(),
  locale: z.string().optional(),
  properties: z
    .object({ error: z.object({ code: z.string().default(''), message: z.string().default('') }).optional() })
    .default({}),
});
const filesSchema = z.object({
  values: z.array(z.object({ kind: z.string(), links: z.object({ contentUrl: z.url() }) })),
});

export function azureBatch(settings: AzureTranscriberSettings): BatchTranscriber {
  const { key, candidates = CANDIDATES } = settings;
  const timeouts = timeoutsOf(settings, TIMEOUTS);
  const baseUrl = `${restUrl(settings)}/speechtotext`;
  const headers = { 'ocp-apim-subscription-key': key };
  const http = vendorHttp({ provider: PROVIDER, baseUrl, headers, timeouts });
  const pathOf = (id: string, rest = '') => `/transcriptions/${encodeURIComponent(id)}${rest}?${VERSION}`;

  async function resultUrlOf(call: Call & { id: string }): Promise<URL> {
    const { values } = await http.forJson({ ...call, path: pathOf(call.id, '/files') }, filesSchema);
    const file = values.find(({ kind }) => kind === 'Transcription');
    if (!file) throw failed('it has no result; is there an audio file at the address that was given?');
    const url = new URL(file.links.contentUrl);
    const isStorage = url.protocol === 'https:' && STORAGE.test(url.hostname);
    if (isStorage || url.origin === restUrl(settings)) return url;
    throw badAnswer(PROVIDER, `the result lies at ${url.origin}`);
  }

  return {
    fromS: FROM_S,

    async submit({ audioUrl, language, signal }) {
      requireLanguage({ provider: PROVIDER, languages: Object.keys(LOCALES) }, language);
      const json = requestOf(audioUrl, language === undefined ? candidates : [LOCALES[language]!]);
      const path = `/transcriptions:submit?${VERSION}`;
      const { self } = await http.forJson({ path, json, signal }, createdSchema);
      const id = /\/transcriptions\/([\w-]+)/.exec(self)?.[1];
      if (id === undefined) throw badAnswer(PROVIDER, 'the new transcription has no id');
      return { id };
    },

    async collect({ id, signal, used }) {
      const { status, locale, properties } = await http.forJson({ path: pathOf(id), signal }, jobSchema);
      if (status === 'Failed')
        throw failed(properties.error?.message || properties.error?.code || 'no reason');
      if (status !== 'Succeeded') return undefined;
      const { origin, pathname, search } = await resultUrlOf({ id, signal });
      // The key is not for those who keep the results.
      const storage = vendorHttp({
        ...{ provider: PROVIDER, baseUrl: origin, timeouts, maxAnswerBytes: MAX_RESULT_BYTES },
      });
      const result = await storage.forJson({ path: pathname + search, signal }, batchResultSchema);
      const seconds = result.durationInTicks / TICKS_PER_SECOND;
      used?.({ seconds }, 'speech-to-text-batch');
      const phrases = phrasesOf(result).map((phrase) => ({ ...phrase, locale: phrase.locale ?? locale }));
      return recognitionOf(phrases, seconds);
    },

    async discard({ id, signal }) {
      try {
        await http.forBytes({ path: pathOf(id), method: 'DELETE', signal });
      } catch (error) {
        if (!(error instanceof ProviderError) || error.facts.status !== 404) throw error;
      }
    },
  };
}

/** With several locales the service finds out which it is, and takes the first where it cannot. */
function requestOf(audioUrl: string, locales: readonly string[]) {
  const languageIdentification = { candidateLocales: locales, mode: 'Single' };
  return {
    displayName: 'Recording',
    locale: locales[0],
    contentUrls: [audioUrl],
    properties: {
      ...{ wordLevelTimestampsEnabled: true, displayFormWordLevelTimestampsEnabled: true },
      ...{ punctuationMode: 'DictatedAndAutomatic', profanityFilterMode: 'None' },
      // Both channels of a lecture say the same.
      ...{ channels: [0], timeToLiveHours: TIME_TO_LIVE_H },
      ...(locales.length > 1 && { languageIdentification }),
    },
  };
}

/** Its words may hold the address of the recording, which opens it to everybody. */
const failed = (said: string): ProviderError =>
  permanent(PROVIDER, {
    code: 'TRANSCRIPTION_FAILED',
    what: `the transcription failed: ${said.replace(/\w+:\/\/\S+/g, '[address]').slice(0, 200)}`,
  });
