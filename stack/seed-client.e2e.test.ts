/**
 * A client written from the seed alone: the calls, fields and status codes that its integration architecture prints,
 * and nothing that this project added. Within the rate tier of an ordinary account.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireForTest } from '../assets/require-for-test';
import { sample, wordError } from '../testing/samples';
import { startTestStack, type TestStack } from '../testing/stack';

const { describeIfPresent } = requireForTest('whisper-tiny.en');

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ WHISPER_MODEL: 'tiny.en', LOG_LEVEL: 'debug' });
}, 120_000);
afterAll(() => stack?.stop(), 60_000);

interface Envelope<Data> {
  readonly success: boolean;
  readonly data: Data;
  readonly error: { readonly code: string; readonly message: string; readonly details: { field: string } };
  readonly meta: { readonly timestamp: string; readonly request_id: string };
}

async function send<Data>(method: string, route: string, body?: object, token?: string) {
  const isForm = body instanceof FormData;
  const response = await fetch(new URL(route, stack.urls.api), {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && !isForm && { 'Content-Type': 'application/json' }),
    },
    body: isForm ? body : body && JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    ...((await response.json()) as Envelope<Data>),
  };
}

interface Status {
  readonly status: string;
  readonly result: { readonly text: string } | null;
}

/** The seed's loop: thirty looks, two seconds apart. */
async function poll(job_id: string, token: string): Promise<Status> {
  for (let look = 0; look < 30; look++) {
    const { status, data, headers } = await send<Status>('GET', `/api/jobs/${job_id}`, undefined, token);
    expect([status, headers.get('x-ratelimit-limit')]).toEqual([200, '100']);
    if (data.status === 'completed') return data;
    await sleep(2_000);
  }
  throw new Error('the job was not completed in a minute');
}

describeIfPresent('the seed’s client', () => {
  let secrets: string[] = [];
  const account = { email: 'ada@example.org', password: 'correct horse battery staple', name: 'Ada' };

  it('registers, logs in, hands in a recording, polls, and reads the transcript', async () => {
    const registered = await send<{ id: string }>('POST', '/api/auth/register', account);
    expect([registered.status, registered.success]).toEqual([201, true]);
    const { email, password } = account;
    const login = await send<Record<'access_token' | 'refresh_token', string>>('POST', '/api/auth/login', {
      email,
      password,
    });
    expect(login.status).toBe(200);
    const { access_token: token, refresh_token } = login.data;
    secrets = [password, token, refresh_token];

    const form = new FormData();
    form.set(
      'file',
      new Blob([Uint8Array.from(await sample('two_cities.flac'))], { type: 'audio/flac' }),
      'a.flac',
    );
    const accepted = await send<{ job_id: string; status: string; estimated_time: number }>(
      ...(['POST', '/api/transcribe/audio', form, token] as const),
    );
    expect(accepted.status).toBe(202);
    expect(accepted.data).toMatchObject({ status: 'queued', estimated_time: expect.any(Number) });
    expect(accepted.meta).toEqual({ timestamp: expect.any(String), request_id: expect.any(String) });

    const { result } = await poll(accepted.data.job_id, token);
    const said = (await sample('two_cities.txt')).toString();
    expect(wordError(said, result?.text ?? '')).toBeLessThan(0.1);
  }, 90_000);

  it('leaves nothing of it in the logs: no secret, no transcript', async () => {
    const folder = path.join(stack.data_dir, 'logs');
    const logs = await Promise.all(
      ['api.log', 'worker.log'].map((name) => readFile(path.join(folder, name))),
    );
    const text = logs.join('\n');
    expect(text).toContain('Activity');
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    const said = (await sample('two_cities.txt')).toString().toLowerCase().split(/\W+/);
    const phrases = said.slice(2).map((_, at) => said.slice(at, at + 3).join(' '));
    expect(phrases.filter((phrase) => text.toLowerCase().includes(phrase))).toEqual([]);
  });

  it('reads errors as they are printed', async () => {
    const missing = await send('POST', '/api/auth/register', { password: account.password });
    expect([missing.status, missing.success]).toEqual([422, false]);
    const printed = { code: 'INVALID_INPUT', message: 'Email is required', details: { field: 'email' } };
    expect(missing.error).toMatchObject(printed);
    expect((await send('GET', '/api/jobs')).status).toBe(401);
    expect((await send('POST', '/api/auth/register', account)).status).toBe(409);
  });
});
