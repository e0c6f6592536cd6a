/** People who have used the platform: each with sources, finished jobs and several sessions. */
import { inPool } from '../workflows/pool';
import { openAccounts, type Account } from './accounts';
import { hasEnded, type Client, type JobView } from './client';
import type { Platform } from './platform';

const SOURCES = 10;
/** The database's connections are as many. */
const AT_ONCE = 10;

export interface Learner {
  readonly account: Account;
  readonly sources: string[];
  /** Finished. */
  readonly jobs: string[];
  readonly artifacts: string[];
  /** Beside the one in use. */
  readonly sessions: string[];
  refresh_token: string;
}

/** Some hundred bytes, never the same twice. */
export const note = (name: string): Buffer =>
  Buffer.from(
    `The notes of ${name}.\n\n${'Water takes up heat slowly and gives it back slowly. '.repeat(8)}\n`,
  );

/** The same sentence from everybody, so that the work is done once and each has a job and an artifact of it. */
async function finishedJob(client: Client): Promise<JobView> {
  const id = await client.start('voiceover', { text: 'This sentence is spoken.' });
  for (;;) {
    const job = await client.call<JobView>(200, `/api/jobs/${id}?wait=20`);
    if (hasEnded(job)) return job;
  }
}

const times = <Item>(count: number, one: (at: number) => Promise<Item>): Promise<Item[]> =>
  inPool([...Array(count).keys()], 1, one);

interface Sessions {
  readonly items: readonly { readonly id: string; readonly current: boolean }[];
}

async function furnish(account: Account, spares: number): Promise<Learner> {
  const sources = await times(SOURCES, (at) => account.upload(note(`lesson ${at}`), `lesson-${at}.txt`));
  const jobs = await times(spares, () => finishedJob(account));
  await times(spares, () => account.login());
  const { items } = await account.call<Sessions>(200, '/api/auth/sessions');
  return {
    ...{ account, sources, refresh_token: account.tokens.refresh_token },
    jobs: jobs.map(({ job_id }) => job_id),
    artifacts: jobs.flatMap(({ artifacts }) => artifacts.map(({ id }) => id)),
    sessions: items.filter(({ current }) => !current).map(({ id }) => id),
  };
}

/** `spares`: jobs and sessions that can be taken away from each. */
export async function gather(platform: Platform, people: number, spares: number): Promise<Learner[]> {
  const accounts = await openAccounts(platform, people);
  return inPool(accounts, AT_ONCE, (account) => furnish(account, spares));
}
