import type { RequestHandler, Router } from 'express';
import { HttpError } from './errors';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Methods = Partial<Record<Method, RequestHandler>>;

/** HEAD comes with GET. */
const allowed = (methods: Methods): string =>
  [
    ...Object.keys(methods).map((method) => (method === 'get' ? 'GET, HEAD' : method.toUpperCase())),
    'OPTIONS',
  ].join(', ');

/** A path with all its methods; any other one is answered with 405 and the list of these. */
export function route(router: Router, path: string, methods: Methods): void {
  const allow = allowed(methods);
  const at = router.route(path);
  for (const [method, handler] of Object.entries(methods) as [Method, RequestHandler][]) at[method](handler);
  at.all((req, res) => {
    res.set('Allow', allow);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    throw new HttpError(405, 'METHOD_NOT_ALLOWED', `${req.method} is not possible here`, {
      hint: `Use one of: ${allow}`,
    });
  });
}
