/** Where to cut a recording: at silences, into windows no longer than an engine takes. */

/** Loudness is measured in frames of this length. */
export const FRAME_S = 0.02;

export interface Window {
  readonly start_s: number;
  readonly end_s: number;
}

export interface WindowRules {
  readonly maxS: number;
  /** Kept before and after speech, so that no consonant is lost. */
  readonly padS: number;
  /** A pause at least this long parts two stretches of speech. */
  readonly pauseS: number;
}

export const windowRules = (over: Partial<WindowRules> = {}): WindowRules => ({
  maxS: 15,
  padS: 0.2,
  pauseS: 0.3,
  ...over,
});

/** Quieter than this is never speech: dBFS of a frame. */
const FLOOR_DB = -55;
/** Speech stands at least this much above the recording's own noise. */
const ABOVE_NOISE_DB = 9;

const percentile = (sorted: Float32Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? -Infinity;

/**
 * The level above which a frame counts as speech. The tenth percentile is taken as the noise;
 * in a recording without pauses that is speech itself, so the threshold also stays 25 dB below the loud parts.
 */
export function speechThresholdDb(levelsDb: Float32Array): number {
  const sorted = levelsDb.slice().sort();
  const noise = percentile(sorted, 0.1);
  const loud = percentile(sorted, 0.95);
  return Math.max(FLOOR_DB, Math.min(noise + ABOVE_NOISE_DB, loud - 25));
}

interface Run {
  first: number;
  last: number;
}

/** Stretches of frames above the threshold; pauses shorter than `pauseS` do not part them. */
function speechRuns(levelsDb: Float32Array, threshold: number, pauseFrames: number): Run[] {
  const runs: Run[] = [];
  levelsDb.forEach((level, frame) => {
    if (level < threshold) return;
    const current = runs.at(-1);
    if (current && frame - current.last <= Math.max(1, pauseFrames)) current.last = frame;
    else runs.push({ first: frame, last: frame });
  });
  return runs;
}

/** Clicks and bumps: speech lasts longer than this. */
const SHORTEST_SPEECH_FRAMES = Math.round(0.12 / FRAME_S);

/** The quietest frame in the last two thirds of what fits, so that a cut in long speech hurts least. */
function quietestCut(levelsDb: Float32Array, first: number, maxFrames: number): number {
  const from = first + Math.max(1, Math.floor(maxFrames / 3));
  let best = first + maxFrames;
  for (let frame = from; frame < first + maxFrames; frame += 1) {
    if ((levelsDb[frame] ?? 0) <= (levelsDb[best] ?? Infinity)) best = frame;
  }
  return best;
}

/** Cuts a stretch that is too long for one window. */
function splitLong(levelsDb: Float32Array, run: Run, maxFrames: number): Run[] {
  if (run.last - run.first + 1 <= maxFrames) return [run];
  const cut = quietestCut(levelsDb, run.first, maxFrames);
  return [
    { first: run.first, last: cut - 1 },
    ...splitLong(levelsDb, { first: cut, last: run.last }, maxFrames),
  ];
}

/** Joins neighbours while they fit into one window: fewer, fuller windows cost less and understand more. */
function pack(runs: readonly Run[], maxFrames: number): Run[] {
  const packed: Run[] = [];
  for (const run of runs) {
    const current = packed.at(-1);
    if (current && run.last - current.first + 1 <= maxFrames) current.last = run.last;
    else packed.push({ ...run });
  }
  return packed;
}

/** Windows of speech in order, never overlapping; none where there is only silence. */
export function cutWindows(levelsDb: Float32Array, rules: WindowRules): Window[] {
  const frames = (s: number) => Math.floor(s / FRAME_S);
  const padFrames = frames(rules.padS);
  const maxFrames = Math.max(1, frames(rules.maxS) - 2 * padFrames);
  const runs = speechRuns(levelsDb, speechThresholdDb(levelsDb), frames(rules.pauseS))
    .filter((run) => run.last - run.first + 1 >= SHORTEST_SPEECH_FRAMES)
    .flatMap((run) => splitLong(levelsDb, run, maxFrames));
  const packed = pack(runs, maxFrames);
  return packed.map((run, index) => {
    const before = packed[index - 1];
    const after = packed[index + 1];
    const gapBefore = before ? Math.floor((run.first - before.last - 1) / 2) : run.first;
    const gapAfter = after ? Math.ceil((after.first - run.last - 1) / 2) : levelsDb.length - 1 - run.last;
    const first = run.first - Math.min(padFrames, gapBefore);
    const last = run.last + Math.min(padFrames, gapAfter);
    return { start_s: round(first * FRAME_S), end_s: round((last + 1) * FRAME_S) };
  });
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
