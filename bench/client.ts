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
  readonly artifacts: readonly { readonly id: string }[];
  readonly steps: readonly {
    readonly name: string;
    readonly started_at: string | null;
    readonly finished_at: string | null;
  }[];
  readonly created_at: string;
  readonly finished_at: string | null;
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Is sent as JSON. */
  readonly body?: object;
  /** Is sent as a multipart form. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Caller {
  readonly api: string;
  /** A stranger has none. */
  readonly token?: string;
  /** Of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Several callers may share their connections, as behind a proxy. */
  readonly agent?: http.Agent;
}

const FINAL = ['completed', 'completed_with_warnings', 'failed', 'cancelled'];
export const hasEnded = ({ status }: JobView): boolean => FINAL.includes(status);

/** Seconds from the row's writing to the record of the end, by the rows themselves: no poll is in it. */
export const wallS = ({ created_at, finished_at }: JobView): number =>
  (Date.parse(finished_at ?? '') - Date.parse(created_at)) / 1000;

const keptAlive = () => new http.Agent({ keepAlive: true });

export type Client = ReturnType<typeof createClient>;

/** The bytes of a body and the type that they have. */
async function encoded({ body, form }: Sent): Promise<{ data?: Buffer; type?: string }> {
  if (body) return { data: Buffer.from(JSON.stringify(body)), type: 'application/json' };
  if (!form) return {};
  const request = new Response(form);
  return {
    data: Buffer.from(await request.arrayBuffer()),
    type: request.headers.get('content-type') ?? '',
  };
}

export const formOf = (bytes: Uint8Array, name: string): FormData => {
  const form = new FormData();
  form.set('file', new Blob([Uint8Array.from(bytes)]), name);
  return form;
};

function createSender({ api: base, token, headers: own, agent = keptAlive() }: Caller) {
  async function open(route: string, sent: Sent = {}): Promise<http.IncomingMessage> {
    const { data, type } = await encoded(sent);
    const headers = {
      ...own,
      ...sent.headers,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(data && { 'content-type': type, 'content-length': data.length }),
    };
    return new Promise((resolve, reject) => {
      const options = { method: sent.method ?? 'GET', agent, headers };
      const request = http.request(new URL(route, base), options, resolve);
      request.on('error', reject).end(data);
    });
  }

  /** The status and the whole body. */
  async function send(route: string, sent?: Sent): Promise<{ status: number; text: string }> {
    const response = await open(route, sent);
    return { status: response.statusCode ?? 0, text: await text(response) };
  }

  /** The envelope's data; anything but the expected status is an error. */
  async function call<Data>(status: number, route: string, sent: Sent = {}): Promise<Data> {
    const answer = await send(route, sent);
    if (answer.status !== status) throw new Error(`HTTP ${answer.status}: ${answer.text.slice(0, 200)}`);
    return answer.text === '' ? (undefined as Data) : (JSON.parse(answer.text) as { data: Data }).data;
  }

  return { open, send, call, close: () => agent.destroy() };
}

/** With the token of this machine's service, which is not limited, or as whoever a token belongs to. */
export function createClient(caller: Caller) {
  const { open, send, call, close } = createSender(caller);
  const job = (id: string) => call<JobView>(200, `/api/jobs/${id}`);

  return {
    ...{ send, call, job, close },
    start: async (type: string, input: object): Promise<string> =>
      (await call<JobView>(202, '/api/jobs', { method: 'POST', body: { type, input } })).job_id,

    cancel: (id: string) => call<JobView>(202, `/api/jobs/${id}/cancel`, { method: 'POST' }),

    async upload(bytes: Uint8Array, name: string): Promise<string> {
      const sent: Sent = { method: 'POST', form: formOf(bytes, name) };
      return (await call<{ id: string }>(201, '/api/content/uploads', sent)).id;
    },

    /** What a job's event stream says until the client hangs up. */
    async listen(id: string, forMs: number): Promise<string> {
      const response = await open(`/api/jobs/${id}/events`);
      let said = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
      await sleep(forMs);
      if (response.complete) throw new Error(`the events ended: HTTP ${response.statusCode} ${said}`);
      response.destroy();
      return said;
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
  };
}

/** Runs a job to its end, which must be a good one. */
export async function runJob(client: Client, type: string, input: object): Promise<JobView> {
  const ended = await client.until(await client.start(type, input), hasEnded);
  if (!ended.status.startsWith('completed'))
    throw new Error(`${type} is ${ended.status}: ${ended.error?.message}`);
  return ended;
}
