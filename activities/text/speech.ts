/** How people speak in a lecture: fillers to take out, sentences that make no sense alone, announcements. English. */
import { statesNothing, tellsMistake } from './claims';
import { countWords, speaksEnglish } from './words';

/** Set off by commas, so that "you know the answer" stays whole. */
const SOUND = '(?:um+|uh+|erm+|er|hm+)';
const PHRASE = '(?:you know|i mean|sort of|kind of|like|of course|as i said|if you like)';
const INNER_FILLERS: readonly (readonly [RegExp, string])[] = [
  // "and, um, the …": the commas stand there for the filler only.
  [new RegExp(`\\b(and|but|so|or|because)\\s*,?\\s*(?:${SOUND}|${PHRASE})\\s*,`, 'gi'), '$1'],
  // "…, um, which …" keeps one comma before a new clause and none elsewhere.
  [
    new RegExp(
      `,\\s*(?:${SOUND}|${PHRASE})\\s*,(?=\\s*(?:and|but|so|or|which|who|because|the|it|they|we|you|he|she|there)\\b)`,
      'gi',
    ),
    ',',
  ],
  [new RegExp(`,\\s*(?:${SOUND}|${PHRASE})\\s*,`, 'gi'), ''],
  [new RegExp(`(?<![\\p{L}\\p{N}'’-])${SOUND}(?:,\\s*|\\s+|(?=[.!?]))`, 'giu'), ''],
];
const CLOSING_FILLER = /,\s*(?:right|okay|ok|you know|yeah|isn't it|of course|you see)\s*[.?!]$/i;

const LEADING_FILLERS = [
  /^(?:okay|ok|alright|all right|um+|uh+|erm?|yeah|basically|anyway)\b[,.]?\s+/i,
  /^(?:right|well|now|yes|no|oh|actually|look|see|you see|you know|i mean|of course|remember)\s*,\s*/i,
  /^(?:and|so)\b(?:\s*,\s*|\s+)(?!(?:far|much|many|long|called|that|on|forth)\b)/i,
  /^now\s+(?=(?:the|a|an|this|that|these|we|you|i|it|let's|let|what|how|why|where|when|if|think|imagine)\b)/i,
];

/** The sentence without its fillers, everything else as it was said. */
export function cleanSentence(text: string, language: string): string {
  if (!speaksEnglish(language)) return text;
  let rest = INNER_FILLERS.reduce((said, [filler, instead]) => said.replace(filler, instead), text);
  rest = rest.replace(CLOSING_FILLER, (end) => (/[?!]$/.test(end) ? end.slice(-1) : '.'));
  for (let before = ''; before !== rest;) {
    before = rest;
    for (const filler of LEADING_FILLERS) rest = rest.replace(filler, '');
  }
  rest = rest
    .replace(/^[\s,;–-]+/, '')
    .replace(/\s+([,.;!?])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

const anyOf = (...sources: readonly string[]): RegExp => new RegExp(sources.join('|'), 'i');

const PRONOUN = "(?:it|they|this|that|these|those|he|she|we've|both)";
const DANGLING = new RegExp(
  `^(?:(?:${PRONOUN}|its|their|his|her|them|then|also|but|such|here|which|likewise|otherwise|instead|again|afterwards|therefore|however|and|so|thus)\\b(?!-)` +
    `|(?:as|when|if|once|because|after|before|until|while|since|for|in|at|from|with|by|of) ${PRONOUN}\\b` +
    `|\\w+ of (?:it|this|that|them|these|those)\\b` +
    `|(?:the same|another|as a result|for example|for instance|that's|it's|they're|he's|she's)\\b)`,
  'i',
);

/** Whether its first words point to something said before. */
export const isDangling = (text: string, language: string): boolean =>
  speaksEnglish(language) && DANGLING.test(text);

/** What is said to the room and not about the subject. */
const CHATTER =
  /\b(?:good (?:morning|afternoon|evening)|hello|welcome back|thank you|thanks for|homework|see you|next (?:week|lesson|lecture|class|time)|last (?:week|lesson|lecture|class|time)|can (?:you|everyone|everybody) (?:all )?(?:hear|see)|write (?:\w+ ){0,4}down|open your|turn to page|hands up|any questions|the bell|quiet please|settle down|have a (?:seat|nice|good|great|lovely)|take notes|(?:i'd|i would) like you to|i want you to|in the (?:exam|test)|on the (?:exam|test|handout|worksheet)|(?:this|next|last|the) slide)\b/i;
/** Says what will be said. */
const ANNOUNCEMENT =
  /\b(?:(?:we|i)(?:'re|'m| are| am)? (?:going to|gonna)|(?:we|i)(?:'ll| will) (?:now )?(?:look|talk|see|start|begin|discuss|cover|learn)|let(?:'s| us| me)|today we|i(?:'d like| would like| want) to)\b|^(?:here's|here is|imagine|suppose|remember|be careful|note|notice|think (?:about|of)|put|take|try|look at)\b/i;
const ADDRESS = /\b(?:i|i'm|i've|i'd|i'll|me|my|you|your|you'd|you'll|you've|you're|we've)\b/gi;
const EMPHASIS =
  /\b(?:the (?:key|main|important|crucial|central|big) (?:point|idea|thing|message)|in other words|importantly|because)\b/i;

export const ORDINAL =
  '(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|next|last|final|other)';

/** Only says which one comes: "The first stage is evaporation." */
const ONLY_NAMES_NEXT = new RegExp(
  `^the ${ORDINAL} \\w+ (?:is|was|are)(?: called)? (?:[\\w-]+ ?){1,4}[.]$`,
  'i',
);

/** "Casinos rely on it.", "We write this with a bar." */
const POINTS_BACK =
  /\b(?:this|that|it|them|these|those|there)[.!]$|\b(?:this|these)(?:,| (?:with|in|for|by|as|at|on)\b)/i;

/** Begins in the middle of a story: small letters, so that the New Deal is none. */
const MID_STORY =
  /^The (?:rest|remainder|new|old|other|others|same|former|latter|end|answer|reason|trick|two)\b/;
const LEANS_BACK = anyOf(
  `\\b(?:again|instead|too|as well|either)[.!]$`,
  `\\b(?:is|are|was|were|must|can|may|will) then\\b`,
  `^we (?:call|say|use|write|do|see|did)\\b`,
  `^(?:we|you|i|people)(?: \\w+){1,2} (?:it|them)\\b`,
  `^the [\\w-]+ (?:between|behind|above|below|under|around|inside|of|in|on|near|with) (?:it|them|these|those|this|that)\\b`,
);

/** Only gives a name, and to something short: "The outer layer is called the crust." */
const ONLY_NAMES =
  /^(?:[\w-]+ ){1,4}(?:is|are|was|were) (?:called|known as|named|termed) (?:[\w-]+ ?){1,4}[.]$/i;

/** Words between which a sentence says enough and not too much. */
const SHORT = 8;
const LONG = 38;

/** Each with what it leaves of a sentence's worth. */
const FLAWS: readonly (readonly [RegExp, number])[] = [
  [DANGLING, 0.4],
  [POINTS_BACK, 0.5],
  [MID_STORY, 0.5],
  [LEANS_BACK, 0.5],
  [ONLY_NAMES, 0.5],
  [ONLY_NAMES_NEXT, 0.5],
  [ANNOUNCEMENT, 0.45],
  [/\S \b(?:this|these|such|that one) [a-z]/, 0.8],
  [EMPHASIS, 1.2],
];

/** 0…1.2: how well the sentence would stand alone in a summary. Zero: never. */
export function standsAlone(text: string, language: string): number {
  const words = countWords(text);
  if (words < 3) return 0;
  const size = words < SHORT ? 0.4 + (0.6 * (words - 3)) / (SHORT - 3) : words > LONG ? 0.8 : 1;
  if (!speaksEnglish(language)) return size;
  if (CHATTER.test(text) || statesNothing(text, language)) return 0;
  const address = (text.match(ADDRESS) ?? []).length;
  const flaws = FLAWS.reduce((worth, [flaw, factor]) => (flaw.test(text) ? worth * factor : worth), 1);
  return size * flaws * 0.7 ** Math.min(3, address);
}

const NEW_TOPIC = new RegExp(
  `^(?:the ${ORDINAL}(?: \\w+)? (?:is|are|was|were|we|involves|concerns)\\b` +
    `|let(?:'s| us) (?:look|turn|move|talk|go|start|begin|think|sum|recap|summari[sz]e|review|consider|see)\\b` +
    `|let me (?:give|show|tell|take|sum|finish)|that brings us|moving on|turning to|to (?:recap|sum up|summari[sz]e|finish|conclude)\\b` +
    `|in (?:summary|conclusion)|(?:first|second|third)ly\\b|first of all|finally\\b|what about\\b|next,|so far,? we\\b|here(?:'s| is) (?:a|one|another|the) (?:\\w+ )?(?:mistake|misconception|myth)\\b` +
    `|(?:for|here's an|here is an|another) example|imagine\\b)|\\b(?:move|moving|turn|come|get) on to\\b`,
  'i',
);

/** A question of the speaker's own, or a mere "then". */
const MAYBE_NEW_TOPIC = /^(?:what|how|why|where)\b.*\?$|^then there (?:is|are)\b|^(?:after that|secondly)\b/i;

/** 0…1: how surely the sentence announces something new. */
export const announces = (text: string, language: string): number =>
  !speaksEnglish(language) ? 0 : NEW_TOPIC.test(text) ? 1 : MAYBE_NEW_TOPIC.test(text) ? 0.5 : 0;

const RECAP =
  /\b(?:recap|sum (?:\w+ )?up|(?:to|let's|let us|me) summari[sz]e|in summary|in conclusion|to conclude|summing up|(?:go|run|went) (?:over|through) (?:\w+ ){1,3}(?:again|once more|one more time)|what have we (?:seen|learne?[dt]|heard))\b/i;
const EXAMPLE = /\b(?:an example|for example|imagine|suppose|case study|try at home)\b/i;

/** What a stretch of speech does in a lecture. */
export type Part = 'introduction' | 'recap' | 'example' | 'mistake' | 'body';

/** Told by its first sentences. */
export function partOf(opening: readonly string[], language: string): Part {
  if (!speaksEnglish(language)) return 'body';
  if (opening.some((text) => RECAP.test(text))) return 'recap';
  if (opening.some(tellsMistake)) return 'mistake';
  return opening.some((text) => EXAMPLE.test(text)) ? 'example' : 'body';
}

const SIGNPOST =
  /^(?:to (?:sum up|summari[sz]e|recap|conclude)|in (?:summary|conclusion|short|other words|simple (?:words|terms)|a nutshell|fact|general)|put simply|simply put|as (?:you know|we (?:know|saw)|i said)|(?:more|most) importantly|finally|first of all|(?:first|second|third)ly|next)\s*,\s*/i;

/** Without the words that only say where in the lecture we are. */
export function withoutSignpost(text: string, language: string): string {
  if (!speaksEnglish(language)) return text;
  const rest = text.replace(SIGNPOST, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
