/** Makes a finished deck play by itself: each slide speaks its voice and gives way to the next. */
import { narrationShape, ICON, type NarrationLinks } from './narration-shape';
import { timing, transition } from './narration-timing';
import { changePart, type Parts, readPackage, writePackage } from './package';
import { attributesOf, childrenOf, descendants, element, nameOf, type Node, sortChildren } from './xml';

/** What a slide says. */
export interface Voice {
  /** MP3. */
  readonly data: Uint8Array;
  readonly duration_s: number;
}

/** Silence after a voice. */
const PAUSE_S = 0.5;
/** Long enough to read a title. */
const SILENT_SLIDE_S = 5;

/** How long a slide shows in the narrated deck. */
export const slideSeconds = (voice: Pick<Voice, 'duration_s'> | undefined): number =>
  voice ? voice.duration_s + PAUSE_S : SILENT_SLIDE_S;

const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

const ICON_PART = 'ppt/media/narration.png';

/** `voices` by the slide's number, from 1. Everything that was in the file stays, text and notes as they are. */
export async function narratePptx(pptx: Uint8Array, voices: ReadonlyMap<number, Voice>): Promise<Uint8Array> {
  const parts = await readPackage(pptx);
  const numbers = slideNumbers(parts);
  for (const number of voices.keys()) {
    if (!numbers.includes(number)) throw new Error(`The deck has no slide ${number} to speak`);
  }
  for (const number of numbers) narrateSlide(parts, number, voices.get(number));
  if (voices.size > 0) {
    parts.set(ICON_PART, ICON);
    changePart(parts, '[Content_Types].xml', addContentTypes);
  }
  return writePackage(parts);
}

const slideNumbers = (parts: Parts): number[] =>
  [...parts.keys()]
    .flatMap((path) => /^ppt\/slides\/slide(\d+)\.xml$/.exec(path)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

function narrateSlide(parts: Parts, number: number, voice: Voice | undefined): void {
  const links = voice && addVoice(parts, number, voice);
  changePart(parts, `ppt/slides/slide${number}.xml`, (slide) => {
    childrenOf(slide).push(transition(milliseconds(slideSeconds(voice))));
    if (links)
      childrenOf(slide).push(timing({ shape: addShape(slide, links), ms: milliseconds(voice.duration_s) }));
  });
}

/** Gives the new shape's id, the next after the highest on the slide. */
function addShape(slide: Node, links: NarrationLinks): string {
  const nodes = [...descendants(slide)];
  const tree = nodes.find((node) => nameOf(node) === 'p:spTree');
  if (!tree) throw new Error('A slide without shapes');
  const taken = nodes
    .filter((node) => nameOf(node) === 'p:cNvPr')
    .map((node) => Number(attributesOf(node)['id']));
  const id = String(Math.max(1, ...taken) + 1);
  childrenOf(tree).push(narrationShape(id, links));
  return id;
}

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MEDIA_2007 = 'http://schemas.microsoft.com/office/2007/relationships/media';

/** The sound twice, once for PowerPoint 2010 and later (`media`) and once for everybody (`audio`). */
function addVoice(parts: Parts, number: number, { data }: Voice): NarrationLinks {
  const name = `narration${number}.mp3`;
  parts.set(`ppt/media/${name}`, data);
  return changePart(parts, `ppt/slides/_rels/slide${number}.xml.rels`, (relationships) => ({
    media: relate(relationships, MEDIA_2007, `../media/${name}`),
    audio: relate(relationships, `${OFFICE}/audio`, `../media/${name}`),
    icon: relate(relationships, `${OFFICE}/image`, '../media/narration.png'),
  }));
}

/** Gives the new relationship's id, the next after the highest `rId`. */
function relate(relationships: Node, type: string, target: string): string {
  const all = childrenOf(relationships);
  const taken = all.map((node) => Number(/^rId(\d+)$/.exec(attributesOf(node)['Id'] ?? '')?.[1] ?? 0));
  const id = `rId${Math.max(0, ...taken) + 1}`;
  all.push(element('Relationship', { Id: id, Type: type, Target: target }));
  return id;
}

const CONTENT_TYPES = { mp3: 'audio/mpeg', png: 'image/png' } as const;

/** Defaults stand before the first override. */
function addContentTypes(types: Node): void {
  const known = childrenOf(types).map((node) => attributesOf(node)['Extension']?.toLowerCase());
  const added = Object.entries(CONTENT_TYPES)
    .filter(([extension]) => !known.includes(extension))
    .map(([extension, type]) => element('Default', { Extension: extension, ContentType: type }));
  childrenOf(types).push(...added);
  sortChildren(types, ['Default', 'Override']);
}
