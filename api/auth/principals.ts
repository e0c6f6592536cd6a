/** From a bearer token to who asks: a user by a session's access token, or a service by its own. */
import { randomUUID, timingSafeEqual, createHash } from 'node:crypto';
import { z } from 'zod';
import { roles, tiers } from '../../domain/access';
import type { Db } from '../../prisma/client';
import type { Cache } from '../../store/cache';
import type { Principal } from '../http/principal';
import type { Tokens } from './tokens';

/** Seconds; a session that ends is dropped from the cache at once. */
const CACHED_S = 3_600;

const openSessionSchema = z.object({ user_id: z.uuid(), role: z.enum(roles), tier: z.enum(tiers) });

type OpenSession = z.output<typeof openSessionSchema>;

export const sessionKey = (session_id: string): string => `session:${session_id}`;
/** What `GET /api/auth/me` shows. */
export const userKey = (user_id: string): string => `user:${user_id}`;

export interface ServiceToken {
  /** Of the service; several tokens of one name let it change them without a pause. */
  readonly name: string;
  readonly token: string;
}

interface Deps {
  readonly db: Db;
  readonly cache: Cache;
  readonly tokens: Tokens;
  readonly services: readonly ServiceToken[];
}

export interface Principals {
  /** Undefined where the token is not good, or no longer. */
  ofToken(token: string): Promise<Principal | undefined>;
  /** There is such a user, for whom a service may act. */
  isUser(user_id: string): Promise<boolean>;
}

export function createPrincipals({ db, cache, tokens, services }: Deps): Principals {
  const serviceUsers = new Map<string, Promise<string>>();
  const known = services.map(({ name, token }) => ({ name, digest: digestOf(token) }));

  function serviceOf(token: string): string | undefined {
    const digest = digestOf(token);
    // All of them are compared, in the same time whatever the token is.
    const found = known.filter((one) => timingSafeEqual(one.digest, digest));
    return found[0]?.name;
  }

  async function openSession(id: string): Promise<OpenSession | undefined> {
    const row = await db.sessions.findFirst({ where: { id, ended_at: null }, include: { user: true } });
    return row ? openSessionSchema.parse({ ...row.user, user_id: row.user_id }) : undefined;
  }

  /** What a service makes without acting for anybody is its own. */
  function userOfService(name: string): Promise<string> {
    const found = serviceUsers.get(name) ?? findOrMakeService(db, name);
    serviceUsers.set(name, found);
    found.catch(() => serviceUsers.delete(name));
    return found;
  }

  return {
    async ofToken(token) {
      const service = serviceOf(token);
      if (service !== undefined)
        return { user_id: await userOfService(service), role: 'service', tier: 'premium', service };
      const claims = await tokens.verify('access', token);
      if (!claims) return undefined;
      const session_id = claims.id;
      const session = await cache.read(sessionKey(session_id), CACHED_S, () => openSession(session_id));
      if (!session || session.user_id !== claims.user_id) return undefined;
      const { user_id, role, tier } = session;
      return { user_id, role, tier, session_id };
    },
    isUser: async (id) => (await db.users.count({ where: { id } })) > 0,
  };
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

async function findOrMakeService(db: Db, name: string): Promise<string> {
  // RFC 2606: a domain that can never receive mail.
  const email = `${name}@services.invalid`;
  const { id } = await db.users.upsert({
    ...{ where: { email }, update: { role: 'service' } },
    create: { id: randomUUID(), email, name, role: 'service' },
  });
  return id;
}
