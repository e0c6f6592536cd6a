/** What the platform asks of whoever writes study texts about a lecture. */
import type { Passage } from '../../domain/passage';
import type { Summary } from '../../domain/summary';
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
  /** Every point names the passages it rests on. No passages give an empty summary. */
  summarize(call: Call & Lecture): Promise<Summary>;
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
