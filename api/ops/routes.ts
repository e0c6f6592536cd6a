import { Router } from 'express';
import type { Db } from '../../prisma/client';
import { ok } from '../http/envelope';
import { checkHealth, type Probe } from './health';

export function healthRoutes({ db, probes }: { db: Db; probes: Readonly<Record<string, Probe>> }): Router {
  const router = Router();
  router.get('/', async (_req, res) => {
    const health = await checkHealth(db, probes);
    res.set('Cache-Control', 'no-store');
    ok(res, health, health.status === 'down' ? 503 : 200);
  });
  return router;
}
