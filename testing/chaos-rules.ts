/** How often a vendor may be asked while it fails, counted out from the rules alone. */
import type { Fault } from './chaos-vendors';

/** Answers of one vendor to one piece of work, after which the next provider is asked. */
export const MOST_ANSWERS = 3;
/** Failures in a row that open a circuit. */
const THRESHOLD = 5;
/** Pieces of one step that are under way side by side. */
const IN_FLIGHT = 4;

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

const exactly = (count: number): Bounds => ({ least: count, most: count });

/** What one piece of work may cost a vendor. */
export const answersTo = (fault: Fault): number =>
  fault === '401' || fault === '503 + Retry-After' ? 1 : MOST_ANSWERS;

/**
 * Calls for so many pieces, without probes. Pieces that are asked side by side may already be on their way when the
 * circuit opens, and only then does the number vary.
 */
export function expectedCalls(fault: Fault, pieces: number): Bounds {
  const together = Math.min(pieces, IN_FLIGHT);
  // A refusal proves that the vendor is alive, so it opens nothing: each piece is refused once.
  if (fault === '401') return exactly(pieces);
  if (fault === '503 + Retry-After') return { least: 1, most: together };
  const all = pieces * MOST_ANSWERS;
  return all < THRESHOLD ? exactly(all) : { least: THRESHOLD, most: Math.min(all, THRESHOLD + together - 1) };
}

/** Adds what is certain to each bound. */
export const plus = ({ least, most }: Bounds, count: number): Bounds => ({
  least: least + count,
  most: most + count,
});

interface Waits {
  /** Seconds that a vendor may take for one answer. */
  readonly timeoutS: number;
  readonly retryBaseS: number;
  /** What a vendor asks to be waited for with 429. */
  readonly retryAfterS: number;
}

/** Rounds of answers that every piece gets, as long as no circuit is open. */
const roundsOf = (fault: Fault, pieces: number): number =>
  pieces === 1 || answersTo(fault) === 1
    ? answersTo(fault)
    : Math.ceil(THRESHOLD / Math.min(pieces, IN_FLIGHT));

/** Seconds that a step is held up at least and at most, the work of the next provider not counted. */
export function expectedWait(fault: Fault, pieces: number, waits: Waits): Bounds {
  const rounds = roundsOf(fault, pieces);
  const isLate = fault === 'hang' || fault === 'slow stream';
  const answersS = isLate ? waits.timeoutS : 0;
  const backoffS = [1, 2].map((factor) => waits.retryBaseS * factor);
  const pauses = (jitter: number, count: number) =>
    backoffS
      .slice(0, count - 1)
      .reduce((sum, s) => sum + Math.max(s * jitter, fault === '429' ? waits.retryAfterS : 0), 0);
  const all = answersTo(fault);
  return { least: rounds * answersS + pauses(1, rounds), most: all * answersS + pauses(1.5, all) };
}
