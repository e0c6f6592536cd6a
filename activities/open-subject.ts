import type { Db } from '../prisma/client';
import { findSource } from './find-source';
import { StepError } from './failures';

/** What a job works on, and how far earlier jobs have taken it. */
export interface Subject {
  readonly stage: 'recording' | 'text' | 'transcript' | 'summary' | 'deck_spec';
  /** The stage's bytes. */
  readonly blob: string;
  /** The passages that a summary or deck rests on. */
  readonly passages: string | null;
  readonly source_id: string;
  readonly title: string;
  /** BCP 47; `und` where nobody said and nothing could tell. */
  readonly language: string;
}

export interface SubjectInput {
  readonly owner_id: string;
  readonly source_id?: string;
  readonly artifact_id?: string;
}

type Stage = Subject['stage'];

const STAGES: Record<string, Stage> = {
  transcript: 'transcript',
  summary: 'summary',
  deck_spec: 'deck_spec',
};

const gone = (what: string) =>
  new StepError('SOURCE_GONE', `The ${what} was deleted`, 'Start a new job from the source');

export function createSubjectActivities({ db }: { db: Db }) {
  async function fromSource(owner_id: string, id: string): Promise<Subject> {
    const { kind, blob, title, language } = await findSource(db, owner_id, id);
    const stage = kind === 'text' ? 'text' : 'recording';
    return { stage, blob, passages: null, source_id: id, title, language: language ?? 'und' };
  }

  /** Artifacts of these kinds name the source they were made from. */
  async function fromArtifact(owner_id: string, id: string): Promise<Subject> {
    const artifact = await db.artifacts.findFirst({ where: { id, owner_id } });
    if (!artifact?.content_id) throw gone('artifact');
    const source = await findSource(db, owner_id, artifact.content_id);
    const stage = STAGES[artifact.kind];
    if (!stage)
      throw new StepError('WRONG_ARTIFACT', `A ${artifact.kind} is nothing to go on from`, 'Name the source');
    const metadata = artifact.metadata as { passages?: string };
    return {
      ...{ stage, blob: artifact.blob, passages: metadata.passages ?? null, source_id: source.id },
      ...{ title: source.title, language: artifact.language ?? 'und' },
    };
  }

  return {
    /** Finds what the job was started with. */
    async openSubject({ owner_id, source_id, artifact_id }: SubjectInput): Promise<Subject> {
      if (artifact_id) return fromArtifact(owner_id, artifact_id);
      if (source_id) return fromSource(owner_id, source_id);
      throw gone('source');
    },
  };
}
