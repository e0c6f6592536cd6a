/** Passages: stretches of about 200 words, cut at sentence ends, each beginning with the end of the one before. */
import type { Passage } from '../../domain/passage';
import type { Transcript } from '../../domain/transcript';
import { joinSentences, sentencesOfText, sentencesOfTranscript, type Sentence } from './sentences';
import { countWords } from './words';

/** Words; an embedding model of 384 tokens reads about 280. */
const TARGET = 200;
/** A last passage may have these many words more, rather than leave a scrap behind. */
const SCRAP = 40;
/** Words and sentences that two neighbours may share. */
const OVERLAP = 40;
const OVERLAP_SENTENCES = 2;

export function passagesOfTranscript(transcript: Transcript): Passage[] {
  return passagesOfSentences(sentencesOfTranscript(transcript));
}

export function passagesOfText(text: string, language: string): Passage[] {
  return passagesOfSentences(sentencesOfText(text, language));
}

export function passagesOfSentences(sentences: readonly Sentence[]): Passage[] {
  const lengths = sentences.map(({ text }) => countWords(text));
  const passages: Passage[] = [];
  for (let start = 0; start < sentences.length;) {
    const end = endOf(lengths, start);
    passages.push(passageOf(`p${passages.length + 1}`, sentences.slice(start, end)));
    start = end === sentences.length ? end : end - overlapBefore(lengths, start, end);
  }
  return passages;
}

/** The index behind the passage's last sentence; a sentence longer than a passage stays whole. */
function endOf(lengths: readonly number[], start: number): number {
  const left = sum(lengths.slice(start));
  if (left <= TARGET + SCRAP) return lengths.length;
  let end = start + 1;
  for (let words = lengths[start]!; words + lengths[end]! <= TARGET; end++) words += lengths[end]!;
  return end;
}

/** How many sentences the next passage repeats: never all of them, and only while they are short. */
function overlapBefore(lengths: readonly number[], start: number, end: number): number {
  let words = 0;
  let count = 0;
  while (count < OVERLAP_SENTENCES && end - count - 1 > start) {
    words += lengths[end - count - 1]!;
    if (words > OVERLAP) break;
    count++;
  }
  // The sentence after them must still fit, or the next passage would hold nothing new.
  const fits = (repeated: number) => sum(lengths.slice(end - repeated, end + 1)) <= TARGET;
  while (count > 0 && !fits(count)) count--;
  return count;
}

function passageOf(id: string, sentences: readonly Sentence[]): Passage {
  const text = joinSentences(sentences);
  const [first, last] = [sentences[0], sentences.at(-1)];
  if (first?.start_s === undefined || last?.end_s === undefined) return { id, text };
  return { id, text, start_s: first.start_s, end_s: last.end_s };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
