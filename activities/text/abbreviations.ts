/** Full stops that end no sentence, though `Intl.Segmenter` ends one there. */

/** Always with something after them: `Dr. Smith`, `Fig. 3`. */
const LEADING = new Set(
  'dr mr mrs ms prof st mt rev hon gen col capt lt sgt fig figs eq vol ch sec pp vs cf ca approx e.g i.e viz al'.split(
    ' ',
  ),
);

/** Abbreviations before a number, words before anything else: `No. 5`. */
const BEFORE_NUMBER = new Set([
  'no',
  'nos',
  'p',
  'art',
  'jan',
  'feb',
  'mar',
  'apr',
  'aug',
  'sept',
  'oct',
  'nov',
  'dec',
]);

/** They begin sentences, and nobody's surname: `vitamin C. It …` */
const OPENERS = new Set(
  'the a an it its this that these those he she we you they i there here but and so then now if when what in on at for as because after before'.split(
    ' ',
  ),
);

/** Whether the stop at the end of `before` is not the end of its sentence, given what comes `after` it. */
export function endsUnfinished(before: string, after: string): boolean {
  const token = /(\S+)\.$/.exec(before)?.[1];
  if (token === undefined) return false;
  const word = token.replace(/^[("'“‘[]+/, '').toLowerCase();
  if (isListMark(before)) return true;
  if (LEADING.has(word)) return true;
  if (BEFORE_NUMBER.has(word)) return /^\d/.test(after);
  return isInitial(token) && /^\p{Lu}/u.test(after) && !OPENERS.has(firstWord(after));
}

const firstWord = (text: string): string => /^[\p{L}']+/u.exec(text)?.[0].toLowerCase() ?? '';

/** `J.` or `J.R.`, but not the pronoun. */
const isInitial = (token: string): boolean => /^\p{Lu}(\.\p{Lu})*$/u.test(token) && token !== 'I';

/** `1.` or `b.` and nothing else. */
const isListMark = (sentence: string): boolean => /^(\d{1,3}|\p{L})\.$/u.test(sentence);
