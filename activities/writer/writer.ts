/** What the platform asks of whoever writes study texts about a lecture. */
import type { Passage } from '../../domain/passage';
import type { Summary } from '../../domain/summary';
import { titleCase } from '../text/titles';
import type { Call, ProviderInfo } from '../providers/spec';

export interface Lecture {
  /** In order; neighbours may share sentences. */
  readonly passages: readonly Passage[];
  /** BCP 47; the summary is in it too. */
  readonly language: string;
  /** As its owner named it; without one the writer finds a title. */
  readonly title?: string;
}

export interface Writer extends ProviderInfo {
  /** Another one gives other summaries of the same lecture: belongs into the key of whoever caches them. */
  readonly version: string;
  /** Every point names the passages it rests on. No passages give an empty summary. */
  summarize(call: Call & Lecture): Promise<Summary>;
}

/** `IMG_2034`, `lecture-03.mp4`: nobody called the lecture that. */
const FILE_NAME = /_|\.\w{2,4}$|\d{4,}|^[a-z0-9-]+$/;

export function givenTitle({ title }: Lecture): string | undefined {
  const given = title?.trim();
  return given && !FILE_NAME.test(given) ? given : undefined;
}

/** What a recorder or a file system calls things. */
const NO_NAME =
  /^(?:img|dsc|vid|mov|rec|pxl|mvi|audio|video|record(?:ing|ed)?|voice|memo|note|untitled|new|file|document|doc|scan|copy|final|draft|text|transcript|lecture|lesson|class|part|track|test|\d+|\p{L})$/iu;

/** A file's name as a title, where somebody meant it as one: `two_cities` is "Two Cities". */
export function prettyName({ title }: Lecture): string {
  const words = (title ?? '').replace(/\.\w{2,4}$/, '').split(/[\s_-]+/);
  const isMeant =
    words.some((word) => !NO_NAME.test(word)) && !words.some((word) => /\d{3}|\p{L}\d|\d\p{L}/u.test(word));
  return isMeant ? titleCase(words.join(' ')) : '';
}

/** What can be said of a lecture in which nothing is said. */
export function emptySummary(
  { language, title }: Lecture,
  { provider, model, quality }: ProviderInfo,
): Summary {
  return {
    schema: 'summary/1',
    language,
    title: title?.trim() || 'Untitled',
    abstract: '',
    key_points: [],
    outline: [],
    key_terms: [],
    ...{ provider, model, quality },
  };
}
