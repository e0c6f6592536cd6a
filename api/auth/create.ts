/** Puts the parts of accounts and logins together. */
import type { Db } from '../../prisma/client';
import type { Buckets } from '../../store/buckets';
import type { Cache } from '../../store/cache';
import { createAudit } from './events';
import { createKeys } from './keys';
import { createLinks } from './links';
import { createMailer, type Deliver, type Mail } from './mail';
import { createPrincipals, type Principals, type ServiceToken } from './principals';
import type { AuthDeps } from './routes';
import { createThrottle } from './throttle';
import { createTokens } from './tokens';

interface Parts {
  readonly db: Db;
  readonly cache: Cache;
  readonly buckets: Buckets;
  readonly services: readonly ServiceToken[];
  readonly deliver?: Deliver;
  readonly showMail: (mail: Mail) => void;
  readonly onMailError: (error: unknown) => void;
}

export function createAuth(parts: Parts): { auth: AuthDeps; principals: Principals } {
  const { db, cache, buckets, services, deliver, showMail: show, onMailError: onError } = parts;
  const tokens = createTokens(createKeys(db));
  const auth: AuthDeps = {
    ...{ db, cache, tokens, links: createLinks(db, tokens), audit: createAudit(db) },
    mailer: createMailer({ db, deliver, show, onError }),
    throttle: createThrottle(buckets),
  };
  return { auth, principals: createPrincipals({ db, cache, tokens, services }) };
}
