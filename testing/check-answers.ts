/** Holds every answer of a mounted app against what its endpoint declares. */
import type { RequestListener, ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Endpoint } from '../api/http/endpoint';

const metaSchema = z.strictObject({ timestamp: z.iso.datetime(), request_id: z.string().min(1) });

const failureSchema = z.strictObject({
  success: z.literal(false),
  error: z.strictObject({
    code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    message: z.string().min(1),
    details: z.looseObject({ hint: z.string().min(1) }),
  }),
  meta: metaSchema,
});

const isJson = (res: ServerResponse): boolean => String(res.getHeader('content-type')).includes('json');

const problemsOf = ({ error }: z.ZodSafeParseResult<unknown>): string | undefined =>
  error && z.prettifyError(error);

/** What does not fit; undefined when all does. */
function misfit(endpoint: Endpoint | undefined, status: number, body: unknown): string | undefined {
  if (status >= 400) return problemsOf(failureSchema.safeParse(body));
  const data = endpoint?.answers[status]?.data;
  if (!data) return `${status} with JSON is not declared`;
  const parsed = z.strictObject({ success: z.literal(true), data, meta: metaSchema }).safeParse(body);
  if (!parsed.success) return problemsOf(parsed);
  return isDeepStrictEqual(parsed.data, body) ? undefined : 'the answer holds more than is declared';
}

/** An answer that is given again has the first one's content, and 200. */
const firstStatus = (endpoint: Endpoint | undefined): number =>
  Number(Object.keys(endpoint?.answers ?? {})[0]);

function problemOf(res: ServerResponse, chunk: unknown): string | undefined {
  const { endpoint } = (res as unknown as { locals: { endpoint?: Endpoint } }).locals;
  const status = res.hasHeader('idempotency-replayed') ? firstStatus(endpoint) : res.statusCode;
  const declared = endpoint?.answers[status];
  if (declared?.media_type !== undefined) return undefined;
  const text = typeof chunk === 'string' || Buffer.isBuffer(chunk) ? String(chunk) : '';
  if (text && isJson(res)) return misfit(endpoint, status, JSON.parse(text));
  // HEAD and OPTIONS have no body, and are Express's and CORS's.
  return declared || ['HEAD', 'OPTIONS'].includes(res.req.method ?? '')
    ? undefined
    : `${status} is not declared`;
}

/** `tell` hears of each answer that is not as declared. */
export const checkAnswers =
  (app: RequestListener, tell: (problem: Error) => void): RequestListener =>
  (req, res) => {
    const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse;
    const checked = (...args: unknown[]) => {
      const problem = problemOf(res, args[0]);
      if (problem) tell(new Error(`${req.method} ${req.url}: ${problem}`));
      return end(...args);
    };
    res.end = checked as typeof res.end;
    app(req, res);
  };
