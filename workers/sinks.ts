/** What workflows say outside of history, and who hears it. */
import type { InjectedSinks } from '@temporalio/worker';
import type { JobSinks } from '../domain/job';
import type { ChangePublisher } from '../store/changes';

/** A replay tells nothing new. */
export const jobSinks = ({ publish }: Pick<ChangePublisher, 'publish'>): InjectedSinks<JobSinks> => ({
  jobs: {
    changed: {
      fn: ({ workflowId }, revision) => publish({ job_id: workflowId, revision }),
      callDuringReplay: false,
    },
  },
});
