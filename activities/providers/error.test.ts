import { ProviderError, unasked } from './error';

const busy = (retryAfterS?: number) =>
  new ProviderError('busy', { provider: 'vendor', code: 'RATE_LIMITED', transient: true, retryAfterS });

test('no vendor is believed when it asks to be left alone for longer than an hour', () => {
  expect(busy(86_400).facts.retryAfterS).toBe(3_600);
  expect(busy(42).facts.retryAfterS).toBe(42);
  expect(busy().facts.retryAfterS).toBeUndefined();
});

test('what we refuse ourselves is permanent, and no word of the vendor', () => {
  expect(unasked('vendor', { code: 'VOICE_UNKNOWN', what: 'no voice "x"', hint: 'Take y' })).toMatchObject({
    message: 'vendor: no voice "x"',
    facts: { code: 'VOICE_UNKNOWN', transient: false, asked: false, hint: 'Take y' },
  });
});
