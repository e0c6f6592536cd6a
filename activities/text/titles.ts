/**
 * Titles from how the speaker introduces a subject, or else from its key phrases. English.
 * At most seven words; one where the subject has no longer name.
 */
import { GENERIC, STOP_WORDS } from './english';
import { isNamelike, isWithin, widened, type Phrase } from './phrases';
import { ORDINAL, type Part } from './speech';
import { stem, stemPhrase, wordsOf } from './words';

const MOST_WORDS = 7;
/** They stay in lower case inside a title. */
const SMALL = new Set(
  'a an and as at but by for from in into nor of on or over per the to vs via with'.split(' '),
);

const LOOK =
  '(?:look(?:ing)? (?:at|into)|talk(?:ing)? about|learn(?:ing)? about|think(?:ing)? about|study(?:ing)?|discuss(?:ing)?|explor(?:e|ing)|cover(?:ing)?|focus(?:ing)? on|investigat(?:e|ing)|see|find(?:ing)? out about|start(?:ing)? with|turn(?:ing)? to|mov(?:e|ing) on to|go(?:ing)? on to|com(?:e|ing) to|introduc(?:e|ing)|explain(?:ing)?|speak(?:ing)? about|tell(?:ing)? you about|understand(?:ing)?)';
/** The subject ends where the clause does. */
const SUBJECT =
  '([^,.;:!?]+?)(?= (?:which|that|who|where|when|because|so|before|after|from|today|now|together|is|are|works?|and then)\\b|[,.;:!?]|$)';
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
  `^what about ${SUBJECT}|\\b(?:let's|let us|we (?:now )?|we'll|i'll|now|on to|that brings us)\\b[^.?!]*?\\b${LOOK} ${SUBJECT}`,
  'i',
);

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
  /** Terms that the section defines, in order. */
  readonly terms?: readonly string[];
  /** What it is about, the best first. */
  readonly phrases: readonly Phrase[];
  readonly part: Part;
}

/** Empty where nothing in the section would make a title. */
export function sectionTitle(theme: Theme, lecture: string): string {
  const { sentences, part } = theme;
  const counted = firstOf(sentences.slice(0, 2), countedTitle);
  if (counted) return counted;
  if (part === 'recap') return withRole('Recap', lecture);
  if (part === 'mistake') return 'Common Mistake';
  const subject = subjectTitle(theme, lecture);
  if (part === 'example' && subject) return withRole('Example', subject);
  const isOpening = part === 'introduction' && sentences.some((sentence) => isWithin(lecture, sentence));
  return isOpening ? withRole('Introduction', lecture) : subject;
}

/** What the speaker announces or defines, or asks, or else mentions most. */
function subjectTitle({ sentences, terms = [], phrases, part }: Theme, lecture: string): string {
  const opening = sentences.slice(0, 2);
  const announced = part === 'example' ? '' : (firstOf(opening, (text) => nounTitle(movesOnTo(text))) ?? '');
  if (wordsOf(announced).length > 1) return announced;
  return (
    termTitle(terms, sentences, lecture) ||
    announced ||
    (firstOf(opening, questionTitle) ?? '') ||
    phraseTitle(phrases, { lecture })
  );
}

function movesOnTo(sentence: string): string | undefined {
  const [, asked, named] = MOVES_ON.exec(sentence) ?? [];
  return asked ?? named;
}

/** The defined term that the section mentions most; the first two where they are mentioned alike. */
function termTitle(terms: readonly string[], sentences: readonly string[], lecture: string): string {
  const said = ` ${sentences.map(stemPhrase).join(' ')} `;
  const uses = (term: string) => said.split(` ${stemPhrase(term)} `).length - 1;
  const fresh = terms
    .filter((term) => !isWithin(term, lecture))
    .map((term) => ({ term, count: uses(term) }))
    .sort((a, b) => b.count - a.count);
  const [first, second, third] = fresh;
  if (!first) return '';
  const isPair = second && second.count === first.count && third?.count !== first.count;
  return titleCase(isPair ? `${first.term} and ${second.term}` : first.term);
}

/** Points to something that a title cannot show. */
const DEICTIC =
  /\b(?:i|you|we|us|it|its|he|she|they|them|this|that|these|those|my|your|our|their|here|there|so)\b/i;

/** A question with which a section opens, where it makes sense alone. */
function questionTitle(sentence: string): string | undefined {
  const isClear = /^(?:what|why|how|where|when|who)\b[^,]*\?$/i.test(sentence) && !DEICTIC.test(sentence);
  const count = wordsOf(sentence).length;
  return isClear && count > 3 && count <= MOST_WORDS ? titleCase(sentence) : undefined;
}

function firstOf<T>(sentences: readonly string[], find: (sentence: string) => T | undefined): T | undefined {
  for (const sentence of sentences) {
    const found = find(sentence);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** "The second stage is condensation" → "The Second Stage: Condensation". */
function countedTitle(sentence: string): string | undefined {
  const [, which, what] = COUNTED.exec(sentence) ?? COUNTED_LATER.exec(sentence) ?? [];
  const subject = nounTitle(what?.replace(/^(?:the|a|an) /i, ''), 4);
  return which && subject && titleCase(`The ${which}: ${subject}`);
}

const withRole = (role: string, subject: string): string =>
  wordsOf(subject).length < MOST_WORDS ? titleCase(`${role}: ${subject}`) : role;

/** The best phrase that is said often enough, widened; rather not the lecture's own words. */
export function phraseTitle(
  phrases: readonly Phrase[],
  { lecture = '', least = 2 }: { lecture?: string; least?: number } = {},
): string {
  const about = new Set(wordsOf(lecture).map(stem));
  const isFresh = ({ key }: Phrase) => !key.split(' ').some((word) => about.has(word));
  const names = phrases.filter((phrase) => phrase.count >= least && isNamelike(phrase));
  const best = names.find(isFresh) ?? names[0];
  return best ? titleCase(widened(best, phrases)) : '';
}

/** How a sentence begins: a title where there are no rules or no phrases. */
export function openingWords(sentence: string): string {
  const whole = sentence.replace(/[.!?。！？…]+$/u, '');
  const start = whole.split(/\s+/).slice(0, MOST_WORDS).join(' ').slice(0, MOST_CHARACTERS);
  return start === whole ? whole : `${start.replace(/[,;:–-]+$/u, '')} …`;
}

/** Scripts without spaces have no seven words to count. */
const MOST_CHARACTERS = 70;

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

/** A subject that is too long, or ends on nothing, is cut before its "and". */
function nounTitle(raw: string | undefined, most = MOST_WORDS): string | undefined {
  const subject = raw?.replace(NOISE, '').trim() ?? '';
  const words = wordsOf(subject);
  const isTitle = words.length > 0 && words.length <= most && !endsEmpty(words) && !beginsEmpty(words);
  if (isTitle) return titleCase(subject);
  const shorter = subject.replace(/,? and .*$/i, '');
  return shorter === subject ? undefined : nounTitle(shorter, most);
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
