import { endpoint, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { HttpError } from '../http/errors';
import { checkHealth, healthSchema, type HealthDeps } from './health';

export const healthRoutes = (deps: HealthDeps): Routes => ({
  '/': {
    get: endpoint({
      summary: 'What is up, what is down, what each engine lacks',
      rule: ['health', 'read'],
      answers: { 200: { description: 'Requests can be served', data: healthSchema } },
      async handle({ res }) {
        const health = await checkHealth(deps);
        res.set('Cache-Control', 'no-store');
        if (health.status !== 'down') return ok(res, health);
        const hint = 'dependencies says what is down and why';
        throw new HttpError(503, 'DOWN', 'A vital dependency is down', { hint, ...health, retry_after_s: 5 });
      },
    }),
  },
});
