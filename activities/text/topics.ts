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
  /** Between these the text decides; fewer only where sections would be too short. */
  readonly sections: { readonly least: number; readonly most: number };
  /** Sentences. */
  readonly minLength?: number;
}

/** Longer texts are cut between groups of sentences: the table grows with the square of this. */
const MAX_UNITS = 240;
/** What a cue is worth and what one more section costs, in squared distance: two unlike sentences are 2 apart. */
const CUE_BONUS = 1.5;
const SECTION_COST = 1.2;

export function cutIntoSections({ vectors, cues = [], sections, minLength = 3 }: Cutting): Section[] {
  const size = Math.ceil(vectors.length / MAX_UNITS);
  if (size === 0) return [];
  const units = unitsOf(vectors, cues, size);
  const starts = bestStarts(units, sections, Math.max(1, Math.ceil(minLength / size)));
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
  return Array.from({ length: Math.ceil(vectors.length / size) }, (_, unit) => {
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

/** The first unit of each section, in the number of sections that costs least. */
function bestStarts(
  units: readonly Unit[],
  { least, most }: Cutting['sections'],
  minLength: number,
): number[] {
  const possible = Math.max(1, Math.floor(units.length / minLength));
  const table = costTable(units, Math.min(most, possible), minLength);
  let count = Math.min(least, possible);
  for (let more = count + 1; more <= table.length; more++) {
    if (total(table, more) < total(table, count)) count = more;
  }
  const starts: number[] = [];
  for (let k = count, end = units.length; k >= 1; k--) {
    end = table[k - 1]![end]!.start;
    starts.unshift(end);
  }
  return starts;
}

/** The best way to part the first units: what it costs, and where its last section starts. */
interface Parting {
  readonly cost: number;
  readonly start: number;
}

const total = (table: readonly (readonly Parting[])[], count: number): number =>
  table[count - 1]!.at(-1)!.cost + count * SECTION_COST;

/** Entry [k − 1][end]: the first `end` units in k sections. */
function costTable(units: readonly Unit[], most: number, minLength: number): Parting[][] {
  const spread = spreadTable(units);
  const ends = [...Array(units.length + 1).keys()];
  const table = [ends.map((end) => ({ cost: end < minLength ? Infinity : spread[0]![end]!, start: 0 }))];
  for (let k = 2; k <= most; k++) {
    const shorter = table.at(-1)!;
    const costAt = (start: number, end: number) =>
      shorter[start]!.cost + spread[start]![end]! - CUE_BONUS * units[start]!.cue;
    table.push(
      ends.map((end) => cheapest((k - 1) * minLength, end - minLength, (start) => costAt(start, end))),
    );
  }
  return table;
}

function cheapest(from: number, to: number, costAt: (start: number) => number): Parting {
  let best: Parting = { cost: Infinity, start: 0 };
  for (let start = from; start <= to; start++) {
    const cost = costAt(start);
    if (cost < best.cost) best = { cost, start };
  }
  return best;
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
