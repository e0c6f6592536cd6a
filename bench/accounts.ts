/** Accounts as anybody makes them: registered and logged in through the API, without any right of a service. */
import http from 'node:http';
import { inPool } from '../workflows/pool';
import { createClient, type Client } from './client';
import type { Platform } from './platform';

/** What the stack must know, or all accounts would come from the one address of this program. */
export const BEHIND_PROXY = { TRUST_PROXY: '1' };

/** Hashing a password keeps a core busy, so more at once would not be faster. */
const AT_ONCE = 4;

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

export interface Account extends Client {
  readonly tokens: Tokens;
  /** Opens one more session. */
  login(): Promise<Tokens>;
  /** The same account at another server. */
  at(api: string): Client;
}

/** Private ones (RFC 1918), of which each account has its own, as the proxy in front would tell. */
export const addressOf = (index: number): string =>
  `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

async function openAccount({ api }: Platform, index: number, agent: http.Agent): Promise<Account> {
  const caller = { agent, headers: { 'x-forwarded-for': addressOf(index) } };
  const stranger = createClient({ ...caller, api });
  const body = { email: `learner-${index}@example.org`, password: `the password of ${index}` };
  const login = () => stranger.call<Tokens>(200, '/api/auth/login', { method: 'POST', body });
  await stranger.call(201, '/api/auth/register', { method: 'POST', body });
  const tokens = await login();
  const at = (url: string) => createClient({ ...caller, api: url, token: tokens.access_token });
  return { ...at(api), at, tokens, login };
}

/** They share connections, as behind a proxy; closing one closes these. */
export function openAccounts(platform: Platform, count: number): Promise<Account[]> {
  const agent = new http.Agent({ keepAlive: true });
  const numbers = Array.from({ length: count }, (_none, index) => index);
  return inPool(numbers, AT_ONCE, (index) => openAccount(platform, index, agent));
}
