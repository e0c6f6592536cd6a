import { BLANK_OFFER, type Offer } from '../domain/offer';
import { planFrom, type Standing } from './plan-providers';

const offer = (provider: string, over: Partial<Offer> = {}): Offer => ({
  ...{
    ...BLANK_OFFER,
    capability: 'transcriber',
    provider,
    model: `${provider}-1`,
    quality: 'standard',
    available: true,
  },
  ...over,
});

const needs = { capability: 'transcriber' } as const;
const names = (offers: readonly Offer[], more: object = {}) =>
  planFrom(offers, { ...needs, ...more }).providers.map(({ provider }) => provider);

test('keeps the configured order and says model and quality', () => {
  expect(planFrom([offer('whisper'), offer('openai', { model: null, quality: null })], needs)).toEqual({
    providers: [
      { provider: 'whisper', model: 'whisper-1', quality: 'standard', batch_from_s: null },
      { provider: 'openai', model: '', quality: '', batch_from_s: null },
    ],
    preferred: { provider: 'whisper', reason: null },
    missing: [],
  });
});

test('takes only what has the capability', () => {
  expect(names([offer('piper', { capability: 'speaker' }), offer('whisper')])).toEqual(['whisper']);
  expect(planFrom([], needs)).toEqual({ providers: [], preferred: null, missing: [] });
});

test('asks a sick provider last, and one on probation in its turn', () => {
  expect(names([offer('a', { breaker: 'open' }), offer('b'), offer('c')])).toEqual(['b', 'c', 'a']);
  expect(names([offer('a', { breaker: 'half_open' }), offer('b')])).toEqual(['a', 'b']);
  expect(names([offer('a', { breaker: 'open' }), offer('b', { breaker: 'open' })])).toEqual(['a', 'b']);
});

test('asks the quick engine first when speed is wanted, unless it is sick', () => {
  const offers = [offer('whisper'), offer('openai'), offer('moonshine')];
  expect(names(offers)).toEqual(['whisper', 'openai', 'moonshine']);
  expect(names(offers, { quality: 'fast' })).toEqual(['moonshine', 'whisper', 'openai']);
  const sick = [offer('whisper'), offer('moonshine', { breaker: 'open' })];
  expect(names(sick, { quality: 'fast' })).toEqual(['whisper', 'moonshine']);
});

test('leaves out who does not speak the language, and says so', () => {
  const offers = [offer('moonshine', { languages: ['en'] }), offer('whisper', { languages: ['en', 'de'] })];
  expect(planFrom(offers, { ...needs, language: 'de-CH' })).toEqual({
    providers: [{ provider: 'whisper', model: 'whisper-1', quality: 'standard', batch_from_s: null }],
    preferred: { provider: 'moonshine', reason: 'it does not speak de-CH' },
    missing: [
      {
        ...{ provider: 'moonshine', code: 'PROVIDER_UNAVAILABLE', reason: 'it does not speak de-CH' },
        cure: 'Choose another language or configure another provider',
      },
    ],
  });
  expect(names(offers)).toEqual(['moonshine', 'whisper']);
  expect(names(offers, { language: 'en' })).toEqual(['moonshine', 'whisper']);
  const anyLanguage = offer('openai', { languages: null });
  expect(names([...offers, anyLanguage], { language: 'fr' })).toEqual(['openai']);
});

test('says what a missing provider lacks and how to get it', () => {
  const absent = { available: false, reason: 'the model is not here', cure: 'npm run assets' };
  expect(planFrom([offer('whisper', absent)], needs).missing).toEqual([
    {
      provider: 'whisper',
      code: 'PROVIDER_UNAVAILABLE',
      reason: 'the model is not here',
      cure: 'npm run assets',
    },
  ]);
  const [unsaid] = planFrom([offer('whisper', { available: false })], needs).missing;
  expect(unsaid?.reason).toBe('it is not available');
});

test('says what speaks against the first choice', () => {
  const preferredOf = (first: Offer, more: object = {}) =>
    planFrom([first, offer('other')], { ...needs, ...more }).preferred;
  expect(preferredOf(offer('a', { breaker: 'open' }))).toEqual({
    provider: 'a',
    reason: 'its circuit is open',
  });
  expect(preferredOf(offer('a', { available: false, reason: 'not here' }))?.reason).toBe('not here');
  expect(preferredOf(offer('a'))).toEqual({ provider: 'a', reason: null });
  expect(planFrom([offer('a'), offer('moonshine')], { ...needs, quality: 'fast' }).preferred?.provider).toBe(
    'moonshine',
  );
});

test('counts what one worker has, whatever another lacks', () => {
  const lacking = offer('whisper', { available: false, reason: 'not here' });
  const sick = offer('whisper', { breaker: 'open' });
  const well = offer('whisper', { model: 'the well one' });
  expect(planFrom([lacking, sick, well], needs)).toMatchObject({
    providers: [{ model: 'the well one' }],
    missing: [],
  });
  expect(names([lacking, sick, offer('b')])).toEqual(['b', 'whisper']);
});

describe('what operators and budgets say', () => {
  const standing = (over: Partial<Standing>): Standing => ({
    ...{ held: new Map(), unaffordable: new Map() },
    ...over,
  });

  test('a paused provider is asked last, and what is asked instead says why', () => {
    const held = new Map([['whisper', 'paused by an operator: invoice']]);
    const plan = planFrom([offer('whisper'), offer('openai')], needs, standing({ held }));
    expect(plan.providers.map(({ provider }) => provider)).toEqual(['openai', 'whisper']);
    expect(plan.preferred).toEqual({ provider: 'whisper', reason: 'paused by an operator: invoice' });
    expect(plan.missing).toEqual([]);
  });

  test('one that costs too much is not asked at all, and says when it is again', () => {
    const refusal = { reason: 'the budget is used up', cure: 'It begins anew on 2026-12-01' };
    const unaffordable = new Map([['openai', refusal]]);
    const plan = planFrom([offer('openai'), offer('whisper')], needs, standing({ unaffordable }));
    expect(plan.providers.map(({ provider }) => provider)).toEqual(['whisper']);
    expect(plan.preferred).toEqual({ provider: 'openai', reason: 'the budget is used up' });
    expect(plan.missing).toEqual([{ provider: 'openai', code: 'BUDGET_EXHAUSTED', ...refusal }]);
  });
});
