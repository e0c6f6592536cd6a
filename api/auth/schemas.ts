import { z } from 'zod';
import { roles, tiers } from '../../domain/access';

/** One spelling per address; longer ones do not exist (RFC 5321 §4.5.3.1). */
const email = z
  .string({ error: 'Email is required' })
  .trim()
  .toLowerCase()
  .max(254, { error: 'must have 254 characters or fewer' })
  .pipe(z.email({ error: 'must be an e-mail address' }));

const LONG = { error: 'must have 200 characters or fewer' };

/** Length is what counts (NIST SP 800-63B); the end of the range keeps hashing cheap. */
const newPassword = z
  .string({ error: 'Password is required' })
  .min(10, { error: 'must have 10 characters or more' })
  .max(200, LONG);
const password = z.string({ error: 'Password is required' }).min(1).max(200, LONG);

const name = z.string().trim().min(1).max(100);
const token = z.string().min(1).max(2_000);

const timeZone = z.string().refine(isTimeZone, { error: 'must be an IANA time zone, such as Europe/Berlin' });

function isTimeZone(value: string): boolean {
  try {
    // Offsets such as +01:00 are understood too, but do not know summer.
    return /^[A-Za-z]/.test(new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone);
  } catch {
    return false;
  }
}

export const registerSchema = z.object({
  email,
  password: newPassword,
  name: name.optional(),
  time_zone: timeZone.optional(),
});

export const loginSchema = z.object({ email, password });

export const refreshSchema = z.object({ refresh_token: token });

/** `null` takes the name away. */
export const changeMeSchema = z
  .object({ name: name.nullable(), time_zone: timeZone })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, { error: 'Nothing is changed' });

export const changePasswordSchema = z.object({ current_password: password, new_password: newPassword });

export const emailSchema = z.object({ email });
export const tokenSchema = z.object({ token });
export const resetSchema = z.object({ token, new_password: newPassword });

export const userSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(roles),
  tier: z.enum(tiers),
  time_zone: z.string(),
  email_verified: z.boolean(),
  created_at: z.iso.datetime(),
});

export type User = z.output<typeof userSchema>;

export const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds that the access token is good for. */
  expires_in: z.number().int(),
  user: userSchema,
});

export const sessionSchema = z.object({
  id: z.uuid(),
  /** The one that asks. */
  current: z.boolean(),
  user_agent: z.string().nullable(),
  address: z.string().nullable(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
