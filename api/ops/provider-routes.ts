import { z } from 'zod';
import { afterCursor, NEWEST_FIRST, pageOf, pageSchema, toPage } from '../http/cursor';
import { effectIdOf } from '../http/idempotency';
import { endpoint, UNCHANGED, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { userOf } from '../http/principal';
import { accepted, ACCEPTED } from '../jobs/accepted';
import type { JobStarter } from '../jobs/start';
import { providerName, setControl, settingSchema, type ControlDeps } from './control';
import { controlSchema, listProviders, providerSchema, toControl } from './providers';

export interface ProviderRouteDeps extends ControlDeps {
  readonly starter: JobStarter;
}

const eventSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  provider: z.string(),
  capability: z.string().nullable(),
  worker: z.string().nullable(),
  actor: z.uuid().nullable(),
  reason: z.string().nullable(),
  created_at: z.iso.datetime(),
});

const preflightSchema = z.object({
  providers: z
    .array(providerName)
    .min(1)
    .max(50)
    .optional()
    .describe('Only these; all that are configured when absent'),
});

/** For operators. Every change has a reason and an author. */
export function providerRoutes(deps: ProviderRouteDeps): Routes {
  const { db, starter } = deps;

  const list = endpoint({
    summary: 'Every provider: what it lacks, how it is, what was set for it, what it cost this month',
    rule: ['provider', 'read'],
    answers: {
      200: { description: 'By capability', data: z.object({ providers: z.array(providerSchema) }) },
      ...UNCHANGED,
    },
    async handle({ res }) {
      ok(res, { providers: await listProviders(db) });
    },
  });

  const control = endpoint({
    summary: 'Pause or resume a provider, or limit its rate, in the whole fleet',
    rule: ['provider', 'control'],
    body: settingSchema,
    refuses: [404, 409],
    answers: { 200: { description: 'What holds from now on', data: controlSchema } },
    async handle({ req, res, body }) {
      const set = { ...body, provider: String(req.params['provider']), actor: userOf(res) };
      ok(res, toControl(await setControl(deps, set)));
    },
  });

  const events = endpoint({
    summary: 'What happened to providers, newest first: circuits, pauses, rates',
    rule: ['provider', 'read'],
    query: pageSchema.extend({ provider: providerName.optional() }),
    answers: { 200: { description: 'A page', data: pageOf(eventSchema) }, ...UNCHANGED },
    async handle({ res, query: { limit, cursor, provider } }) {
      const where = { provider, ...afterCursor(cursor) };
      const rows = await db.provider_events.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 });
      const { items, next_cursor } = toPage(rows, limit);
      const shown = items.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
      ok(res, { items: shown, next_cursor });
    },
  });

  const preflight = endpoint({
    summary: 'Ask every provider something small: keys, access to models, voices, vectors',
    rule: ['provider', 'control'],
    body: preflightSchema,
    answers: ACCEPTED,
    async handle({ res, body: input }) {
      const job = {
        id: effectIdOf(res),
        owner_id: userOf(res),
        type: 'preflight',
        input,
        under: [],
      } as const;
      accepted(res, await starter.start(job));
    },
  });

  return {
    '/providers': { get: list },
    '/providers/:provider': { patch: control },
    '/provider-events': { get: events },
    '/preflight': { post: preflight },
  };
}
