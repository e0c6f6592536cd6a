/**
 * Where the lecture turns to something else: the cut into sections whose sentences are most alike, found exactly
 * by dynamic programming over embeddings, after Alemi and Ginsparg, https://arxiv.org/abs/1503.05543
 */

/** Half-open range of sentences. */
export interface Section {
  readonly start: number;
  readonly end: number;
}

export interface Cutting {
  /** Vectors of length one, in the order of the text. */
  readonly vectors: readonly Float32Array[];
  /** 0…1 per sentence: how much its words announce something new. */
  readonly cues?: readonly number[];
  /** As many sections as the text's length asks for; fewer where they would be too short. */
  readonly sections: number;
  /** Sentences. */
  readonly minLength?: number;
}

/** Longer texts are cut between groups of sentences: the table grows with the square of this. */
const MAX_UNITS = 240;
/** What a cue is worth, in units of one sentence's spread; a plain cut gains about a tenth of that. */
const CUE_WEIGHT = 0.6;

export function cutIntoSections({ vectors, cues = [], sections, minLength = 3 }: Cutting): Section[] {
  const size = Math.ceil(vectors.length / MAX_UNITS);
  const units = unitsOf(vectors, cues, size);
  const least = Math.max(1, Math.ceil(minLength / size));
  const count = Math.max(1, Math.min(sections, Math.floor(units.length / least)));
  const starts = units.length === 0 ? [] : bestStarts(units, count, least);
  return starts.map((start, index) => ({
    start: start * size,
    end: Math.min(vectors.length, (starts[index + 1] ?? units.length) * size),
  }));
}

interface Unit {
  readonly vector: Float32Array;
  readonly cue: number;
}

function unitsOf(vectors: readonly Float32Array[], cues: readonly number[], size: number): Unit[] {
  return Array.from({ length: size === 0 ? 0 : Math.ceil(vectors.length / size) }, (_, unit) => {
    const from = unit * size;
    const group = vectors.slice(from, from + size);
    return {
      vector: size === 1 ? group[0]! : mean(group),
      cue: Math.max(0, ...cues.slice(from, from + size)),
    };
  });
}

function mean(vectors: readonly Float32Array[]): Float32Array {
  return new Float32Array(vectors[0]?.length ?? 0).map(
    (_, at) => vectors.reduce((sum, vector) => sum + vector[at]!, 0) / vectors.length,
  );
}

/** The first unit of each section. */
function bestStarts(units: readonly Unit[], count: number, least: number): number[] {
  const spread = spreadTable(units);
  const size = units.length;
  // best[k][end]: the lowest cost of the first `end` units in k sections, and where the last of these begins.
  let best = Array.from({ length: size + 1 }, (_, end) => (end < least ? Infinity : spread[0]![end]!));
  const begins: number[][] = [];
  for (let k = 2; k <= count; k++) {
    const next = new Array<number>(size + 1).fill(Infinity);
    const begin = new Array<number>(size + 1).fill(0);
    for (let end = k * least; end <= size; end++) {
      for (let start = (k - 1) * least; start <= end - least; start++) {
        const cost = best[start]! + spread[start]![end]! - CUE_WEIGHT * units[start]!.cue;
        if (cost < next[end]!) [next[end], begin[end]] = [cost, start];
      }
    }
    best = next;
    begins.push(begin);
  }
  const starts: number[] = [];
  let end = size;
  for (const begin of begins.reverse()) starts.unshift((end = begin[end]!));
  return [0, ...starts];
}

/** Entry [start][end]: how far the units from start to before end lie from their mean, squared and summed. */
function spreadTable(units: readonly Unit[]): Float64Array[] {
  return units.map((_, start) => {
    const row = new Float64Array(units.length + 1);
    const sum = new Float64Array(units[start]!.vector.length);
    let squares = 0;
    for (let end = start + 1; end <= units.length; end++) {
      let length = 0;
      units[end - 1]!.vector.forEach((value, at) => {
        sum[at]! += value;
        squares += value * value;
        length += sum[at]! * sum[at]!;
      });
      row[end] = squares - length / (end - start);
    }
    return row;
  });
}
