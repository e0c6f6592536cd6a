/** What the service hears, live or in a batch, as a `Recognition`; pure functions. */
import { z } from 'zod';
import { TICKS_PER_SECOND } from './azure';
import { primaryOf } from './azure-languages';
import type { Recognition, TimedWord } from './spec';

/** Times in ticks from the start of the sound. */
export interface Timed {
  readonly text: string;
  readonly offset: number;
  readonly duration: number;
}

export interface Phrase extends Timed {
  readonly locale?: string;
  /** As they were spoken: lower case, without marks, numbers in words. */
  readonly spoken: readonly Timed[];
  /** As they are written; newer service versions say it. */
  readonly written: readonly Timed[];
}

const timed = { Offset: z.number(), Duration: z.number() };

/** A final result in the detailed format: https://learn.microsoft.com/azure/ai-services/speech-service/get-speech-recognition-results */
export const phraseSchema = z
  .object({
    ...timed,
    PrimaryLanguage: z.object({ Language: z.string() }).optional(),
    NBest: z
      .array(
        z.object({
          Display: z.string(),
          Words: z.array(z.object({ Word: z.string(), ...timed })).default([]),
          DisplayWords: z.array(z.object({ DisplayText: z.string(), ...timed })).default([]),
        }),
      )
      .min(1),
  })
  .transform(({ Offset, Duration, PrimaryLanguage, NBest }): Phrase => {
    const { Display, Words, DisplayWords } = NBest[0]!;
    return {
      ...{ text: Display, offset: Offset, duration: Duration, locale: PrimaryLanguage?.Language },
      spoken: Words.map((word) => ({ text: word.Word, offset: word.Offset, duration: word.Duration })),
      written: DisplayWords.map((word) => ({
        ...{ text: word.DisplayText, offset: word.Offset, duration: word.Duration },
      })),
    };
  });

const ticked = { offsetInTicks: z.number(), durationInTicks: z.number() };

/** https://learn.microsoft.com/azure/ai-services/speech-service/batch-transcription-get#transcription-result-file */
export const batchResultSchema = z.object({
  durationInTicks: z.number(),
  recognizedPhrases: z.array(
    z.object({
      ...ticked,
      recognitionStatus: z.string(),
      locale: z.string().optional(),
      nBest: z
        .array(
          z.object({
            display: z.string(),
            words: z.array(z.object({ word: z.string(), ...ticked })).default([]),
            displayWords: z.array(z.object({ displayText: z.string(), ...ticked })).default([]),
          }),
        )
        .default([]),
    }),
  ),
});

export function phrasesOf({ recognizedPhrases }: z.output<typeof batchResultSchema>): Phrase[] {
  return recognizedPhrases.flatMap(({ recognitionStatus, nBest, ...phrase }): Phrase[] => {
    const best = nBest[0];
    if (recognitionStatus !== 'Success' || !best) return [];
    const at = (times: z.output<z.ZodObject<typeof ticked>>) => ({
      ...{ offset: times.offsetInTicks, duration: times.durationInTicks },
    });
    const spoken = best.words.map((word) => ({ text: word.word, ...at(word) }));
    const written = best.displayWords.map((word) => ({ text: word.displayText, ...at(word) }));
    return [{ text: best.display, ...at(phrase), locale: phrase.locale, spoken, written }];
  });
}

/** Times may overlap and run past the sound's end; ours never do. `asked` is what the caller said is spoken. */
export function recognitionOf(phrases: readonly Phrase[], durationS: number, asked?: string): Recognition {
  const heard = inOrder(
    phrases.filter(({ text }) => text.trim()),
    { from: 0, to: durationS },
  );
  return {
    language: primaryOf(asked ?? phrases.find(({ locale }) => primaryOf(locale) !== 'und')?.locale),
    segments: heard.map(({ phrase, start_s, end_s }) => {
      const words = inOrder(wordsOf(phrase), { from: start_s, to: end_s });
      const text = phrase.text.trim();
      if (words.length === 0) return { text, start_s, end_s };
      return { text, start_s, end_s, words: words.map(asWord) };
    }),
  };
}

const asWord = ({ phrase, start_s, end_s }: Span<Timed>): TimedWord => ({
  ...{ text: phrase.text.trim(), start_s, end_s },
});

/**
 * Words with their marks and capitals. Where only the spoken ones are timed ("twenty five" for "25"), the written
 * ones take their times in turn; text without spaces has none to take them.
 */
function wordsOf({ text, spoken, written }: Phrase): Timed[] {
  if (written.length > 0) return written.filter((word) => word.text.trim());
  const tokens = text.trim().split(/\s+/);
  if (tokens.length === 1 || spoken.length === 0) return [...spoken];
  return tokens.map((token, index) => {
    const place = (position: number) => Math.floor((position * spoken.length) / tokens.length);
    const first = spoken[place(index)]!;
    const last = spoken[Math.max(place(index), place(index + 1) - 1)]!;
    return { text: token, offset: first.offset, duration: last.offset + last.duration - first.offset };
  });
}

interface Span<T> {
  readonly phrase: T;
  readonly start_s: number;
  readonly end_s: number;
}

/** Sorted, within the bounds, and none beginning before the one in front of it has ended. */
function inOrder<T extends Timed>(
  items: readonly T[],
  { from, to }: { from: number; to: number },
): Span<T>[] {
  let earliest = from;
  return [...items]
    .sort((a, b) => a.offset - b.offset)
    .map((phrase) => {
      const start_s = clamp(phrase.offset / TICKS_PER_SECOND, earliest, to);
      earliest = clamp((phrase.offset + phrase.duration) / TICKS_PER_SECOND, start_s, to);
      return { phrase, start_s, end_s: earliest };
    });
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
