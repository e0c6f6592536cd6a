/** Chooses the kind of diagram that a slide's content asks for. */
import type { Picture } from '../../domain/deck';
import { headingLabel, labelOf, labelsOf, mentions, predicateOf, searchPhrase } from './labels';
import { listIn, phrasesIn } from './phrases';
import { capitalise } from './sentences';

export interface PictureSource {
  /** The slide's heading, without a number. */
  readonly title: string;
  /** What the deck is about, for the photo search. */
  readonly topic: string;
  /** The points in full and, in the same order, as bullets. */
  readonly sentences: readonly string[];
  readonly bullets: readonly string[];
  readonly terms: readonly string[];
  readonly language: string;
}

type Drawing = Pick<Picture, 'kind' | 'labels' | 'center' | 'alt'>;

const MOST_LABELS = 6;
const LEAST_IN_CYCLE = 3;
const MOST_ROWS = 3;

const CYCLE = /\b(?:cycles?|circular|loop|kreislauf|zyklus|ciclo)\b/iu;
const ORDER =
  /\b(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|then|next|after (?:that|this)|afterwards|finally|begins?|starts?|ends?|last(?:ly)?|stage|step|phase|zuerst|danach|dann|schließlich)\b/iu;
const ORDER_TITLE = /\b(?:steps?|stages?|phases?|process|how|path|journey|reactions?)\b/iu;
const YEAR = /\b(?:1[0-9]{3}|20[0-9]{2})\b/u;

const CONTRASTS = [
  /^(?:the )?(?<one>.+?)\s+(?:versus|vs\.?|compared (?:to|with))\s+(?:the )?(?<other>.+?)[.?]?$/iu,
  /\b(?:difference|contrast|comparison)s? between (?:the )?(?<one>[^,.;]+?) and (?:the )?(?<other>[^,.;]+?)(?:[.,;]|$| is\b| are\b)/iu,
  /^unlike (?:the )?(?<other>[^,]+?), (?:the )?(?<one>[\p{L}-]+(?: [\p{L}-]+)?)/iu,
];

function timeline({ bullets, sentences, title, language }: PictureSource): Drawing | undefined {
  const dated = sentences.flatMap((sentence, index) => {
    const year = YEAR.exec(sentence)?.[0];
    const rest = bullets[index]!.replace(/^(?:in|by|around|since) \d{4},?\s*/iu, '').replace(
      /\s*\b(?:in|by) \d{4}\b/u,
      '',
    );
    const label = labelOf(rest);
    return year && label ? [{ year: Number(year), label: `${year}: ${label}` }] : [];
  });
  if (dated.length < 2) return undefined;
  const labels = dated
    .sort((a, b) => a.year - b.year)
    .slice(0, MOST_LABELS)
    .map(({ label }) => label);
  return { kind: 'timeline', labels, alt: phrasesIn(language).inOrder(title, listIn(language, labels)) };
}

function contrasted(texts: readonly string[]): [string, string] | undefined {
  for (const text of texts) {
    const found = CONTRASTS.map((pattern) => pattern.exec(text)?.groups).find(Boolean);
    const [one, other] = [labelOf(found?.['one'] ?? ''), labelOf(found?.['other'] ?? '')];
    if (one && other && one !== other) return [one, other];
  }
  return undefined;
}

/** The two sides' labels, then what is said of each, in turns. */
function comparison({ bullets, sentences, title, language }: PictureSource): Drawing | undefined {
  const sides = contrasted([title, ...sentences]);
  if (!sides) return undefined;
  const [one, other] = sides;
  const saidOf = (about: string, not: string) =>
    bullets
      .filter((bullet) => mentions(bullet, about) && !mentions(bullet, not))
      .map((bullet) => tellOf(bullet, about))
      .filter((fact) => fact !== '');
  const [left, right] = [saidOf(one, other), saidOf(other, one)];
  const rows = Math.min(left.length, right.length, MOST_ROWS);
  const facts = left.slice(0, rows).flatMap((fact, row) => [fact, right[row]!]);
  return {
    kind: 'comparison',
    labels: [one, other, ...facts],
    alt: phrasesIn(language).compared(one, other),
  };
}

/** What a bullet says of its subject: the words after it, or before it in `Wheat and rice are C3 plants`. */
function tellOf(bullet: string, subject: string): string {
  const at = bullet.toLowerCase().indexOf(subject.toLowerCase());
  const after = bullet.slice(at + subject.length).trim();
  return after ? predicateOf(after) : labelOf(bullet.slice(0, at));
}

function sequence(source: PictureSource): Drawing | undefined {
  const { bullets, sentences, terms, title, language } = source;
  const labels = labelsOf(bullets, terms, 'action').slice(0, MOST_LABELS);
  const list = listIn(language, labels);
  if (CYCLE.test(title) && labels.length >= LEAST_IN_CYCLE) {
    const center = headingLabel(title);
    return { kind: 'cycle', labels, center, alt: phrasesIn(language).inCycle(title, list) };
  }
  const ordered = sentences.filter((sentence) => ORDER.test(sentence)).length;
  if (labels.length < 2 || !(ordered >= 2 || (ordered >= 1 && ORDER_TITLE.test(title)))) return undefined;
  return { kind: 'process', labels, alt: phrasesIn(language).inOrder(title, list) };
}

function hub({ bullets, terms, title, language }: PictureSource): Drawing | undefined {
  const center = headingLabel(title);
  const labels = labelsOf(bullets, terms)
    .filter((label) => label.toLowerCase() !== center.toLowerCase())
    .slice(0, MOST_LABELS);
  if (labels.length < 2) return undefined;
  return { kind: 'hub', labels, center, alt: phrasesIn(language).partsOf(center, listIn(language, labels)) };
}

function definition({ bullets, title }: PictureSource): Drawing {
  const bullet = bullets[0] ?? title;
  const label = labelOf(bullet, 'action') || bullet;
  return { kind: 'definition', labels: [label], center: title, alt: `${title}: ${bullet}.` };
}

export function pictureFor(source: PictureSource): Picture {
  const drawing =
    timeline(source) ?? comparison(source) ?? sequence(source) ?? hub(source) ?? definition(source);
  return {
    ...drawing,
    query: searchPhrase([source.title, labelOf(source.topic)]) || capitalise(source.title),
  };
}
