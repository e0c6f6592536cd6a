/** Titles of two to seven words, from how the speaker introduces a subject or else from its key phrases. English. */
import { GENERIC, STOP_WORDS } from './english';
import { isWithin, type Phrase } from './phrases';
import { isRecap, ORDINAL } from './speech';
import { wordsOf } from './words';

const MOST_WORDS = 7;
/** They stay in lower case inside a title. */
const SMALL = new Set(
  'a an and as at but by for from in into nor of on or over per the to vs via with'.split(' '),
);

const LOOK =
  '(?:look(?:ing)? (?:at|into)|talk(?:ing)? about|learn(?:ing)? about|think(?:ing)? about|study(?:ing)?|discuss(?:ing)?|explor(?:e|ing)|cover(?:ing)?|focus(?:ing)? on|investigat(?:e|ing)|see|find(?:ing)? out about|start(?:ing)? with|turn(?:ing)? to|mov(?:e|ing) on to|go(?:ing)? on to|com(?:e|ing) to|introduc(?:e|ing)|understand(?:ing)?)';
/** The subject ends where the clause does. */
const SUBJECT =
  '([^,.;:!?]+?)(?= (?:which|that|who|where|when|because|so|before|after|from|today|now|together|is|are|works?|and (?:how|why|what|then))\\b|[,.;:!?]|$)';
const NOISE =
  /^(?:(?:something (?:called|known as)|the (?:topic|subject|idea|concept|question) of|what (?:we call|is)|what's|how|why|called|simply|a bit about|another)\s+)+/i;

const LECTURE_INTROS = [
  `\\b(?:today|this (?:morning|afternoon|lesson|lecture|week)|in this (?:lesson|lecture|video|talk|class)|we(?:'re| are)|i(?:'m| am)|we(?:'ll| will)|i(?:'d| want| would))\\b[^.?!]*?\\b${LOOK} ${SUBJECT}`,
  `\\b(?:today(?:'s)?|this|our|the) (?:lesson|lecture|topic|subject|class|talk|video) (?:today )?(?:is|will be)(?: all)?(?: about| on)? ${SUBJECT}`,
  `\\bwelcome to (?:this|today's|our) (?:lesson|lecture|talk|class) (?:on|about) ${SUBJECT}`,
].map((source) => new RegExp(source, 'i'));

const COUNTED = new RegExp(
  `^(?:the|our) (${ORDINAL} [\\w-]+) (?:is|was|are|we call|is called|is known as)(?: called| known as)? ${SUBJECT}`,
  'i',
);
const COUNTED_LATER = new RegExp(`\\bthe (${ORDINAL} [\\w-]+), (?:which is|called|known as) ${SUBJECT}`, 'i');
const MOVES_ON = new RegExp(
  `\\b(?:let's|let us|we (?:now )?|we'll|i'll|now|on to|that brings us)\\b[^.?!]*?\\b${LOOK} ${SUBJECT}`,
  'i',
);
const EXAMPLE = /\b(?:an example|for example|imagine|suppose|case study|experiment)\b/i;

/** How the lecture is announced in its first sentences. */
export function announcedTitle(sentences: readonly string[]): string | undefined {
  for (const sentence of sentences) {
    for (const intro of LECTURE_INTROS) {
      const title = nounTitle(intro.exec(sentence)?.[1]);
      if (title) return title;
    }
  }
  return undefined;
}

export interface Theme {
  /** The section's sentences, cleaned, in order. */
  readonly sentences: readonly string[];
  /** What it is about, the best first. */
  readonly phrases: readonly Phrase[];
  readonly isFirst: boolean;
}

export function sectionTitle({ sentences, phrases, isFirst }: Theme, lecture: string): string {
  const opening = sentences.slice(0, 2);
  for (const sentence of opening) {
    const counted = COUNTED.exec(sentence) ?? COUNTED_LATER.exec(sentence);
    const subject = shortSubject(counted?.[2]);
    if (counted && subject) return titleCase(`The ${counted[1]}: ${subject}`);
  }
  const subject = phraseTitle(phrases, lecture);
  const opens = isFirst && sentences.some((sentence) => isWithin(lecture, sentence));
  if (opens) return withRole('Introduction', lecture);
  if (opening.some(isRecap)) return withRole('Recap', lecture);
  if (opening.some((sentence) => EXAMPLE.test(sentence))) return titleCase(`Example: ${subject}`);
  for (const sentence of opening) {
    const title = nounTitle(MOVES_ON.exec(sentence)?.[1]);
    if (title && wordsOf(title).length > 1) return title;
  }
  return subject;
}

const withRole = (role: string, lecture: string): string =>
  wordsOf(lecture).length < MOST_WORDS ? titleCase(`${role}: ${lecture}`) : role;

/** The best phrase, with the second best when it is one word or the lecture's own title. */
export function phraseTitle(phrases: readonly Phrase[], lecture = ''): string {
  const fresh = phrases.filter(({ text }) => !isWithin(text, lecture));
  const [first] = fresh.length > 0 ? fresh : phrases;
  if (!first) return '';
  const second = fresh.find(({ text }) => !isWithin(text, first.text) && !isWithin(first.text, text));
  const isShort = wordsOf(first.text).length === 1;
  return titleCase(isShort && second ? `${first.text} and ${second.text}` : first.text);
}

/** For languages without rules: how a sentence begins. */
export function openingWords(sentence: string): string {
  const words = sentence.replace(/[.!?。！？…]+$/u, '').split(/\s+/);
  return words
    .slice(0, MOST_WORDS)
    .join(' ')
    .replace(/[,;:–-]+$/u, '')
    .slice(0, 80);
}

/** Each title once: a repeated one gets its section's next phrase, or a number. */
export function uniqueTitle(title: string, taken: ReadonlySet<string>, phrases: readonly Phrase[]): string {
  if (!taken.has(title)) return title;
  const other = phrases
    .map(({ text }) => titleCase(`${title}: ${text}`))
    .find((name) => !taken.has(name) && wordsOf(name).length <= MOST_WORDS);
  if (other) return other;
  let number = 2;
  while (taken.has(`${title} (${number})`)) number++;
  return `${title} (${number})`;
}

function nounTitle(raw: string | undefined): string | undefined {
  const subject = raw?.replace(NOISE, '').trim() ?? '';
  const words = wordsOf(subject);
  const isTitle = words.length > 0 && words.length <= MOST_WORDS && !endsEmpty(words) && !beginsEmpty(words);
  return isTitle ? titleCase(subject) : undefined;
}

/** Up to four words, so that "The First Stage: …" is still a title. */
function shortSubject(raw: string | undefined): string | undefined {
  const subject =
    raw
      ?.replace(NOISE, '')
      .replace(/^(?:the|a|an) /i, '')
      .trim() ?? '';
  const words = wordsOf(subject);
  return words.length > 0 && words.length <= 4 && !endsEmpty(words) && !beginsEmpty(words)
    ? subject
    : undefined;
}

const endsEmpty = (words: readonly string[]): boolean => STOP_WORDS.has(words.at(-1)!.toLowerCase());
/** A pronoun or a word like "things": nothing to call a section by. */
const beginsEmpty = (words: readonly string[]): boolean =>
  (STOP_WORDS.has(words[0]!.toLowerCase()) && !/^(?:the|a|an|how|why|what)$/i.test(words[0]!)) ||
  words.every((word) => STOP_WORDS.has(word.toLowerCase()) || GENERIC.has(word.toLowerCase()));

export function titleCase(text: string): string {
  const words = text.trim().split(/\s+/);
  return words
    .map((word, index) => {
      const isEdge = index === 0 || index === words.length - 1 || words[index - 1]!.endsWith(':');
      if (!isEdge && SMALL.has(word.toLowerCase())) return word.toLowerCase();
      return word.charAt(0).toUpperCase() + word.slice(1);
    })
    .join(' ');
}
