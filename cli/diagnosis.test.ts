import type { ProviderCheck } from '../activities/try-provider';
import { BLANK_OFFER, type Offer } from '../domain/offer';
import { diagnosis, isFit } from './diagnosis';

const offer = (provider: string, over: Partial<Offer> = {}): Offer => ({
  ...{ ...BLANK_OFFER, capability: 'speaker', provider, model: 'm', available: true },
  ...over,
});
const unlisted = offer('azure', {
  ...{ configured: false, available: false, reason: 'KEY is not set' },
  cure: 'Set KEY in .env, and add azure to TTS_PROVIDERS',
});
const absent = offer('piper', { available: false, reason: 'the voice is missing', cure: 'npm run assets' });
const check = (over: Partial<ProviderCheck> = {}): ProviderCheck => ({
  ...{ capability: 'speaker', provider: 'espeak', model: 'm', ok: true, code: null, message: null },
  ...{ hint: null, took_s: 0.25 },
  ...over,
});

test('says what is there, what is missing with its cure, and what could be', () => {
  const voices = [{ id: 'a', name: 'A', language: 'en' }];
  expect(diagnosis([{ offer: offer('espeak', { voices }) }, { offer: absent }, { offer: unlisted }])).toBe(
    `Text to speech
  ✓ espeak     m, 1 voice
  ✗ piper      The voice is missing
               Cure: npm run assets
  · azure      KEY is not set
               Cure: Set KEY in .env, and add azure to TTS_PROVIDERS`,
  );
});

test('says what came of asking', () => {
  const sick = check({ ok: false, code: 'UNAUTHORIZED', message: 'azure: HTTP 401', hint: 'Check the key' });
  expect(
    diagnosis([
      { offer: offer('espeak'), check: check() },
      { offer: offer('azure'), check: sick },
    ]),
  ).toBe(`Text to speech
  ✓ espeak     m, answered in 0.25 s
  ✗ azure      azure: HTTP 401
               Cure: Check the key`);
});

test('is fit where each capability has somebody, and nobody who was asked failed', () => {
  expect(isFit([{ offer: offer('espeak') }, { offer: absent }, { offer: unlisted }])).toBe(true);
  expect(isFit([{ offer: absent }, { offer: unlisted }])).toBe(false);
  expect(isFit([{ offer: offer('espeak'), check: check({ ok: false }) }, { offer: offer('b') }])).toBe(false);
});
