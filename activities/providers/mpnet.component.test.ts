import { requireForTest } from '../../assets/require-for-test';
import { embedderConformance } from './conformance';
import { mpnet } from './mpnet';

const { paths, describeIfPresent } = requireForTest('mpnet');
const unaborted = new AbortController().signal;

const make = (modelDir = paths.mpnet) => mpnet({ modelDir, threads: 2, idleMs: 10_000 });
const broken = () => make('/nowhere');

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describeIfPresent('mpnet', () => {
  embedderConformance('mpnet', () => make(), { broken });

  it('puts a question near its answer and far from the rest', async () => {
    const texts = [
      'How do plants make sugar?',
      'Photosynthesis turns light into sugar.',
      'The treaty was signed in 1648.',
    ];
    const [question, answer, other] = (await make().embed({ texts, signal: unaborted })) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    expect(cosine(question, answer)).toBeGreaterThan(0.6);
    expect(cosine(question, other)).toBeLessThan(0.2);
  }, 60_000);

  it('takes texts longer than the model reads', async () => {
    const [vector] = await make().embed({ texts: ['light and sugar '.repeat(400)], signal: unaborted });
    expect(vector).toHaveLength(768);
  }, 60_000);
});
