import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadFontFiles } from '../load-fonts';
import { createFontChoice } from './pdf-fonts';
import type { FontFiles } from './metrics';
import type { Scene } from './scene';
import { scenePdf } from './scene-pdf';

let fonts: FontFiles;
beforeAll(async () => {
  fonts = await loadFontFiles();
});

const sceneOf = (text: string): Scene => ({
  title: text,
  background: 'FCFBF8',
  primitives: [
    {
      kind: 'text',
      role: 'title',
      lines: [{ text, size: 30, weight: 'bold', x: 1, baseline: 1, color: '000000' }],
    },
  ],
});

const pdfOf = (...texts: string[]) =>
  scenePdf({ scenes: texts.map(sceneOf), title: 'Äpfel', language: 'de', fonts });

describe('scenePdf', () => {
  test('makes the same bytes of the same scenes', async () => {
    const [one, other] = [await pdfOf('A', 'B'), await pdfOf('A', 'B')];
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
    expect(Buffer.from(one).toString('latin1')).toMatch(/^%PDF-1\.7[^]*\/Lang \(de\)[^]*%%EOF\s*$/);
  });

  test('survives whatever a slide may say', async () => {
    const pdf = await pdfOf('光 🌱 \u00a0 e\u0301 (a) \\ Ω Я', '');
    expect(pdf.length).toBeGreaterThan(1000);
  });

  test('stops when nobody waits any more', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    const input = { scenes: [sceneOf('A')], title: 'A', language: 'en', fonts, signal };
    await expect(scenePdf(input)).rejects.toThrow('gone');
  });
});

describe('createFontChoice', () => {
  test('parts a line by the files that have its characters, and registers only these', () => {
    const registered: string[] = [];
    const choice = createFontChoice(fonts, (name) => registered.push(name));
    expect(choice.runs('Я и A\u00a0B 光', 'regular').map(({ text }) => text)).toEqual([
      ...['Я', ' ', 'и', ' A B ', '光'],
    ]);
    expect(choice.runs('光', 'bold')).toEqual([{ text: '光' }]);
    expect(registered).toHaveLength(2);
  });
});
