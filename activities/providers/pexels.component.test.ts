import type { FaultScript } from './__fixtures__/faults';
import { KEY, startPexelsServer } from './__fixtures__/pexels-server';
import { PICTURE, THEME } from './__fixtures__/slide';
import type { VendorServer } from './__fixtures__/vendor-server';
import { illustratorConformance } from './conformance';
import { pexels, type PexelsSettings } from './pexels';

let server: VendorServer;
beforeAll(async () => {
  server = await startPexelsServer();
});
afterAll(() => server.close());
beforeEach(() => server.faults({ '/v1/search': [{ kind: 'delay', ms: 100 }] }));

const settings = (): PexelsSettings => ({ apiKey: KEY, baseUrl: server.url, imageOrigin: server.url });

illustratorConformance('pexels', () => pexels(settings()), {
  // Nothing listens on port 1.
  broken: () => pexels({ ...settings(), baseUrl: 'http://127.0.0.1:1' }),
});

const { signal } = new AbortController();
const ask = (over: Partial<PexelsSettings> = {}, picture = PICTURE) =>
  pexels({ ...settings(), ...over }).illustrate({ picture, theme: THEME, signal });

test('the photographer is credited, and a slide keeps its photo', async () => {
  const [one, again, other] = await Promise.all([ask(), ask(), ask({}, { ...PICTURE, alt: 'Another' })]);
  expect(one.credit).toMatch(/^Photo: Photographer \d+, Pexels \(Pexels licence\)$/);
  expect(again.credit).toBe(one.credit);
  expect(other.credit).not.toBe(one.credit);
});

test('what there is no photo of is left to the next provider', async () => {
  await expect(ask({}, { ...PICTURE, query: 'nothing' })).rejects.toMatchObject({
    facts: { code: 'NO_PHOTO', transient: false },
  });
});

test('a wrong key is permanent, and is not shown', async () => {
  const error = await ask({ apiKey: 'wrong-key' }).catch((reason: Error) => reason);
  expect(error).toMatchObject({ facts: { code: 'UNAUTHORIZED', transient: false } });
  expect((error as Error).message).not.toContain('wrong-key');
});

test('a month that is used up opens the circuit until the next', async () => {
  const reset = String(Math.ceil(Date.now() / 1_000) + 3_000);
  const fault: FaultScript[string][number] = {
    ...{ kind: 'status', status: 429, body: { error: 'limit' } },
    headers: { 'x-ratelimit-limit': '20000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
  };
  server.faults({ '/v1/search': [fault] });
  const error = (await ask().catch((reason: unknown) => reason)) as { facts: { retryAfterS: number } };
  expect(error).toMatchObject({ facts: { code: 'RATE_LIMITED', transient: true } });
  expect(error.facts.retryAfterS).toBeGreaterThan(2_900);
});

test('a photo that is said to lie elsewhere is not fetched', async () => {
  const lured = await startPexelsServer('http://169.254.169.254');
  await expect(ask({ baseUrl: lured.url })).rejects.toMatchObject({
    message: 'pexels: a photo lies at http://169.254.169.254',
  });
  await lured.close();
});

test('a photo that is none is no result', async () => {
  server.faults({ '/photos/1072179/pexels-photo-1072179.jpeg': [{ kind: 'garbage', times: 1 }] });
  await expect(ask()).rejects.toMatchObject({ facts: { code: 'BAD_ANSWER', transient: true } });
});
