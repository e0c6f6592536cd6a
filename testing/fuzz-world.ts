/** Two users with things of every kind, each marked so that it is known wherever it turns up. */
import { randomUUID } from 'node:crypto';
import { openSession } from '../api/auth/sessions';
import type { Db } from '../prisma/client';
import type { Blobs } from '../store/blobs';

export interface Belongings {
  readonly user_id: string;
  /** In every title, name and file. */
  readonly marker: string;
  readonly content: readonly string[];
  /** The first has not ended. */
  readonly jobs: readonly string[];
  readonly artifacts: readonly string[];
  readonly sessions: readonly string[];
  readonly blobs: readonly string[];
  /** Puts back what was erased or changed. */
  restore(): Promise<void>;
  /** All of it as it is in the database. */
  look(): Promise<unknown>;
}

interface Stores {
  readonly db: Db;
  readonly blobs: Blobs;
}

const STATUSES = ['queued', 'completed', 'failed', 'cancelled'] as const;

/** All that would tell of them, and is no title or name. */
export const idsOf = ({ user_id, content, jobs, artifacts, sessions, blobs }: Belongings): string[] => [
  ...[user_id, ...content, ...jobs, ...artifacts, ...sessions, ...blobs],
];

export async function makeBelongings({ db, blobs }: Stores, name: string): Promise<Belongings> {
  const marker = `mark-of-${name}-${randomUUID()}`;
  const owner_id = randomUUID();
  const { sha256: blob, bytes } = await blobs.put(`The text of ${marker}.`);
  const file = { file_name: `${marker}.txt`, media_type: 'text/plain', blob, bytes };
  const content = ['text', 'audio'].map((kind) => ({
    id: randomUUID(),
    owner_id,
    kind,
    title: marker,
    ...file,
  }));
  const jobs = STATUSES.map((status) => ({
    ...{ id: randomUUID(), owner_id, type: 'transcribe', title: marker, status, estimated_time: 10 },
    input: { source_id: content[1]!.id },
    result: status === 'completed' ? { title: marker } : undefined,
    finished_at: status === 'queued' ? undefined : new Date(),
  }));
  const artifacts = ['transcript', 'summary', 'deck_spec'].map((kind) => ({
    ...{ id: randomUUID(), owner_id, job_id: jobs[1]!.id, kind, metadata: { marker }, ...file },
  }));

  const user = { id: owner_id, email: `${owner_id}@example.org`, tier: 'premium', name: marker };
  await db.users.create({ data: user });
  const sessions = await Promise.all([
    openSession(db, owner_id, { user_agent: marker, address: '192.0.2.7' }),
    openSession(db, owner_id, { user_agent: marker }),
  ]);

  async function restore(): Promise<void> {
    await db.content.createMany({ data: content, skipDuplicates: true });
    await db.jobs.deleteMany({ where: { owner_id } });
    await db.jobs.createMany({ data: jobs });
    await db.artifacts.createMany({ data: artifacts, skipDuplicates: true });
    await blobs.put(`The text of ${marker}.`);
    await db.sessions.updateMany({ where: { user_agent: marker }, data: { ended_at: null } });
  }
  await restore();

  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  return {
    ...{ user_id: owner_id, marker, restore, blobs: [blob] },
    ...{ content: ids(content), jobs: ids(jobs), artifacts: ids(artifacts) },
    sessions: sessions.map(({ session_id }) => session_id),
    async look() {
      const [where, orderBy] = [{ owner_id }, { id: 'asc' as const }];
      return Promise.all([
        db.users.findUnique({ where: { id: owner_id } }),
        db.content.findMany({ where, orderBy }),
        db.jobs.findMany({ where, orderBy }),
        db.artifacts.findMany({ where, orderBy }),
        db.sessions.findMany({ where: { user_id: owner_id }, orderBy }),
        blobs.size(blob),
      ]);
    },
  };
}
