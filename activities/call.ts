/** What an activity knows of its own execution, as the parts it hands on. */
import { Context } from '@temporalio/activity';
import type { OnceCall } from './once';

/** The signal that aborts on cancel, and the name under which this activity (in all its attempts) holds a lease. */
export function currentCall(): OnceCall {
  const { info, cancellationSignal } = Context.current();
  const { workflowExecution, activityId } = info;
  return { holder: `${workflowExecution?.runId}:${activityId}`, signal: cancellationSignal };
}
