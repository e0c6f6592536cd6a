/** Puts declared routes on an app: the rule, then the input, then the handler; other methods are 405. */
import type { Express, RequestHandler } from 'express';
import { isAllowed } from '../../domain/access';
import { answersIn } from './accept';
import { pathOf, type Endpoint, type Method, type Mounts } from './endpoint';
import { tellDeprecated } from './deprecation';
import { HttpError } from './errors';
import { principalOf, unauthorized } from './principal';
import { parse, parseBody } from './validate';

/** 401 where an account would help, 403 where it would not. */
const admit = (endpoint: Endpoint): RequestHandler =>
  function admitMiddleware(_req, res, next) {
    res.locals['endpoint'] = endpoint;
    if (endpoint.deprecated) tellDeprecated(res, endpoint.deprecated);
    const { role } = principalOf(res);
    if (isAllowed(role, endpoint.rule)) return next();
    if (role === 'anonymous') throw unauthorized();
    throw new HttpError(403, 'FORBIDDEN', `A ${role} may not do this`, {
      hint: `${endpoint.rule.join(':')} is for others; GET /api/auth/me says who you are`,
    });
  };

/** `?wait=` says as little as no `wait`. */
const givenIn = (query: object): object =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));

const run = (endpoint: Endpoint): RequestHandler =>
  async function runEndpoint(req, res) {
    const query = endpoint.query && parse(endpoint.query, givenIn(req.query));
    const body =
      endpoint.body && (endpoint.form ? parse(endpoint.body, req.body) : parseBody(endpoint.body, req));
    await endpoint.handle({ req, res, who: principalOf(res), query, body });
  };

const nameOf = (method: Method): string => (method === 'get' ? 'GET, HEAD' : method.toUpperCase());

const otherMethods = (methods: readonly Method[]): RequestHandler => {
  const allow = [...new Set([...methods.map(nameOf), 'OPTIONS'])].join(', ');
  return (req, res) => {
    res.set('Allow', allow);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    throw new HttpError(405, 'METHOD_NOT_ALLOWED', `${req.method} is not possible here`, {
      hint: `Use one of: ${allow}`,
    });
  };
};

/** `around` runs between the rule and the handler, for example what replays repeated requests. */
export function mount(
  app: Express,
  mounts: Mounts,
  around: (endpoint: Endpoint, method: Method) => readonly RequestHandler[] = () => [],
): void {
  for (const [base, routes] of Object.entries(mounts)) {
    for (const [path, methods] of Object.entries(routes)) {
      const at = app.route(pathOf(base, path));
      const declared = Object.entries(methods) as [Method, Endpoint][];
      for (const [method, endpoint] of declared)
        at[method](answersIn(endpoint), admit(endpoint), ...around(endpoint, method), run(endpoint));
      at.all(otherMethods(declared.map(([method]) => method)));
    }
  }
}
