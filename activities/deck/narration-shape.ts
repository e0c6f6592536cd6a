/** The sound as an object of the slide: a loudspeaker left of it, out of sight in the show. */
import { element, type Node } from './xml';

/** Ids of a slide's relationships. */
export interface NarrationLinks {
  readonly media: string;
  readonly audio: string;
  readonly icon: string;
}

/** A grey loudspeaker on nothing, 48 × 48 pixels, PNG. */
export const ICON = Uint8Array.from(
  atob(
    'iVBORw0KGgoAAAANSUhEUgAAADAAAAAwAQMAAABtzGvEAAAABlBMVEX///9ZWVlPYckMAAAAAXRSTlMAQObYZgAAAHJJREFUeNqtzrENwjAQ' +
      'BdCXswu6pKSDgjmQR8sGWYlVwgZIFAhhmcKhooTfPF3xv44/JSHInV1nshccnQRFgeYsDKyk1oaR1FpaBPJjDigCL6LPf5O36/Kpb2NR' +
      'szYJlYNgViSs9Zpwe94xbi/XTuv8njffQhumy7Dl2gAAAABJRU5ErkJggg==',
  ),
  (char) => char.charCodeAt(0),
);

/** English Metric Units, 914,400 an inch. */
const PLACE = { x: '-914400', y: '0' } as const;
const SIZE = { cx: '609600', cy: '609600' } as const;

const POWERPOINT_2010 = 'http://schemas.microsoft.com/office/powerpoint/2010/main';
/** By this PowerPoint 2010 and later know the embedded sound. */
const MEDIA_EXTENSION = '{DAA4B4D4-6D71-4841-9C94-3DE7FCFB9230}';

export const narrationShape = (id: string, links: NarrationLinks): Node =>
  element('p:pic', {}, [
    element('p:nvPicPr', {}, [
      named(id),
      element('p:cNvPicPr', {}, [element('a:picLocks', { noChangeAspect: '1' })]),
      sources(links),
    ]),
    element('p:blipFill', {}, [
      element('a:blip', { 'r:embed': links.icon }),
      element('a:stretch', {}, [element('a:fillRect')]),
    ]),
    element('p:spPr', {}, [
      element('a:xfrm', {}, [element('a:off', PLACE), element('a:ext', SIZE)]),
      element('a:prstGeom', { prst: 'rect' }, [element('a:avLst')]),
    ]),
  ]);

/** A click on it plays the sound, too. */
const named = (id: string): Node =>
  element('p:cNvPr', { id, name: 'Narration', descr: 'Narration' }, [
    element('a:hlinkClick', { 'r:id': '', action: 'ppaction://media' }),
  ]);

const sources = ({ audio, media }: NarrationLinks): Node =>
  element('p:nvPr', {}, [
    element('a:audioFile', { 'r:link': audio }),
    element('p:extLst', {}, [
      element('p:ext', { uri: MEDIA_EXTENSION }, [
        element('p14:media', { 'xmlns:p14': POWERPOINT_2010, 'r:embed': media }),
      ]),
    ]),
  ]);
