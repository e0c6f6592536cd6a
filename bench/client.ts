/** A client of the API as a user would write one: keep-alive connections, the envelope, nothing else. */
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

export interface JobView {
  readonly job_id: string;
  readonly status: string;
  readonly phase: string | null;
  readonly progress: { readonly percent: number } | null;
  readonly error: { readonly message: string } | null;
  readonly result: object | null;
  readonly steps: readonly {
    readonly name: string;
    readonly started_at: string | null;
    readonly finished_at: string | null;
  }[];
  readonly created_at: string;
  readonly finished_at: string | null;
}

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly body?: object;
}

const FINAL = ['completed', 'completed_with_warnings', 'failed', 'cancelled'];
export const hasEnded = ({ status }: JobView): boolean => FINAL.includes(status);

/** Seconds from the row's writing to the record of the end, by the rows themselves: no poll is in it. */
export const wallS = ({ created_at, finished_at }: JobView): number =>
  (Date.parse(finished_at ?? '') - Date.parse(created_at)) / 1000;

export type Client = ReturnType<typeof createClient>;

/** As the service of this machine, which is not limited. */
export function createClient({ api: base, token }: { readonly api: string; readonly token: string }) {
  const agent = new http.Agent({ keepAlive: true });

  /** The status and the whole body. */
  async function send(
    route: string,
    { method = 'GET', body }: Sent = {},
  ): Promise<{ status: number; text: string }> {
    const data = body && Buffer.from(JSON.stringify(body));
    const headers = {
      authorization: `Bearer ${token}`,
      ...(data && { 'content-type': 'application/json', 'content-length': data.length }),
    };
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = http.request(new URL(route, base), { method, agent, headers }, resolve);
      request.on('error', reject).end(data);
    });
    return { status: response.statusCode ?? 0, text: await text(response) };
  }

  /** The envelope's data; anything but the expected status is an error. */
  async function call<Data>(status: number, route: string, sent: Sent = {}): Promise<Data> {
    const answer = await send(route, sent);
    if (answer.status !== status) throw new Error(`HTTP ${answer.status}: ${answer.text.slice(0, 200)}`);
    return (JSON.parse(answer.text) as { data: Data }).data;
  }

  const job = (id: string) => call<JobView>(200, `/api/jobs/${id}`);

  return {
    send,
    job,
    start: async (type: string, input: object): Promise<string> =>
      (await call<JobView>(202, '/api/jobs', { method: 'POST', body: { type, input } })).job_id,

    cancel: (id: string) => call<JobView>(202, `/api/jobs/${id}/cancel`, { method: 'POST' }),

    async upload(bytes: Uint8Array, name: string): Promise<string> {
      const form = new FormData();
      form.set('file', new Blob([Uint8Array.from(bytes)]), name);
      const answer = await fetch(new URL('/api/content/uploads', base), {
        ...{ method: 'POST', body: form, headers: { authorization: `Bearer ${token}` } },
      });
      const { data } = (await answer.json()) as { data: { id: string } };
      return data.id;
    },

    /** Looks every `everyMs` until the job is as wanted. */
    async until(
      id: string,
      wanted: (seen: JobView) => boolean,
      { everyMs = 500, withinS = 1_800 } = {},
    ): Promise<JobView> {
      const giveUpAt = Date.now() + withinS * 1000;
      for (;;) {
        const seen = await job(id);
        if (wanted(seen)) return seen;
        if (hasEnded(seen) || Date.now() > giveUpAt)
          throw new Error(
            `job ${id} is ${seen.status} (${seen.phase}): ${seen.error?.message ?? 'too slow'}`,
          );
        await sleep(everyMs);
      }
    },

    close: () => agent.destroy(),
  };
}

/** Runs a job to its end, which must be a good one. */
export async function runJob(client: Client, type: string, input: object): Promise<JobView> {
  const ended = await client.until(await client.start(type, input), hasEnded);
  if (!ended.status.startsWith('completed'))
    throw new Error(`${type} is ${ended.status}: ${ended.error?.message}`);
  return ended;
}
