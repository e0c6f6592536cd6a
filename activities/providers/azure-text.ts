/** Text as the service takes it: SSML, in pieces that it speaks in one request; pure functions. */

/** https://www.w3.org/TR/xml/#charsets; half a surrogate pair is no character. */
const NO_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escaped = (text: string): string =>
  text
    .replace(NO_XML, ' ')
    // The protocol parts headers and body by an empty line.
    .replace(/\r\n?/g, '\n')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** https://learn.microsoft.com/azure/ai-services/speech-service/speech-synthesis-markup-structure */
export function ssmlOf(text: string, voice: { readonly id: string; readonly language: string }): string {
  const speak = `version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${escaped(voice.language)}"`;
  return `<speak ${speak}><voice name="${escaped(voice.id)}">${escaped(text)}</voice></speak>`;
}

/**
 * A request gives ten minutes of sound at the most: https://learn.microsoft.com/azure/ai-services/speech-service/speech-services-quotas-and-limits
 * Languages that write a syllable in a character need a quarter of a second for each.
 */
const MAX_CHARACTERS = 2_400;

/** Cut between sentences, and within one only where it is longer than a piece. Together they are the text. */
export function piecesOf(text: string, language: string, max = MAX_CHARACTERS): string[] {
  const sentences = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text);
  const parts = [...sentences].flatMap(({ segment }) =>
    segment.length <= max ? [segment] : wordsTogether(segment, language, max),
  );
  return together(parts, max);
}

/** Without spaces the segmenter knows words by its dictionaries; what it takes for one is cut anywhere. */
function wordsTogether(sentence: string, language: string, max: number): string[] {
  const words = new Intl.Segmenter(language, { granularity: 'word' }).segment(sentence);
  const parts = [...words].flatMap(({ segment }) => (segment.length <= max ? [segment] : cut(segment, max)));
  return together(parts, max);
}

/** Between characters, never in half a pair. */
const cut = (text: string, max: number): string[] => together([...text], max);

function together(parts: readonly string[], max: number): string[] {
  const pieces: string[] = [];
  for (const part of parts) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + part.length <= max) pieces[pieces.length - 1] = last + part;
    else pieces.push(part);
  }
  return pieces;
}
