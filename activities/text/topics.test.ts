import fc from 'fast-check';
import { cutIntoSections } from './topics';

/** A vector near one of the axes; the third is a little noise that differs from sentence to sentence. */
const about = (axis: number, index = 0): Float32Array => {
  const values = [0, 0, 0, 0, 0, 0];
  values[axis] = 1;
  values[(axis + 1 + (index % 5)) % 6] = 0.2;
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
const lecture = (...lengths: number[]) =>
  lengths.flatMap((length, axis) => Array.from({ length }, (_, index) => about(axis, index)));
const starts = (sections: readonly { start: number }[]) => sections.map(({ start }) => start);

describe('sections', () => {
  it('begin where the subject changes', () => {
    const sections = cutIntoSections({ vectors: lecture(5, 7, 4), sections: { least: 2, most: 7 } });
    expect(starts(sections)).toEqual([0, 5, 12]);
    expect(sections.at(-1)?.end).toBe(16);
  });

  it('begin at a cue rather than a sentence beside it', () => {
    const vectors = Array.from({ length: 12 }, (_, index) => about(0, index));
    const cues = vectors.map((_, index) => (index === 7 ? 1 : 0));
    expect(starts(cutIntoSections({ vectors, cues, sections: { least: 1, most: 5 } }))).toEqual([0, 7]);
  });

  it('are as many as asked for at least, and one where nothing changes', () => {
    const vectors = Array.from({ length: 12 }, () => about(0));
    expect(cutIntoSections({ vectors, sections: { least: 1, most: 5 } })).toEqual([{ start: 0, end: 12 }]);
    expect(cutIntoSections({ vectors, sections: { least: 3, most: 5 } })).toHaveLength(3);
  });

  it('cover everything once, none too short', () => {
    const axes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(axes, fc.integer({ min: 1, max: 4 }), (subjects, least) => {
        const vectors = subjects.map((axis, index) => about(axis, index));
        const sections = cutIntoSections({ vectors, sections: { least, most: 6 } });
        expect(starts(sections)).toEqual([0, ...sections.slice(0, -1).map(({ end }) => end)]);
        expect(sections.at(-1)?.end).toBe(vectors.length);
        if (sections.length > 1)
          sections.forEach(({ start, end }) => expect(end - start).toBeGreaterThanOrEqual(3));
      }),
    );
  });

  it('of thousands of sentences are found in groups', () => {
    const sections = cutIntoSections({ vectors: lecture(1200, 900, 1400), sections: { least: 2, most: 12 } });
    expect(sections).toHaveLength(3);
    expect(Math.abs(sections[1]!.start - 1200)).toBeLessThan(20);
  });

  it('of nothing are none', () => {
    expect(cutIntoSections({ vectors: [], sections: { least: 1, most: 5 } })).toEqual([]);
  });
});
