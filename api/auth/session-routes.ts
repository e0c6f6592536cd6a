/** Where a user is logged in, and how to end that. */
import { pageOf, afterCursor, NEWEST_FIRST, pageSchema, toPage } from '../http/cursor';
import { endpoint, noContent, UNCHANGED, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { notFound } from '../http/errors';
import { userOf } from '../http/principal';
import { idOf } from '../http/validate';
import { closeSessions, type AccountDeps } from './accounts';
import { sessionSchema } from './schemas';

type Row = Awaited<ReturnType<AccountDeps['db']['sessions']['findFirstOrThrow']>>;

const toSession = (row: Row, current: string | undefined) => ({
  ...{ id: row.id, current: row.id === current, user_agent: row.user_agent, address: row.address },
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at.toISOString(),
  expires_at: row.expires_at.toISOString(),
});

export const sessionRoutes = (deps: AccountDeps): Routes => ({
  '/logout-all': { post: logoutAll(deps) },
  '/sessions': { get: listSessions(deps) },
  '/sessions/:id': { delete: endSession(deps) },
});

const logoutAll = (deps: AccountDeps) =>
  noContent({
    summary: 'End every session of yours, this one too',
    rule: ['session', 'end'],
    async handle({ req, res }) {
      const user_id = userOf(res);
      const ended = await closeSessions(deps, { user_id }, 'logout_all');
      await deps.audit('logged_out', req, { user_id, details: { sessions: String(ended) } });
    },
  });

const listSessions = ({ db }: AccountDeps) =>
  endpoint({
    summary: 'Where you are logged in, newest first',
    rule: ['session', 'list'],
    query: pageSchema,
    answers: { 200: { description: 'A page', data: pageOf(sessionSchema) }, ...UNCHANGED },
    async handle({ res, who, query: { limit, cursor } }) {
      const open = { user_id: userOf(res), ended_at: null, expires_at: { gt: new Date() } };
      const where = { ...open, ...afterCursor(cursor) };
      const rows = await db.sessions.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 });
      const { items, next_cursor } = toPage(rows, limit);
      ok(res, { items: items.map((row) => toSession(row, who.session_id)), next_cursor });
    },
  });

const endSession = (deps: AccountDeps) =>
  noContent({
    summary: 'End one of your sessions',
    rule: ['session', 'end'],
    async handle({ req, res }) {
      const id = idOf(req, 'session');
      const user_id = userOf(res);
      const ended = await closeSessions(deps, { user_id, id }, 'ended');
      if (ended === 0) throw notFound('session');
      await deps.audit('session_ended', req, { user_id, details: { session_id: id } });
    },
  });
