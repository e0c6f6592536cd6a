import { transcriptSchema } from '../domain/transcript';
import type { Passage, Passages } from '../domain/passage';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';
import { readJson } from './read-json';
import { saveArtifact } from './save-artifact';
import { guessLanguage } from './text/language';
import { passagesOfText, passagesOfTranscript } from './text/passages';

export interface CutPassagesInput {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  readonly title: string;
  readonly language: string;
  readonly from: 'transcript' | 'text';
  readonly blob: string;
}

export interface CutPassages {
  /** Blob: `domain/passage.ts`. */
  readonly passages: string;
  readonly count: number;
  readonly language: string;
}

export function createPassageActivities({ db, blobs }: { db: Db; blobs: Blobs }) {
  async function cut({
    from,
    blob,
    language,
  }: CutPassagesInput): Promise<{ language: string; passages: Passage[] }> {
    if (from === 'transcript') {
      const transcript = await readJson(blobs, blob, transcriptSchema);
      return { language: transcript.language, passages: passagesOfTranscript(transcript) };
    }
    const text = (await blobs.read(blob)).toString('utf8');
    const told = language === 'und' ? guessLanguage(text) : language;
    return { language: told, passages: passagesOfText(text, told) };
  }

  return {
    /** Cuts a transcript or a text into searchable passages at sentence ends. */
    async cutPassages(input: CutPassagesInput): Promise<CutPassages> {
      const { language, passages } = await cut(input);
      const file: Passages = { schema: 'passages/1', language, passages };
      const data = JSON.stringify(file);
      const { job_id, owner_id, source_id: content_id, title } = input;
      const facts = { job_id, owner_id, content_id, kind: 'passages', language } as const;
      const { blob } = await saveArtifact(
        { db, blobs },
        { ...facts, media_type: 'application/json', file_name: `${title}.passages.json` },
        data,
      );
      return { passages: blob, count: passages.length, language };
    },
  };
}
