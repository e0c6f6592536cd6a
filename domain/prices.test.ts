import fc from 'fast-check';
import { asCost, monthOf } from './cost';
import { isFree, microUsdFor, PRICES, priceOf } from './prices';

const on = (day: string) => new Date(`${day}T12:00:00Z`);

test('a call has the price of its day', () => {
  const opus = { provider: 'bedrock', model: 'eu.anthropic.claude-opus-4-5-20251101-v1:0' };
  expect(priceOf(opus, on('2025-06-01'))).toEqual({ input_tokens: 15, output_tokens: 75 });
  expect(priceOf(opus, on('2025-12-01'))).toEqual({ input_tokens: 5, output_tokens: 25 });
});

test.each([
  ['bedrock', 'anthropic.claude-3-5-sonnet-20240620-v1:0', { input_tokens: 3, output_tokens: 15 }],
  ['bedrock', 'amazon.titan-embed-text-v2:0', { input_tokens: 0.02, output_tokens: 0 }],
  ['openai', 'gpt-4o-mini', { input_tokens: 0.15, output_tokens: 0.6 }],
  ['azure', 'neural', { characters: 15 }],
  ['openai', 'gpt-4o-mini-of-somebody', undefined],
  ['bedrock', 'meta.llama3', undefined],
  ['ollama', 'anything', {}],
])('%s %s', (provider, model, price) => {
  expect(priceOf({ provider, model }, on('2026-11-23'))).toEqual(price);
});

test('an hour of sound costs what the hour costs', () => {
  const price = priceOf({ provider: 'azure', model: 'speech-to-text' }, on('2026-11-23'))!;
  expect(microUsdFor({ seconds: 3_600 }, price)).toBe(1_000_000);
});

test('what costs something never costs nothing, and what is not counted costs nothing', () => {
  const price = { input_tokens: 0.02 };
  expect(microUsdFor({ input_tokens: 1 }, price)).toBe(1);
  expect(microUsdFor({ characters: 1_000 }, price)).toBe(0);
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      const whole = microUsdFor({ input_tokens: a + b }, { input_tokens: 3 });
      expect(whole).toBe(microUsdFor({ input_tokens: a }, { input_tokens: 3 }) + 3 * b);
    }),
  );
});

test('every row has a day, a price, and a provider that asks for money', () => {
  for (const { provider, since, price } of PRICES) {
    expect(since).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(isFree(provider)).toBe(false);
    expect(Object.values(price).some((each) => each > 0)).toBe(true);
  }
});

test('what has no known price is named, and the rest is summed', () => {
  const units = { input_tokens: 1, output_tokens: 2, characters: 0, seconds: 0, images: 0 };
  const of = { capability: 'language_model', calls: 1, failed: 0, ...units };
  expect(
    asCost([
      { ...of, provider: 'bedrock', model: 'claude-3-haiku', micro_usd: 1_500_000 },
      { ...of, provider: 'openai', model: 'own', micro_usd: null },
    ]),
  ).toMatchObject({ usd: 1.5, unpriced: ['openai/own'], uses: [{ usd: 1.5 }, { usd: null }] });
});

test('a month begins and ends in UTC, also at the end of the year', () => {
  const { begins, ends } = monthOf(new Date('2026-12-31T23:59:59.999Z'));
  expect([begins.toISOString(), ends.toISOString()]).toEqual([
    ...['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ]);
});
