/** Holds every request that succeeds, and every answer of a mounted app, against its OpenAPI document. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { mountsOf, type AppDeps } from '../api/app';
import { openApi, type OpenApi } from '../api/docs/openapi';
import { contractOf, type Contract } from './openapi-contract';

/** As it is served; routes are data, and need nothing to be described. */
export const apiDocument = (): OpenApi => {
  const document = openApi(mountsOf({ auth: {} } as AppDeps), { version: '0.0.0' });
  return JSON.parse(JSON.stringify(document)) as OpenApi;
};

let contract: Contract | undefined;

/** Seconds of compiling would be too much for a file that asks nothing. */
const getContract = (): Contract => (contract ??= contractOf(apiDocument()));

const textOf = (res: ServerResponse, chunk: unknown): string =>
  String(res.getHeader('content-type')).includes('json') &&
  (typeof chunk === 'string' || Buffer.isBuffer(chunk))
    ? String(chunk)
    : '';

function compare(req: IncomingMessage, res: ServerResponse, chunk: unknown): string[] {
  const { find, wrongInRequest, wrongInResponse } = getContract();
  const { method = '', headers } = req;
  const { originalUrl = '', body } = req as IncomingMessage & { originalUrl?: string; body?: unknown };
  const [path = '', query = ''] = originalUrl.split('?', 2);
  const found = find(method, path);
  const { statusCode: status } = res;
  const response = { status, headers: res.getHeaders(), text: textOf(res, chunk) };
  const isTaken = found !== undefined && status < 400;
  return [
    ...(isTaken ? wrongInRequest(found, { query, headers, body }) : []),
    ...wrongInResponse(found, response),
  ];
}

/** An answer leaves also when it cannot be compared. */
function problemsOf(...exchange: Parameters<typeof compare>): string[] {
  try {
    return compare(...exchange);
  } catch (error) {
    return [String(error)];
  }
}

/** `tell` hears of each exchange that is not as declared. */
export const checkContract =
  (app: RequestListener, tell: (problem: Error) => void): RequestListener =>
  (req, res) => {
    const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse;
    const checked = (...args: unknown[]) => {
      const problems = problemsOf(req, res, args[0]);
      const exchange = `${req.method} ${req.url} → ${res.statusCode}`;
      if (problems.length > 0) tell(new Error(`${exchange}: ${problems.join('; ')}`));
      return end(...args);
    };
    res.end = checked as typeof res.end;
    app(req, res);
  };
