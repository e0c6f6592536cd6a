/** What a job is started with must be there, be the owner's, and be something that the job can work on. */
import type { Db } from '../../prisma/client';
import type { JobType } from '../../workflows/contracts';
import { HttpError, notFound } from '../http/errors';

export interface Subject {
  readonly title: string;
  readonly media_type: string;
  readonly bytes: bigint;
}

interface Asked {
  readonly owner_id: string;
  readonly type: JobType;
  readonly input: Record<string, unknown> & {
    readonly source_id?: string;
    readonly artifact_id?: string;
    readonly text?: string;
  };
  /** Where the input stands in the body. */
  readonly under: readonly string[];
}

/** From which artifacts a job goes on; every job but `lesson` and `transcribe` also begins with these of its forerunners. */
const GOES_ON_FROM: Record<JobType, readonly string[]> = {
  transcribe: [],
  lesson: [],
  embed: ['transcript'],
  summarize: ['transcript'],
  slides: ['transcript', 'summary'],
  voiceover: ['transcript', 'summary', 'deck_spec'],
  narrate: ['transcript', 'summary', 'deck_spec'],
  preflight: [],
};

/** Kinds of content: what is heard, and what has words. */
const RECORDINGS = ['audio', 'video'];
const SPOKEN = [...RECORDINGS, 'text'];

const fieldOf = ({ under }: Asked, name: string): string => [...under, name].join('.');

const unsuitable = (field: string, message: string, hint: string): HttpError =>
  new HttpError(422, 'INVALID_INPUT', `${field}: ${message}`, {
    field,
    problems: [{ field, message }],
    hint,
  });

async function findSource(db: Db, id: string, asked: Asked): Promise<Subject> {
  const field = fieldOf(asked, 'source_id');
  const source = await db.content.findFirst({ where: { id, owner_id: asked.owner_id } });
  if (!source) throw notFound('source', { field, hint: 'Upload it first: POST /api/content/uploads' });
  const kinds = asked.type === 'transcribe' ? RECORDINGS : SPOKEN;
  if (!kinds.includes(source.kind)) {
    const hint = `Name one of these: ${kinds.join(', ')}`;
    throw unsuitable(field, `${asked.type} cannot work on a ${source.kind}`, hint);
  }
  return source;
}

async function findArtifact(db: Db, id: string, asked: Asked): Promise<Subject> {
  const field = fieldOf(asked, 'artifact_id');
  const artifact = await db.artifacts.findFirst({ where: { id, owner_id: asked.owner_id } });
  if (!artifact) throw notFound('artifact', { field, hint: 'GET /api/jobs/{id} lists a job’s artifacts' });
  const { kind, file_name, media_type, bytes } = artifact;
  const kinds = GOES_ON_FROM[asked.type];
  if (!kinds.includes(kind)) {
    const hint = `Name one of these: ${kinds.join(', ')}`;
    throw unsuitable(field, `${asked.type} cannot go on from a ${kind}`, hint);
  }
  return { title: file_name.replace(/\.[^.]+$/, ''), media_type, bytes };
}

/** Characters of a text that stand for it in a list. */
const TITLE_LENGTH = 60;

const ofText = (text: string): Subject => ({
  title: [...text.replace(/\s+/g, ' ')].slice(0, TITLE_LENGTH).join(''),
  media_type: 'text/plain',
  bytes: BigInt(Buffer.byteLength(text)),
});

export async function findSubject(db: Db, asked: Asked): Promise<Subject> {
  const { source_id, artifact_id, text = '' } = asked.input;
  if (source_id) return findSource(db, source_id, asked);
  if (artifact_id) return findArtifact(db, artifact_id, asked);
  return ofText(text);
}
