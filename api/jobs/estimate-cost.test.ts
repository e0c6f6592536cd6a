import { BLANK_OFFER, type Offer } from '../../domain/offer';
import { estimateCost } from './estimate-cost';

const offer = (capability: string, provider: string, model: string, over: Partial<Offer> = {}): Offer => ({
  ...{ ...BLANK_OFFER, capability, provider, model, available: true },
  ...over,
});

/** An hour, at 16,000 bytes a second. */
const HOUR = { media_type: 'audio/mpeg', bytes: BigInt(16_000 * 3_600) };
const TEXT = { media_type: 'text/plain', bytes: 15_000n };
const now = new Date('2026-11-23');

const bedrock = offer('language_model', 'bedrock', 'anthropic.claude-3-haiku');
const azure = offer('transcriber', 'azure', 'speech-to-text');

test('an hour of speech at a vendor costs his hour, and its summary its tokens', () => {
  expect(estimateCost({ type: 'transcribe', size: HOUR }, [azure], now)).toEqual({ usd: 1, unpriced: [] });
  const { usd } = estimateCost({ type: 'summarize', size: HOUR }, [azure, bedrock], now);
  expect(usd).toBeCloseTo(1 + (3_600 * 3.3 + 800) * 0.25e-6 + 1_500 * 1.25e-6, 4);
});

test('a text needs nobody who hears it', () => {
  expect(estimateCost({ type: 'summarize', size: TEXT }, [azure, bedrock], now).usd).toBeLessThan(0.01);
});

test('who is asked first counts; who is not there, or not wanted, does not', () => {
  const whisper = offer('transcriber', 'whisper', 'base');
  expect(estimateCost({ type: 'transcribe', size: HOUR }, [whisper, azure], now)).toEqual({
    usd: 0,
    unpriced: [],
  });
  const absent = { ...whisper, available: false };
  expect(estimateCost({ type: 'transcribe', size: HOUR }, [absent, azure], now).usd).toBe(1);
  const unwanted = { ...azure, configured: false };
  expect(estimateCost({ type: 'transcribe', size: HOUR }, [unwanted], now)).toEqual({ usd: 0, unpriced: [] });
});

test('a model without a known price is named', () => {
  const own = offer('transcriber', 'openai', 'own');
  expect(estimateCost({ type: 'transcribe', size: HOUR }, [own], now)).toEqual({
    usd: 0,
    unpriced: ['openai/own'],
  });
});

test('a lesson asks everybody', () => {
  const all = [azure, bedrock, offer('speaker', 'azure', 'neural'), offer('illustrator', 'drawn', 'svg')];
  const { usd } = estimateCost({ type: 'lesson', size: HOUR }, all, now);
  expect(usd).toBeCloseTo(1 + 0.005_045 + 4_000 * 15e-6, 2);
});

test('a text that is only to be said costs its letters', () => {
  const voice = offer('speaker', 'azure', 'neural');
  const text = 'x'.repeat(20_000);
  expect(estimateCost({ type: 'voiceover', size: TEXT, text }, [bedrock, voice], now).usd).toBe(0.3);
});
