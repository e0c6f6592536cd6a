import { beforeAll, describe, expect, test } from '@jest/globals';
import { XMLValidator } from 'fast-xml-parser';
import JSZip from 'jszip';
import { letPptxgenjsRunInJest } from '../../testing/tools';
import { loadMetrics } from '../load-fonts';
import { PASSAGES, SUMMARY } from './__fixtures__/photosynthesis';
import { fitDeck } from './fit';
import { imageSize } from './image-size';
import { narratePptx, slideSeconds, type Voice } from './narration';
import { planDeck } from './plan';
import { buildPptx } from './pptx';
import { attributesOf, descendants, nameOf, type Node, parseXml, rootOf } from './xml';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const FIRST: Voice = { data: Uint8Array.of(1, 2, 3), duration_s: 2.3456 };
const SECOND: Voice = { data: Uint8Array.of(4, 5, 6), duration_s: 61 };
const VOICES = new Map([
  [1, FIRST],
  [2, SECOND],
]);

let plain: Uint8Array;
let narrated: Uint8Array;

const part = async (bytes: Uint8Array, path: string): Promise<string> =>
  (await JSZip.loadAsync(bytes)).file(path)!.async('string');

const slide = (number: number, bytes = narrated): Promise<string> =>
  part(bytes, `ppt/slides/slide${number}.xml`);

/** All elements of a name, with their attributes. */
const found = (xml: string, name: string): Record<string, string>[] =>
  [...descendants(rootOf(parseXml(xml)))].filter((node) => nameOf(node) === name).map(attributesOf);

letPptxgenjsRunInJest();

beforeAll(async () => {
  const metrics = await loadMetrics();
  const deck = fitDeck(planDeck({ summary: SUMMARY, passages: PASSAGES }), metrics);
  const slides = deck.slides.map((one, index) =>
    index === 0 ? { ...one, title: `<b> & "light" 光`, notes: `a < b & "c" 🌱` } : one,
  );
  const pictures = new Map([['s2', { data: PIXEL, media_type: 'image/png' }]]);
  plain = await buildPptx({ deck: { ...deck, slides }, pictures, metrics });
  narrated = await narratePptx(plain, VOICES);
});

describe('the package', () => {
  test('is the same bytes for the same voices, in whatever order', async () => {
    const again = await narratePptx(plain, new Map([...VOICES].reverse()));
    expect(Buffer.from(again).equals(Buffer.from(narrated))).toBe(true);
    const { files } = await JSZip.loadAsync(again);
    expect(new Set(Object.values(files).map(({ date }) => date.getUTCFullYear()))).toEqual(new Set([1980]));
  });

  test('holds each voice as it came, and one icon', async () => {
    const { files } = await JSZip.loadAsync(narrated);
    const sounds = Object.keys(files).filter((path) => path.endsWith('.mp3'));
    expect(sounds).toEqual(['ppt/media/narration1.mp3', 'ppt/media/narration2.mp3']);
    expect(await files[sounds[0]!]!.async('uint8array')).toEqual(FIRST.data);
    expect(await files[sounds[1]!]!.async('uint8array')).toEqual(SECOND.data);
    const icon = await files['ppt/media/narration.png']!.async('uint8array');
    expect(imageSize(icon)).toEqual({ width: 48, height: 48 });
  });

  test('names the types of sound and icon once, before any override', async () => {
    const types = rootOf(parseXml(await part(narrated, '[Content_Types].xml')));
    const kinds = [...descendants(types)].slice(1).map(nameOf);
    expect(kinds.lastIndexOf('Default')).toBeLessThan(kinds.indexOf('Override'));
    const defaults = [...descendants(types)].map(attributesOf);
    expect(defaults.filter(({ Extension }) => Extension === 'mp3')).toEqual([
      { Extension: 'mp3', ContentType: 'audio/mpeg' },
    ]);
    expect(defaults.filter(({ Extension }) => Extension === 'png')).toHaveLength(1);
  });

  test('keeps every other part as it was', async () => {
    const [before, after] = [await JSZip.loadAsync(plain), await JSZip.loadAsync(narrated)];
    const changed = /^\[Content_Types\]|^ppt\/slides\/slide\d+\.xml$|^ppt\/slides\/_rels\/slide[12]\.xml/;
    const kept = Object.keys(before.files).filter((path) => !changed.test(path));
    expect(kept.filter((path) => path.startsWith('ppt/notesSlides/notesSlide'))).not.toEqual([]);
    for (const path of kept) {
      const bytes = await after.file(path)!.async('nodebuffer');
      expect([path, bytes.equals(await before.file(path)!.async('nodebuffer'))]).toEqual([path, true]);
    }
  });

  test('stays valid XML around special characters, which stay as they are', async () => {
    for (const xml of [await slide(1), await slide(2), await slide(3)]) {
      expect(XMLValidator.validate(xml)).toBe(true);
    }
    expect(await slide(1)).toContain('<a:t>&lt;b&gt; &amp; &quot;light&quot; 光</a:t>');
    expect(await part(narrated, 'ppt/notesSlides/notesSlide1.xml')).toContain(
      'a &lt; b &amp; &quot;c&quot; 🌱',
    );
  });

  test('takes no voice for a slide that is not there', async () => {
    await expect(narratePptx(plain, new Map([[99, FIRST]]))).rejects.toThrow('no slide 99');
  });
});

describe('a slide with a voice', () => {
  test.each([1, 2])('%i has its three relationships beside the old ones', async (number) => {
    const path = `ppt/slides/_rels/slide${number}.xml.rels`;
    const old = found(await part(plain, path), 'Relationship');
    const all = found(await part(narrated, path), 'Relationship');
    expect(all.slice(0, old.length)).toEqual(old);
    expect(new Set(all.map(({ Id }) => Id)).size).toBe(all.length);
    expect(
      all.slice(old.length).map(({ Type, Target }) => [Type!.split('.com/')[1] ?? Type, Target]),
    ).toEqual([
      ['office/2007/relationships/media', `../media/narration${number}.mp3`],
      [
        'http://schemas.openxmlformats.org/officeDocument/2006/relationships/audio',
        `../media/narration${number}.mp3`,
      ],
      ['http://schemas.openxmlformats.org/officeDocument/2006/relationships/image', '../media/narration.png'],
    ]);
  });

  test.each([1, 2])('%i points from its shape to the sound and the icon', async (number) => {
    const links = found(await part(narrated, `ppt/slides/_rels/slide${number}.xml.rels`), 'Relationship');
    const typeOf = (id?: string) =>
      links
        .find(({ Id }) => Id === id)
        ?.Type?.split('/')
        .at(-1);
    const xml = await slide(number);
    expect(found(xml, 'a:audioFile').map((one) => typeOf(one['r:link']))).toEqual(['audio']);
    expect(found(xml, 'p14:media').map((one) => typeOf(one['r:embed']))).toEqual(['media']);
    const icon = found(xml, 'a:blip').at(-1)!['r:embed'];
    expect(links.find(({ Id }) => Id === icon)?.Target).toBe('../media/narration.png');
  });

  test.each([1, 2])(
    '%i has the icon last, named, left of the slide, under an id of its own',
    async (number) => {
      const xml = await slide(number);
      const tree = [...descendants(rootOf(parseXml(xml)))].find((node) => nameOf(node) === 'p:spTree')!;
      const shape = (tree['p:spTree'] as Node[]).at(-1)!;
      const parts = [...descendants(shape)];
      const named = attributesOf(parts.find((node) => nameOf(node) === 'p:cNvPr')!);
      expect(named).toMatchObject({ name: 'Narration', descr: 'Narration' });
      const place = attributesOf(parts.find((node) => nameOf(node) === 'a:off')!);
      const size = attributesOf(parts.find((node) => nameOf(node) === 'a:ext')!);
      expect(Number(place.x) + Number(size.cx)).toBeLessThan(0);
      const ids = found(xml, 'p:cNvPr').map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(found(xml, 'p:spTgt').map(({ spid }) => spid)).toEqual([named.id, named.id]);
    },
  );

  test('times the sound by its length', async () => {
    expect(found(await slide(1), 'p:cTn').find(({ id }) => id === '6')).toMatchObject({ dur: '2346' });
  });

  test('gives way half a second after its voice, in the order of the schema', async () => {
    const xml = await slide(2);
    expect(xml).toMatch(
      /<\/p:clrMapOvr><p:transition spd="med" advClick="1" advTm="61500"><p:fade\/><\/p:transition><p:timing>.*<\/p:timing><\/p:sld>$/s,
    );
    expect(await slide(1)).toContain('advTm="2846"');
  });
});

test('a slide without a voice shows five seconds and has nothing else new', async () => {
  const transition = '<p:transition spd="med" advClick="1" advTm="5000"><p:fade/></p:transition>';
  expect(await slide(3)).toBe((await slide(3, plain)).replace(/(?=<\/p:sld>$)/, transition));
});

test('a deck without voices gets no sound, no icon and no content type', async () => {
  const silent = await narratePptx(plain, new Map());
  expect(await slide(1, silent)).toContain('advTm="5000"');
  expect(Object.keys((await JSZip.loadAsync(silent)).files)).toEqual(
    Object.keys((await JSZip.loadAsync(plain)).files),
  );
  expect(await part(silent, '[Content_Types].xml')).not.toContain('mp3');
});

test('slideSeconds says how long a slide shows', () => {
  expect(slideSeconds({ duration_s: 61 })).toBe(61.5);
  expect(slideSeconds(undefined)).toBe(5);
});
