import { passagesSchema } from '../domain/passage';
import type { Summary } from '../domain/summary';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { currentCall } from './call';
import type { Once } from './once';
import type { Providers } from './providers/registry';
import { readJson } from './read-json';
import { saveArtifact } from './save-artifact';
import { createWriter } from './writer/writers';

export interface SummarizeInput {
  readonly provider: string;
  readonly disclosure?: string | null;
  readonly answers: number;
  readonly job_id: string;
  readonly owner_id: string;
  readonly fresh_for: string | null;
  readonly source_id: string;
  readonly title: string;
  readonly passages: string;
}

export interface Summarized {
  /** Blob: `domain/summary.ts`. */
  readonly summary: string;
  readonly title: string;
  readonly key_points: number;
  readonly sections: number;
  readonly key_terms: number;
  readonly provider: string;
  readonly model: string;
  readonly quality: string;
  readonly disclosure: string | null;
}

const VERSION = 1;

const factsOf = (summary: Summary): Omit<Summarized, 'summary' | 'disclosure'> => ({
  title: summary.title,
  key_points: summary.key_points.length,
  sections: summary.outline.length,
  key_terms: summary.key_terms.length,
  provider: summary.provider,
  model: summary.model,
  quality: summary.quality,
});

interface SummarizeDeps {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly once: Once;
  readonly providers: Providers;
  /** The embedder that the extractive writer measures with. */
  readonly embedder: string;
}

export function createSummarizeActivities({ db, blobs, once, providers, embedder }: SummarizeDeps) {
  return {
    /** Writes title, abstract, key points, outline and key terms, each with the passages it rests on. */
    async summarizePassages(input: SummarizeInput): Promise<Summarized> {
      const writer = createWriter(input.provider, providers, embedder);
      const { provider, model } = writer;
      const { job_id, owner_id, fresh_for, source_id, passages: blob, title, disclosure = null } = input;
      const call = currentCall();
      const key = {
        ...{ owner_id, fresh_for, step: 'summarizePassages', version: VERSION, blobs: [blob] },
        ...{ parameters: { title, writer: writer.version }, provider, model },
      };
      const made = await once(key, call, async () => {
        const { passages, language } = await readJson(blobs, blob, passagesSchema);
        const summary = await writer.summarize({ passages, language, title, signal: call.signal });
        const { sha256 } = await blobs.put(JSON.stringify(summary));
        return { summary: sha256, language, ...factsOf(summary) };
      });
      const { language, ...result } = made;
      const { summary, quality } = result;
      const facts = { job_id, owner_id, content_id: source_id, kind: 'summary', language } as const;
      const metadata = { provider, model, quality, disclosure, passages: blob };
      await saveArtifact(
        { db, blobs },
        { ...facts, metadata, media_type: 'application/json', file_name: `${title}.summary.json` },
        await blobs.read(summary),
      );
      return { ...result, disclosure };
    },
  };
}
