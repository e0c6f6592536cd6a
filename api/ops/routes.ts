import type { Response } from 'express';
import { z } from 'zod';
import { endpoint, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { HttpError } from '../http/errors';
import { checkHealth, healthSchema, isReady, type HealthDeps } from './health';

const rule = ['health', 'read'] as const;

const now = (res: Response): Response => res.set('Cache-Control', 'no-store');

const down = (message: string, details: { hint: string; [more: string]: unknown }) =>
  new HttpError(503, 'DOWN', message, { ...details, retry_after_s: 5 });

/** `/live` and `/ready` are what an orchestrator asks: restart it? send it requests? */
export const healthRoutes = (deps: HealthDeps): Routes => ({
  '/': {
    get: endpoint({
      ...{ summary: 'What is up, what is down, what each engine lacks', rule },
      answers: { 200: { description: 'Requests can be served', data: healthSchema } },
      async handle({ res }) {
        const health = await checkHealth(deps);
        if (health.status !== 'down') return ok(now(res), health);
        const hint = 'dependencies says what is down and why';
        throw down('A vital dependency is down', { hint, ...health });
      },
    }),
  },

  '/live': {
    get: endpoint({
      ...{ summary: 'This process runs', rule },
      answers: { 200: { description: 'It does', data: z.object({ live: z.literal(true) }) } },
      handle: ({ res }) => ok(now(res), { live: true }),
    }),
  },

  '/ready': {
    get: endpoint({
      ...{ summary: 'This process can serve requests', rule },
      answers: { 200: { description: 'It can', data: z.object({ ready: z.literal(true) }) } },
      async handle({ res }) {
        if (await isReady(deps)) return ok(now(res), { ready: true });
        throw down('Not ready', {
          hint: 'It ends, or cannot reach what it needs: GET /api/health says what',
        });
      },
    }),
  },
});
