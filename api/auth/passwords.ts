/** Passwords as argon2id hashes in PHC format; parameters by the OWASP password storage cheat sheet. */
import { hash, verify } from '@node-rs/argon2';

/** `Algorithm.Argon2id`, a `const enum` of the library. */
const ARGON2ID = 2;
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, PARAMETERS);

/** Of no password: checked where there is no account, so that time does not tell. */
const nobodys = hashPassword(crypto.randomUUID());

export const isPassword = async (kept: string | null | undefined, given: string): Promise<boolean> => {
  const fits = await verify(kept ?? (await nobodys), given);
  return fits && typeof kept === 'string';
};
