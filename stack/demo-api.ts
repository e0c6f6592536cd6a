/** A client of the public API, written from its contract: fetch and the envelope. */
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const contentSchema = z.object({ id: z.string(), title: z.string() });
const acceptedSchema = z.object({ job_id: z.string(), estimated_time: z.number() });

const jobSchema = z.object({
  job_id: z.string(),
  status: z.string(),
  phase: z.string().nullable(),
  progress: z.object({ done: z.number(), total: z.number(), unit: z.string() }).nullable(),
  steps: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      attempts: z.number(),
      provider: z.string().nullable(),
      quality: z.string().nullable(),
      started_at: z.string().nullable(),
      finished_at: z.string().nullable(),
    }),
  ),
  result: z.record(z.string(), z.unknown()).nullable(),
  artifacts: z.array(z.object({ id: z.string(), kind: z.string(), bytes: z.number(), href: z.string() })),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), step: z.string().nullable() })),
});

const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.object({ hint: z.string().optional() }).optional(),
});

export type Job = z.output<typeof jobSchema>;
export type Step = Job['steps'][number];

/** The API said no, in its own words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor({ code, message, details }: z.output<typeof errorSchema>) {
    super(`${code}: ${message}${details?.hint ? `\n${details.hint}` : ''}`);
  }
}

export interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const envelopeSchema = z.object({ data: z.unknown().optional(), error: errorSchema.optional() });

async function open<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await answer.json().catch(() => undefined);
  const { data, error } = envelopeSchema.safeParse(body).data ?? {};
  if (error) throw new Refused(error);
  if (!answer.ok) throw new Error(`The API answered with HTTP ${answer.status}`);
  return schema.parse(data);
}

/** RFC 6266: the name that the server gives a file, without any folder. */
export function fileNameOf(disposition: string | null, otherwise: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  return plainName(encoded ? decodeURIComponent(encoded) : otherwise) || otherwise;
}

/** What every file system takes as a name. */
export const plainName = (text: string): string =>
  path
    .basename(text.replaceAll('\\', '/'))
    .replace(/[\u0000-\u001f<>:"|?*]/g, '')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 120);

export function demoApi(base: string, token: string) {
  const authorization = `Bearer ${token}`;
  const ask = (route: string, init: RequestInit = {}) =>
    fetch(new URL(route, base), { ...init, headers: { ...init.headers, authorization } });
  const post = (route: string, body: object) =>
    ask(route, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(body),
    });

  return {
    async upload(file: string, signal: AbortSignal) {
      const form = new FormData();
      form.set('file', await openAsBlob(file), path.basename(file));
      const answer = await ask('/api/content/uploads', { method: 'POST', body: form, signal });
      return open(answer, contentSchema);
    },
    /** Not to be broken off: a job that was accepted must be known, or nobody could cancel it. */
    start: async (type: string, input: object) =>
      open(await post('/api/jobs', { type, input }), acceptedSchema),
    /** The job at its end, or as it is after so many seconds. */
    job: async (id: string, wait_s: number, signal?: AbortSignal): Promise<Job> =>
      open(await ask(`/api/jobs/${id}?wait=${wait_s}`, { signal }), jobSchema),
    cancel: async (id: string) => open(await post(`/api/jobs/${id}/cancel`, {}), z.unknown()),
    async download(artifact: Job['artifacts'][number], signal: AbortSignal): Promise<File> {
      const answer = await ask(artifact.href, { signal });
      if (!answer.ok) return open(answer, z.never());
      const name = fileNameOf(answer.headers.get('content-disposition'), artifact.kind);
      return { name, bytes: new Uint8Array(await answer.arrayBuffer()) };
    },
  };
}

export type DemoApi = ReturnType<typeof demoApi>;
