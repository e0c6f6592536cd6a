/** What the OpenAI-compatible speech endpoints take and give, as pure functions. */
import { z } from 'zod';
import type { Recognition, RecognizedSegment } from './spec';

/** Of the samples that a transcriber gets. */
export const SAMPLE_RATE = 16_000;

const HEADER_BYTES = 44;

/** 16-bit mono PCM behind the canonical header: http://soundfile.sapp.org/doc/WaveFormat/ */
export function wavOf(samples: Float32Array): Buffer<ArrayBuffer> {
  const dataBytes = samples.length * 2;
  const wav = Buffer.alloc(HEADER_BYTES + dataBytes);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16); // length of the format block
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // channels
  wav.writeUInt32LE(SAMPLE_RATE, 24);
  wav.writeUInt32LE(SAMPLE_RATE * 2, 28); // bytes a second
  wav.writeUInt16LE(2, 32); // bytes a frame
  wav.writeUInt16LE(16, 34); // bits a sample
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(dataBytes, 40);
  samples.forEach((sample, index) => {
    wav.writeInt16LE(Math.round(clamp(sample, -1, 1) * 32_767), HEADER_BYTES + index * 2);
  });
  return wav;
}

/** Read from the bytes: some compatible servers answer with MP3 whatever they were asked for. */
export function audioMediaType(bytes: Uint8Array): string | undefined {
  const magic = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (/^RIFF[^]{4}WAVE/.test(magic)) return 'audio/wav';
  if (/^(ID3|\xff[\xe2-\xfb])/.test(magic)) return 'audio/mpeg';
  if (magic.startsWith('OggS')) return 'audio/ogg';
  return magic.startsWith('fLaC') ? 'audio/flac' : undefined;
}

const spanSchema = z.object({ start: z.number(), end: z.number() });

/** Only `text` is sure to come; plain `json` answers and some servers give nothing else. */
export const transcriptionSchema = z.object({
  text: z.string(),
  language: z.string().nullish(),
  segments: z.array(spanSchema.extend({ text: z.string() })).nullish(),
  words: z.array(spanSchema.extend({ word: z.string() })).nullish(),
});

export type TranscriptionAnswer = z.output<typeof transcriptionSchema>;

/** Vendors' times may overlap and run past the audio's end; ours never do. */
export function recognitionOf(answer: TranscriptionAnswer, durationS: number, asked?: string): Recognition {
  const whole = { text: answer.text, start: 0, end: durationS };
  const spans = answer.segments?.length ? answer.segments : [whole];
  const spoken = inOrder(
    spans.filter(({ text }) => text.trim()),
    0,
    durationS,
  );
  const words = answer.words ?? [];
  return {
    language: primarySubtag(answer.language ?? asked),
    segments: spoken.map((segment, index): RecognizedSegment => {
      // A word belongs to the last segment that has begun, the first one taking those before it.
      const from = index === 0 ? -Infinity : segment.start;
      const to = spoken[index + 1]?.start ?? Infinity;
      const own = words.filter(({ word, start }) => word.trim() && start >= from && start < to);
      return {
        text: segment.text.trim(),
        start_s: segment.start,
        end_s: segment.end,
        words: own.length ? inOrder(own, segment.start, segment.end).map(toWord) : undefined,
      };
    }),
  };
}

function toWord({ word, start, end }: { word: string; start: number; end: number }) {
  return { text: word.trim(), start_s: start, end_s: end };
}

/** Sorted, between the bounds, and none beginning before the one in front of it has ended. */
function inOrder<S extends { start: number; end: number }>(
  spans: readonly S[],
  from: number,
  to: number,
): S[] {
  let earliest = from;
  return [...spans]
    .sort((a, b) => a.start - b.start)
    .map((span) => {
      const start = clamp(span.start, earliest, to);
      earliest = clamp(span.end, start, to);
      return { ...span, start, end: earliest };
    });
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Whisper's API answers with a language's English name ("english"), other servers with its code. */
function primarySubtag(language: string | undefined): string {
  const said = language?.trim().toLowerCase() ?? '';
  const code = WHISPER_NAMES[said] ?? codeOfEnglishName(said) ?? said.split(/[-_]/, 1).join('');
  return /^[a-z]{2,3}$/.test(code) ? code : 'und';
}

/** Where Whisper's names are not Unicode's, or the code has three letters. */
const WHISPER_NAMES: Readonly<Record<string, string>> = {
  bengali: 'bn',
  cantonese: 'yue',
  hawaiian: 'haw',
  maori: 'mi',
  myanmar: 'my',
  nynorsk: 'nn',
  tagalog: 'tl',
};

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

function codeOfEnglishName(name: string): string | undefined {
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).find(
    // Withdrawn codes ("iw") carry their successor's name.
    (code) => names.of(code)?.toLowerCase() === name && Intl.getCanonicalLocales(code)[0] === code,
  );
}
