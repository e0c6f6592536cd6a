import fc from 'fast-check';
import { cosine, lexRank, selectDiverse } from './rank';

const unit = (...values: number[]): Float32Array => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** One in the middle of four, and one far away. */
const STAR = [
  unit(1, 1, 1, 0),
  unit(1, 0.2, 0.2, 0),
  unit(0.2, 1, 0.2, 0),
  unit(0.2, 0.2, 1, 0),
  unit(0, 0, 0, 1),
];

describe('LexRank', () => {
  it('puts the sentence that is like the others first', () => {
    const scores = lexRank(STAR, { threshold: 0.6 });
    expect(scores.indexOf(Math.max(...scores))).toBe(0);
    expect(scores[1]).toBeCloseTo(scores[2]!, 5);
  });

  it('gives scores that are together one', () => {
    const vector = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 20 }), (vectors) => {
        const scores = lexRank(vectors.map((values) => unit(...values.map((value) => value + 0.1))));
        expect(sum(scores)).toBeCloseTo(1, 4);
        expect(Math.min(...scores)).toBeGreaterThan(0);
      }),
    );
  });

  it('treats sentences that have nothing in common alike', () => {
    expect(lexRank([unit(1, 0), unit(0, 1)])).toEqual([0.5, 0.5]);
    expect(lexRank([])).toEqual([]);
  });
});

describe('MMR', () => {
  const vectors = [unit(1, 0), unit(1, 0.05), unit(0, 1)];

  it('does not say the same twice', () => {
    expect(selectDiverse({ vectors, scores: [1, 0.9, 0.5], count: 2, lambda: 0.5 })).toEqual([0, 2]);
  });

  it('asks only for relevance when lambda is one', () => {
    expect(selectDiverse({ vectors, scores: [1, 0.9, 0.5], count: 2, lambda: 1 })).toEqual([0, 1]);
  });

  it('never picks what scores nothing, nor more than there is', () => {
    expect(selectDiverse({ vectors, scores: [0, 0.9, 0], count: 5 })).toEqual([1]);
  });
});

it('the cosine of unit vectors is their product', () => {
  expect(cosine(unit(3, 4), unit(3, 4))).toBeCloseTo(1, 6);
  expect(cosine(unit(1, 0), unit(0, 1))).toBe(0);
});
