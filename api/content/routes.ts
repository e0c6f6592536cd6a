import { Router } from 'express';
import type { Db } from '../../prisma/client';
import { afterCursor, NEWEST_FIRST, pageSchema, toPage } from '../http/cursor';
import { ok } from '../http/envelope';
import { notFound } from '../http/errors';
import { userOf } from '../http/request-context';
import { idOf, parse } from '../http/validate';
import { saveContent, toContent } from './content';
import { receiveUpload, type Limits } from './receive';

export function contentRoutes({ db, uploads }: { db: Db; uploads: Limits }): Router {
  const router = Router();

  router.post('/uploads', async (req, res) => {
    const row = await saveContent(db, userOf(res), await receiveUpload(req, uploads));
    res.location(`/api/content/${row.id}`);
    ok(res, toContent(row), 201);
  });

  router.get('/', async (req, res) => {
    const { limit, cursor } = parse(pageSchema, req.query);
    const where = { owner_id: userOf(res), ...afterCursor(cursor) };
    const rows = await db.content.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 });
    const { items, next_cursor } = toPage(rows, limit);
    ok(res, { items: items.map(toContent), next_cursor });
  });

  router.get('/:id', async (req, res) => {
    const row = await db.content.findFirst({ where: { id: idOf(req, 'content'), owner_id: userOf(res) } });
    if (!row) throw notFound('content');
    ok(res, toContent(row));
  });

  return router;
}
