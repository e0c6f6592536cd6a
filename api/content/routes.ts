import { Router } from 'express';
import type { Db } from '../../prisma/client';
import { afterCursor, NEWEST_FIRST, pageSchema, toPage } from '../http/cursor';
import { ok } from '../http/envelope';
import { notFound } from '../http/errors';
import { userOf } from '../http/request-context';
import { route } from '../http/route';
import { idOf, parse } from '../http/validate';
import { takeIn, toContent } from './content';
import type { Limits } from './receive';
import { uploadFieldsSchema } from './schemas';

export function contentRoutes({ db, uploads }: { db: Db; uploads: Limits }): Router {
  const router = Router();

  route(router, '/uploads', {
    async post(req, res) {
      const { row } = await takeIn(req, { db, uploads, owner_id: userOf(res) }, uploadFieldsSchema);
      res.location(`/api/content/${row.id}`);
      ok(res, toContent(row), 201);
    },
  });

  route(router, '/', {
    async get(req, res) {
      const { limit, cursor } = parse(pageSchema, req.query);
      const where = { owner_id: userOf(res), ...afterCursor(cursor) };
      const rows = await db.content.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 });
      const { items, next_cursor } = toPage(rows, limit);
      ok(res, { items: items.map(toContent), next_cursor });
    },
  });

  route(router, '/:id', {
    async get(req, res) {
      const row = await db.content.findFirst({ where: { id: idOf(req, 'content'), owner_id: userOf(res) } });
      if (!row) throw notFound('content');
      ok(res, toContent(row));
    },
  });

  return router;
}
