/** `npm run role -- EMAIL student|teacher|admin`: what an account may do. The first admin is made so. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { sessionKey, userKey } from '../api/auth/principals';
import { loadConfig, type Config } from '../config';
import { connectDb, type Db } from '../prisma/client';
import { readHolder } from '../stack/record';
import { createCache } from '../store/cache';

const USAGE = 'npm run role -- EMAIL student|teacher|admin';

const argumentsSchema = z.tuple([z.string().trim().toLowerCase(), z.enum(['student', 'teacher', 'admin'])]);

/** Those of the configuration, else those of the stack that runs on the data folder. */
function urlsOf({ urls, data_dir }: Config): { database: string; redis?: string } {
  const running = readHolder(path.join(data_dir, 'run', 'stack.json'))?.urls;
  const [database, redis] = [urls.database ?? running?.['database'], urls.redis ?? running?.['redis']];
  if (!database) throw new Error('No database is known: start the stack (npm start), or set DATABASE_URL');
  return { database, redis };
}

/** What caches hold of the account and its sessions, for which the role is another now. */
async function setRole(db: Db, email: string, role: string): Promise<string[]> {
  const found = await db.users.findUnique({
    where: { email },
    include: { sessions: { select: { id: true } } },
  });
  if (!found) throw new Error(`There is no account ${email}: register it first (POST /api/auth/register)`);
  const event = { id: randomUUID(), kind: 'role_changed', user_id: found.id, actor: 'operator' };
  await db.$transaction([
    db.users.update({ where: { id: found.id }, data: { role } }),
    db.security_events.create({ data: { ...event, details: { from: found.role, to: role } } }),
  ]);
  return [userKey(found.id), ...found.sessions.map(({ id }) => sessionKey(id))];
}

async function main(): Promise<void> {
  const parsed = argumentsSchema.safeParse(process.argv.slice(2));
  if (!parsed.success) throw new Error(USAGE);
  const [email, role] = parsed.data;
  const urls = urlsOf(loadConfig());
  const [db, cache] = [connectDb(urls.database), createCache({ url: urls.redis })];
  try {
    await cache.drop(...(await setRole(db, email, role)));
    // What Redis did not take at once is sent again, twice a second.
    await sleep(1_000);
    console.log(`${email} is ${role} now`);
  } finally {
    cache.close();
    await db.$disconnect();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
