import { bestOffers, BLANK_OFFER, type Offer } from '../../domain/offer';
import { mountApi } from '../../testing/api';
import { createWorld, type World } from '../../testing/world';
import type { Health } from './health';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const offer = (provider: string, available: boolean) => ({
  ...{
    capability: 'transcriber',
    provider,
    model: 'base',
    quality: 'standard',
    available,
    breaker: 'closed' as const,
  },
  reason: available ? null : 'the model is not on this machine',
  cure: available ? null : 'npm run assets',
  ...{ languages: null, max_window_s: 30 },
});

const seen = (id: string, ago_s: number, offers: object[]) =>
  world.db.workers.create({ data: { id, offers, seen_at: new Date(Date.now() - ago_s * 1000) } });

test('every dependency with its latency, every engine with what it lacks', async () => {
  await seen('alive', 1, [offer('whisper', true), offer('moonshine', false)]);
  await seen('gone', 60, [offer('openai', true)]);
  const { status, data, headers } = await (await mountApi(world)).call<Health>('GET', '/api/health');
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  const up = { status: 'up', latency_ms: expect.any(Number), reason: null };
  expect(data).toEqual({
    ...{ status: 'ok', workers: 1, dependencies: { postgres: up, temporal: up } },
    engines: [offer('whisper', true), offer('moonshine', false)],
  });
});

test('no worker, or a lesser part away: degraded, and still 200', async () => {
  const api = await mountApi(world);
  expect((await api.call<Health>('GET', '/api/health')).data).toMatchObject({
    status: 'degraded',
    workers: 0,
  });
  await seen('alive', 1, []);
  const redis = () => Promise.reject(new Error('prefix\nconnection refused'));
  const lesser = await mountApi(world, { probes: { ...api.deps.probes, redis } });
  const { status, data } = await lesser.call<Health>('GET', '/api/health');
  expect([status, data.status]).toEqual([200, 'degraded']);
  expect(data.dependencies['redis']).toMatchObject({ status: 'down', reason: 'connection refused' });
});

test('a capability that no engine has: degraded', async () => {
  await seen('alive', 1, [offer('whisper', false), offer('moonshine', false)]);
  const { data } = await (await mountApi(world)).call<Health>('GET', '/api/health');
  expect(data).toMatchObject({ status: 'degraded', workers: 1 });
});

test('a vital part away or hanging: 503 with all of it, after two seconds at most', async () => {
  const temporal = () => new Promise(() => undefined);
  const api = await mountApi(world, {
    probes: { postgres: () => Promise.reject(new Error('away')), temporal },
  });
  const began = Date.now();
  const { status, error, headers } = await api.call('GET', '/api/health');
  expect(Date.now() - began).toBeLessThan(3_000);
  expect([status, error?.code, headers.get('retry-after')]).toEqual([503, 'DOWN', '5']);
  expect(error?.details).toMatchObject({
    status: 'down',
    dependencies: { postgres: { reason: 'away' }, temporal: { reason: 'no answer in 2000 ms' } },
  });
});

test('what one worker has counts, whatever another lacks', () => {
  const whisper = (available: boolean): Offer => ({ ...BLANK_OFFER, ...offer('whisper', available) });
  const [lacks, has] = [whisper(false), whisper(true)];
  expect(bestOffers([lacks, has])).toEqual([has]);
  expect(bestOffers([has, lacks])).toEqual([has]);
});
