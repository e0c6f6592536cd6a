/** A phrase said over and over: the way a speech model fails when it has lost the thread. */
export interface Loop {
  /** Index of its first word. */
  readonly start: number;
  /** Words of one round. */
  readonly length: number;
  readonly rounds: number;
}

const LONGEST_PHRASE = 12;

/** People repeat themselves too: "no, no, no, no" is speech, eight of them are not. */
function roundsOfALoop(length: number): number {
  return length >= 4 ? 3 : Math.max(4, Math.ceil(8 / length));
}

/** The first loop of the shortest phrase, or nothing. */
export function findLoop(words: readonly string[]): Loop | undefined {
  const plain = words.map((word) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  for (let length = 1; length <= LONGEST_PHRASE; length += 1) {
    const loop = findLoopOf(length, plain);
    if (loop) return loop;
  }
  return undefined;
}

function findLoopOf(length: number, words: readonly string[]): Loop | undefined {
  let same = 0;
  for (let index = length; index <= words.length; index += 1) {
    if (index < words.length && words[index] === words[index - length]) {
      same += 1;
      continue;
    }
    const rounds = Math.floor(same / length) + 1;
    if (rounds >= roundsOfALoop(length)) return { start: index - same - length, length, rounds };
    same = 0;
  }
  return undefined;
}

/** Keeps one round of every loop. */
export function withoutLoops<Item>(items: readonly Item[], textOf: (item: Item) => string): Item[] {
  let kept = [...items];
  for (let loop = findLoop(kept.map(textOf)); loop; loop = findLoop(kept.map(textOf))) {
    const { start, length, rounds } = loop;
    kept = kept.toSpliced(start + length, length * (rounds - 1));
  }
  return kept;
}
