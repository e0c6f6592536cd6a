/** Around every activity: its beats, the count of a vendor's answers, and the engine's failures. */
import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { isVendorAnswer, toFailure, type RetryRules } from '../activities/failures';
import type { Attempted } from '../activities/index';
import { startBeating } from '../activities/heartbeat';
import type { Attempt, Ledger } from './ledger';

/** Answers that earlier asks of the same piece of work have had; part of every provider activity's input. */
interface CountedInput {
  readonly answers?: number;
}

export interface Around {
  readonly rules: RetryRules;
  readonly ledger: Ledger;
}

function attemptOf({ info }: Context): Attempt {
  const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
  const id = [workflowId, runId, info.activityId, info.attempt].join('/');
  return { job_id: workflowId, step: info.activityType, id };
}

export const activityInterceptor =
  ({ rules, ledger }: Around) =>
  (context: Context): { inbound: ActivityInboundCallsInterceptor } => ({
    inbound: {
      async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>) {
        const { beat, stop } = startBeating(context);
        const { answers = 0 } = (input.args[0] ?? {}) as CountedInput;
        beat.answers = Math.max(beat.answers, answers);
        const attempt = attemptOf(context);
        const elapsedS = () => (Date.now() - beat.first_started_at) / 1000;
        try {
          // Attempts that hang or take their worker down say nothing; those that fail end in time by themselves.
          if (elapsedS() > rules.stepTimeoutS + rules.maxDelayS) throw new Error('no attempt came to an end');
          const result = (await ledger.keep(attempt, () => next(input))) as object | undefined;
          return { ...result, attempts: context.info.attempt } satisfies Attempted;
        } catch (error) {
          const answersBefore = beat.answers;
          if (isVendorAnswer(error)) {
            beat.answers += 1;
            if (context.info.heartbeatTimeoutMs) context.heartbeat({ ...beat });
          }
          throw toFailure(error, {
            answersBefore,
            elapsedS: elapsedS(),
            cancelled: context.cancellationSignal.aborted,
            rules,
            random: Math.random,
          });
        } finally {
          stop();
        }
      },
    },
  });
