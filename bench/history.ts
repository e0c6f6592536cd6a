/** What Temporal's history says of a job: the platform's own part, whatever else the machine does. */
import { Client, Connection } from '@temporalio/client';

type Stretch = readonly [from: number, to: number];

/** How much of `whole` none of the stretches covers. */
export function uncovered(stretches: readonly Stretch[], [begin, end]: Stretch): number {
  let covered = 0;
  let reached = begin;
  for (const [from, to] of [...stretches].sort((a, b) => a[0] - b[0])) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return end - begin - covered;
}

/** Seconds of a finished job in which no activity was under way: what the engine takes to go from one to the next. */
export async function idleSeconds(address: string, job_id: string): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const { events } = await new Client({ connection }).workflow.getHandle(job_id).fetchHistory();
    const at = (event: NonNullable<typeof events>[number] | undefined) =>
      Number(event?.eventTime?.seconds ?? 0) + (event?.eventTime?.nanos ?? 0) / 1e9;
    const startedAt = new Map<string, number>();
    const stretches: Stretch[] = [];
    for (const event of events ?? []) {
      const started = event.activityTaskStartedEventAttributes;
      if (started) startedAt.set(String(started.scheduledEventId), at(event));
      const done = event.activityTaskCompletedEventAttributes;
      if (done) stretches.push([startedAt.get(String(done.scheduledEventId)) ?? at(event), at(event)]);
    }
    return uncovered(stretches, [at(events?.[0]), at(events?.at(-1))]);
  } finally {
    await connection.close();
  }
}
