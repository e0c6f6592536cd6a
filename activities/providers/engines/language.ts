import { unasked } from '../error';
import type { Transcriber } from '../spec';

/** Fails for a language that the transcriber does not list; undefined asks it to find out. */
export function requireLanguage(
  { provider, languages }: Pick<Transcriber, 'provider' | 'languages'>,
  language: string | undefined,
): void {
  if (language === undefined || languages === 'any' || languages.includes(language)) return;
  throw unasked(provider, {
    ...{ code: 'LANGUAGE_UNSUPPORTED', what: `does not speak "${language}"` },
    hint: `It speaks ${languages.join(', ')}.`,
  });
}
