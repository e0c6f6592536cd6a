import { readFile } from 'node:fs/promises';
import { createMetrics, type FontFiles, type Metrics } from './deck/metrics';

/** Arimo has the widths of Arial; the most used first. Hebrew is left out: outlines are not set from right to left. */
const SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese', 'greek-ext', 'cyrillic-ext'];
const WEIGHTS = { regular: 400, bold: 700 } as const;

const read = (weight: number): Promise<Uint8Array[]> =>
  Promise.all(
    SCRIPTS.map((script) =>
      readFile(require.resolve(`@fontsource/arimo/files/arimo-${script}-${weight}-normal.woff`)),
    ),
  );

/** For files that carry their fonts. */
export async function loadFontFiles(): Promise<FontFiles> {
  const [regular, bold] = await Promise.all([read(WEIGHTS.regular), read(WEIGHTS.bold)]);
  return { regular, bold };
}

export const loadMetrics = async (): Promise<Metrics> => createMetrics(await loadFontFiles());
