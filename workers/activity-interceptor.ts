/** Around every activity: its beats, the count of a vendor's answers, and the engine's failures. */
import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { Budgets } from '../activities/budgets';
import { isVendorAnswer, toFailure, type RetryRules } from '../activities/failures';
import type { Attempted } from '../activities/index';
import { startBeating } from '../activities/heartbeat';
import { permanent } from '../activities/providers/error';
import type { Attempt, Ledger } from './ledger';

/** Part of every provider activity's input: whom to ask, and how often it has answered to earlier asks of the same work. */
interface ProviderInput {
  readonly provider?: string;
  readonly answers?: number;
}

export interface Around {
  readonly rules: RetryRules;
  readonly ledger: Ledger;
  readonly budgets: Budgets;
}

function attemptOf({ info }: Context): Attempt {
  const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
  const id = [workflowId, runId, info.activityId, info.attempt].join('/');
  return { job_id: workflowId, step: info.activityType, id };
}

/** No vendor is asked for what nobody may spend; it counts as its refusal, so that the next provider is asked. */
async function mayAsk(provider: string, job_id: string, budgets: Budgets): Promise<void> {
  const refusal = await budgets.refusal(job_id, provider);
  if (refusal)
    throw permanent(provider, { code: 'BUDGET_EXHAUSTED', what: refusal.reason, hint: refusal.cure });
}

export const activityInterceptor =
  ({ rules, ledger, budgets }: Around) =>
  (context: Context): { inbound: ActivityInboundCallsInterceptor } => ({
    inbound: {
      async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>) {
        const { beat, stop } = startBeating(context);
        const { provider, answers = 0 } = (input.args[0] ?? {}) as ProviderInput;
        beat.answers = Math.max(beat.answers, answers);
        const attempt = attemptOf(context);
        const elapsedS = () => (Date.now() - beat.first_started_at) / 1000;
        try {
          // Attempts that hang or take their worker down say nothing; those that fail end in time by themselves.
          if (elapsedS() > rules.stepTimeoutS + rules.maxDelayS) throw new Error('no attempt came to an end');
          const work = async () => {
            if (provider) await mayAsk(provider, attempt.job_id, budgets);
            return next(input);
          };
          const result = (await ledger.keep(attempt, work)) as object | undefined;
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
