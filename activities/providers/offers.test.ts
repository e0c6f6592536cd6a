import type { Circuit, Guarded } from './guard';
import { asOffer, asUnlisted } from './offers';
import type { ProviderInfo } from './spec';

const info: ProviderInfo = { provider: 'azure', model: 'neural', quality: 'high' };
const well: Circuit = {
  ...{ state: 'closed', retry_after_s: 0, last_error: null, reachable: null, last_failure: null },
};
const guarded = (circuit: Partial<Circuit>): Guarded<ProviderInfo> => ({
  ...info,
  circuit: { ...well, ...circuit },
});
const breakerOf = (circuit: Partial<Circuit>) => asOffer('speaker', 'azure', guarded(circuit)).breaker;

test('a circuit whose time is over is on probation: somebody must plan for the probe', () => {
  expect(breakerOf({ state: 'open', retry_after_s: 12 })).toBe('open');
  expect(breakerOf({ state: 'open', retry_after_s: 0 })).toBe('half_open');
  expect(breakerOf({})).toBe('closed');
});

test('what is in no list says how to come into it, and what else it lacks', () => {
  expect(asUnlisted('speaker', 'azure', info)).toMatchObject({
    ...{ configured: false, available: false, reason: 'it is not in TTS_PROVIDERS' },
    cure: 'Add azure to TTS_PROVIDERS',
  });
  const missing = { reason: 'KEY is not set', cure: 'Set KEY in .env' };
  expect(asUnlisted('speaker', 'azure', missing)).toMatchObject({
    ...{ model: null, reason: 'KEY is not set', cure: 'Set KEY in .env, and add azure to TTS_PROVIDERS' },
  });
});
