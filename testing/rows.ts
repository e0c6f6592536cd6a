/** Rows and calls that tests of activities begin with. */
import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { World } from './world';

/** What an activity knows of its execution; its expected failures are no news. */
export const activityEnvironment = (
  info: ConstructorParameters<typeof MockActivityEnvironment>[0] = {},
): MockActivityEnvironment =>
  new MockActivityEnvironment({ activityId: randomUUID(), ...info }, { logger: new DefaultLogger('ERROR') });

/** Runs one activity as a worker would, without Temporal. */
export const runActivity = <Input, Result>(
  activity: (input: Input) => Promise<Result>,
  input: Input,
  environment = activityEnvironment(),
): Promise<Result> => environment.run<[Input], Result, typeof activity>(activity, input);

export async function newJob({ db, owner_id }: World, type = 'transcribe'): Promise<string> {
  const id = randomUUID();
  const row = { id, owner_id, type, title: 'A job', input: {}, status: 'queued', estimated_time: 10 };
  await db.jobs.create({ data: row });
  return id;
}

export async function newSource(
  { db, blobs, owner_id }: World,
  data: Uint8Array | string,
  over: { kind?: string; language?: string } = {},
): Promise<string> {
  const { sha256, bytes } = await blobs.put(data);
  const id = randomUUID();
  const facts = { kind: 'audio', title: 'A lecture', file_name: 'lecture.mp3', media_type: 'audio/mpeg' };
  await db.content.create({ data: { id, owner_id, ...facts, blob: sha256, bytes, ...over } });
  return id;
}
