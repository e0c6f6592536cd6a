import type { Transcript } from '../domain/transcript';
import type { Db } from '../prisma/client';
import { uuidOf } from '../prisma/ids';
import type { Blobs } from '../store/blobs';
import { toSrt, toVtt } from './audio/captions';
import { mergeWindows } from './audio/merge';
import { findSource } from './find-source';
import type { Recognition } from './providers/spec';
import type { RecognisedWindow } from './recognise-window';
import { saveArtifact, type SavedArtifact } from './save-artifact';

export interface SaveTranscriptInput {
  readonly job_id: string;
  readonly owner_id: string;
  readonly source_id: string;
  readonly duration_s: number;
  readonly language?: string;
  readonly windows: readonly RecognisedWindow[];
  readonly provider: string;
  readonly model: string;
  readonly quality: string;
  readonly disclosure?: string | null;
}

export interface SavedTranscript {
  /** The transcript's JSON. */
  readonly blob: string;
  readonly transcription_id: string;
  readonly language: string;
  readonly duration_s: number;
  readonly words: number;
  readonly provider: string;
  readonly model: string;
  readonly quality: string;
  readonly disclosure: string | null;
}

const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** The transcript's four forms, the JSON first: kind, media type, extension and content. */
const forms = (transcript: Transcript) =>
  [
    ['transcript', 'application/json', 'json', JSON.stringify(transcript)],
    ['transcript_text', 'text/plain; charset=utf-8', 'txt', `${transcript.text}\n`],
    ['captions_srt', 'application/x-subrip', 'srt', toSrt(transcript)],
    ['captions_vtt', 'text/vtt; charset=utf-8', 'vtt', toVtt(transcript)],
  ] as const;

export function createSaveTranscriptActivities({ db, blobs }: { db: Db; blobs: Blobs }) {
  async function merge(input: SaveTranscriptInput): Promise<Transcript> {
    const windows = await Promise.all(
      input.windows.map(async ({ start_s, end_s, blob }) => {
        const recognition = JSON.parse((await blobs.read(blob)).toString('utf8')) as Recognition;
        return { start_s, end_s, recognition };
      }),
    );
    return mergeWindows(windows, input);
  }

  /** One transcription per recording: a newer one takes its place. */
  async function saveRow(input: SaveTranscriptInput, transcript: Transcript, blob: string): Promise<string> {
    const id = uuidOf('transcription', input.source_id);
    const { language, duration_s, provider, model, quality } = transcript;
    const row = { blob, language, duration_s, provider, model, quality, owner_id: input.owner_id };
    const key = { content_id: input.source_id };
    await db.transcriptions.upsert({ where: key, create: { id, ...key, ...row }, update: row });
    return id;
  }

  return {
    /** Merges the recognised windows and writes the transcript as JSON, text, SubRip and WebVTT. */
    async saveTranscript(input: SaveTranscriptInput): Promise<SavedTranscript> {
      const { job_id, owner_id, source_id, disclosure = null } = input;
      const source = await findSource(db, owner_id, source_id);
      const transcript = await merge(input);
      const { language, duration_s, provider, model, quality } = transcript;
      const saved: SavedArtifact[] = [];
      for (const [kind, media_type, extension, data] of forms(transcript)) {
        const artifact = { job_id, owner_id, content_id: source_id, kind, media_type, language };
        const file_name = `${source.title}.${extension}`;
        const metadata = { provider, model, quality, disclosure };
        saved.push(await saveArtifact({ db, blobs }, { ...artifact, file_name, metadata }, data));
      }
      const { blob } = saved[0]!;
      const transcription_id = await saveRow(input, transcript, blob);
      return {
        blob,
        transcription_id,
        language,
        duration_s,
        words: countWords(transcript.text),
        ...{ provider, model, quality, disclosure },
      };
    },
  };
}
