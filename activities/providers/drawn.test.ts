import { describe, expect, test } from '@jest/globals';
import { loadMetrics } from '../load-fonts';
import { PICTURE, THEME } from './__fixtures__/slide';
import { illustratorConformance } from './conformance';
import { expectProviderError, unaborted } from './conformance-suite';
import { drawn } from './drawn';

const noFonts = () => Promise.reject(new Error('ENOENT'));

illustratorConformance('drawn', () => drawn({ loadMetrics }), {
  broken: () => drawn({ loadMetrics: noFonts }),
});

describe('drawn', () => {
  const illustrator = drawn({ loadMetrics });
  const call = (labels: string[]) =>
    illustrator.illustrate({ picture: { ...PICTURE, labels }, theme: THEME, signal: unaborted() });

  test('says that it cannot write a script instead of drawing empty boxes', async () => {
    await expectProviderError(call(['光合作用']), { code: 'SCRIPT_UNSUPPORTED', transient: false });
  });

  test('draws the same picture twice', async () => {
    const [one, other] = await Promise.all([call(['Light', 'Sugar']), call(['Light', 'Sugar'])]);
    expect(Buffer.from(one.image).equals(Buffer.from(other.image))).toBe(true);
  });

  test('reads the fonts again after a failure', async () => {
    let calls = 0;
    const flaky = drawn({ loadMetrics: () => (++calls === 1 ? noFonts() : loadMetrics()) });
    await expectProviderError(flaky.illustrate({ picture: PICTURE, theme: THEME, signal: unaborted() }), {
      code: 'FONTS_MISSING',
    });
    await expect(
      flaky.illustrate({ picture: PICTURE, theme: THEME, signal: unaborted() }),
    ).resolves.toBeDefined();
  });
});
