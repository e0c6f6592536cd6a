/** Accounts as a client meets them: the door opens, closes, and tells strangers nothing. */
import { randomUUID } from 'node:crypto';
import { mountApi, SERVICE_TOKEN, type WorldApi } from '../../testing/api';
import { createWorld, type World } from '../../testing/world';
import type { User } from './schemas';

let world: World;
let api: WorldApi;
beforeAll(async () => {
  world = await createWorld();
  api = await mountApi(world, { as: null });
});
beforeEach(() => api.deps.buckets.forget('address:127.0.0.1'));
afterEach(() => expect(api.problems.splice(0)).toEqual([]));
afterAll(() => world.close());

interface Login {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly user: User;
}

const PASSWORD = 'a long sentence is best';
const newEmail = () => `${randomUUID()}@example.org`;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const post = <Data>(route: string, body: object, headers = {}) =>
  api.call<Data>('POST', `/api/auth${route}`, body, headers);
const me = (token: string) => api.call<User>('GET', '/api/auth/me', undefined, bearer(token));

async function registered(): Promise<string> {
  const email = newEmail();
  expect((await post('/register', { email, password: PASSWORD })).status).toBe(201);
  return email;
}

async function loggedIn(email?: string, password = PASSWORD): Promise<Login> {
  const answer = await post<Login>('/login', { email: email ?? (await registered()), password });
  expect(answer.status).toBe(200);
  return answer.data;
}

const events = async (user_id: string) =>
  (await world.db.security_events.findMany({ where: { user_id }, orderBy: { created_at: 'asc' } })).map(
    ({ kind }) => kind,
  );

describe('registering', () => {
  it('makes an account and says nothing of its password', async () => {
    const email = newEmail();
    const zone = { time_zone: 'Europe/Berlin' };
    const { status, data, headers } = await post<User>('/register', {
      ...{ email: ` ${email.toUpperCase()} `, password: PASSWORD, name: 'Ada', ...zone },
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/auth/me');
    const expected = { email, name: 'Ada', role: 'student', tier: 'free', email_verified: false, ...zone };
    expect(data).toEqual({ ...expected, id: expect.any(String), created_at: expect.any(String) });
    const { password_hash } = await world.db.users.findUniqueOrThrow({ where: { email } });
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it.each([
    ['no email', { password: PASSWORD }, 'email', 'Email is required'],
    ['no address', { email: 'nobody', password: PASSWORD }, 'email', 'must be an e-mail address'],
    ['a short password', { email: 'a@b.org', password: 'short' }, 'password', '10 characters'],
    ['an unknown zone', { email: 'a@b.org', password: PASSWORD, time_zone: 'Mars/One' }, 'time_zone', 'IANA'],
  ])('refuses %s', async (_what, body, field, words) => {
    const { status, error } = await post('/register', body);
    expect(status).toBe(422);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field } });
    expect(error?.message).toContain(words);
  });

  it('refuses an address that has an account, also of two at once', async () => {
    const body = { email: newEmail(), password: PASSWORD };
    const answers = await Promise.all([post('/register', body), post('/register', body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await post('/register', body)).error).toMatchObject({ code: 'EMAIL_TAKEN' });
  });
});

describe('logging in', () => {
  it('gives tokens as the contract says', async () => {
    const email = await registered();
    const { status, data, headers } = await post<Login>('/login', { email, password: PASSWORD });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(data).toMatchObject({ token_type: 'Bearer', expires_in: 900, user: { email } });
    expect((await me(data.access_token)).data).toEqual(data.user);
    expect(await events(data.user.id)).toEqual(['registered', 'logged_in']);
  });

  it('says the same of a wrong password and of an unknown account', async () => {
    const wrong = await post('/login', { email: await registered(), password: 'something else' });
    const unknown = await post('/login', { email: newEmail(), password: 'something else' });
    expect(wrong.status).toBe(401);
    expect([unknown.status, unknown.error]).toEqual([wrong.status, wrong.error]);
    expect(wrong.error?.code).toBe('WRONG_CREDENTIALS');
  });

  it('is slowed down after ten guesses, for accounts that exist and others, and a right password helps no more', async () => {
    for (const email of [await registered(), newEmail()]) {
      for (let guess = 0; guess < 10; guess++) {
        await api.deps.buckets.forget('address:127.0.0.1');
        expect((await post('/login', { email, password: `guess ${guess}` })).status).toBe(401);
      }
      await api.deps.buckets.forget('address:127.0.0.1');
      const { status, error, headers } = await post('/login', { email, password: PASSWORD });
      expect([status, error?.code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });
});

describe('an access token', () => {
  it.each([
    ['is needed', {}, 'UNAUTHORIZED'],
    ['must be one of ours', bearer('abc.def.ghi'), 'INVALID_TOKEN'],
    ['must be a bearer token', { authorization: 'Basic YTpi' }, 'INVALID_TOKEN'],
  ])('%s', async (_what, headers, code) => {
    const { status, error } = await api.call('GET', '/api/auth/me', undefined, headers);
    expect([status, error?.code]).toEqual([401, code]);
  });

  it('of another purpose, of another key or unsigned opens nothing', async () => {
    const { user, access_token } = await loggedIn();
    const reset = await api.deps.auth.tokens.sign(
      'reset_password',
      { user_id: user.id, id: randomUUID() },
      60,
    );
    const [head, body] = access_token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const old = await api.deps.auth.tokens.sign('access', { user_id: user.id, id: randomUUID() }, -1);
    for (const token of [reset, `${head}.${body}.AAAA`, `${none}.${body}.`, old])
      expect((await me(token)).status).toBe(401);
  });
});

describe('refreshing', () => {
  it('gives new tokens once; the second use ends the session for good', async () => {
    const first = await loggedIn();
    const second = await post<Login>('/refresh', { refresh_token: first.refresh_token });
    expect(second.status).toBe(200);
    expect(second.data.refresh_token).not.toBe(first.refresh_token);
    expect((await me(second.data.access_token)).status).toBe(200);
    const again = await post('/refresh', { refresh_token: first.refresh_token });
    expect([again.status, again.error?.code]).toEqual([401, 'TOKEN_REUSED']);
    expect((await post('/refresh', { refresh_token: second.data.refresh_token })).status).toBe(401);
    expect((await me(second.data.access_token)).status).toBe(401);
    expect(await events(first.user.id)).toContain('refresh_reused');
  });

  it('of two at once lets one through', async () => {
    const { refresh_token } = await loggedIn();
    const answers = await Promise.all([1, 2, 3].map(() => post('/refresh', { refresh_token })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('knows no stranger’s token, and keeps none in the clear', async () => {
    const { refresh_token } = await loggedIn();
    expect((await post('/refresh', { refresh_token: 'lmr_nothing' })).status).toBe(401);
    const kept = JSON.stringify(await world.db.refresh_tokens.findMany());
    expect(kept).not.toContain(refresh_token);
  });
});

describe('sessions', () => {
  it('are listed, and ended one by one or all together', async () => {
    const email = await registered();
    const [phone, laptop] = [await loggedIn(email), await loggedIn(email)];
    const list = () =>
      api.call<{ items: { id: string; current: boolean }[] }>(
        ...(['GET', '/api/auth/sessions', undefined, bearer(phone.access_token)] as const),
      );
    const { items } = (await list()).data;
    expect(items.map(({ current }) => current).sort()).toEqual([false, true]);
    const other = items.find(({ current }) => !current)!;
    const end = (id: string) =>
      api.call('DELETE', `/api/auth/sessions/${id}`, undefined, bearer(phone.access_token));
    expect((await end(other.id)).status).toBe(204);
    expect((await end(other.id)).status).toBe(404);
    expect((await me(laptop.access_token)).status).toBe(401);
    expect((await list()).data.items).toHaveLength(1);
    expect((await post('/logout-all', {}, bearer(phone.access_token))).status).toBe(204);
    expect((await me(phone.access_token)).status).toBe(401);
  });

  it('of others do not exist', async () => {
    const [mine, theirs] = [await loggedIn(), await loggedIn()];
    const { id } = await world.db.sessions.findFirstOrThrow({ where: { user_id: theirs.user.id } });
    const answer = await api.call('DELETE', `/api/auth/sessions/${id}`, undefined, bearer(mine.access_token));
    expect(answer.status).toBe(404);
    expect((await me(theirs.access_token)).status).toBe(200);
  });

  it('end with a logout, with either token', async () => {
    for (const way of ['access', 'refresh'] as const) {
      const { access_token, refresh_token } = await loggedIn();
      const answer =
        way === 'access'
          ? await post('/logout', {}, bearer(access_token))
          : await post('/logout', { refresh_token });
      expect(answer.status).toBe(204);
      expect((await me(access_token)).status).toBe(401);
    }
    expect((await post('/logout', {})).status).toBe(401);
  });
});

describe('changing an account', () => {
  it('takes a name and a time zone, and leaves role and tier alone', async () => {
    const { access_token, user } = await loggedIn();
    const change = (body: object) => api.call<User>('PATCH', '/api/auth/me', body, bearer(access_token));
    const changed = await change({
      name: 'Grace',
      time_zone: 'America/New_York',
      role: 'admin',
      tier: 'premium',
    });
    expect(changed.data).toEqual({ ...user, name: 'Grace', time_zone: 'America/New_York' });
    expect((await change({ name: null })).data.name).toBeNull();
    expect((await change({})).status).toBe(422);
  });

  it('takes a new password against the old one, and logs other devices out', async () => {
    const email = await registered();
    const [here, there] = [await loggedIn(email), await loggedIn(email)];
    const change = (current_password: string) =>
      post(
        '/password',
        { current_password, new_password: 'another long sentence' },
        bearer(here.access_token),
      );
    expect((await change('wrong')).error?.code).toBe('WRONG_PASSWORD');
    expect((await change(PASSWORD)).status).toBe(204);
    expect((await me(here.access_token)).status).toBe(200);
    expect((await me(there.access_token)).status).toBe(401);
    expect((await post('/login', { email, password: PASSWORD })).status).toBe(401);
    await loggedIn(email, 'another long sentence');
  });
});

describe('mails', () => {
  const tokenFor = (email: string, subject: RegExp): string => {
    const mail = api.mails.filter((one) => one.recipient === email && subject.test(one.subject)).at(-1);
    return /^ey\S+$/m.exec(mail?.text ?? '')?.[0] ?? '';
  };

  it('confirm an address, once', async () => {
    const email = await registered();
    const token = tokenFor(email, /confirm/i);
    expect((await post('/verify-email', { token })).status).toBe(204);
    expect((await loggedIn(email)).user.email_verified).toBe(true);
    expect((await post('/verify-email', { token })).error?.code).toBe('LINK_INVALID');
    expect(await world.db.outbox.count({ where: { recipient: email } })).toBe(1);
  });

  it('reset a forgotten password, once, and end every session', async () => {
    const email = await registered();
    const before = await loggedIn(email);
    expect((await post('/forgot-password', { email })).status).toBe(202);
    const token = tokenFor(email, /reset/i);
    const reset = () => post('/reset-password', { token, new_password: 'another long sentence' });
    expect((await reset()).status).toBe(204);
    expect((await reset()).error?.code).toBe('LINK_INVALID');
    expect((await me(before.access_token)).status).toBe(401);
    expect((await loggedIn(email, 'another long sentence')).user.email_verified).toBe(true);
  });

  it('are not sent to strangers, who are told the same', async () => {
    const unknown = newEmail();
    const answer = await post('/forgot-password', { email: unknown });
    expect([answer.status, answer.data]).toEqual([202, {}]);
    expect(api.mails.filter((mail) => mail.recipient === unknown)).toEqual([]);
  });

  it('of one purpose are good for no other', async () => {
    const email = await registered();
    const token = tokenFor(email, /confirm/i);
    const answer = await post('/reset-password', { token, new_password: 'another long sentence' });
    expect(answer.error?.code).toBe('LINK_INVALID');
  });
});

describe('a service', () => {
  const service = bearer(SERVICE_TOKEN);

  it('has a role and things of its own, and is not limited', async () => {
    const { data, headers } = await api.call<User>('GET', '/api/auth/me', undefined, service);
    expect(data).toMatchObject({ role: 'service', email: 'tests@services.invalid' });
    expect(headers.get('x-ratelimit-remaining')).not.toBe('0');
    const { status, error } = await api.call('PATCH', '/api/auth/me', { name: 'x' }, service);
    expect([status, error?.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('acts for a user, and what it changes is written down', async () => {
    const { user, access_token } = await loggedIn();
    const acting = { ...service, 'x-on-behalf-of': user.id };
    const started = await api.call<{ job_id: string }>(
      ...(['POST', '/api/tts/speech', { text: 'Hello.' }, acting] as const),
    );
    expect(started.status).toBe(202);
    const route = `/api/jobs/${started.data.job_id}`;
    expect((await api.call('GET', route, undefined, bearer(access_token))).status).toBe(200);
    expect((await api.call('GET', route, undefined, service)).status).toBe(404);
    const [event] = await world.db.security_events.findMany({
      where: { user_id: user.id, kind: 'acted_for' },
    });
    expect(event).toMatchObject({ actor: 'tests', details: { method: 'POST', path: '/api/tts/speech' } });
  });

  it('cannot act for nobody, and nobody else can act for a user', async () => {
    const forNobody = { ...service, 'x-on-behalf-of': randomUUID() };
    expect((await api.call('GET', '/api/auth/me', undefined, forNobody)).status).toBe(422);
    const { access_token, user } = await loggedIn();
    const forged = { ...bearer(access_token), 'x-on-behalf-of': user.id };
    expect((await api.call('GET', '/api/auth/me', undefined, forged)).status).toBe(403);
  });
});

it('refuses strangers everything that is somebody’s', async () => {
  const routes = ['/api/jobs', '/api/content', `/api/artifacts/${randomUUID()}`, '/api/auth/sessions'];
  for (const route of routes) expect((await api.call('GET', route)).status).toBe(401);
  expect((await api.call('GET', '/api/health')).status).toBe(200);
});
