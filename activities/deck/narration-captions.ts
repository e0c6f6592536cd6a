/** When a narrated deck says what: its notes as transcripts, which `audio/captions.ts` writes as WebVTT or SubRip. */
import type { Segment, Transcript } from '../../domain/transcript';
import { slideSeconds, type Voice } from './narration';
import { sentencesOf } from './sentences';

export interface SpokenSlide {
  readonly notes: string;
  /** A slide without a voice says nothing. */
  readonly voice?: Pick<Voice, 'duration_s'> & {
    /** When each word is spoken, where the speaker said so. */
    readonly timed?: readonly TimedWord[];
  };
}

interface TimedWord {
  readonly text: string;
  readonly start_s: number;
}

/** Who speaks, and in which language (BCP 47). */
export type Speaker = Pick<Transcript, 'language' | 'provider' | 'model' | 'quality'>;

/** One slide, in seconds of its own audio. */
export function slideTranscript(slide: SpokenSlide, speaker: Speaker): Transcript {
  const segments = saidFrom(0, slide, speaker.language);
  return transcriptOf(segments, slide.voice?.duration_s ?? 0, speaker);
}

/** The whole deck, in seconds of the show that plays by itself. */
export function deckTranscript(slides: readonly SpokenSlide[], speaker: Speaker): Transcript {
  let at_s = 0;
  const segments = slides.flatMap((slide) => {
    const start_s = at_s;
    at_s += slideSeconds(slide.voice);
    return saidFrom(start_s, slide, speaker.language);
  });
  return transcriptOf(segments, at_s, speaker);
}

/** The second at which a share of the letters is spoken: the start of the word that is nearest to it. */
function secondAt(share: number, timed: readonly TimedWord[], duration_s: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return duration_s;
  const letters = timed.reduce((sum, { text }) => sum + text.length + 1, 0);
  let before = 0;
  let nearest = { distance: Infinity, start_s: duration_s };
  for (const { text, start_s } of timed) {
    const distance = Math.abs(before - share * letters);
    if (distance < nearest.distance) nearest = { distance, start_s };
    before += text.length + 1;
  }
  return nearest.start_s;
}

/**
 * A slide's sentences share its audio by their length, the space after each included, as words share a segment; where
 * the speaker said when each word is spoken, they begin with their first word.
 */
function saidFrom(start_s: number, { notes, voice }: SpokenSlide, language: string): Omit<Segment, 'id'>[] {
  if (!voice) return [];
  const { duration_s, timed = [] } = voice;
  const sentences = sentencesOf(notes, language);
  const letters = sentences.reduce((sum, { length }) => sum + length + 1, 0);
  let before = 0;
  const at = (chars: number): number =>
    start_s +
    (timed.length > 0 ? secondAt(chars / letters, timed, duration_s) : duration_s * (chars / letters));
  return sentences.map((text) => {
    const from = before;
    before += text.length + 1;
    return { text, start_s: at(from), end_s: at(before) };
  });
}

const transcriptOf = (
  segments: readonly Omit<Segment, 'id'>[],
  duration_s: number,
  { language, provider, model, quality }: Speaker,
): Transcript => ({
  schema: 'transcript/1',
  ...{ language, duration_s, provider, model, quality },
  text: segments.map(({ text }) => text).join(' '),
  segments: segments.map((segment, id) => ({ id, ...segment })),
});
