/** Turns a spoken sentence into a bullet: less of it, the same meaning, never cut within a clause. */
import { capitalise, countWords } from './sentences';
import { AUXILIARIES, isVerb } from './vocabulary';
import { clip, wordsOf } from './wrap';

/** A bullet of about two lines beside a picture. */
const COMFORTABLE_CHARS = 84;
/** Without a clause to stop at, a sentence stays whole up to here, then ends in an ellipsis. */
const LONGEST_CHARS = 150;
const LEAST_WORDS = 4;

/** Words that open a spoken sentence and add nothing to a written one. English only. */
const OPENERS = [
  /^(?:so|and|but|now|well|okay|ok|right|also|then again|of course|in fact|basically|actually|remember)\b(?! that\b),?\s+/i,
  /^(?:then,?\s+|(?:first|firstly|second|secondly|third|thirdly|next|after that|finally|lastly),\s+)/i,
  /^(?:you know|i mean|you see),\s+/i,
  /^(?:as (?:we|you|i) (?:saw|said|mentioned|know|can see)[^,]*),\s+/i,
  /^(?:what (?:this|that) means is|this means|that means|it turns out|it is important to (?:note|know|remember)|(?:please )?(?:note|remember|keep in mind)|we (?:can )?(?:see|say|know)|you can see) that\s+/i,
  /^(?:in other words|for this reason|as a result|in short|to sum up|in summary|most importantly|interestingly|however|moreover|furthermore|therefore|in addition|above all),\s+/i,
];

/** A clause that starts so only adds to the one before it. */
const ADDITIONS = [
  /,\s+(?:which|who|whose|whom|where|whereby)\b/giu,
  /,\s+(?:and|but|so|because|since|as|while|whereas|although|though)\b/giu,
  /\s+(?:because|so that|in order to|which means)\b/giu,
  /\s*[;–—]\s+/gu,
  /:\s+/gu,
];

/** Without a clause that holds one of these, the rest would claim more than the sentence does. */
const LIMITS = /\b(?:only|unless|except)\b/iu;
/** Likewise, if it stands among the clause's first words. */
const NEGATES = /\b(?:if|until|without|not|never|no|neither|nor|either|both)\b/iu;
const FIRST_WORDS = 5;

/** A sentence that opens with one of these is no sentence before its comma. */
const SUBORDINATE =
  /^(?:if|when|whenever|while|although|though|because|since|as|after|before|unless|until|once|instead of|unlike|whereas|given)\b/iu;
/** After one of these a sentence has no verb for a while. */
const PREPOSITION = /^(?:in|on|at|by|for|from|with|without|during|under|over|to|within|through)\b/iu;

const hasVerb = (text: string): boolean =>
  wordsOf(text.toLowerCase()).some((word) => AUXILIARIES.has(word) || isVerb(word));

/** `Although it is cold` waits for its main clause; `In the leaf` for any. */
const beginsMidThought = (head: string): boolean =>
  (SUBORDINATE.test(head) && !head.includes(',')) || (PREPOSITION.test(head) && !hasVerb(head));

const boundaries = (text: string): number[] =>
  ADDITIONS.flatMap((pattern) => [...text.matchAll(pattern)].map(({ index }) => index)).sort((a, b) => b - a);

/** Of the words; a bullet that says less than this of its sentence has lost the point. */
const LEAST_SHARE = 0.45;

function isWholeThought(head: string, tail: string): boolean {
  const said = countWords(head) / (countWords(head) + countWords(tail));
  const opening = wordsOf(tail).slice(0, FIRST_WORDS).join(' ');
  const limited = LIMITS.test(tail) || NEGATES.test(opening);
  return countWords(head) >= LEAST_WORDS && said >= LEAST_SHARE && !beginsMidThought(head) && !limited;
}

/** The longest short leading part, or else the shortest long one, that ends with a clause and stands alone. */
function leadingClause(text: string): string | undefined {
  const ends = boundaries(text).filter((at) => isWholeThought(text.slice(0, at), text.slice(at)));
  const end = ends.find((at) => at <= COMFORTABLE_CHARS) ?? ends.at(-1);
  return end === undefined ? undefined : text.slice(0, end);
}

const withoutAsides = (text: string): string => text.replace(/\s*\([^()]*\)/gu, '');

function withoutOpeners(text: string): string {
  const shorter = OPENERS.reduce((rest, opener) => rest.replace(opener, ''), text);
  return shorter === text ? text : withoutOpeners(shorter);
}

const withoutFullStop = (text: string): string => text.replace(/[.;:,\s]+$/u, '');

export function shortPhrase(sentence: string, language: string): string {
  const trimmed = sentence.replace(/\s+/gu, ' ').trim();
  const spoken = language.startsWith('en') ? withoutOpeners(trimmed) : trimmed;
  const whole = withoutFullStop(spoken) || trimmed;
  if (whole.length <= COMFORTABLE_CHARS) return capitalise(whole);
  const plain = withoutAsides(whole);
  const shorter = plain.length <= COMFORTABLE_CHARS ? plain : (leadingClause(plain) ?? plain);
  return capitalise(clip(withoutFullStop(shorter), (one) => one.length <= LONGEST_CHARS));
}
