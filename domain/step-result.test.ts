import { blobsNamedIn } from './step-result';

const [one, other] = ['0a'.repeat(32), 'f9'.repeat(32)];

test('finds the blobs that a result names, and nothing that only looks like one', () => {
  const result = { audio: one, captions: other, text: `${one} `, upper: other.toUpperCase(), words: 3 };
  expect(blobsNamedIn({ ...result, none: null, deeper: { audio: one } })).toEqual([one, other]);
});
