/** Short labels for pictures, taken from the words of a bullet. English verbs are known, other languages go by length. */
import { capitalise, sentenceKey } from './sentences';
import { wordsOf } from './wrap';

const MOST_WORDS = 4;
const MOST_CHARS = 34;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** No label starts or ends with one. */
const LIGHT = words(
  'a an the this that these those it its they their them we our you your he she his her i my and or but so if then than as at by for from in into of off on onto out over per through to up upon via with within without about after before between during under is are was were be been being am has have had do does did can could will would shall should may might must not no also just very more most much many some any each every all both such there here when while where which who whose what how why because only even still again first second third next finally later thus hence instead',
);

/** A label may stop before one: what precedes is what the sentence is about. */
const STATIVE = words(
  'is are was were be been being means mean has have had can could will would may might must shall should does do did consists includes include contains contain refers describes becomes become remains lies lie called',
);

const PREPOSITIONS = words(
  'at by for from in into of off on onto over through to upon via with within without about after before between during under that which who where when while because if and or but as than',
);

const bare = (word: string): string => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%°]+$/gu, '');
const isLight = (word: string): boolean => LIGHT.has(bare(word).toLowerCase());

function trimLight(list: readonly string[]): string[] {
  const first = list.findIndex((word) => !isLight(word));
  const last = list.findLastIndex((word) => !isLight(word));
  return first < 0 ? [] : list.slice(first, last + 1);
}

/** Up to a stative verb or punctuation; where neither comes in time, up to a preposition. */
function leadingChunk(text: string): string[] {
  const all = wordsOf(text);
  const start = all.findIndex((word) => !isLight(word));
  if (start < 0) return [];
  const rest = all.slice(start);
  const stop = rest.findIndex((word, index) => index > 0 && STATIVE.has(bare(word).toLowerCase()));
  const pause = rest.findIndex((word) => /[,;:.!?–—]$/u.test(word));
  const end = Math.min(stop < 0 ? rest.length : stop, pause < 0 ? rest.length : pause + 1);
  if (end <= MOST_WORDS) return rest.slice(0, end);
  const breaks = rest
    .slice(1, MOST_WORDS + 1)
    .findLastIndex((word) => PREPOSITIONS.has(bare(word).toLowerCase()));
  return rest.slice(0, breaks < 0 ? MOST_WORDS - 1 : breaks + 1);
}

/** Two to four words that say what a bullet is about. */
export function labelOf(text: string): string {
  const chunk = trimLight(leadingChunk(text)).map((word, index, all) =>
    index === all.length - 1 ? bare(word) : word,
  );
  while (chunk.length > 1 && chunk.join(' ').length > MOST_CHARS) chunk.pop();
  return capitalise(trimLight(chunk).join(' '));
}

/** A key term within the bullet says more than its first words; each is used once. */
export function labelsOf(bullets: readonly string[], terms: readonly string[]): string[] {
  const taken = new Set<string>();
  const labels: string[] = [];
  for (const bullet of bullets) {
    const within = terms.filter((term) => mentions(bullet, term)).sort((a, b) => b.length - a.length);
    const label = [labelOf(bullet), ...within.map(capitalise)].find(
      (one) => one !== '' && one.length <= MOST_CHARS && !taken.has(sentenceKey(one)),
    );
    if (!label) continue;
    taken.add(sentenceKey(label));
    labels.push(label);
  }
  return labels;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export const mentions = (text: string, term: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}])${escaped(term)}(?:e?s)?(?![\\p{L}\\p{N}])`, 'iu').test(text);

/** Content words for a photo search, the most telling first, at most five. */
export function searchPhrase(texts: readonly string[]): string {
  const found = texts
    .flatMap((text) => wordsOf(text).map(bare))
    .filter((word) => word !== '' && !isLight(word));
  return [...new Set(found.map((word) => word.toLowerCase()))].slice(0, 5).join(' ');
}
