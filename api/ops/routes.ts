import { Router } from 'express';
import { ok } from '../http/envelope';
import { HttpError } from '../http/errors';
import { route } from '../http/route';
import { checkHealth, type HealthDeps } from './health';

export function healthRoutes(deps: HealthDeps): Router {
  const router = Router();
  route(router, '/', {
    async get(_req, res) {
      const health = await checkHealth(deps);
      res.set('Cache-Control', 'no-store');
      if (health.status !== 'down') return ok(res, health);
      const hint = 'dependencies says what is down and why';
      throw new HttpError(503, 'DOWN', 'A vital dependency is down', { hint, ...health, retry_after_s: 5 });
    },
  });
  return router;
}
