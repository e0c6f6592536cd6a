const SAMPLE_RATE = 16_000;
const FRAME_S = 0.05;
const FRAME = SAMPLE_RATE * FRAME_S;
/** Below this a frame is the noise of a quiet room. */
const FLOOR = decibels(-55);
/** A frame so much quieter than the loudest one is a breath or a reverberation. */
const BELOW_LOUDEST = decibels(-25);
/** Speech rises and falls by far more; noise, hum and whistles do not. */
const STEADY = decibels(3);
/** Frames from which on steadiness is telling; a vowel alone is steady too. */
const STEADY_FRAMES = 40;
/** Frames in a row; anything shorter is a click. */
const SHORTEST_SOUND = 3;
/** Kept around the voice: words begin and end softly. */
const MARGIN_S = 0.3;
/** A shorter pause is part of a word: the closure before a "t", for example. */
const SHORTEST_PAUSE_S = 0.4;
/** Times of words are not exact, and speech has pauses; but something of a sentence must be heard. */
const LEAST_SHARE = 0.15;

export interface Voice {
  /** From the first to the last voiced frame, with a margin; in samples. */
  readonly start: number;
  readonly end: number;
  /**
   * Maps times of a sentence that was spread evenly over `start_s`…`end_s` to where the voice is, as if
   * pauses did not count.
   */
  skipPauses(start_s: number, end_s: number): (time_s: number) => number;
  /** False where the model invented words: "Thank you." for three seconds of nothing. */
  isHeardBetween(start_s: number, end_s: number): boolean;
}

/** Where a voice can be, judged by loudness alone; undefined when there can be none. */
export function findVoice(samples: Float32Array): Voice | undefined {
  const loudness = loudnessOf(samples);
  if (isSteady(loudness)) return undefined;
  const threshold = Math.max(FLOOR, Math.max(...loudness) * BELOW_LOUDEST);
  const voiced = withoutClicks(loudness.map((value) => value > threshold));
  const first = voiced.indexOf(true);
  if (first < 0) return undefined;
  const sounding = withoutShortPauses(voiced);
  const margin = MARGIN_S * SAMPLE_RATE;
  return {
    start: Math.max(0, first * FRAME - margin),
    end: Math.min(samples.length, (voiced.lastIndexOf(true) + 1) * FRAME + margin),
    skipPauses(start_s, end_s) {
      const first = Math.floor(start_s / FRAME_S);
      const frames = framesBetween(sounding, start_s, end_s).flatMap((sounds, index) =>
        sounds ? [first + index] : [],
      );
      if (frames.length === 0) return (time_s) => time_s;
      return (time_s) => timeAtShare(frames, (time_s - start_s) / (end_s - start_s));
    },
    isHeardBetween(start_s, end_s) {
      const frames = framesBetween(voiced, start_s, end_s);
      return frames.filter(Boolean).length >= frames.length * LEAST_SHARE;
    },
  };
}

/** Root mean square of each frame. */
function loudnessOf(samples: Float32Array): number[] {
  return Array.from({ length: Math.ceil(samples.length / FRAME) }, (_, index) => {
    const frame = samples.subarray(index * FRAME, (index + 1) * FRAME);
    return Math.sqrt(frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length);
  });
}

function isSteady(loudness: readonly number[]): boolean {
  if (loudness.length < STEADY_FRAMES) return false;
  const sorted = loudness.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return at(0.9) < at(0.1) * STEADY;
}

/** Keeps a frame that is part of a long enough run. */
function withoutClicks(loud: readonly boolean[]): boolean[] {
  const startsRun = loud.map((_, start) => {
    const run = loud.slice(start, start + SHORTEST_SOUND);
    return run.length === SHORTEST_SOUND && run.every(Boolean);
  });
  return loud.map((_, frame) =>
    startsRun.slice(Math.max(0, frame - SHORTEST_SOUND + 1), frame + 1).some(Boolean),
  );
}

function withoutShortPauses(voiced: readonly boolean[]): boolean[] {
  const filled = [...voiced];
  let last = -1;
  for (const frame of voiced.keys()) {
    if (!voiced[frame]) continue;
    if (last >= 0 && (frame - last) * FRAME_S <= SHORTEST_PAUSE_S) filled.fill(true, last, frame);
    last = frame;
  }
  return filled;
}

function framesBetween(frames: readonly boolean[], start_s: number, end_s: number): readonly boolean[] {
  return frames.slice(Math.floor(start_s / FRAME_S), Math.ceil(end_s / FRAME_S));
}

/** The time at which a share (0…1) of the given frames has passed. */
function timeAtShare(frames: readonly number[], share: number): number {
  const passed = Math.min(Math.max(share, 0), 1) * frames.length;
  const index = Math.min(Math.floor(passed), frames.length - 1);
  return ((frames[index] ?? 0) + passed - index) * FRAME_S;
}

function decibels(value: number): number {
  return 10 ** (value / 20);
}
