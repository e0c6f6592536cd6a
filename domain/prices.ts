/**
 * What vendors ask for: published list prices on demand, in US dollars, each from its day on. What an account really
 * pays is on its bill: regions, contracts and free quotas differ. A new price is a new line; old ones stay, for calls
 * keep the price of their day.
 * https://aws.amazon.com/bedrock/pricing/ · https://azure.microsoft.com/pricing/details/speech/ · https://openai.com/api/pricing/
 */
import type { Units } from './cost';

/** Millionths of a dollar for one of each unit. */
export type Price = Units;

interface Row {
  readonly provider: string;
  /** How the model's id contains it; a region's prefix such as `eu.` may stand before. */
  readonly model: RegExp;
  /** First day (UTC) on which this price counts. */
  readonly since: string;
  readonly price: Price;
}

/** Dollars for a million of a unit are millionths of a dollar for one. */
const tokens = (input_tokens: number, output_tokens = 0): Price => ({ input_tokens, output_tokens });
const hour = (usd: number): Price => ({ seconds: (usd * 1_000_000) / 3_600 });

/** Of two that fit, the later one counts. */
export const PRICES: readonly Row[] = [
  { provider: 'bedrock', model: /claude-3-haiku/, since: '2024-03-13', price: tokens(0.25, 1.25) },
  { provider: 'bedrock', model: /claude-3-5-haiku/, since: '2024-11-04', price: tokens(0.8, 4) },
  { provider: 'bedrock', model: /claude-haiku-4-[5-9]/, since: '2025-10-15', price: tokens(1, 5) },
  { provider: 'bedrock', model: /claude-3(-5|-7)?-sonnet/, since: '2024-03-04', price: tokens(3, 15) },
  { provider: 'bedrock', model: /claude-sonnet-4/, since: '2025-05-22', price: tokens(3, 15) },
  { provider: 'bedrock', model: /claude-3-opus|claude-opus-4/, since: '2024-04-16', price: tokens(15, 75) },
  { provider: 'bedrock', model: /claude-opus-4-[5-9]/, since: '2025-11-24', price: tokens(5, 25) },
  { provider: 'bedrock', model: /titan-embed-text-v2/, since: '2024-04-30', price: tokens(0.02) },
  { provider: 'azure', model: /^neural/, since: '2024-01-01', price: { characters: 15 } },
  { provider: 'azure', model: /^speech-to-text$/, since: '2024-01-01', price: hour(1) },
  { provider: 'azure', model: /^speech-to-text-batch$/, since: '2024-01-01', price: hour(0.18) },
  {
    provider: 'openai',
    model: /^gpt-4o-mini(-\d{4}-\d\d-\d\d)?$/,
    since: '2024-07-18',
    price: tokens(0.15, 0.6),
  },
  { provider: 'openai', model: /^gpt-4o(-\d{4}-\d\d-\d\d)?$/, since: '2024-10-01', price: tokens(2.5, 10) },
  { provider: 'openai', model: /^gpt-4\.1(-\d{4}-\d\d-\d\d)?$/, since: '2025-04-14', price: tokens(2, 8) },
  { provider: 'openai', model: /^whisper-1$/, since: '2023-03-01', price: hour(0.36) },
  { provider: 'openai', model: /^tts-1$/, since: '2023-11-06', price: { characters: 15 } },
  { provider: 'openai', model: /^tts-1-hd$/, since: '2023-11-06', price: { characters: 30 } },
];

/** They run on one's own machines, or give for nothing (Pexels). */
const FREE = new Set([
  ...['whisper', 'moonshine', 'piper', 'espeak', 'mpnet', 'tesseract', 'drawn', 'extractive'],
  ...['ollama', 'pexels'],
]);

export const isFree = (provider: string): boolean => FREE.has(provider);

/** A model's price on a day; undefined where nobody knows it. */
export function priceOf(of: { provider: string; model: string }, at: Date): Price | undefined {
  if (isFree(of.provider)) return {};
  const day = at.toISOString().slice(0, 10);
  return PRICES.filter((row) => row.provider === of.provider && row.model.test(of.model) && row.since <= day)
    .sort((a, b) => (a.since < b.since ? -1 : 1))
    .at(-1)?.price;
}

/** Millionths of a dollar, rounded up: what costs something never costs nothing. */
export const microUsdFor = (units: Units, price: Price): number =>
  Math.ceil(
    Object.entries(price).reduce((sum, [unit, each]) => sum + (units[unit as keyof Units] ?? 0) * each, 0),
  );
