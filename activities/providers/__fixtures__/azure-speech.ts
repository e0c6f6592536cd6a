/** What the service says and hears: plausible, deterministic, of the right length. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { audioFrame, jsonFrame, ticks, type Frame } from './azure-protocol';
import { lectureText, SPEECH_RATE, speechWav, transcriptionAnswer } from './openai-answers';

/** A close of the service instead of an answer. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

const CHUNK_BYTES = 9_600;
const HEADER_BYTES = 44;

/** What a request for speech asks, as an XML parser reads it. */
export function readSsml(ssml: string): { voice: string; text: string; language: string } {
  if (XMLValidator.validate(ssml) !== true) throw new Refused(1007, 'Ssml should be well-formed');
  const { speak } = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: '', trimValues: false, parseTagValue: false },
  }).parse(ssml) as { speak: { 'xml:lang': string; voice: { name: string; '#text': string } } };
  const { name, '#text': text = '' } = speak.voice;
  if (!/^[A-Za-z]{2,3}-.*Neural$/.test(name)) throw new Refused(1007, `Unsupported voice ${name}.`);
  return { voice: name, text, language: speak['xml:lang'] };
}

interface SpeechOptions {
  readonly requestId: string;
  readonly isShort: boolean;
}

/** Sound of the text with the times of its words and marks. */
export function speechFrames(ssml: string, { requestId, isShort }: SpeechOptions): Frame[] {
  const { text } = readSsml(ssml);
  const streamId = requestId.slice(0, 16).toUpperCase();
  const pcm = speechWav(text).subarray(HEADER_BYTES);
  const sent = isShort ? pcm.subarray(0, pcm.length / 4) : pcm;
  const seconds = pcm.length / 2 / SPEECH_RATE;
  const chunks = Array.from({ length: Math.ceil(sent.length / CHUNK_BYTES) }, (_, index) =>
    audioFrame(requestId, streamId, sent.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES)),
  );
  const context = { serviceTag: 'fixture' };
  return [
    jsonFrame('turn.start', requestId, { context }),
    jsonFrame('response', requestId, { context, audio: { type: 'inline', streamId } }),
    ...boundaries(text, seconds).map((Metadata) =>
      jsonFrame('audio.metadata', requestId, { Metadata: [Metadata] }),
    ),
    ...chunks,
    jsonFrame('audio.metadata', requestId, {
      Metadata: [{ Type: 'SessionEnd', Data: { Offset: ticks(seconds) } }],
    }),
    jsonFrame('turn.end', requestId, {}),
  ];
}

/** Spread evenly, each mark with the length of none. */
function boundaries(text: string, seconds: number) {
  const tokens = text.match(/[\p{L}\p{N}]+(?:'\p{L}+)?|[^\p{L}\p{N}\s]/gu) ?? [];
  const isWord = (token: string) => /[\p{L}\p{N}]/u.test(token);
  const lengthS = seconds / Math.max(1, tokens.filter(isWord).length);
  let begun = 0;
  return tokens.map((Text) => {
    const Offset = ticks(begun * lengthS);
    if (isWord(Text)) begun += 1;
    const BoundaryType = isWord(Text) ? 'WordBoundary' : 'PunctuationBoundary';
    const Duration = isWord(Text) ? ticks(lengthS) : 0;
    return {
      Type: 'WordBoundary',
      Data: { Offset, Duration, text: { Text, Length: Text.length, BoundaryType } },
    };
  });
}

const spokenForm = (word: string) => word.toLowerCase().replace(/[^\p{L}\p{N}']/gu, '');

/** Sentences with their words, the times in seconds. */
export function sentencesOf(seconds: number) {
  const { segments, words } = transcriptionAnswer(lectureText(seconds), seconds);
  return segments.map(({ text, start, end }) => ({
    ...{ text: text.trim(), start, end },
    words: words.filter((word) => word.start >= start - 1e-6 && word.start < end - 1e-6),
  }));
}

/** What was heard in so much sound, one phrase a sentence. */
export function recognitionFrames(seconds: number, requestId: string, locale: string | undefined): Frame[] {
  const PrimaryLanguage = locale && { Language: locale, Confidence: 'High' };
  const phrases = sentencesOf(seconds).flatMap(({ text, start, end, words }) => {
    const span = { Offset: ticks(start), Duration: ticks(end - start), ...(locale && { PrimaryLanguage }) };
    const timesOf = (word: { start: number; end: number }) => ({
      ...{ Offset: ticks(word.start), Duration: ticks(word.end - word.start) },
    });
    const best = {
      ...{
        Confidence: 0.97,
        Lexical: spokenForm(text),
        ITN: spokenForm(text),
        MaskedITN: text,
        Display: text,
      },
      Words: words.map((word) => ({ Word: spokenForm(word.word), ...timesOf(word) })),
      DisplayWords: words.map((word) => ({ DisplayText: word.word, ...timesOf(word) })),
    };
    return [
      jsonFrame('speech.hypothesis', requestId, { Text: spokenForm(text), ...span }),
      jsonFrame('speech.phrase', requestId, {
        ...{ Id: requestId, RecognitionStatus: 'Success', DisplayText: text, ...span, Channel: 0 },
        NBest: [best, { ...best, Confidence: 0.2, Display: 'Something else.' }],
      }),
    ];
  });
  return [
    jsonFrame('speech.startDetected', requestId, { Offset: 0 }),
    ...phrases,
    jsonFrame('speech.endDetected', requestId, { Offset: ticks(seconds) }),
    jsonFrame('turn.end', requestId, {}),
  ];
}
