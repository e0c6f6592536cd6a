const SAMPLE_RATE = 16_000;
const FRAME_S = 0.05;
const FRAME = SAMPLE_RATE * FRAME_S;
/** Below this a frame is the noise of a quiet room. */
const FLOOR = decibels(-55);
/** A frame so much quieter than the loudest one is a breath or a reverberation. */
const BELOW_LOUDEST = decibels(-25);
/** Frames in a row; anything shorter is a click. */
const SHORTEST_SOUND = 3;
/** Kept around the voice: words begin and end softly. */
const MARGIN_S = 0.3;
/** Times of words are not exact, and speech has pauses; but something of a sentence must be heard. */
const LEAST_SHARE = 0.15;

export interface Voice {
  /** From the first to the last voiced frame, with a margin; in samples. */
  readonly start: number;
  readonly end: number;
  /** False where the model invented words: "Thank you." for three seconds of nothing. */
  isHeardBetween(start_s: number, end_s: number): boolean;
}

/** Where a voice can be, judged by loudness alone; undefined when the samples are silent. */
export function findVoice(samples: Float32Array): Voice | undefined {
  const loudness = loudnessOf(samples);
  const threshold = Math.max(FLOOR, Math.max(...loudness) * BELOW_LOUDEST);
  const voiced = withoutClicks(loudness.map((value) => value > threshold));
  const first = voiced.indexOf(true);
  if (first < 0) return undefined;
  const margin = MARGIN_S * SAMPLE_RATE;
  return {
    start: Math.max(0, first * FRAME - margin),
    end: Math.min(samples.length, (voiced.lastIndexOf(true) + 1) * FRAME + margin),
    isHeardBetween(start_s, end_s) {
      const frames = voiced.slice(Math.floor(start_s / FRAME_S), Math.ceil(end_s / FRAME_S));
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

function decibels(value: number): number {
  return 10 ** (value / 20);
}
