/** Windows become one transcript: times counted from the recording's start, segments in order, none overlapping. */
import type { Segment, Transcript, Word } from '../../domain/transcript';
import type { Recognition, RecognizedSegment } from '../providers/spec';
import type { Window } from './windows';

export interface RecognizedWindow extends Window {
  readonly recognition: Recognition;
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function placed(segment: RecognizedSegment, window: Window): Omit<Segment, 'id'> {
  const inside = (s: number) => round(Math.min(window.end_s, Math.max(window.start_s, window.start_s + s)));
  const words = segment.words?.map((word): Word => ({
    text: word.text,
    start_s: inside(word.start_s),
    end_s: inside(word.end_s),
  }));
  return { text: segment.text, start_s: inside(segment.start_s), end_s: inside(segment.end_s), words };
}

/** The language most of the segments are in; silence has none, so the fallback is said. */
function commonLanguage(windows: readonly RecognizedWindow[], fallback: string): string {
  const counts = new Map<string, number>();
  for (const { recognition } of windows) {
    if (recognition.segments.length === 0) continue;
    counts.set(recognition.language, (counts.get(recognition.language) ?? 0) + recognition.segments.length);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? fallback;
}

export function mergeWindows(
  windows: readonly RecognizedWindow[],
  facts: { duration_s: number; language?: string; provider: string; model: string; quality: string },
): Transcript {
  const segments = windows
    .flatMap((window) => window.recognition.segments.map((segment) => placed(segment, window)))
    .filter((segment) => segment.text.trim() !== '')
    .map((segment, id) => ({ id, ...segment, text: segment.text.trim() }));
  return {
    schema: 'transcript/1',
    language: commonLanguage(windows, facts.language ?? 'und'),
    duration_s: round(facts.duration_s),
    text: segments.map((segment) => segment.text).join(' '),
    segments,
    provider: facts.provider,
    model: facts.model,
    quality: facts.quality,
  };
}
