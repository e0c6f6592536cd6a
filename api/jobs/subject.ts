/** What a job is started with must be there, be the owner's, and be something that the job can work on. */
import type { Db } from '../../prisma/client';
import type { JobType } from '../../workflows/contracts';
import { HttpError } from '../http/errors';

export interface Subject {
  readonly title: string;
  readonly media_type: string;
  readonly bytes: bigint;
}

interface Names {
  readonly source_id?: string;
  readonly artifact_id?: string;
  readonly text?: string;
}

/** From which artifacts a job goes on; every job but `lesson` and `transcribe` also begins with these of its forerunners. */
const GOES_ON_FROM: Record<JobType, readonly string[]> = {
  transcribe: [],
  lesson: [],
  embed: ['transcript'],
  summarize: ['transcript'],
  slides: ['transcript', 'summary'],
  voiceover: ['transcript', 'summary', 'deck_spec'],
};

function unknown(what: string, field: string, hint: string): HttpError {
  return new HttpError(404, 'NOT_FOUND', `There is no such ${what}`, { field, hint });
}

function unsuitable(field: string, message: string, hint: string): HttpError {
  return new HttpError(422, 'INVALID_INPUT', `${field}: ${message}`, { field, hint });
}

async function findSource(db: Db, owner_id: string, type: JobType, id: string): Promise<Subject> {
  const field = 'input.source_id';
  const source = await db.content.findFirst({ where: { id, owner_id } });
  if (!source) throw unknown('source', field, 'Upload it first: POST /api/content/uploads');
  if (type === 'transcribe' && source.kind === 'text') {
    throw unsuitable(field, 'a text has nothing to transcribe', 'Name a recording: audio or video');
  }
  return source;
}

async function findArtifact(db: Db, owner_id: string, type: JobType, id: string): Promise<Subject> {
  const field = 'input.artifact_id';
  const artifact = await db.artifacts.findFirst({ where: { id, owner_id } });
  if (!artifact) throw unknown('artifact', field, 'GET /api/jobs/{id} lists a job’s artifacts');
  const kinds = GOES_ON_FROM[type];
  if (!kinds.includes(artifact.kind)) {
    throw unsuitable(
      field,
      `${type} cannot go on from a ${artifact.kind}`,
      `Name one of these: ${kinds.join(', ')}`,
    );
  }
  return {
    title: artifact.file_name.split('.')[0] ?? '',
    media_type: artifact.media_type,
    bytes: artifact.bytes,
  };
}

export async function findSubject(db: Db, owner_id: string, type: JobType, input: Names): Promise<Subject> {
  const { source_id, artifact_id, text } = input;
  if (source_id) return findSource(db, owner_id, type, source_id);
  if (artifact_id) return findArtifact(db, owner_id, type, artifact_id);
  const words = text ?? '';
  return { title: words.slice(0, 60), media_type: 'text/plain', bytes: BigInt(Buffer.byteLength(words)) };
}
