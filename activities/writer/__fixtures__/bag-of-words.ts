import type { Embedder } from '../../providers/spec';
import { stem, wordsOf } from '../../text/words';

/** Sentences with the same words lie close together. */
export function bagOfWords(): Embedder & { batches: number[] } {
  const batches: number[] = [];
  return {
    ...{ provider: 'bag', model: 'bag-of-words', quality: 'basic', dimension: 64, batches },
    async embed({ texts }) {
      batches.push(texts.length);
      return texts.map(vectorOf);
    },
  };
}

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(64).fill(0.01);
  for (const word of wordsOf(text)) {
    const hash = [...stem(word)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 64, 7);
    vector[hash]! += 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
