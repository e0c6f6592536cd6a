/** The parts of a PowerPoint file: a ZIP of XML and media, read and written without a trace of the clock. */
import JSZip from 'jszip';
import { type Node, parseXml, rootOf, writeXml } from './xml';

/** By path, in the order of the file. */
export type Parts = Map<string, Uint8Array>;

/** Changes the root element of every part whose path matches. */
export interface Mend {
  readonly parts: RegExp;
  readonly change: (root: Node, path: string) => void;
}

/** The earliest date that a ZIP entry can have: equal decks are equal bytes. */
const NO_DATE = new Date(Date.UTC(1980, 0, 1));

const PACKED = /\.(?:png|jpe?g|mp3|m4a)$/;

export async function readPackage(pptx: Uint8Array): Promise<Parts> {
  const zip = await JSZip.loadAsync(pptx);
  const parts: Parts = new Map();
  for (const [path, entry] of Object.entries(zip.files)) {
    if (!entry.dir) parts.set(path, await entry.async('uint8array'));
  }
  return parts;
}

export function writePackage(parts: Parts): Promise<Uint8Array> {
  const zip = new JSZip();
  for (const [path, bytes] of parts) {
    const compression = PACKED.test(path) ? 'STORE' : 'DEFLATE';
    zip.file(path, bytes, { date: NO_DATE, createFolders: false, compression });
  }
  return zip.generateAsync({ type: 'uint8array', platform: 'UNIX' });
}

/** Changes one XML part in place and gives what `change` returns. */
export function changePart<T>(parts: Parts, path: string, change: (root: Node) => T): T {
  const bytes = parts.get(path);
  if (!bytes) throw new Error(`The file has no part ${path}`);
  const document = parseXml(new TextDecoder().decode(bytes));
  const result = change(rootOf(document));
  parts.set(path, new TextEncoder().encode(writeXml(document)));
  return result;
}

export function mendParts(parts: Parts, mends: readonly Mend[]): void {
  for (const path of parts.keys()) {
    const due = mends.filter((mend) => mend.parts.test(path));
    if (due.length === 0) continue;
    changePart(parts, path, (root) => due.forEach(({ change }) => change(root, path)));
  }
}
