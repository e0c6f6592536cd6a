/** Short labels for pictures, taken from the words of a bullet. */
import { capitalise, sentenceKey } from './sentences';
import { AUXILIARIES, isVerb, LIGHT_WORDS, LINKS } from './vocabulary';
import { wordsOf } from './wrap';

const MOST_WORDS = 4;
const MOST_CHARS = 34;

const JOINS: ReadonlySet<string> = new Set(['and', 'or']);

const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);
const PRONOUNS: ReadonlySet<string> = new Set('this that it they these those he she we you'.split(' '));

/** What is done, as in `Water molecules split`, or only who or what does it. */
export type LabelStyle = 'action' | 'subject';

const bare = (word: string): string => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%°]+$/gu, '');
const lower = (word: string | undefined): string => bare(word ?? '').toLowerCase();
const isLight = (word: string): boolean => LIGHT_WORDS.has(lower(word));
const endsClause = (word: string): boolean => /[,;:.!?–—]$/u.test(word);

function trimLight(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !isLight(word));
  const last = words.findLastIndex((word) => !isLight(word));
  return first < 0 ? [] : words.slice(first, last + 1);
}

/** `In plants, photosynthesis happens` is about photosynthesis, `In cities the ground is sealed` about the ground. */
function withoutOpening(words: readonly string[]): readonly string[] {
  if (!isLight(words[0] ?? '')) return words;
  const comma = words.slice(0, 6).findIndex(endsClause);
  if (comma >= 0 && comma < words.length - 1) return words.slice(comma + 1);
  const article = words.findIndex((word, index) => index > 1 && ARTICLES.has(lower(word)));
  const isOwnPhrase = article > 1 && article < 4 && !isLight(words[article - 1]!);
  return LINKS.has(lower(words[0])) && isOwnPhrase ? words.slice(article) : words;
}

const fromTelling = (words: readonly string[]): readonly string[] =>
  words.slice(
    Math.max(
      0,
      words.findIndex((word) => !isLight(word)),
    ),
  );

/** From the first telling word on; `This takes energy` is about energy. */
function fromSubject(words: readonly string[]): readonly string[] {
  const rest = fromTelling(words);
  const before = words[words.length - rest.length - 1];
  return PRONOUNS.has(lower(before)) && isVerb(lower(rest[0])) ? fromTelling(rest.slice(1)) : rest;
}

/** A long one ends before its first preposition; without one it loses its first words, for the noun comes last. */
function nounPhrase(words: readonly string[]): string[] {
  const plain = trimLight(words);
  if (plain.length <= MOST_WORDS) return plain;
  const link = plain.findIndex(
    (word, index) => index > 0 && LINKS.has(lower(word)) && !JOINS.has(lower(word)),
  );
  return link > 0 && link <= MOST_WORDS
    ? trimLight(plain.slice(0, link))
    : trimLight(plain.slice(-(MOST_WORDS - 1)));
}

/** The verb and its object when they are short enough, as in `absorbs a photon` or `flow back`. */
function predicate(after: readonly string[], room: number): string[] {
  const verbs = after[0] !== undefined && AUXILIARIES.has(lower(after[0])) ? after.slice(1) : after;
  if (!isVerb(lower(verbs[0]))) return [];
  const stop = verbs.findIndex((word, index) => index > 0 && LINKS.has(lower(word)));
  const pause = verbs.findIndex(endsClause);
  const end = Math.min(stop < 0 ? verbs.length : stop, pause < 0 ? verbs.length : pause + 1);
  const back = lower(verbs[end]) === 'back' ? 1 : 0;
  const said = verbs.slice(0, end + back);
  const fits = said.length <= room && trimLight(said).length > 0;
  return fits ? said : [];
}

/** One to four words that say what a bullet is about. */
export function labelOf(text: string, style: LabelStyle = 'subject'): string {
  const words = withoutOpening(wordsOf(text));
  const rest = fromSubject(words);
  const verb = rest.findIndex(
    (word, index) => index > 0 && (AUXILIARIES.has(lower(word)) || isVerb(lower(word))),
  );
  const pause = rest.findIndex(endsClause);
  const ends = [verb, pause < 0 ? -1 : pause + 1].filter((at) => at > 0);
  const subject = nounPhrase(rest.slice(0, Math.min(...ends, rest.length)));
  const action =
    style === 'action' && verb > 0 && verb === Math.min(...ends)
      ? predicate(rest.slice(verb), MOST_WORDS - subject.length)
      : [];
  const label = trimLight([...subject, ...action]).map((word, index, all) =>
    index === all.length - 1 ? bare(word) : word,
  );
  while (label.length > 1 && label.join(' ').length > MOST_CHARS) label.pop();
  return capitalise(label.join(' '));
}

/** What follows a subject: `fix carbon dioxide directly with rubisco` → `Fix carbon dioxide`. */
export function predicateOf(text: string): string {
  const said = trimLight(predicate(trimLight(wordsOf(text)), MOST_WORDS)).map((word, index, all) =>
    index === all.length - 1 ? bare(word) : word,
  );
  return said.length > 0 ? capitalise(said.join(' ')) : labelOf(text);
}

/** A key term within the subject stands for it: `the enzyme rubisco` is `rubisco`. */
function plainSubject(bullet: string, terms: readonly string[]): string {
  const subject = labelOf(bullet);
  const term = terms.find((one) => mentions(subject, one) && one.length < subject.length);
  const at = bullet.toLowerCase().indexOf(subject.toLowerCase());
  return term && at >= 0 ? term + bullet.slice(at + subject.length) : bullet;
}

/** `Plate` and `Plates` are the same to a reader. */
const likeness = (label: string): string => sentenceKey(label).replace(/(?<=[^s])s$/u, '');

/** One label for each bullet that has one, no two alike. */
export function labelsOf(
  bullets: readonly string[],
  terms: readonly string[],
  style: LabelStyle = 'subject',
): string[] {
  const taken = new Set<string>();
  const labels: string[] = [];
  for (const bullet of bullets) {
    const within = terms.filter((term) => mentions(bullet, term)).map(capitalise);
    const candidates = [labelOf(plainSubject(bullet, terms), style), labelOf(bullet, 'action'), ...within];
    const label = candidates.find(
      (one) => one !== '' && one.length <= MOST_CHARS && !taken.has(likeness(one)),
    );
    if (!label) continue;
    taken.add(likeness(label));
    labels.push(label);
  }
  return labels;
}

/** A heading as a label: whole when it is short. */
export const headingLabel = (title: string): string =>
  title.length <= MOST_CHARS ? title : labelOf(title) || title;

export const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As a word of its own, singular or plural. */
export const mentions = (text: string, term: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}])${escapeRegExp(term)}(?:e?s)?(?![\\p{L}\\p{N}])`, 'iu').test(text);

/** Content words for a photo search, the most telling first, at most five. */
export function searchPhrase(texts: readonly string[]): string {
  const found = texts
    .flatMap((text) => wordsOf(text).map(bare))
    .filter((word) => word !== '' && !isLight(word));
  return [...new Set(found.map((word) => word.toLowerCase()))].slice(0, 5).join(' ');
}
