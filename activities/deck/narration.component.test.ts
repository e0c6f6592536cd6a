import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import JSZip from 'jszip';
import { media } from '../../testing/samples';
import { describeWithTools, letPptxgenjsRunInJest, runTool } from '../../testing/tools';
import { loadMetrics } from '../load-fonts';
import { PASSAGES, SUMMARY } from './__fixtures__/photosynthesis';
import { fitDeck } from './fit';
import { narratePptx, type Voice } from './narration';
import { planDeck } from './plan';
import { buildPptx } from './pptx';
import { attributesOf, childrenOf, descendants, nameOf, type Node, parseXml, rootOf } from './xml';

/** A tone as `speak.ts` writes voices: mono, 44.1 kHz, 96 kbit/s. */
const voice = (duration_s: number): Voice => ({
  data: media(
    [
      '-f',
      'lavfi',
      '-i',
      `sine=d=${duration_s}`,
      ...['-ac', '1', '-ar', '44100', '-c:a', 'libmp3lame', '-b:a', '96k'],
    ],
    'mp3',
  ),
  duration_s,
});

let folder: string;
let file: string;
let slides: number;
let voices: Map<number, Voice>;

letPptxgenjsRunInJest();

/** The last slide and two others speak, the rest is silent. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lm-narration-'));
  const metrics = await loadMetrics();
  const deck = fitDeck(planDeck({ summary: SUMMARY, passages: PASSAGES }), metrics);
  slides = deck.slides.length;
  voices = new Map([
    [1, voice(1.2)],
    [2, voice(3.8)],
    [slides, voice(9.4)],
  ]);
  file = path.join(folder, 'narrated.pptx');
  await writeFile(file, await narratePptx(await buildPptx({ deck, pictures: new Map(), metrics }), voices));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function convert(format: 'pdf' | 'odp'): string {
  const profile = `-env:UserInstallation=file://${path.join(folder, 'profile')}`;
  runTool('soffice', [profile, '--headless', '--convert-to', format, '--outdir', folder, file]);
  return file.replace(/pptx$/, format);
}

const named = (root: Node, name: string): Node[] =>
  [...descendants(root)].filter((node) => nameOf(node) === name);

describeWithTools('openxml-audit')('a narrated deck in openxml-audit', () => {
  test.each(['office2007', 'office2019', 'microsoft365'])('has no violation by %s', (version) => {
    const [report] = JSON.parse(runTool('openxml-audit', ['-f', version, '-o', 'json', '-m', '0', file]));
    expect(report).toMatchObject({ valid: true, error_count: 0, warning_count: 0, errors: [] });
  });
});

describeWithTools('soffice', 'pdfinfo')('a narrated deck in LibreOffice', () => {
  test('renders every slide', () => {
    const facts = runTool('pdfinfo', [convert('pdf')]);
    expect(Number(/^Pages:\s+(\d+)/m.exec(facts)?.[1])).toBe(slides);
  });
});

describeWithTools('soffice')('a narrated deck taken over by LibreOffice', () => {
  let odp: JSZip;
  let content: Node;
  let pages: Node[];

  // Its flat form, .fodp, cannot hold sound.
  beforeAll(async () => {
    odp = await JSZip.loadAsync(await readFile(convert('odp')));
    content = rootOf(parseXml(await odp.file('content.xml')!.async('string')));
    pages = named(content, 'draw:page');
  });

  test('plays each voice with its slide and no click', async () => {
    for (const [number, { data, duration_s }] of voices) {
      const page = pages[number - 1]!;
      const [frame] = named(page, 'draw:frame').filter(
        (node) => attributesOf(node)['draw:name'] === 'Narration',
      );
      const [call] = named(page, 'anim:par').filter(
        (node) => attributesOf(node)['presentation:preset-class'] === 'media-call',
      );
      expect(attributesOf(call!)['presentation:node-type']).toBe('after-previous');
      // From the main sequence inwards nothing waits for a click, which would be `next`.
      const [sequence] = named(page, 'anim:seq');
      const begins = named(sequence!, 'anim:par').map((node) => attributesOf(node)['smil:begin']);
      expect(begins).toEqual(['0s', '0s', '0s']);
      expect(attributesOf(childrenOf(call!)[0]!)).toMatchObject({
        'anim:command': 'play',
        'smil:dur': `${duration_s}s`,
        'smil:targetElement': attributesOf(frame!)['draw:id'],
      });
      const sound = attributesOf(named(frame!, 'draw:plugin')[0]!)['xlink:href']!;
      expect((await odp.file(sound)!.async('nodebuffer')).equals(data)).toBe(true);
    }
  });

  test('plays nothing on the other slides', () => {
    const speaking = pages.flatMap((page, index) =>
      named(page, 'anim:command').length > 0 ? [index + 1] : [],
    );
    expect(speaking).toEqual([...voices.keys()]);
  });

  test('advances by itself, in whole seconds as LibreOffice counts', () => {
    const styles = new Map(
      named(content, 'style:style').map((node) => [attributesOf(node)['style:name'], node]),
    );
    const advances = pages.map((page) => {
      const style = styles.get(attributesOf(page)['draw:style-name'])!;
      const properties = attributesOf(named(style, 'style:drawing-page-properties')[0]!);
      return [properties['presentation:transition-type'], properties['presentation:duration']];
    });
    const seconds = pages.map((_, index) => ({ 0: 1, 1: 4, [slides - 1]: 9 })[index] ?? 5);
    expect(advances).toEqual(seconds.map((shown) => ['automatic', `PT${shown}S`]));
  });

  test('keeps the notes', () => {
    expect(named(pages[0]!, 'presentation:notes')).toHaveLength(1);
    const notes = JSON.stringify(named(pages[0]!, 'presentation:notes'));
    expect(notes).toContain('Our topic is photosynthesis');
  });
});
