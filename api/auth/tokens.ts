/** Signed tokens (JWT, RFC 7519): short-lived access tokens, and the links that are sent by mail. */
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Keys } from './keys';

export const ACCESS_S = 900;
const ISSUER = 'little-monster';
const ALGORITHM = 'HS256';

/** What a token is good for; one that is signed for another purpose is no good. */
export type Audience = 'access' | 'verify_email' | 'reset_password';

const claimsSchema = z.object({ sub: z.uuid(), jti: z.uuid() });

export interface Claims {
  readonly user_id: string;
  /** The session of an access token, the row of a link. */
  readonly id: string;
}

export interface Tokens {
  sign(audience: Audience, claims: Claims, lifetime_s: number): Promise<string>;
  /** Undefined for what is forged, expired or meant for something else. */
  verify(audience: Audience, token: string): Promise<Claims | undefined>;
}

export const createTokens = (keys: Keys): Tokens => ({
  async sign(audience, { user_id, id }, lifetime_s) {
    const { kid, secret } = await keys.signing();
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, kid })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(user_id)
      .setJti(id)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + lifetime_s)
      .sign(secret);
  },

  async verify(audience, token) {
    try {
      const rules = { algorithms: [ALGORITHM], issuer: ISSUER, audience, requiredClaims: ['exp'] };
      const { payload } = await jwtVerify(token, async ({ kid }) => secretOf(keys, kid), rules);
      const { sub, jti } = claimsSchema.parse(payload);
      return { user_id: sub, id: jti };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return undefined;
      throw error;
    }
  },
});

async function secretOf(keys: Keys, kid: string | undefined): Promise<Uint8Array> {
  const key = await keys.named(kid ?? '');
  if (!key) throw new errors.JWKSNoMatchingKey();
  return key.secret;
}
