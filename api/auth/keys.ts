/** The secrets that sign tokens: made when needed, replaced by age, known to every process through the database. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Db } from '../../prisma/client';

export interface Key {
  readonly kid: string;
  readonly secret: Uint8Array;
}

export interface Keys {
  /** The one that signs now. */
  signing(): Promise<Key>;
  /** The one that a token names, if it may still be believed. */
  named(kid: string): Promise<Key | undefined>;
  /** A new one signs from now on; tokens that are out stay good. */
  rotate(): Promise<Key>;
}

const DAY_MS = 24 * 3_600_000;
/** A key signs for so long … */
const SIGNS_MS = 30 * DAY_MS;
/** … and verifies for longer than any token lives. */
const VERIFIES_MS = SIGNS_MS + 2 * DAY_MS;
/** Another process may have made a newer one: looked for this often. */
const LOOK_MS = 60_000;
/** Tokens that name unknown keys cannot make us look more often than this. */
const STRANGE_MS = 1_000;
const SECRET_BYTES = 32;

interface Row {
  readonly kid: string;
  readonly secret: string;
  readonly created_at: Date;
}

export function createKeys(db: Db, now: () => number = Date.now): Keys {
  let rows: readonly Row[] = [];
  let lookedAt = -Infinity;

  async function look(olderThanMs: number): Promise<void> {
    if (now() - lookedAt < olderThanMs) return;
    const gte = new Date(now() - VERIFIES_MS);
    rows = await db.signing_keys.findMany({
      ...{ where: { created_at: { gte } }, orderBy: [{ created_at: 'desc' }, { kid: 'desc' }] },
    });
    lookedAt = now();
  }

  async function rotate(): Promise<Key> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const row = { kid: randomUUID(), secret, created_at: new Date(now()) };
    await db.signing_keys.create({ data: row });
    await db.signing_keys.deleteMany({ where: { created_at: { lt: new Date(now() - VERIFIES_MS) } } });
    rows = [row, ...rows];
    return toKey(row);
  }

  return {
    rotate,
    async signing() {
      await look(LOOK_MS);
      const [newest] = rows;
      return newest && now() - newest.created_at.getTime() < SIGNS_MS ? toKey(newest) : rotate();
    },
    async named(kid) {
      const find = () => rows.find((row) => row.kid === kid);
      if (!find()) await look(STRANGE_MS);
      const row = find();
      return row && now() - row.created_at.getTime() < VERIFIES_MS ? toKey(row) : undefined;
    },
  };
}

const toKey = ({ kid, secret }: Row): Key => ({ kid, secret: Buffer.from(secret, 'base64url') });
