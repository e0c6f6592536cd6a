/** Terms that the speaker defines, with the sentence that does it. English; a term without a definition is left out. */
import { BREAKERS, GENERIC, STOP_WORDS } from './english';
import { mistaken } from './claims';
import { cleanSentence, isDangling, ORDINAL } from './speech';
import { countWords, speaksEnglish, stem, stemPhrase, wordsOf } from './words';

export interface KeyTerm {
  readonly term: string;
  /** A sentence of the source, without its fillers. */
  readonly definition: string;
  /** Index of the sentence that is the definition. */
  readonly sentence: number;
}

interface Found extends KeyTerm {
  /** How surely this is a definition: one that says what the thing is beats one that only gives the name. */
  readonly strength: number;
}

const NAME = "((?:(?:a|an|the) )?[\\p{L}\\p{N}][\\p{L}\\p{N}'’-]*(?: [\\p{L}\\p{N}'’-]+){0,3}?)";
const ADVERB = '(?:(?:simply|just|really|basically|also|essentially|usually|therefore) )?';
const KIND =
  '(?:process|study|name|term|word|change|movement|flow|form|type|kind|way|amount|measure|ability|act|branch|art|force|release|part|number|set|group|rate|unit|place|science|result|transfer|conversion|method|system|idea|law|layer|region|period|point|theory|substance|tool|state|space|person|device|sum|difference|relationship|tendency)s?';

interface Pattern {
  readonly of: RegExp;
  readonly strength: number;
}

const CALLERS =
  '(?:we|you|people|scientists|biologists|chemists|physicists|doctors|historians|economists|geographers|mathematicians|engineers)(?: all)?';
/** Something else than the name follows. */
const NAME_ENDS =
  '(?=[.,;:]|$| (?:is|are|was|were|has|have|can|that|which|who|and|or|in|on|of|at|to|from|by|for|when|where|with)\\b)';
const LINK = '(?:of|by|in|that|which|who|where|when|for|between|at|with|given|on|used)';

/** Group 1 is the term; the surest first. */
const PATTERNS: readonly Pattern[] = [
  rule(
    `^(?:by )?${NAME},? (?:we mean|means|refers to|is defined as|is what we call|can be defined as)\\s+\\S+ \\S+`,
    4,
  ),
  rule(`^(?:the (?:word|term) )${NAME} (?:means|refers to|describes)\\b`, 4),
  rule(
    `^${NAME} (?:is|are) ${ADVERB}(?:the|a|an|any|one) (?:[\\p{L}-]+,? ){0,3}?${KIND}\\b(?= ${LINK}\\b)`,
    4,
  ),
  rule(
    `\\b${NAME}, (?:which|that) (?:is|are|was|were|means) ${ADVERB}(?:the|a|an|any|when|where|what)\\b`,
    3,
  ),
  rule(`^${NAME} (?:is|are) ${ADVERB}(?:a|an|any|when|where|what|something)\\b(?: \\S+){3}`, 2.5),
  rule(`^${NAME} (?:is|are|was|were) ${ADVERB}(?:a|an|the|one) (?:[\\p{L}-]+ ){1,3}?${LINK}\\b`, 2),
  rule(`^${NAME} (?:says|states|tells us) that\\b`, 2),
  rule(`\\b${NAME}, which are (?!not|also|all|then|now|very|called)[\\p{L}-]+ [\\p{L}-]+`, 2),
  rule(`\\b${NAME}, which (?:is|are) (?:made|built|composed) (?:[\\p{L}]+ )?(?:of|from)\\b`, 1.6),
  rule(
    `\\b${CALLERS} call (?:(?:these|those) [\\p{L}-]+s |(?:this|it|that|these|those|them) )?(?:the )?${NAME}${NAME_ENDS}`,
    1.5,
  ),
  rule(
    `\\b(?:is|are|was|were) (?:also |often |usually )?(?:called|known as|named|termed) ${NAME}${NAME_ENDS}`,
    1.5,
  ),
  rule(
    `\\b(?:an?|one|two|three|four|five|some|many) (?:[\\p{L}-]+ ){1,3}?(?:called|known as) ${NAME}${NAME_ENDS}`,
    1.2,
  ),
];

function rule(source: string, strength: number): Pattern {
  return { of: new RegExp(source, 'iu'), strength };
}

/** Points at what was said before, and only names it: the definition is the sentence before. */
const ONLY_NAMES =
  /^(?:(?:we|scientists|people) call (?:this|it|that|these|those|them)|(?:this|that|it|these)(?: \w+){0,4} (?:is|are) (?:called|known as|what we call)|that's (?:called|what we call|known as))\b/i;
/** Says which one it is, not what it is: "The first stage is called evaporation." */
const ONLY_COUNTS = new RegExp(
  `^(?:the|our|your) ${ORDINAL}(?: \\w+)? (?:is|are|we)(?: \\w+)? (?:called|known as|named|call) (?:[\\w-]+ ?){1,3}[.]$`,
  'i',
);

/** In the order of the text. `sentences` are whole sentences of the source. */
export function definedTerms(sentences: readonly string[], language: string): KeyTerm[] {
  if (!speaksEnglish(language)) return [];
  const cleaned = sentences.map((sentence) => cleanSentence(sentence, language));
  const isMistaken = mistaken(cleaned, language);
  const best = new Map<string, Found>();
  for (const found of cleaned.flatMap((_, index) => termsIn(cleaned, index))) {
    if (isMistaken[found.sentence]) continue;
    const key = stemPhrase(found.term);
    if ((best.get(key)?.strength ?? 0) < found.strength) best.set(key, found);
  }
  return [...best.values()]
    .sort((a, b) => a.sentence - b.sentence)
    .map(({ term, definition, sentence }) => ({ term, definition, sentence }));
}

function termsIn(sentences: readonly string[], index: number): Found[] {
  const sentence = sentences[index]!;
  if (sentence.endsWith('?') || ONLY_COUNTS.test(sentence)) return [];
  const at = ONLY_NAMES.test(sentence) ? index - 1 : index;
  const definition = sentences[at];
  if (definition === undefined || definition.endsWith('?') || countWords(definition) < 5) return [];
  const doubt = isDangling(definition, 'en') ? 0.5 : 1;
  return PATTERNS.flatMap((pattern) => {
    const name = nameIn(pattern.of.exec(sentence)?.[1] ?? '', pattern);
    const term = termOf(withoutThing(name, sentence, sentences[index - 1] ?? ''), sentences);
    return term === undefined ? [] : [{ term, definition, sentence: at, strength: pattern.strength * doubt }];
  });
}

/** Inside a sentence, what follows the last small word: "look at the water cycle" names the water cycle. */
function nameIn(raw: string, { of: { source } }: Pattern): string[] {
  const words = wordsOf(raw);
  if (source.startsWith('^')) return /^(?:an?|the)$/i.test(words[0] ?? '') ? words.slice(1) : words;
  return words.slice(words.findLastIndex(isSmall) + 1);
}

/** "We call this process weathering": without the word for what is given the name. */
function withoutThing(name: string[], sentence: string, before: string): string[] {
  const [thing, ...rest] = name;
  if (thing === undefined || rest.length === 0) return name;
  if (!new RegExp(`\\bcall (?:this|that|these|those) ${thing}\\b`, 'i').test(sentence)) return name;
  const isKnown = GENERIC.has(stem(thing)) || wordsOf(before).some((word) => stem(word) === stem(thing));
  return isKnown ? rest : name;
}

const isSmall = (word: string): boolean => STOP_WORDS.has(word.toLowerCase()) && !/^of$/i.test(word);

const hasMeaning = (word: string): boolean =>
  !STOP_WORDS.has(word.toLowerCase()) && !BREAKERS.has(word.toLowerCase()) && !GENERIC.has(stem(word));

/** Up to four words of its own meaning, in lower case unless it is a name. */
function termOf(words: readonly string[], sentences: readonly string[]): string | undefined {
  const text = words.join(' ');
  const isTerm =
    words.length > 0 &&
    words.length <= 4 &&
    /\p{L}{2}/u.test(text) &&
    !words.some(isSmall) &&
    !/^of$/i.test(words[0]!) &&
    (words.some(hasMeaning) || words.length > 2) &&
    !BREAKERS.has(words.at(-1)!.toLowerCase()) &&
    !new RegExp(`^${ORDINAL}$`, 'i').test(words[0]!);
  return isTerm ? inRunningText(text, sentences) : undefined;
}

/**
 * The case it has inside sentences; a word seen only at their beginnings is a common noun, unless it shouts or
 * owns something: "Newton's law".
 */
function inRunningText(text: string, sentences: readonly string[]): string {
  const lower = text.toLowerCase();
  const inside = sentences.flatMap((sentence) => {
    const at = sentence.toLowerCase().indexOf(lower, 1);
    return at > 0 && !/[\p{L}\p{N}]/u.test(sentence[at - 1]!) ? [sentence.slice(at, at + text.length)] : [];
  });
  if (inside.length > 0) return inside.find((form) => form === lower) ?? inside[0]!;
  const beginning = /^\p{Lu}\p{Ll}+(?!\p{L}|['’]s)/u;
  return text.replace(beginning, (word) => word.toLowerCase());
}
