/** Accounts and logins. Every answer that holds a token is `no-store`. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { endpoint, noContent, UNCHANGED, type Routes } from '../http/endpoint';
import { ok } from '../http/envelope';
import { effectIdOf } from '../http/idempotency';
import { unauthorized, userOf } from '../http/principal';
import * as accounts from './accounts';
import * as schemas from './schemas';
import { findByRefreshToken, openSession, refreshSession, type Opened } from './sessions';
import { sessionRoutes } from './session-routes';
import { ACCESS_S, type Tokens } from './tokens';

export interface AuthDeps extends accounts.AccountDeps {
  readonly tokens: Tokens;
}

export const authRoutes = (deps: AuthDeps): Routes => ({
  '/register': { post: registerAccount(deps) },
  '/login': { post: login(deps) },
  '/refresh': { post: refresh(deps) },
  '/logout': { post: logout(deps) },
  '/password': { post: changePassword(deps) },
  '/verify-email': { post: verifyEmail(deps) },
  '/verify-email/send': { post: sendVerification(deps) },
  '/forgot-password': { post: forgotPassword(deps) },
  '/reset-password': { post: resetPassword(deps) },
  '/me': { get: readMe(deps), patch: changeMe(deps) },
  ...sessionRoutes(deps),
});

const deviceOf = (req: Request) => ({ user_agent: req.get('user-agent'), address: req.ip });

async function giveTokens(res: Response, deps: AuthDeps, opened: Opened): Promise<void> {
  const { user_id, session_id, refresh_token } = opened;
  const access_token = await deps.tokens.sign('access', { user_id, id: session_id }, ACCESS_S);
  const user = await accounts.readUser(deps, user_id);
  res.set('Cache-Control', 'no-store');
  ok(res, { access_token, refresh_token, token_type: 'Bearer', expires_in: ACCESS_S, user });
}

const registerAccount = (deps: AuthDeps) =>
  endpoint({
    summary: 'Make an account',
    rule: ['account', 'register'],
    body: schemas.registerSchema,
    answers: {
      201: { description: 'It is made; a mail asks to confirm the address', data: schemas.userSchema },
    },
    async handle({ req, res, body }) {
      const user = await accounts.register(deps, req, effectIdOf(res), body);
      await accounts.mailVerification(deps, user);
      res.location('/api/auth/me');
      ok(res, accounts.toUser(user), 201);
    },
  });

const login = (deps: AuthDeps) =>
  endpoint({
    summary: 'Log in',
    rule: ['account', 'login'],
    body: schemas.loginSchema,
    answers: { 200: { description: 'Tokens for a new session', data: schemas.tokensSchema } },
    async handle({ req, res, body }) {
      const { id } = await accounts.checkLogin(deps, req, body);
      const opened = await openSession(deps.db, id, deviceOf(req));
      await deps.audit('logged_in', req, { user_id: id });
      await giveTokens(res, deps, opened);
    },
  });

const unknownRefresh = () =>
  unauthorized('INVALID_TOKEN', 'The refresh token is not valid, has expired, or its session was ended');

const refresh = (deps: AuthDeps) =>
  endpoint({
    summary: 'Trade a refresh token for new tokens; it is good for one use',
    rule: ['account', 'refresh'],
    body: schemas.refreshSchema,
    answers: { 200: { description: 'New tokens for the same session', data: schemas.tokensSchema } },
    async handle({ req, res, body: { refresh_token } }) {
      const refreshed = await refreshSession(deps.db, refresh_token);
      if (refreshed.outcome === 'refreshed') return giveTokens(res, deps, refreshed);
      if (refreshed.outcome === 'unknown') throw unknownRefresh();
      const { user_id, session_id } = refreshed;
      await accounts.closeSessions(deps, { user_id, id: session_id }, 'reuse');
      await deps.audit('refresh_reused', req, { user_id, details: { session_id } });
      throw unauthorized('TOKEN_REUSED', 'This refresh token was used before: its session has been ended');
    },
  });

const logoutSchema = schemas.refreshSchema.partial().optional();

/** With an access token, or with the refresh token of a client whose access token has expired. */
const logout = (deps: AuthDeps) =>
  noContent({
    summary: 'End this session',
    rule: ['account', 'refresh'],
    async handle({ req, who }) {
      const given = logoutSchema.safeParse(req.body).data?.refresh_token;
      const named = given ? await findByRefreshToken(deps.db, given) : undefined;
      const { user_id, session_id: id } = named ? { ...named, session_id: named.id } : who;
      if (!user_id || !id) throw unauthorized();
      await accounts.closeSessions(deps, { user_id, id }, 'logout');
      await deps.audit('logged_out', req, { user_id });
    },
  });

const changePassword = (deps: AuthDeps) =>
  noContent({
    summary: 'Change the password; other devices are logged out',
    rule: ['account', 'change'],
    body: schemas.changePasswordSchema,
    handle: ({ req, res, who, body }) =>
      accounts.changePassword(deps, req, { ...who, user_id: userOf(res) }, body),
  });

const verifyEmail = (deps: AuthDeps) =>
  noContent({
    summary: 'Confirm an e-mail address with the token of the mail',
    rule: ['account', 'verify'],
    body: schemas.tokenSchema,
    handle: ({ req, body: { token } }) => accounts.verifyEmail(deps, req, token),
  });

const MAILED = {
  202: { description: 'If there is such an account, a mail is on its way', data: z.object({}) },
};

const sendVerification = (deps: AuthDeps) =>
  endpoint({
    summary: 'Send the mail that asks to confirm the address once more',
    rule: ['account', 'change'],
    answers: MAILED,
    async handle({ res }) {
      const user = await deps.db.users.findUniqueOrThrow({ where: { id: userOf(res) } });
      if (!user.email_verified_at) await accounts.mailVerification(deps, user);
      ok(res, {}, 202);
    },
  });

const forgotPassword = (deps: AuthDeps) =>
  endpoint({
    summary: 'Send a mail with which the password can be reset',
    rule: ['account', 'recover'],
    body: schemas.emailSchema,
    answers: MAILED,
    async handle({ req, res, body: { email } }) {
      await deps.throttle.attempt(`forgot:${email}`, req.ip ?? '');
      await accounts.mailReset(deps, email);
      ok(res, {}, 202);
    },
  });

const resetPassword = (deps: AuthDeps) =>
  noContent({
    summary: 'Set a new password with the token of the mail; every device is logged out',
    rule: ['account', 'recover'],
    body: schemas.resetSchema,
    handle: ({ req, body }) => accounts.resetPassword(deps, req, body),
  });

const readMe = (deps: AuthDeps) =>
  endpoint({
    summary: 'Who you are',
    rule: ['account', 'read'],
    answers: { 200: { description: 'Your account', data: schemas.userSchema }, ...UNCHANGED },
    async handle({ res }) {
      ok(res, await accounts.readUser(deps, userOf(res)));
    },
  });

const changeMe = (deps: AuthDeps) =>
  endpoint({
    summary: 'Change your name or time zone',
    rule: ['account', 'change'],
    body: schemas.changeMeSchema,
    answers: { 200: { description: 'Your account', data: schemas.userSchema } },
    async handle({ res, body: data }) {
      ok(res, accounts.toUser(await accounts.changeUser(deps, userOf(res), data)));
    },
  });
