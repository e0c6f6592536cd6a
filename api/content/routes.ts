import type { Db } from '../../prisma/client';
import type { Blobs } from '../../store/blobs';
import { afterCursor, NEWEST_FIRST, pageOf, pageSchema, toPage } from '../http/cursor';
import { endpoint, UNCHANGED, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { notFound } from '../http/errors';
import { effectIdOf } from '../http/idempotency';
import { userOf } from '../http/principal';
import { idOf } from '../http/validate';
import { saveContent, toContent } from './content';
import { uploadOf } from './receives';
import { contentSchema, uploadFieldsSchema } from './schemas';

export const contentRoutes = ({ db, blobs }: { db: Db; blobs: Blobs }): Routes => ({
  '/uploads': {
    post: endpoint({
      summary: 'Hand in a recording, a photo, a document or a text',
      rule: ['content', 'create'],
      form: true,
      body: uploadFieldsSchema,
      answers: { 201: { description: 'It is kept', data: contentSchema } },
      async handle({ res, body: fields }) {
        const saving = { db, blobs, owner_id: userOf(res), id: effectIdOf(res) };
        const row = await saveContent(saving, uploadOf(res), fields);
        res.location(`/api/content/${row.id}`);
        ok(res, toContent(row), 201);
      },
    }),
  },

  '/': {
    get: endpoint({
      summary: 'List what you handed in, newest first',
      rule: ['content', 'read'],
      query: pageSchema,
      answers: { 200: { description: 'A page', data: pageOf(contentSchema) }, ...UNCHANGED },
      async handle({ res, query: { limit, cursor } }) {
        const where = { owner_id: userOf(res), ...afterCursor(cursor) };
        const rows = await db.content.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 });
        const { items, next_cursor } = toPage(rows, limit);
        ok(res, { items: items.map(toContent), next_cursor });
      },
    }),
  },

  '/:id': {
    get: endpoint({
      summary: 'Facts about something you handed in',
      rule: ['content', 'read'],
      answers: { 200: { description: 'The facts', data: contentSchema }, ...UNCHANGED },
      async handle({ req, res }) {
        const where = { id: idOf(req, 'content'), owner_id: userOf(res) };
        const row = await db.content.findFirst({ where });
        if (!row) throw notFound('content');
        ok(res, toContent(row));
      },
    }),
  },
});
